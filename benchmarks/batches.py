"""How many tokens a second runs of batches bring to MINTED, beside what the node takes of the same from anybody.

As `benchmarks.throughput`: program and bare client by turns on the same node, contract and account, each alone.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.catalogue import BATCH_SIZES, Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.headless import lasting_node, open_core
from benchmarks.throughput import presigned, send_bare
from benchmarks.work import mint_run, new_requests
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.chain import MintCall

SCENARIO = "batches"


def measure(sizes: Sizes) -> list[Figure]:
    """Medians of the rounds: a busy machine slows some of them, and both sides alike."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    return [figure for size in BATCH_SIZES for figure in _figures(size, samples[str(size)], sizes.batched_assets)]


def _figures(size: int, samples: dict[str, list[float]], count: int) -> list[Figure]:
    ours = median([count / seconds for seconds in samples["ours_s"]])
    bare = median([count / seconds for seconds in samples["bare_s"]])
    rounds = len(samples["ours_s"])
    return [
        Figure(f"batch.tokens_per_s.{size}", ours, rounds),
        Figure(f"batch.node_limit_tokens_per_s.{size}", bare, rounds),
        Figure(f"batch.ratio.{size}", ours / bare, rounds),
        Figure(f"batch.cpu_ms.{size}", median([1000 * cpu_s / count for cpu_s in samples["cpu_s"]]), rounds),
    ]


async def mint_by_turns(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Rounds of a run for each size, each followed by as many tokens in as many transactions from the bare client."""
    samples: dict[str, dict[str, list[float]]] = {
        str(size): {"ours_s": [], "cpu_s": [], "bare_s": []} for size in BATCH_SIZES
    }
    async with lasting_node(profile / "lasting-node") as node:
        for _ in range(sizes.batch_rounds):
            for size in BATCH_SIZES:
                async with open_core(profile, node) as core:
                    seconds, cpu_s = await _in_a_run(core, sizes.batched_assets, size)
                    asked = await _presigned_batches(core, sizes.batched_assets, size)
                taken = samples[str(size)]
                taken["ours_s"].append(seconds)
                taken["cpu_s"].append(cpu_s)
                taken["bare_s"].append(await send_bare(asked))
    return samples


async def _in_a_run(core: Core, count: int, size: int) -> tuple[float, float]:
    """Seconds from the plan until the last token is MINTED, and processor seconds of all our threads."""
    asset_ids = [request.asset_id for request in await new_requests(core, count)]
    cpu_before, started = time.process_time(), time.perf_counter()
    await mint_run(core, asset_ids, size)
    return time.perf_counter() - started, time.process_time() - cpu_before


async def _presigned_batches(core: Core, count: int, size: int) -> dict[str, Any]:
    """What `benchmarks.bare_mints` is told: calls of the same length, to the same recipient."""
    recipient = (await core.register.enterprises())[0].wallet_address
    lengths = [min(size, count - first) for first in range(0, count, size)]
    calls = [
        MintCall(tuple(uuid4() for _ in range(length)), (recipient,) * length, secrets.token_bytes(32))
        for length in lengths
    ]
    return await presigned(core, calls)
