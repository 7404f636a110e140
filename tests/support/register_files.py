"""Registers as files for the tests of opening, backups and migrations: used, damaged, of another revision."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.backup_files import verified
from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason
from tests.support import samples
from tests.support.database_factory import fresh_database, sqlite_url

HISTORY, FORMER_HEAD = migrations._FOLDER, migrations.HEAD
ADD_COLUMN = "op.add_column('wallets', sa.Column('note', sa.Text()))"


def add_revision(monkeypatch: pytest.MonkeyPatch, folder: Path, upgrade: str) -> Path:
    """Give the program one revision more, 9001, with this upgrade; returns the folder of its history."""
    history = Path(tempfile.mkdtemp(dir=folder)) / "history"
    shutil.copytree(HISTORY, history, ignore=shutil.ignore_patterns("__pycache__"))
    body = "\n".join(f"    {line}" for line in upgrade.splitlines())
    (history / "versions" / "9001_next.py").write_text(
        "import os, signal\nimport sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9001'\ndown_revision = {FORMER_HEAD!r}\n\ndef upgrade():\n{body}\n"
    )
    monkeypatch.setattr(migrations, "_FOLDER", history)
    monkeypatch.setattr(migrations, "HEAD", "9001")
    return history


async def opened(file: Path) -> str:
    """The line of a register that is opened and closed again."""
    database = SqlDatabase(sqlite_url(file))
    try:
        return str(await database.open())
    finally:
        await database.close()


async def fault_of(file: Path) -> ErrorCode:
    """Code of the error on opening."""
    with pytest.raises((EnvironmentFault, UserError)) as caught:
        await opened(file)
    return caught.value.code


def back_up(file: Path) -> BackupFile:
    with closing(DatabaseBackups(file)) as backups:
        return backups.make(BackupReason.AUTOMATIC)


async def used_register(folder: Path) -> Path:
    """A register with an enterprise, its wallet and an asset."""
    database = await fresh_database(folder)
    owner = samples.enterprise()
    await database.write(lambda tx: tx.insert_enterprise(owner))
    await database.write(lambda tx: tx.insert_asset(samples.asset(owner)))
    await database.close()
    return folder / "register.db"


async def rows_in(file: Path) -> tuple[int, int]:
    """Enterprises and assets of a register, which is opened for it."""
    database = SqlDatabase(sqlite_url(file))
    await database.open()
    try:
        return await database.read(lambda tx: (len(tx.enterprises()), tx.count_assets(AssetQuery())))
    finally:
        await database.close()


def columns_of(file: Path, table: str) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def backups_beside(file: Path) -> list[BackupFile]:
    return list(DatabaseBackups(file).list())


def names_in(folder: Path) -> set[str]:
    return {found.name for found in folder.iterdir()}


def pages_overwritten(file: Path) -> None:
    """Damage every page but the first two."""
    data = bytearray(file.read_bytes())
    for start in range(4096 * 2, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    file.write_bytes(data)


async def left_as_it_was(file: Path, code: ErrorCode) -> None:
    """Opening fails with this code, and the register is still one of the former revision."""
    with pytest.raises((EnvironmentFault, Defect)) as caught:
        await opened(file)
    assert caught.value.code is code
    found = verified(file)
    assert found.revision == FORMER_HEAD
    assert found.row_counts["assets"] == 1
    assert "note" not in columns_of(file, "wallets")
