"""Runs of batches with the window open: how long its loop does not answer meanwhile."""

from __future__ import annotations

from typing import Any

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_scenario, temporary_profile
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.program import Running
from benchmarks.work import mint_run, new_requests

SCENARIO = "batch-gaps"
_SIZE = 250


def measure(sizes: Sizes) -> list[Figure]:
    """Each round is a run of its own in the same program."""
    with temporary_profile() as profile:
        return gap_figures("batch_1000", run_scenario(SCENARIO, profile, sizes))


async def mint_runs(running: Running, sizes: Sizes) -> dict[str, Any]:
    """The assets are made before the round begins."""
    rounds = GapRounds()
    for _ in range(sizes.batch_rounds):
        asset_ids = [request.asset_id for request in await new_requests(running.core, sizes.batched_assets)]
        with rounds.round():
            await mint_run(running.core, asset_ids, _SIZE)
    return rounds.samples()
