"""Rows 43, 44, 47 to 49 and 51: what may become of the register, seen from a mint.

The register alone is in tests/ports/database, there also row 50 (killed in a migration).
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import create_engine, text

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE, Adapters
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.services.backup_keeper import BackupReason
from ipnft_desktop.services.mint_desk import MintRequest
from tests.faults.ends import minted_once, tokens_of
from tests.faults.world import OpenWorld, Watch, World
from tests.support.fault_proxy import FaultProxy, Interject, LoseRequest, fault_proxy
from tests.support.kill_points import Delegate
from tests.support.real_core import add_assets, core_on

T = TypeVar("T")

SEND = "eth_sendRawTransaction"


# --- two programs on one PostgreSQL -----------------------------------------------------------------------------


class Gate(Delegate):
    """A database that a program cannot reach while the gate is closed, as if the whole program stood still."""

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self.open_gate = asyncio.Event()
        self.open_gate.set()

    async def write(self, work: Callable[[Any], T]) -> T:
        await self.open_gate.wait()
        result: T = await self._real.write(work)
        return result

    async def read(self, work: Callable[[Any], T]) -> T:
        await self.open_gate.wait()
        result: T = await self._real.read(work)
        return result


class Shared:
    """Programs that share a register, each with a way of its own to the node."""

    def __init__(self, node_url: str, register_url: str, folder: Path, stack: AsyncExitStack) -> None:
        self._node_url = node_url
        self._register_url = register_url
        self._folder = folder
        self._stack = stack

    async def program(self, name: str) -> tuple[Core, FaultProxy, Gate]:
        """One that is up."""
        gates: list[Gate] = []

        def shared(parts: Adapters) -> Adapters:
            gates.append(Gate(SqlDatabase(self._register_url)))
            return replace(parts, database=gates[0])  # type: ignore[arg-type]

        proxy = await self._stack.enter_async_context(fault_proxy(self._node_url))
        core = core_on(proxy.url, self._folder / name, change=shared)
        self._stack.push_async_callback(core.close)
        await core.environment.start(lambda _report: None)
        return core, proxy, gates[0]

    async def tokens(self, asset: Asset) -> int:
        return len(await asyncio.to_thread(tokens_of, self._node_url, asset.asset_id))

    async def ask_register(self, statement: str) -> Any:
        """Past both programs."""

        def run() -> Any:
            engine = create_engine(self._register_url)
            try:
                with engine.begin() as connection:
                    found = connection.execute(text(statement))
                    return found.all() if found.returns_rows else found.rowcount
            finally:
                engine.dispose()

        return await asyncio.to_thread(run)


@pytest.fixture
async def shared(
    fresh_node_url: str, postgresql_url: str, tmp_path: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shared]:
    monkeypatch.setattr("ipnft_desktop.services.mint_desk.BEAT_EVERY_S", 0.05)
    async with AsyncExitStack() as stack:
        yield Shared(fresh_node_url, postgresql_url, tmp_path, stack)


def wanted(asset: Asset) -> list[MintRequest]:
    return [MintRequest(asset.asset_id, asset.enterprise.wallet_address)]


async def test_43_two_programs_on_one_postgresql(shared: Shared) -> None:
    one, _, _ = await shared.program("one")
    two, _, _ = await shared.program("two")
    assets = await add_assets(one, 8)
    halves = ((one, assets[::2]), (two, assets[1::2]))
    mints = [core.desk.mint(wanted(asset)) for core, half in halves for asset in half]
    jobs = await asyncio.wait_for(asyncio.gather(*mints), 20)
    assert {job.stage for job in jobs} == {MintStage.COMPLETED}
    assert [await shared.tokens(asset) for asset in assets] == [1] * len(assets)
    nonces = sorted(tx.nonce for job in jobs for tx in job.transactions)
    assert nonces == list(range(1, len(assets) + 1)), (
        "each signed once, under a nonce of its own, behind the deployment"
    )
    states = await shared.ask_register("SELECT state FROM assets")
    assert [state for (state,) in states] == ["MINTED"] * len(assets)


async def test_43_the_same_asset_asked_for_in_both_programs(shared: Shared) -> None:
    one, _, _ = await shared.program("one")
    two, _, _ = await shared.program("two")
    (asset,) = await add_assets(one, 1)
    answers = await asyncio.gather(*[core.desk.mint(wanted(asset)) for core in (one, two)], return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, UserError)]
    assert [error.code for error in refused] == [ErrorCode.MINT_INVALID_STATE]
    assert await shared.tokens(asset) == 1
    assert await shared.ask_register("SELECT count(*) FROM mint_jobs") == [(1,)]


@pytest.mark.parametrize("call", ["eth_estimateGas", SEND, "eth_getTransactionReceipt"])
async def test_44_lease_lost_in_mid_mint(shared: Shared, call: str) -> None:
    one, proxy, gate = await shared.program("one")
    two, _, _ = await shared.program("two")
    (asset,) = await add_assets(one, 1)
    stopped, awake = asyncio.Event(), asyncio.Event()

    async def stand_still(_call: object) -> None:
        gate.open_gate.clear()
        stopped.set()
        await awake.wait()

    fenced_off = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        error = event.progress.error if isinstance(event, MintAdvanced) else None
        if error and error.code is ErrorCode.LEASE_LOST:
            fenced_off.set()

    one.events.subscribe(hear)
    proxy.script(call, Interject(stand_still))
    job = await one.desk.request(wanted(asset))
    asleep = Watch(one, job)
    await asyncio.wait_for(stopped.wait(), 10)
    # Nothing was heard of it for a minute.
    await shared.ask_register("UPDATE workers SET beat_at = beat_at - interval '1 minute'")
    await shared.ask_register("UPDATE signer_leases SET expires_at = expires_at - interval '1 minute'")
    watch = await taken_over(two, job.job_id)
    ended = await watch.ended()
    assert ended.stage is MintStage.COMPLETED
    # It wakes up and does what it was about to do.
    gate.open_gate.set()
    awake.set()
    hears = asyncio.ensure_future(fenced_off.wait())
    done, _ = await asyncio.wait((hears, asleep.outcome), timeout=10, return_when=asyncio.FIRST_COMPLETED)
    assert done, "it is told that the mint is not its own any more, or finds it minted"
    hears.cancel()
    await asleep.close()
    assert await shared.tokens(asset) == 1
    assert await shared.ask_register("SELECT stage FROM mint_jobs") == [("COMPLETED",)]
    assert await shared.ask_register("SELECT state FROM assets") == [("MINTED",)]
    assert (await one.register.asset(asset.asset_id)).state == "MINTED"


async def taken_over(core: Core, job_id: Any) -> Watch:
    """Listens to a job as soon as this program works on it."""
    async with asyncio.timeout(10):
        while True:
            job = await core.adapters.database.read(lambda tx: tx.job(job_id))
            assert job is not None
            if not job.is_open or job_id in core.desk._cases.job_ids:
                return Watch(core, job)
            await asyncio.sleep(0.02)


# --- the file of one program ------------------------------------------------------------------------------------


async def backed_up(world: World) -> str:
    """A verified backup of the register as it is now; returns its name."""

    def make() -> str:
        backups = DatabaseBackups(world.profile / DATABASE_FILE)
        try:
            return backups.make(BackupReason.BY_HAND).name
        finally:
            backups.close()

    return await asyncio.to_thread(make)


@asynccontextmanager
async def three_mints(world: World) -> AsyncIterator[tuple[Asset, Asset, Asset]]:
    """One minted before the backup, one after it, and one that is signed and not sent when the program ends."""
    before, after, pending = await world.add(3)
    await minted_once(world, before, await world.request(before))
    await backed_up(world)
    await minted_once(world, after, await world.request(after))
    lost = world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    await world.request(pending)
    await lost.happened()
    await world.close()
    world.proxy.heal()
    yield before, after, pending


async def test_47_database_file_corrupt(world: World) -> None:
    async with three_mints(world) as (before, after, pending):
        await asyncio.to_thread(corrupt, world.profile / DATABASE_FILE)
        await world.again()
        assert [await world.state(asset) for asset in (before, after)] == ["MINTED", "MINTED"]
        assert await world.tokens(after) == 1
        await ends_minted(world, pending)
        assert list(world.profile.glob("register.damaged-*.db")), "the damaged file is kept"


def corrupt(file: Path) -> None:
    """Every page of the middle third is overwritten."""
    content = bytearray(file.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = b"\xa5" * third
    file.write_bytes(content)


async def test_48_old_backup_restored(world: World) -> None:
    async with three_mints(world) as (before, after, pending):
        backups = DatabaseBackups(world.profile / DATABASE_FILE)
        oldest = next(backup for backup in backups.list() if backup.reason is BackupReason.BY_HAND)
        await asyncio.to_thread(backups.restore, oldest.name)
        backups.close()
        await world.again()
        assert [await world.state(asset) for asset in (before, after)] == ["MINTED", "MINTED"]
        assert [await world.tokens(asset) for asset in (before, after)] == [1, 1]
        with pytest.raises(UserError):
            await world.request(after)
        await ends_minted(world, pending)


async def test_48_old_backup_restored_while_its_transaction_waits_in_the_pool(world: World) -> None:
    """The register knows nothing of the transaction, and its asset is asked for again before it is mined."""
    (asset,) = await world.add()
    name = await backed_up(world)
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    await world.close()
    backups = DatabaseBackups(world.profile / DATABASE_FILE)
    await asyncio.to_thread(backups.restore, name)
    backups.close()
    await world.again()
    assert await world.state(asset) == "DRAFT"
    again = await world.request(asset)
    await again.until(lambda progress: progress.error or progress.times.accepted_at)
    await world.ask("evm_mine")
    await world.ask("evm_setAutomine", True)
    await minted_once(world, asset, again)


@pytest.mark.parametrize("lost", [("-wal",), ("-wal", "-shm")], ids=["wal", "wal-and-shm"])
async def test_49_wal_file_deleted(open_world: OpenWorld, tmp_path: Path, lost: tuple[str, ...]) -> None:
    async with open_world() as world:
        (asset,) = await world.add()
        file = world.profile / DATABASE_FILE
        await asyncio.to_thread(fold_log_into, file)
        await minted_once(world, asset, await world.request(asset))
        # As a kill leaves it: the commits of the mint are in the log alone.
        for ending in {"", "-wal", "-shm"} - set(lost):
            await asyncio.to_thread(shutil.copy, f"{file}{ending}", tmp_path / f"kept{ending}")
        await world.close()
        for left in world.profile.glob(f"{DATABASE_FILE}*"):
            left.unlink()
        for ending in {"", "-wal", "-shm"} - set(lost):
            (tmp_path / f"kept{ending}").rename(f"{file}{ending}")
        assert await asyncio.to_thread(state_in, file) == "DRAFT"
        await world.again()
        assert await world.state(asset) == "MINTED"
        assert await world.tokens(asset) == 1
        with pytest.raises(UserError):
            await world.request(asset)


def fold_log_into(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def state_in(file: Path) -> str:
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
        (state,) = connection.execute("SELECT state FROM assets").fetchone()
    return str(state)


async def test_51_database_newer_than_the_program(world: World) -> None:
    (asset,) = await world.add()
    await minted_once(world, asset, await world.request(asset))
    await world.close()
    file = world.profile / DATABASE_FILE
    await asyncio.to_thread(state_revision, file, "9999")
    as_it_was = file.read_bytes()
    with pytest.raises(UserError) as caught:
        await world.again()
    assert caught.value.code is ErrorCode.DATABASE_NEWER
    assert caught.value.entry.solutions_en
    await world.close()
    assert file.read_bytes() == as_it_was
    await asyncio.to_thread(state_revision, file, migrations.HEAD)
    await world.again()
    assert await world.state(asset) == "MINTED"


def state_revision(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


async def ends_minted(world: World, asset: Asset) -> None:
    """Whatever the register remembers of it: pending, or a draft that somebody asks for again."""
    if await world.state(asset) == "DRAFT":
        await minted_once(world, asset, await world.request(asset))
    else:
        await minted_once(world, asset, world.listen(await world.job(asset)))
