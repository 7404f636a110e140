"""Damaged registers, lost logs and newer programs. Numbers of rows are those of the table of faults."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ipnft_desktop.adapters.database import engines, migrations, opening
from ipnft_desktop.adapters.database.backup_files import Contents, DamagedDatabase, verified
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.services.backup_keeper import BackupFile
from tests.support import samples
from tests.support.database_factory import fresh_database, sqlite_url
from tests.support.register_files import (
    ADD_COLUMN,
    add_revision,
    back_up,
    backups_beside,
    columns_of,
    fault_of,
    left_as_it_was,
    names_in,
    opened,
    pages_overwritten,
    rows_in,
    used_register,
)


def no_database(file: Path) -> None:
    file.write_bytes(b"this is a letter, not a database " * 2000)


def header_overwritten(file: Path) -> None:
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])


def cut_in_half(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 8192 * 4096])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def a_page_overwritten(file: Path, of: str = "uq_attachments_image") -> None:
    with closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (of,)).fetchone()[0]
    data = bytearray(file.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    file.write_bytes(data)


def an_index_put_out_of_step(file: Path) -> None:
    """Every page is well formed, but an index does not hold what it says."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(name_key', '(description') "
            "WHERE name = 'ix_assets_name_key_asset_id'"
        )
        connection.commit()


DAMAGES = [no_database, header_overwritten, pages_overwritten, cut_in_half, emptied]


async def backed_up_register(folder: Path) -> tuple[Path, BackupFile]:
    """A register with a backup and an enterprise that came after it."""
    file = await used_register(folder)
    backup = back_up(file)
    database = SqlDatabase(sqlite_url(file))
    await database.open()
    await database.write(lambda tx: tx.insert_enterprise(samples.enterprise(name="After the backup")))
    await database.close()
    return file, backup


