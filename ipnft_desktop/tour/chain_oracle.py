"""Asks a node how many tokens there are, in plain JSON-RPC over HTTP: not a line of the program's own chain code, which
is what is on trial."""

from __future__ import annotations

import asyncio
import http.client
import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

_TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""keccak256 of `Transfer(address,address,uint256)` (ERC-721)."""
_FROM_NOBODY = "0x" + "0" * 64
_PATIENCE_S = 10.0


class NoAnswer(Exception):
    """Nobody can be asked now."""


async def mints_of(node_url: str, contract: str, asset_ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Hashes of the transactions that ever made the token of each asset: its id is the asset's own. Raises NoAnswer."""
    return await asyncio.to_thread(_mints_of, node_url, contract, asset_ids)


def _mints_of(node_url: str, contract: str, asset_ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for asset_id in asset_ids:
        topics = [_TRANSFER, _FROM_NOBODY, None, f"0x{asset_id.int:064x}"]
        wanted = {"fromBlock": "0x0", "toBlock": "latest", "address": contract, "topics": topics}
        found[asset_id] = tuple(log["transactionHash"] for log in _ask(node_url, "eth_getLogs", wanted))
    return found


def _ask(node_url: str, method: str, *params: object) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(node_url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own node
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            reply = json.load(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(str(error)) from error
    if "result" not in reply:
        raise NoAnswer(str(reply.get("error")))
    return reply["result"]
