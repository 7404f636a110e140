"""How long one mint takes that nothing else competes with, beside what the node alone takes for it."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_scenario, temporary_profile
from benchmarks.figures import median, percentile
from benchmarks.program import Running
from benchmarks.work import MINTS_TIMEOUT_S, mint, new_requests
from ipnft_desktop.domain.chain import MintCall

SCENARIO = "mint-latency"


def measure(sizes: Sizes) -> list[Figure]:
    """All samples count, the first mint of the process too."""
    with temporary_profile() as profile:
        samples = run_scenario(SCENARIO, profile, sizes)
    mint_ms, floor_ms = samples["mint_ms"], samples["floor_ms"]
    return [
        Figure("mint_ms.p50", median(mint_ms), len(mint_ms)),
        Figure("mint_ms.p99", percentile(mint_ms, 0.99), len(mint_ms)),
        Figure("mint_ms.node_floor.p50", median(floor_ms), len(floor_ms)),
    ]


async def mint_one_by_one(running: Running, sizes: Sizes) -> dict[str, Any]:
    """Request, wait for MINTED, request the next."""
    core = running.core
    requests = await new_requests(core, sizes.sequential_mints)
    mint_ms: list[float] = []
    async with asyncio.timeout(MINTS_TIMEOUT_S):
        for request in requests:
            started = time.perf_counter()
            await mint(core, request)
            mint_ms.append((time.perf_counter() - started) * 1000)
    return {"mint_ms": mint_ms, "floor_ms": await _node_floor(running, sizes.sequential_mints)}


async def _node_floor(running: Running, count: int) -> list[float]:
    """The same mints on the same node without the program: signed before, sent bare, one receipt asked for."""
    core = running.core
    chain, signer = core.adapters.chain, core.adapters.signer
    ready, node = core.environment.ready, await core.environment.node_status()
    assert ready is not None and node is not None
    nonce = await chain.nonce_of(signer.address)
    signed: list[bytes] = []
    for number in range(count):
        call = MintCall((uuid4(),), (signer.address,), secrets.token_bytes(32))
        found = await chain.preflight(call, ready.identity, signer.address)
        signed.append(signer.sign(found.plan, nonce + number).raw)
    return await asyncio.to_thread(_round_trips_ms, node.rpc_url, signed)


def _round_trips_ms(rpc_url: str, signed: Sequence[bytes]) -> list[float]:
    connection = http.client.HTTPConnection(urlsplit(rpc_url).netloc, timeout=10)
    try:
        return [_round_trip_ms(connection, raw) for raw in signed]
    finally:
        connection.close()


def _round_trip_ms(connection: http.client.HTTPConnection, raw: bytes) -> float:
    started = time.perf_counter()
    tx_hash = _ask(connection, "eth_sendRawTransaction", "0x" + raw.hex())
    receipt = _ask(connection, "eth_getTransactionReceipt", tx_hash)
    elapsed_ms = (time.perf_counter() - started) * 1000
    if not receipt or receipt["status"] != "0x1":
        raise RuntimeError("a bare mint did not succeed")
    return elapsed_ms


def _ask(connection: http.client.HTTPConnection, method: str, parameter: str) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": [parameter]})
    connection.request("POST", "/", body, {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    if "result" not in answer:
        raise RuntimeError(f"{method}: {answer.get('error')}")
    return answer["result"]
