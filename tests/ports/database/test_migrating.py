"""Migrations: a verified backup first, then all of it or nothing. Numbers of rows are those of the table of faults."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from ipnft_desktop.adapters.database import migrations, opening
from ipnft_desktop.adapters.database.backup_files import verified
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.services.backup_keeper import BackupReason
from tests.support.database_factory import sqlite_url
from tests.support.postgresql import PostgresqlServer
from tests.support.register_files import (
    ADD_COLUMN,
    FORMER_HEAD,
    add_revision,
    backups_beside,
    columns_of,
    left_as_it_was,
    opened,
    rows_in,
    used_register,
)

ENTERPRISES_MADE_ANEW = """
with op.batch_alter_table('enterprises') as batch:
    batch.add_column(sa.Column('note', sa.Text()))
    batch.alter_column('name', type_=sa.String(300))
"""


async def test_a_new_register_needs_no_backup(tmp_path: Path) -> None:
    await opened(tmp_path / "register.db")
    assert backups_beside(tmp_path / "register.db") == []


async def test_a_verified_backup_comes_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = await used_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ADD_COLUMN)
    assert await opened(file) == "SQLite register.db, revision 9001"
    (backup,) = backups_beside(file)
    assert (backup.revision, backup.reason) == (FORMER_HEAD, BackupReason.BEFORE_MIGRATION)
    assert verified(tmp_path / "backups" / backup.name).row_counts["assets"] == 1
    assert "note" in columns_of(file, "wallets")
    assert "note" not in columns_of(tmp_path / "backups" / backup.name, "wallets")
    await opened(file)
    assert backups_beside(file) == [backup]


async def test_a_table_made_anew_keeps_the_rows_that_refer_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await used_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ENTERPRISES_MADE_ANEW)
    assert await rows_in(file) == (1, 1)
    assert "note" in columns_of(file, "enterprises")
    assert verified(file).row_counts["wallets"] == 1


async def test_without_a_backup_no_migration_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = await used_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ADD_COLUMN)
    (tmp_path / "backups").write_text("in the way")
    await left_as_it_was(file, ErrorCode.DATABASE_UNAVAILABLE)


async def test_row_46_without_room_for_a_backup_no_migration_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await used_register(tmp_path)
    add_revision(monkeypatch, tmp_path, ADD_COLUMN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
        await left_as_it_was(file, ErrorCode.DISK_FULL)
    assert await opened(file) == "SQLite register.db, revision 9001"


async def test_row_46_a_disk_that_fills_during_a_migration_undoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await used_register(tmp_path)
    limit = "op.execute('PRAGMA max_page_count = 1')\nop.execute('CREATE TABLE filling AS SELECT zeroblob(999999)')"
    add_revision(monkeypatch, tmp_path, f"{ADD_COLUMN}\n{limit}")
    await left_as_it_was(file, ErrorCode.DISK_FULL)


async def test_a_migration_that_would_orphan_rows_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = await used_register(tmp_path)
    add_revision(monkeypatch, tmp_path, f"{ADD_COLUMN}\nop.execute('DELETE FROM enterprises')")
    await left_as_it_was(file, ErrorCode.UNEXPECTED)


OPEN_WITH_HISTORY = """
import asyncio, sys
from pathlib import Path
from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
migrations._FOLDER, migrations.HEAD = Path(sys.argv[2]), "9001"
asyncio.run(SqlDatabase(sys.argv[1]).open())
"""
KILLED_IN_THE_MIDDLE = f"""
{ADD_COLUMN}
op.execute('CREATE TABLE filling (bytes BLOB)')
for _ in range(200):
    op.execute('INSERT INTO filling SELECT randomblob(50000)')  # far beyond the cache: it is on the disk, uncommitted
{ENTERPRISES_MADE_ANEW}
op.execute("UPDATE enterprises SET name = 'half done'")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
async def test_row_50_killed_in_a_migration_the_register_and_its_backup_are_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await used_register(tmp_path)
    history = add_revision(monkeypatch, tmp_path, KILLED_IN_THE_MIDDLE)
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", OPEN_WITH_HISTORY, sqlite_url(file), str(history)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert file.with_name("register.db-wal").stat().st_size > 1_000_000
    (backup,) = backups_beside(file)
    assert verified(tmp_path / "backups" / backup.name).row_counts["assets"] == 1

    add_revision(monkeypatch, tmp_path, ADD_COLUMN)
    assert await opened(file) == "SQLite register.db, revision 9001"
    assert await rows_in(file) == (1, 1)
    assert {"note"} <= columns_of(file, "wallets")
    assert "note" not in columns_of(file, "enterprises")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM enterprises WHERE name = 'half done'").fetchall() == []
        assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'filling'").fetchall() == []


# several programs on one PostgreSQL


async def test_row_43_programs_that_open_at_once_migrate_once(
    postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.new_database(migrated=False)
    first, second = SqlDatabase(url), SqlDatabase(url)
    migrate = migrations.upgrade
    migrated: list[Connection] = []
    entered, release = threading.Event(), threading.Event()

    def migrate_slowly(connection: Connection) -> None:
        migrated.append(connection)
        entered.set()
        assert release.wait(5)
        migrate(connection)

    def second_waits_or_migrates() -> None:
        onlooker = create_engine(url, isolation_level="AUTOCOMMIT")
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        with onlooker.connect() as connection:
            while len(migrated) == 1 and not connection.execute(waiting).scalar_one():
                release.wait(0.001)
        onlooker.dispose()

    monkeypatch.setattr(migrations, "upgrade", migrate_slowly)
    opening_both = [asyncio.create_task(first.open())]
    assert await asyncio.to_thread(entered.wait, 5)
    opening_both.append(asyncio.create_task(second.open()))
    await asyncio.to_thread(second_waits_or_migrates)
    release.set()
    assert {str(line).rpartition(" ")[2] for line in await asyncio.gather(*opening_both)} == {migrations.HEAD}
    assert len(migrated) == 1
    await first.close()
    await second.close()
    postgresql.drop(url)


async def test_a_migration_elsewhere_that_never_ends_is_told(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MIGRATION_LOCK_TIMEOUT_S", 0.05)
    other = create_engine(make_url(postgresql_url))
    database = SqlDatabase(postgresql_url)
    with other.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({opening.MIGRATION_LOCK})"))
        with pytest.raises(EnvironmentFault, match="lock timeout") as caught:
            await database.open()
        assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE
    other.dispose()
    assert migrations.HEAD in str(await database.open())
    await database.close()
