"""Opening: a new register, one that stands, one of the future, and files that are no register."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from ipnft_desktop.adapters.database import engines, migrations, opening, search_index
from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.support import samples
from tests.support.database_factory import fresh_database, migrated_file, sqlite_url
from tests.support.register_files import (
    back_up,
    fault_of,
    opened,
)


async def test_a_new_register_is_made_with_its_folders(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there yet" / "register.db"
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"


async def test_opening_an_open_register_changes_nothing(tmp_path: Path) -> None:
    database = await fresh_database(tmp_path)
    await database.write(lambda tx: tx.insert_enterprise(samples.enterprise()))
    assert str(await database.open()) == f"SQLite register.db, revision {migrations.HEAD}"
    assert len(await database.read(lambda tx: tx.enterprises())) == 1
    await database.close()


async def test_the_connections_are_durable_and_strict(tmp_path: Path) -> None:
    database = await fresh_database(tmp_path)
    settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    for name, value in settings.items():
        for ask in (database.read, database.write):
            assert await ask(lambda tx, n=name: tx._connection.execute(text(f"PRAGMA {n}")).scalar_one()) == value
    await database.close()


def test_a_standing_register_is_opened_without_alembic(tmp_path: Path) -> None:
    """Loading it would cost a quarter of a second at every start."""
    script = (
        "import asyncio, sys; from ipnft_desktop.adapters.database.sql_database import SqlDatabase\n"
        "async def main():\n"
        "    database = SqlDatabase(sys.argv[1]); print(await database.open()); await database.close()\n"
        "asyncio.run(main()); assert 'alembic' not in sys.modules, 'alembic was loaded'"
    )
    url = sqlite_url(migrated_file(tmp_path))
    root = Path(__file__).parents[3]
    ran = subprocess.run([sys.executable, "-c", script, url], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert migrations.HEAD in ran.stdout


async def test_a_register_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    file = migrated_file(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    assert await fault_of(file) is ErrorCode.DATABASE_NEWER
    assert file.read_bytes() == before


async def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "register.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    assert await fault_of(file) is ErrorCode.DATABASE_UNAVAILABLE
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    connection.close()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "register.db"
    file.write_bytes(b"this is a letter, not a database " * 200)
    assert await fault_of(file) is ErrorCode.DATABASE_UNAVAILABLE


async def test_a_damaged_page_is_found_on_opening(tmp_path: Path) -> None:
    file = migrated_file(tmp_path)
    data = bytearray(file.read_bytes())
    for start in range(4096 * 2, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    file.write_bytes(data)
    assert await fault_of(file) is ErrorCode.DATABASE_UNAVAILABLE


async def test_a_large_file_is_looked_through_only_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(opening, "QUICK_CHECK_MAX_BYTES", 0)
    monkeypatch.setattr(opening, "_check_integrity", lambda connection, thorough: checked.append(f"pages {thorough}"))
    monkeypatch.setattr(search_index, "repair", lambda connection: checked.append("search index"))
    file = migrated_file(tmp_path)
    await opened(file)
    assert not checked
    file.with_name("register.db-wal").write_bytes(b"left behind")
    await opened(file)
    assert checked == ["pages False"]
    (tmp_path / "backups").mkdir()
    DatabaseBackups(file).want_check(wanted=True)
    await opened(file)
    assert checked[1:] == ["pages True", "search index"]


async def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "register.db").mkdir()
    assert await fault_of(tmp_path / "register.db") is ErrorCode.DATABASE_UNAVAILABLE


async def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    assert await fault_of(tmp_path / "data" / "register.db") is ErrorCode.DATABASE_UNAVAILABLE


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder nothing can be made in; root can."""
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("this user may write everywhere")
    tmp_path.chmod(0o500)
    yield tmp_path
    tmp_path.chmod(0o700)


async def test_a_folder_without_write_access_is_told(read_only_folder: Path) -> None:
    assert await fault_of(read_only_folder / "register.db") is ErrorCode.DATABASE_UNAVAILABLE


async def test_a_register_that_failed_to_open_opens_once_mended(tmp_path: Path) -> None:
    (tmp_path / "register.db").mkdir()
    database = SqlDatabase(sqlite_url(tmp_path / "register.db"))
    with pytest.raises(EnvironmentFault):
        await database.open()
    (tmp_path / "register.db").rmdir()
    assert await database.open()
    await database.close()


async def test_row_45_a_register_locked_elsewhere_opens_once_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_SQLITE_SETTINGS", (*engines._SQLITE_SETTINGS, "PRAGMA busy_timeout = 1"))
    file = migrated_file(tmp_path)
    back_up(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await fault_of(file) is ErrorCode.DATABASE_UNAVAILABLE
    assert await opened(file) == f"SQLite register.db, revision {migrations.HEAD}"
