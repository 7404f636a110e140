"""Registers for tests: a fresh SQLite file in a millisecond, copied from one that was migrated once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.services.ports import Transaction
from tests.support import samples


def sqlite_url(file: Path) -> str:
    """URL of a database file."""
    return f"sqlite:///{file}"


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


def bring_to_minted(tx: Transaction, *assets: Asset, nonce: int) -> MintJob:
    """Take stored drafts through all barriers in one transaction. A chain must be bound."""
    job = bring_to_signed(tx, *assets, nonce=nonce)
    tx.record_accepted(job.job_id, samples.at(2))
    tx.record_mined(job.job_id, samples.mined(), 0, samples.at(3))
    tx.record_final(job.job_id, samples.mined(), 1)
    tx.record_minted(job.job_id, samples.at(4))
    return _stored(tx, job)


def bring_to_signed(tx: Transaction, *assets: Asset, nonce: int) -> MintJob:
    """Take stored drafts to barrier B. A chain must be bound."""
    job = samples.job(*assets)
    tx.open_job(job)
    tx.begin_attempt(job.job_id, 1, samples.at(1))
    tx.freeze_content(job.job_id, samples.cid(f"directory {job.job_id}"), samples.frozen_items(job))
    tx.record_signed(job.job_id, samples.transaction(nonce), samples.at(1))
    return _stored(tx, job)


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
