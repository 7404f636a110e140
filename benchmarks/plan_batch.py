"""A plan for 10,000 assets, from the wish to the plan: for those that are ticked, and for what a filter leaves."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.import_rows import ENTERPRISE, open_core
from ipnft_desktop.domain.assets import Asset, AssetQuery, AssetType, LegalStatus, LicenceTerms
from ipnft_desktop.domain.minting import AssetState

SCENARIO = "plan-batch"
_ROUNDS = 5
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def measure(sizes: Sizes) -> list[Figure]:
    """Over a register of twice as many drafts, without a window and without a node."""
    with temporary_profile() as profile:
        found = run_headless(SCENARIO, profile, sizes)
    return [
        Figure("batch.plan_ms", median(found["ids_ms"]), len(found["ids_ms"])),
        Figure("batch.plan_ms.by_filter", median(found["filter_ms"]), len(found["filter_ms"])),
    ]


async def plan_often(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Half of the assets are patents: those are planned, by their ids and as what a filter shows."""
    count = sizes.planned_items
    async with open_core(profile) as core:
        await core.adapters.database.write(lambda tx: tx.insert_assets([_asset(n) for n in range(2 * count)]))
        patents = AssetQuery(types=frozenset({AssetType.PATENT}))
        ids = await core.adapters.database.read(lambda tx: tx.asset_ids(patents, count))
        taken: dict[str, list[float]] = {"ids_ms": [], "filter_ms": []}
        for _ in range(_ROUNDS):
            for name, selection in (("ids_ms", ids), ("filter_ms", patents)):
                started = time.perf_counter()
                plan = await core.planner.plan(selection)
                taken[name].append((time.perf_counter() - started) * 1000)
                if plan.item_count != count:
                    raise RuntimeError(f"{plan.item_count} of {count} assets are planned")
    return taken


def _asset(number: int) -> Asset:
    return Asset(
        asset_id=UUID(int=(0x018F << 112) | (7 << 76) | (2 << 62) | number),
        name=f"Measured asset {number}",
        asset_type=AssetType.DESIGN if number % 2 else AssetType.PATENT,
        description="An invented asset that exists while speed is measured.",
        creator_name="Nobody",
        creation_date=date(2020, 1, 31),
        legal_status=LegalStatus.PENDING,
        application_number=f"CN{number:09d}",
        enterprise=ENTERPRISE,
        licence=LicenceTerms(),
        custom_fields={},
        attachments=(),
        state=AssetState.DRAFT,
        version=1,
        created_at=_NOW,
        updated_at=_NOW,
    )
