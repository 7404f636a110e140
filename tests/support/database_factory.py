"""Registers for tests: a fresh SQLite file in a millisecond, copied from one that was migrated once."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.minting import MintJob, MintStage
from ipnft_desktop.services.ports import Transaction
from tests.support import samples


def sqlite_url(file: Path) -> str:
    """URL of a database file."""
    return f"sqlite:///{file}"


def memory_folder() -> str | None:
    """Where files live in memory, on systems that have such a place: waiting for a disk is half the time of a test."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and os.access(folder, os.W_OK) else None


def migrated_file(folder: Path) -> Path:
    """A register at the newest revision, without a row."""
    file = folder / "register.db"
    file.write_bytes(_template())
    return file


async def fresh_database(folder: Path) -> SqlDatabase:
    """An open, empty register; the caller closes it."""
    database = SqlDatabase(sqlite_url(migrated_file(folder)))
    await database.open()
    return database


def bring_to_minted(tx: Transaction, *assets: Asset, nonce: int, block: int = 7) -> MintJob:
    """Take stored drafts through all barriers in one transaction. A chain must be bound."""
    job = bring_to_signed(tx, *assets, nonce=nonce)
    tx.record_accepted([job.job_id], samples.at(2))
    mined = samples.mined_of(job, block)
    tx.record_mined(job.job_id, mined, 0, samples.at(3))
    tx.record_final({job.job_id: (mined, 1)})
    tx.record_minted([job.job_id], samples.at(4))
    return _stored(tx, job)


def bring_to_signed(tx: Transaction, *assets: Asset, nonce: int) -> MintJob:
    """Take stored drafts to barrier B. A chain must be bound."""
    return bring_to_stage(tx, MintStage.SUBMITTING, *assets, nonce=nonce)


def bring_to_stage(tx: Transaction, stage: MintStage, *assets: Asset, nonce: int) -> MintJob:
    """Take stored drafts to an open stage. A chain must be bound."""
    job = samples.job(*assets)
    signed = samples.transaction(nonce)
    steps: dict[MintStage, Callable[[], None]] = {
        MintStage.REQUESTED: lambda: tx.open_jobs([job]),
        MintStage.PREPARING: lambda: _prepare(tx, job),
        MintStage.SUBMITTING: lambda: tx.record_signed({job.job_id: signed}, samples.at(1)),
        MintStage.CONFIRMING: lambda: tx.record_accepted([job.job_id], samples.at(2)),
        MintStage.FINALIZING: lambda: tx.record_final({job.job_id: (samples.mined(signed), 1)}),
    }
    for reached, take in steps.items():
        take()
        if reached is stage:
            return _stored(tx, job)
    raise AssertionError(f"{stage} is no open stage")


def _prepare(tx: Transaction, job: MintJob) -> None:
    tx.begin_attempts({job.job_id: 1}, samples.at(1))
    tx.freeze_contents({job.job_id: (samples.cid(f"directory {job.job_id}"), samples.frozen_items(job))})


def _stored(tx: Transaction, job: MintJob) -> MintJob:
    stored = tx.job(job.job_id)
    assert stored is not None
    return stored


@cache
def _template() -> bytes:
    """The bytes of a migrated file. Made in a thread, because a test's own event loop may be running here."""
    folder = Path(tempfile.mkdtemp(prefix="ipnft-template-"))
    file = folder / "register.db"

    async def migrate() -> None:
        database = SqlDatabase(sqlite_url(file))
        await database.open()
        await database.close()

    maker = threading.Thread(target=lambda: asyncio.run(migrate()), name="database-template")
    maker.start()
    maker.join()
    try:
        return file.read_bytes()
    finally:
        shutil.rmtree(folder)
