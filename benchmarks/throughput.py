"""How many single mints a second the program brings to MINTED, beside what the node takes from anybody.

Program and bare client work by turns on the same node, the same contract and from the same account, each alone: while
the bare client sends, no core is open that would follow the chain.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import MeasurementFailed, run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.headless import lasting_node, open_core
from benchmarks.work import mint_all, new_requests
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.chain import MintCall

SCENARIO = "throughput"
BARE_TIMEOUT_S = 60


def measure(sizes: Sizes) -> list[Figure]:
    """Medians of the rounds: a busy machine slows some of them, and both sides alike."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    count = sizes.throughput_mints
    ours = median([count / seconds for seconds in samples["ours_s"]])
    bare = median([count / seconds for seconds in samples["bare_s"]])
    rounds = len(samples["ours_s"])
    return [
        Figure("mints_per_s", ours, rounds),
        Figure("node_limit_per_s", bare, rounds),
        Figure("throughput_ratio", ours / bare, rounds),
        Figure("mint_cpu_ms", median([1000 * cpu_s / count for cpu_s in samples["cpu_s"]]), rounds),
    ]


async def mint_by_turns(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Rounds of mints through the desk, each followed by as many from the bare client."""
    samples: dict[str, list[float]] = {"ours_s": [], "cpu_s": [], "bare_s": []}
    async with lasting_node(profile / "lasting-node") as node:
        for _ in range(sizes.throughput_rounds):
            async with open_core(profile, node) as core:
                seconds, cpu_s = await _through_the_desk(core, sizes.throughput_mints)
                asked = await presigned_mints(core, sizes.throughput_mints)
            samples["ours_s"].append(seconds)
            samples["cpu_s"].append(cpu_s)
            samples["bare_s"].append(await send_bare(asked))
    return samples


async def _through_the_desk(core: Core, count: int) -> tuple[float, float]:
    """Seconds from the first request until the last is MINTED, and processor seconds of all our threads."""
    requests = await new_requests(core, count)
    cpu_before, started = time.process_time(), time.perf_counter()
    await mint_all(core, requests)
    return time.perf_counter() - started, time.process_time() - cpu_before


async def presigned_mints(core: Core, count: int) -> dict[str, Any]:
    """What `benchmarks.bare_mints` is told: mints of new assets."""
    recipient = core.adapters.signer.address
    return await presigned(core, [MintCall((uuid4(),), (recipient,), secrets.token_bytes(32)) for _ in range(count)])


async def presigned(core: Core, calls: Sequence[MintCall]) -> dict[str, Any]:
    """The same for these calls, of which none is dearer than the first; signed with the nonces that come next."""
    ready, node = core.environment.ready, await core.environment.node_status()
    assert ready is not None and node is not None
    chain, signer = core.adapters.chain, core.adapters.signer
    # The first mint to an address is the dearest, so its gas limit does for all.
    plan = (await chain.preflight(calls[0], ready.identity, signer.address)).plan
    nonce = await chain.nonce_of(signer.address)
    contract = await asyncio.to_thread(IPAssetContract.load)
    signed = [
        signer.sign(dataclasses.replace(plan, data=contract.mint(call)), nonce + number).raw
        for number, call in enumerate(calls)
    ]
    return {"rpc_url": node.rpc_url, "raw": ["0x" + raw.hex() for raw in signed]}


async def send_bare(asked: dict[str, Any]) -> float:
    """Seconds the bare client took for presigned mints. Raises MeasurementFailed unless all of them were mined."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bare_mints", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(BARE_TIMEOUT_S):
            told, _ = await process.communicate(json.dumps(asked).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise MeasurementFailed(f"the bare client ended with {process.returncode}")
    return float(told)
