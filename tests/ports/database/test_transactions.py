"""All or nothing, each for itself, and durable before the answer."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ipnft_desktop.adapters.database import engines
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.services.ports import Transaction
from tests.ports.database.conftest import OpenDatabase
from tests.support import samples
from tests.support.database_factory import fresh_database, migrated_file, sqlite_url
from tests.support.register_under_test import RegisterUnderTest


def count(tx: Transaction) -> int:
    return tx.count_assets(AssetQuery())


async def test_an_exception_undoes_all_of_its_work_and_passes_through(register: RegisterUnderTest) -> None:
    asset = samples.asset(register.owner)

    def work(tx: Transaction) -> None:
        tx.insert_asset(asset)
        raise UserError(ErrorCode.PERMISSION_DENIED, "changed my mind")

    with pytest.raises(UserError, match="changed my mind"):
        await register.database.write(work)
    assert await register.database.read(count) == 0


async def test_a_failing_work_takes_nothing_of_its_neighbours(register: RegisterUnderTest) -> None:
    """Works that wait together share a commit; the held-up writer makes sure that these do."""
    entered, release = threading.Event(), threading.Event()

    def hold_up(tx: Transaction) -> None:
        entered.set()
        release.wait(5)

    def fail(tx: Transaction) -> None:
        tx.insert_asset(samples.asset(register.owner))
        raise UserError(ErrorCode.PERMISSION_DENIED)

    holding = asyncio.create_task(register.database.write(hold_up))
    await asyncio.to_thread(entered.wait, 5)
    works = [*(lambda tx: tx.insert_asset(samples.asset(register.owner)) for _ in range(5))]
    together = [asyncio.create_task(register.database.write(work)) for work in (*works[:2], fail, *works[2:])]
    await asyncio.sleep(0)
    release.set()
    outcomes = await asyncio.gather(*together, return_exceptions=True)

    await holding
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [UserError]
    assert await register.database.read(count) == 5


async def test_nobody_in_the_group_is_told_yes_when_the_disk_is_full(tmp_path: Path) -> None:
    """A full disk may end the whole transaction, the neighbours' savepoints with it."""
    database = await fresh_database(tmp_path)
    register = RegisterUnderTest(database, samples.enterprise())
    await database.write(lambda tx: tx.insert_enterprise(register.owner))
    entered, release = threading.Event(), threading.Event()

    def hold_up(tx: Any) -> None:
        used = tx._connection.execute(text("PRAGMA page_count")).scalar_one()
        tx._connection.execute(text(f"PRAGMA max_page_count = {used + 2}"))
        entered.set()
        release.wait(5)

    def fill(tx: Transaction) -> None:
        for _ in range(60):
            tx.insert_asset(samples.asset(register.owner, description="x" * 9_000))

    holding = asyncio.create_task(database.write(hold_up))
    await asyncio.to_thread(entered.wait, 5)
    works = [lambda tx: tx.insert_asset(samples.asset(register.owner)), fill, count]
    together = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    release.set()
    await holding
    stored, filled, counted = await asyncio.gather(*together, return_exceptions=True)

    assert isinstance(filled, EnvironmentFault)
    assert filled.code is ErrorCode.DISK_FULL
    kept = await database.read(count)
    assert kept == (0 if isinstance(stored, BaseException) else 1)
    assert isinstance(counted, BaseException) or counted == kept
    await database.close()


async def test_a_cancelled_work_that_still_waits_is_dropped(register: RegisterUnderTest) -> None:
    entered, release = threading.Event(), threading.Event()

    def hold_up(tx: Transaction) -> None:
        entered.set()
        release.wait(5)

    holding = asyncio.create_task(register.database.write(hold_up))
    await asyncio.to_thread(entered.wait, 5)
    waiting = asyncio.create_task(register.database.write(lambda tx: tx.insert_asset(samples.asset(register.owner))))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    await holding
    assert await register.database.read(count) == 0


async def test_two_processes_worth_of_writers_lose_no_update(url: str, open_database: OpenDatabase) -> None:
    first, second = await open_database(url), await open_database(url)
    owner = samples.enterprise()
    await first.write(lambda tx: tx.insert_enterprise(owner))
    asset = samples.asset(owner)
    await first.write(lambda tx: tx.insert_asset(asset))

    def edit_once_more(tx: Transaction) -> None:
        current = tx.asset(asset.asset_id)
        assert current is not None
        tx.update_asset(current, expected_version=current.version)

    async def edit(database: SqlDatabase) -> bool:
        try:
            await database.write(edit_once_more)
        except UserError as refused:  # PostgreSQL lets both read before either writes; one of them is told.
            assert refused.code is ErrorCode.ASSET_CHANGED
            return False
        return True

    edited = await asyncio.gather(*(edit(database) for database in (first, second) for _ in range(10)))
    stored = await first.read(lambda tx: tx.asset(asset.asset_id))
    assert stored is not None
    assert stored.version == 1 + sum(edited)
    assert sum(edited) > 1


