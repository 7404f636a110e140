"""A spreadsheet on its way into the register, whole and in parts."""

from __future__ import annotations

import asyncio
import csv
import gc
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.gap_rounds import gap_figures
from benchmarks.loop_ticks import ticked_gaps
from ipnft_desktop.bootstrap.adapters import build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.services.asset_import import ImportReport
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Transaction
from ipnft_desktop.settings import Settings

SCENARIO = "import-rows"
T = TypeVar("T")
_HEADER = ("名称", "类型", "Creator", "Creation date", "Enterprise", "申请号", "Description", "custom: Class")
_OPERATOR = User(UUID(int=2), "measured", "Measured", Role.ADMIN, datetime(2026, 1, 1, tzinfo=UTC))
ENTERPRISE = Enterprise(UUID(int=1), "Measured enterprise", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "Wallet")


def measure(sizes: Sizes) -> list[Figure]:
    """One import into an empty register, without window and without node."""
    with temporary_profile() as profile:
        found = run_headless(SCENARIO, profile, sizes)
    rows = sizes.imported_rows
    return [
        Figure("import_rows_per_s", rows / found["all_s"], rows),
        Figure("import_rows_per_s.checked", rows / found["checked_s"], rows),
        Figure("import_rows_per_s.writer_held_s", found["writer_held_s"], 1),
        *gap_figures("import_rows", {"wall_ms": [found["longest_gap_ms"]], "cpu_ms": [found["most_work_ms"]]}),
    ]


async def import_once(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Write a file, import it, and look on from the event loop."""
    file = await asyncio.to_thread(_written, profile, sizes.imported_rows)
    async with open_core(profile) as core:
        # As the window does: collections need not look at what is loaded, and hold no thread up for it.
        gc.collect()
        gc.freeze()
        held_s = _watch_writer(core)
        async with ticked_gaps() as gaps:
            started = time.perf_counter()
            sample = await core.imports.open(file, LongWork())
            check = await core.imports.check(sample, sample.uses, LongWork())
            checked = time.perf_counter()
            report: ImportReport = await core.imports.apply(check, LongWork())
            ended = time.perf_counter()
        check.close()
        if report.added != sizes.imported_rows:
            raise RuntimeError(f"{report.added} rows were imported")
    return {
        "all_s": ended - started,
        "checked_s": checked - started,
        "writer_held_s": max(held_s),
        "longest_gap_ms": max(gaps.wall_ms),
        "most_work_ms": max(gaps.cpu_ms),
    }


@asynccontextmanager
async def open_core(profile: Path) -> AsyncGenerator[Core]:
    """The real parts with the register open and nothing else started."""
    settings = Settings()
    core = build_core(profile, settings, build_adapters(profile, settings))
    database = core.adapters.database
    await database.open()
    core.session.begin(_OPERATOR)
    try:
        await database.write(lambda tx: tx.insert_enterprise(ENTERPRISE))
        yield core
    finally:
        await core.close()
        await database.close()


def _watch_writer(core: Core) -> list[float]:
    """How long each write takes from now on, in seconds, its commit included: so long another one waits."""
    database, held_s = core.adapters.database, list[float]()
    write = database.write

    async def timed(work: Callable[[Transaction], T]) -> T:
        started = time.perf_counter()
        try:
            return await write(work)
        finally:
            held_s.append(time.perf_counter() - started)

    database.write = timed
    return held_s


def _written(profile: Path, rows: int) -> Path:
    profile.mkdir(parents=True, exist_ok=True)
    file = profile / "rows.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(_HEADER)
        for number in range(rows):
            writer.writerow(
                (
                    f"Measured asset {number} 名称",
                    "专利",
                    "Nobody",
                    "2020/1/31",
                    ENTERPRISE.name,
                    f"CN{number:09d}",
                    "An invented asset that exists while speed is measured. " * 4,
                    f"G06F {number % 50}",
                )
            )
    return file
