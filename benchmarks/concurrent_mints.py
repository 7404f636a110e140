"""Many mints at once: does the window stay smooth, how many a second, and what stays in memory."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psutil

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_scenario, temporary_profile
from benchmarks.figures import percentile
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.program import Running
from benchmarks.work import mint_all, new_requests
from ipnft_desktop.ui.loop_gap import measured_gaps

SCENARIO = "concurrent-mints"


def measure(sizes: Sizes) -> list[Figure]:
    """Rate and gaps of the first round of mints, gaps of all rounds; memory before the first and after the last."""
    with temporary_profile() as profile:
        samples = run_scenario(SCENARIO, profile, sizes)
    gaps_ms, idle_ms, cpu_ms = samples["gaps_ms"], samples["idle_gaps_ms"], samples["gaps_cpu_ms"]
    return [
        Figure("loop_gap_ms.max", max(gaps_ms), len(gaps_ms)),
        Figure("loop_gap_ms.p99", percentile(gaps_ms, 0.99), len(gaps_ms)),
        Figure("loop_gap_ms.own_cpu.max", max(cpu_ms), len(cpu_ms)),
        Figure("loop_gap_ms.idle.max", max(idle_ms), len(idle_ms)),
        *gap_figures("mint_1000", samples["rounds"]),
        Figure("window_mints_per_s", sizes.concurrent_mints / samples["seconds"], sizes.concurrent_mints),
        Figure("rss_mb", samples["rss_mb"], sizes.total_mints),
        Figure("rss_mb.start", samples["rss_start_mb"], 1),
    ]


async def mint_at_once(running: Running, sizes: Sizes) -> dict[str, Any]:
    """A measured round, then further rounds of the same size up to the total."""
    core = running.core
    rss_start_mb = _rss_mb()
    requests = await new_requests(core, sizes.concurrent_mints)
    with measured_gaps() as idle:
        await asyncio.sleep(sizes.idle_s)
    with measured_gaps() as gaps:
        started = time.perf_counter()
        await mint_all(core, requests)
        seconds = time.perf_counter() - started
    rounds = GapRounds([max(gaps.wall_ms)], [max(gaps.cpu_ms)])
    minted = len(requests)
    while minted < sizes.total_mints:
        requests = await new_requests(core, min(sizes.concurrent_mints, sizes.total_mints - minted))
        with rounds.round():
            await mint_all(core, requests)
        minted += len(requests)
    return {
        "gaps_ms": gaps.wall_ms,
        "gaps_cpu_ms": gaps.cpu_ms,
        "idle_gaps_ms": idle.wall_ms,
        "rounds": rounds.samples(),
        "seconds": seconds,
        "rss_start_mb": rss_start_mb,
        "rss_mb": _rss_mb(),
    }


def _rss_mb() -> float:
    """Memory of this process that is in RAM, in megabytes (10^6 bytes)."""
    return psutil.Process().memory_info().rss / 1e6
