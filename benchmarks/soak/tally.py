"""The account at the end: what was asked for, what the register says, and what the node says, held against each other.

The register's file and the node are read here without a line of the program.
"""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""Topic of `Transfer(address,address,uint256)` (ERC-721)."""
NOBODY = "0x" + "0" * 64
OWNER_OF = "0x6352211e"
OWNERS_AT_ONCE = 100
SAFE_STATES = frozenset({"MINT_FAILED", "MINT_CANCELLED", "DRAFT"})
"""States that say: no token exists."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many assets ended how. Each asset is counted once, at the worst that is true of it."""

    minted: int = 0
    """The register says MINTED, and the chain holds exactly one token that was minted exactly once."""
    duplicated: int = 0
    """Minted more than once, by whatever contract."""
    lost: int = 0
    """Gone from the register, or MINTED without a token, or a token that the register denies."""
    failed_safely: int = 0
    cancelled: int = 0
    still_open: int = 0
    """Neither minted nor known not to be."""
    untouched: int = 0
    """Never asked for, and no token."""

    @property
    def is_exact(self) -> bool:
        """Whether every asset was minted exactly once, or said honestly that it was not."""
        return self.duplicated == self.lost == self.still_open == 0


def tally(
    created: Collection[UUID], states: Mapping[UUID, str], mints: Mapping[UUID, int], owned: Collection[UUID]
) -> Tally:
    """Count.

    Args:
        created: Assets that the register had said to hold.
        states: What the register says now.
        mints: How often each asset was minted, from the chain's events.
        owned: Assets whose token the contract in use names an owner for.
    """
    counts = Counter(
        _end(states.get(asset), mints.get(asset, 0), asset in owned) for asset in {*created, *states, *mints}
    )
    return Tally(**counts)


def _end(state: str | None, mints: int, is_owned: bool) -> str:
    if mints > 1:
        return "duplicated"
    has_token = mints == 1 and is_owned
    if state is None or has_token != (mints == 1):
        return "lost"
    if state == "MINTED":
        return "minted" if has_token else "lost"
    if state not in SAFE_STATES:
        return "still_open"
    if has_token:
        return "lost"
    return {"MINT_FAILED": "failed_safely", "MINT_CANCELLED": "cancelled"}.get(state, "untouched")


def states_in(database: Path) -> dict[UUID, str]:
    """Every asset's state, from the register's file."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return {UUID(asset_id): state for asset_id, state in connection.execute("SELECT asset_id, state FROM assets")}


def contract_in(database: Path) -> str:
    """Address of the contract the register is bound to."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        ((address,),) = connection.execute("SELECT contract_address FROM chain_instances WHERE is_active")
        return address


def mints_on(rpc_url: str) -> Counter[UUID]:
    """Mint events since the first block, of every contract: a second token elsewhere is a second token too."""
    found = {"fromBlock": "0x0", "toBlock": "latest", "topics": [TRANSFER, NOBODY]}
    (answer,) = _ask(rpc_url, [("eth_getLogs", [found])])
    return Counter(UUID(int=int(event["topics"][3], 16)) for event in answer["result"])


def owned_on(rpc_url: str, contract: str, assets: Sequence[UUID]) -> set[UUID]:
    """Those of the assets whose token has an owner now."""
    owned: set[UUID] = set()
    for first in range(0, len(assets), OWNERS_AT_ONCE):
        asked = assets[first : first + OWNERS_AT_ONCE]
        calls = [("eth_call", [{"to": contract, "data": f"{OWNER_OF}{asset.int:064x}"}, "latest"]) for asset in asked]
        answers = _ask(rpc_url, calls)
        owned |= {asset for asset, answer in zip(asked, answers, strict=True) if int(answer.get("result", "0x0"), 16)}
    return owned


def _ask(rpc_url: str, calls: Sequence[tuple[str, list[Any]]]) -> list[dict[str, Any]]:
    """Answers in the order of the calls, sent as one batch."""
    body = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        for number, (method, params) in enumerate(calls)
    ]
    request = urllib.request.Request(rpc_url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return sorted(json.load(reply), key=lambda answer: answer["id"])