async def test_a_read_sees_one_moment(register: RegisterUnderTest) -> None:
    began, written = threading.Event(), threading.Event()

    def look_twice(tx: Transaction) -> tuple[int, int]:
        before = count(tx)
        began.set()
        assert written.wait(5)
        return before, count(tx)

    looking = asyncio.create_task(register.database.read(look_twice))
    await asyncio.to_thread(began.wait, 5)
    await register.add()
    written.set()
    assert await looking == (0, 0)
    assert await register.database.read(count) == 1


async def test_a_read_cannot_write(register: RegisterUnderTest) -> None:
    with pytest.raises(IpnftError):
        await register.database.read(lambda tx: tx.insert_asset(samples.asset(register.owner)))
    assert await register.database.read(count) == 0


async def test_the_loop_goes_on_while_the_writer_works(register: RegisterUnderTest) -> None:
    release = threading.Event()
    writing = asyncio.create_task(register.database.write(lambda tx: release.wait(5)))
    assert await register.database.read(count) == 0
    assert not writing.done()
    release.set()
    assert await writing


async def test_closing_finishes_what_was_asked_and_ends_the_threads(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    database = await fresh_database(tmp_path)
    owner = samples.enterprise()
    asked = [
        asyncio.create_task(database.write(lambda tx: tx.insert_enterprise(owner))),
        *(
            asyncio.create_task(database.write(lambda tx, n=n: tx.insert_asset(samples.asset(owner, name=f"{n}"))))
            for n in range(100)
        ),
    ]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*asked)
    await database.close()

    left = {thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("database-")}
    assert left == set()
    with pytest.raises(EnvironmentFault) as caught:
        await database.read(count)
    assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE
    await database.open()
    assert await database.read(count) == 100
    await database.close()


async def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    database = await fresh_database(tmp_path)
    owner = samples.enterprise()
    await database.write(lambda tx: tx.insert_enterprise(owner))
    used = await database.read(lambda tx: tx._connection.execute(text("PRAGMA page_count")).scalar_one())
    big = "x" * 9_000

    def fill(tx: Any) -> None:
        tx._connection.execute(text(f"PRAGMA max_page_count = {used + 2}"))
        tx.insert_asset(samples.asset(owner, name="small", description="fits"))
        for _ in range(40):
            tx.insert_asset(samples.asset(owner, description=big))

    with pytest.raises(EnvironmentFault) as caught:
        await database.write(fill)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert await database.read(count) == 0

    await database.write(lambda tx: tx._connection.execute(text("PRAGMA max_page_count = 1000000")) and None)
    await database.write(lambda tx: tx.insert_asset(samples.asset(owner)))
    assert await database.read(count) == 1
    await database.close()


async def test_a_lock_held_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_SQLITE_SETTINGS", (*engines._SQLITE_SETTINGS, "PRAGMA busy_timeout = 1"))
    database = await fresh_database(tmp_path)
    other = sqlite3.connect(tmp_path / "register.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(EnvironmentFault, match="locked") as caught:
            await database.write(count)
        assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE
        assert await database.read(count) == 0
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert await database.write(count) == 0
    await database.close()


KILLED_BETWEEN_WORKS = """
import asyncio, os, signal, sys
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from tests.support import samples

async def main():
    database = SqlDatabase(sys.argv[1])
    await database.open()
    owner = samples.enterprise()
    await database.write(lambda tx: tx.insert_enterprise(owner))
    for number in range(5):
        await database.write(lambda tx: tx.insert_asset(samples.asset(owner, name=str(number))))
    def die(tx):
        tx.insert_asset(samples.asset(owner, name="never"))
        os.kill(os.getpid(), signal.SIGKILL)
    await database.write(die)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
async def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    url = sqlite_url(migrated_file(tmp_path))
    root = Path(__file__).parents[3]
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", KILLED_BETWEEN_WORKS, url], cwd=root, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr.decode()

    database = SqlDatabase(url)
    await database.open()
    page = await database.read(lambda tx: tx.asset_page(AssetQuery(), None, 100))
    await database.close()
    assert {row.name for row in page.rows} == {"0", "1", "2", "3", "4"}
