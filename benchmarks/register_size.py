"""What a large register costs: looking at one asset's status, and minting, at a million assets and at a thousand."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import CACHE, run_headless, temporary_profile
from benchmarks.figures import median, percentile
from benchmarks.headless import LastingNode, lasting_node, open_core
from benchmarks.many_assets import Templates, add_copies, copied_asset
from benchmarks.work import mint, mint_all, new_requests
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import Core

SCENARIO = "register-size"
MINTED_SHARE = 0.2
"""Of the assets of either register; the others were never minted."""


def measure(sizes: Sizes) -> list[Figure]:
    """Both registers on one node, by turns; the large one is removed with the cache folder."""
    with temporary_profile(CACHE) as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    status_ms, detail_ms = samples["status_ms"], samples["detail_ms"]
    small_ms, large_ms = samples["small_ms"], samples["large_ms"]
    return [
        Figure("status_query_ms.p50", median(status_ms), len(status_ms)),
        Figure("status_query_ms.p99", percentile(status_ms, 0.99), len(status_ms)),
        Figure("status_query_ms.detail.p99", percentile(detail_ms, 0.99), len(detail_ms)),
        Figure("cost_growth", median(large_ms) / median(small_ms), len(large_ms)),
    ]


async def compare(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Fill both registers, look at statuses in the large one, then mint in both by turns."""
    samples: dict[str, list[float]] = {"status_ms": [], "detail_ms": [], "small_ms": [], "large_ms": []}
    small, large = profile / "small", profile / "large"
    async with lasting_node(profile / "lasting-node") as node:
        await _fill(small, node, sizes.few_assets)
        await _fill(large, node, sizes.many_assets)
        async with open_core(large, node) as core:
            await _look_at_statuses(core, sizes, samples)
        for _ in range(sizes.growth_rounds):
            for folder, key in ((small, "small_ms"), (large, "large_ms")):
                async with open_core(folder, node) as core:
                    samples[key] += await _mint_one_by_one(core, sizes.growth_mints)
    return samples


async def _fill(profile: Path, node: LastingNode, count: int) -> None:
    async with open_core(profile, node) as core:
        draft, minted = await new_requests(core, 2)
        await mint_all(core, [minted])
    copies = int(count * MINTED_SHARE)
    add_copies(profile / DATABASE_FILE, Templates(draft.asset_id, minted.asset_id), count - copies, copies)


async def _look_at_statuses(core: Core, sizes: Sizes, samples: dict[str, list[float]]) -> None:
    """Random assets, half of them minted, each look with its way to the database's thread and back.

    A status is the asset's row and its latest job, read in one go; a detail is the asset with everything on it.
    """
    database = core.adapters.database
    first_minted = sizes.many_assets - int(sizes.many_assets * MINTED_SHARE) + 1
    chooser = random.Random(1)
    for number in range(sizes.status_looks):
        first = 1 if number % 2 else first_minted
        asset_id = copied_asset(chooser.randint(first, sizes.many_assets))
        started = time.perf_counter()
        row, job = await database.read(lambda tx, of=asset_id: (tx.asset_row(of), tx.latest_job_of(of)))
        looked = time.perf_counter()
        asset = await database.read(lambda tx, of=asset_id: tx.asset(of))
        samples["status_ms"].append((looked - started) * 1000)
        samples["detail_ms"].append((time.perf_counter() - looked) * 1000)
        if row is None or asset is None or (first == first_minted) > (job is not None):
            raise RuntimeError(f"asset {asset_id} or its mint is not in the register")


async def _mint_one_by_one(core: Core, count: int) -> list[float]:
    requests = await new_requests(core, count + 1)
    await mint(core, requests[0])  # the first one after a start opens connections and warms caches
    mint_ms: list[float] = []
    for request in requests[1:]:
        started = time.perf_counter()
        await mint(core, request)
        mint_ms.append((time.perf_counter() - started) * 1000)
    return mint_ms