def damaged_beside(file: Path) -> set[str]:
    return {name for name in names_in(file.parent) if name.startswith("register.damaged-")}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_row_47_a_damaged_register_is_restored_from_its_backup(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file, backup = await backed_up_register(tmp_path)
    damage(file)
    damaged = file.read_bytes()

    line = await opened(file)
    (aside,) = damaged_beside(file)
    assert line == (
        f"SQLite register.db, revision {migrations.HEAD}, restored from the backup of "
        f"{backup.at:%Y-%m-%d %H:%M} UTC; the damaged file is kept as {aside}"
    )
    assert (tmp_path / aside).read_bytes() == damaged
    assert await rows_in(file) == (1, 1)
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"
    assert names_in(tmp_path) == {"register.db", "backups", aside}


async def test_row_47_the_log_of_a_damaged_register_goes_with_it(tmp_path: Path) -> None:
    """Read into the restored file it would damage that too."""
    file, _ = await backed_up_register(tmp_path)
    (tmp_path / "used").mkdir()
    other = await fresh_database(tmp_path / "used")
    await other.write(lambda tx: tx.insert_enterprise(samples.enterprise()))
    shutil.copyfile(tmp_path / "used" / "register.db-wal", tmp_path / "register.db-wal")
    await other.close()
    no_database(file)

    await opened(file)
    assert {name.rpartition("-")[2] for name in damaged_beside(file)} >= {"wal"}
    assert await rows_in(file) == (1, 1)


@pytest.mark.parametrize("damage", [no_database, pages_overwritten])
async def test_row_47_without_a_usable_backup_it_is_told_and_left(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file, backup = await backed_up_register(tmp_path)
    damage(file)
    damage(tmp_path / "backups" / backup.name)
    before = file.read_bytes()
    assert await fault_of(file) is ErrorCode.DATABASE_UNAVAILABLE
    assert file.read_bytes() == before
    assert damaged_beside(file) == set()


async def test_row_47_a_damaged_backup_is_passed_over(tmp_path: Path) -> None:
    file, older = await backed_up_register(tmp_path)
    newest = back_up(file)
    pages_overwritten(tmp_path / "backups" / newest.name)
    no_database(file)
    assert f"restored from the backup of {older.at:%Y-%m-%d %H:%M} UTC" in await opened(file)
    assert await rows_in(file) == (1, 1)


async def test_row_47_damage_in_a_large_file_that_the_opening_meets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "QUICK_CHECK_MAX_BYTES", 0)
    file, _ = await backed_up_register(tmp_path)
    a_page_overwritten(file, of="alembic_version")
    assert "restored" in await opened(file)


@pytest.mark.parametrize("damage", [a_page_overwritten, an_index_put_out_of_step])
async def test_row_47_damage_in_a_large_file_that_a_backup_meets_is_mended_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(opening, "QUICK_CHECK_MAX_BYTES", 0)
    file, _ = await backed_up_register(tmp_path)
    damage(file)
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"

    with pytest.raises(DamagedDatabase):
        back_up(file)
    assert "restored" in await opened(file)
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"


async def test_a_bad_copy_of_a_sound_register_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the copy is damaged: the register must not be replaced by an older backup."""
    file, backup = await backed_up_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ADD_COLUMN)

    def damaged_copy(file: Path) -> Contents:
        if file.suffix == ".partial":
            raise DamagedDatabase(file.name)
        return verified(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ipnft_desktop.adapters.database.backups.verified", damaged_copy)
        await left_as_it_was(file, ErrorCode.DATABASE_UNAVAILABLE)
    assert backups_beside(file) == [backup]
    assert await rows_in(file) == (2, 1)
    assert damaged_beside(file) == set()


async def test_a_kill_while_restoring_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between moving the damaged one aside and putting the backup in its place."""
    file, _ = await backed_up_register(tmp_path)
    no_database(file)

    def die(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            opening.prepare(make_url(sqlite_url(file)), engines.writing_engine(make_url(sqlite_url(file))))
    assert file.exists()
    assert "restored" in await opened(file)
    assert await rows_in(file) == (1, 1)


async def test_an_older_backup_is_restored_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, _ = await backed_up_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ADD_COLUMN)
    no_database(file)
    assert (await opened(file)).startswith("SQLite register.db, revision 9001, restored from the backup of ")
    assert "note" in columns_of(file, "wallets")
    assert await rows_in(file) == (1, 1)


# newer programs


async def test_row_51_a_newer_register_is_not_restored_over(tmp_path: Path) -> None:
    file, _ = await backed_up_register(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    assert await fault_of(file) is ErrorCode.DATABASE_NEWER
    assert file.read_bytes() == before
    assert damaged_beside(file) == set()


async def test_row_51_nor_is_a_damaged_one_with_newer_backups(tmp_path: Path) -> None:
    file, backup = await backed_up_register(tmp_path)
    newer = f"register-29991231T000000.000Z-9999-{backup.reason}.db"
    shutil.copyfile(tmp_path / "backups" / backup.name, tmp_path / "backups" / newer)
    no_database(file)
    before = file.read_bytes()
    assert await fault_of(file) is ErrorCode.DATABASE_NEWER
    assert file.read_bytes() == before


# a lost log

KILLED_WITH_A_LOG = """
import asyncio, os, signal, sys
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from tests.support import samples

async def main():
    database = SqlDatabase(sys.argv[1])
    await database.open()
    for number in range(5):
        await database.write(lambda tx: tx.insert_enterprise(samples.enterprise(name=str(number))))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("lost", [("-wal",), ("-wal", "-shm")])
async def test_row_49_a_lost_log_costs_the_last_commits_only(tmp_path: Path, lost: tuple[str, ...]) -> None:
    file = await used_register(tmp_path)
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED_WITH_A_LOG, sqlite_url(file)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    for ending in lost:
        file.with_name(f"register.db{ending}").unlink()
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"
    assert await rows_in(file) == (1, 1)
    assert verified(file).row_counts["wallets"] == 1
