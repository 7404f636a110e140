"""The peer of the throughput: signed mints to the node as fast as one connection takes them, in a process of its own.

Reads one JSON object from its input, `{"rpc_url": ..., "raw": ["0x...", ...]}`; prints the seconds the sending took.
Each mint is sent when the one before it was answered: sent side by side, an automining node refuses nearly all of them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

RECEIPTS_AT_ONCE = 100


async def send_all(rpc_url: str, raw: Sequence[str]) -> float:
    """Seconds from the first request to the last answer. Raises RuntimeError unless all of them were mined."""
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(connector=connector, headers={"Content-Type": "application/json"}) as session:
        bodies = [_body("eth_sendRawTransaction", [signed]) for signed in raw]
        started = time.perf_counter()
        answers = [await _post(session, rpc_url, body) for body in bodies]
        seconds = time.perf_counter() - started
        hashes = [answer["result"] for answer in answers]
        for first in range(0, len(hashes), RECEIPTS_AT_ONCE):
            await _check_mined(session, rpc_url, hashes[first : first + RECEIPTS_AT_ONCE])
    return seconds


async def _check_mined(session: aiohttp.ClientSession, rpc_url: str, hashes: Sequence[str]) -> None:
    bodies = b",".join(_body("eth_getTransactionReceipt", [tx_hash]) for tx_hash in hashes)
    answers = await _post(session, rpc_url, b"[" + bodies + b"]")
    mined = sum(answer["result"] is not None and answer["result"]["status"] == "0x1" for answer in answers)
    if mined != len(hashes):
        raise RuntimeError(f"only {mined} of {len(hashes)} bare mints were mined")


async def _post(session: aiohttp.ClientSession, rpc_url: str, body: bytes) -> Any:
    async with session.post(rpc_url, data=body) as response:
        return json.loads(await response.read())


def _body(method: str, params: list[Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(asyncio.run(send_all(asked["rpc_url"], asked["raw"])))
