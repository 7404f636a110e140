"""Rows 41 to 58: what the machine under the program may do.

Elsewhere: 50 and 51 (migrations, a newer database) in tests/ports/database, 54 (the window is closed in mid-mint) in
tests/gui/test_mint_dialog.py.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest

from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE, Adapters, build_adapters
from ipnft_desktop.bootstrap.core import build_core
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.paths import PROJECT
from ipnft_desktop.services.environment_state import StageKey, StageReport, StageStatus
from ipnft_desktop.services.mint_desk import MintRequest
from tests.faults.ends import minted_once, pending, signed_once, tokens_of
from tests.faults.world import OpenWorld, World, with_settings
from tests.support.database_factory import migrated_file
from tests.support.fault_proxy import EVERY, Interject, Slow
from tests.support.faulty_adapters import FailingDatabase, LeapingClock, disk_full
from tests.support.headless_program import REFUSED
from tests.support.real_core import NO_DEMO

SEND = "eth_sendRawTransaction"
RECEIPT = "eth_getTransactionReceipt"
HEADLESS = (sys.executable, "-m", "tests.support.headless_program")
TIMEOUT = ErrorCode.CONFIRMATION_TIMEOUT
A_YEAR = timedelta(days=365)


async def test_41_double_click_and_two_windows(world: World) -> None:
    (asset,) = await world.add()
    wanted = [MintRequest(asset.asset_id, asset.enterprise.wallet_address)]
    answers = await asyncio.gather(*[world.core.desk.request(wanted) for _ in range(4)], return_exceptions=True)
    (job,) = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, UserError)]
    assert {error.code for error in refused} == {ErrorCode.MINT_INVALID_STATE}
    assert len(refused) == 3
    signed_once(await minted_once(world, asset, world.listen(job)))


async def test_42_two_programs_on_one_sqlite(world: World) -> None:
    (asset,) = await world.add()
    second = await asyncio.to_thread(
        subprocess.run,
        [*HEADLESS, "recover", "--profile", str(world.profile), "--rpc-url", world.node_url],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == REFUSED, second.stderr
    assert json.loads(second.stdout)["code"] == ErrorCode.ALREADY_RUNNING
    await minted_once(world, asset, await world.request(asset))


async def test_45_database_locked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is the program's patience with one attempt several times over; here both are short."""
    (asset,) = await world.add()
    await have_no_patience_with_locks(world)
    with locked(world.profile / DATABASE_FILE):
        with pytest.raises(EnvironmentFault) as caught:
            await world.core.desk.request([MintRequest(asset.asset_id, asset.enterprise.wallet_address)])
        assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE
        assert await world.state(asset) == "DRAFT", "reading goes on"
    await minted_once(world, asset, await world.request(asset))


@pytest.mark.parametrize("call", ["eth_estimateGas", SEND, RECEIPT])
async def test_45_database_locked_in_mid_mint(world: World, call: str) -> None:
    (asset,) = await world.add()
    await have_no_patience_with_locks(world)
    lock = locked(world.profile / DATABASE_FILE)

    async def take_the_lock(_call: object) -> None:
        lock.__enter__()

    world.proxy.script(call, Interject(take_the_lock))
    watch = await world.request(asset)
    told = await watch.until(lambda progress: progress.error)
    assert told.error is not None
    assert told.error.code is ErrorCode.DATABASE_UNAVAILABLE
    await pending(world, asset, watch)
    lock.__exit__(None, None, None)
    signed_once(await minted_once(world, asset, watch))


async def have_no_patience_with_locks(world: World) -> None:
    """The busy timeout of the writer's connection, 10 s, becomes 20 ms."""

    def shorten(tx: Any) -> None:
        tx._connection.exec_driver_sql("PRAGMA busy_timeout = 20")

    await world.core.adapters.database.write(shorten)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes, and does not end."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    "step",
    [
        "begin_attempts",
        "freeze_contents",
        "record_signed",
        "record_accepted",
        "record_mined",
        "record_final",
        "record_minted",
    ],
)
async def test_46_disk_full_at_each_commit(open_world: OpenWorld, step: str) -> None:
    failing: list[FailingDatabase] = []

    def fill_the_disk(parts: Adapters) -> Adapters:
        failing.append(FailingDatabase(parts.database, step, disk_full, times=3))
        return replace(parts, database=failing[0])  # type: ignore[arg-type]

    # With one confirmation a block and its depth are one record.
    async with open_world(with_settings(confirmations=2, stage_pace_ms=20), change=fill_the_disk) as world:
        (asset,) = await world.add()
        sent = len(world.proxy.raw_sent())
        watch = await world.request(asset)
        # A slow machine may first tell that it waits for the node.
        await watch.until(lambda progress: progress.error is not None and progress.error.code is ErrorCode.DISK_FULL)
        if step in ("begin_attempts", "freeze_contents", "record_signed"):
            assert len(world.proxy.raw_sent()) == sent, "nothing is sent before B"
        await failing[0].failed()
        signed_once(await minted_once(world, asset, watch))


async def test_46_disk_full_at_the_request_itself(open_world: OpenWorld) -> None:
    def fill_the_disk(parts: Adapters) -> Adapters:
        return replace(parts, database=FailingDatabase(parts.database, "open_jobs", disk_full, times=1))  # type: ignore[arg-type]

    async with open_world(change=fill_the_disk) as world:
        (asset,) = await world.add()
        with pytest.raises(EnvironmentFault) as caught:
            await world.request(asset)
        assert caught.value.code is ErrorCode.DISK_FULL
        assert world.rows("mint_jobs") == 0
        assert await world.state(asset) == "DRAFT"
        await minted_once(world, asset, await world.request(asset))


@pytest.mark.parametrize("leap", [A_YEAR, -A_YEAR], ids=["ahead", "back"])
@pytest.mark.parametrize("call", ["eth_estimateGas", SEND])
async def test_52_clock_set_by_a_year(open_world: OpenWorld, leap: timedelta, call: str) -> None:
    clock = LeapingClock()

    async def set_the_clock(_call: object) -> None:
        clock.offset = leap

    async with open_world(change=lambda parts: replace(parts, clock=clock)) as world:
        (asset,) = await world.add()
        world.proxy.script(call, Interject(set_the_clock))
        signed_once(await minted_once(world, asset, await world.request(asset)))


async def test_53_laptop_sleeps_8_hours(open_world: OpenWorld) -> None:
    clock = LeapingClock()
    async with open_world(change=lambda parts: replace(parts, clock=clock)) as world:
        (asset,) = await world.add()
        await world.ask("evm_setAutomine", False)
        watch = await world.request(asset)
        await watch.until(lambda progress: progress.times.accepted_at)
        # Asleep: the wall clock goes on, the loop's own does not, and every connection is dead on waking.
        clock.offset = timedelta(hours=8)
        world.proxy.cut()
        await world.proxy.called(RECEIPT, world.proxy.count(RECEIPT) + 3)
        signed_once(await pending(world, asset, watch))
        late = [progress for progress in watch.seen if progress.error and progress.error.code is TIMEOUT]
        assert not late, "it was asleep, not late"
        await world.ask("evm_setAutomine", True)
        await world.ask("evm_mine")
        signed_once(await minted_once(world, asset, watch))


async def test_53_laptop_sleeps_8_hours_before_anything_is_signed(open_world: OpenWorld) -> None:
    clock = LeapingClock()

    async def sleep(_call: object) -> None:
        clock.offset = timedelta(hours=8)
        world.proxy.cut()

    async with open_world(change=lambda parts: replace(parts, clock=clock)) as world:
        (asset,) = await world.add()
        world.proxy.script("eth_estimateGas", Interject(sleep))
        signed_once(await minted_once(world, asset, await world.request(asset)))


async def test_55_slow_node(open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 s an answer where 10 s are waited for; all that is waited for by the clock is a twentieth of itself."""
    monkeypatch.setattr("ipnft_desktop.services.minting.IDLE_S", 0.05)
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_DELAYS_S", (0.05, 0.1, 0.2))
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_EVERY_S", 0.75)
    async with open_world(with_settings(rpc_timeout_s=0.5)) as world:
        (asset,) = await world.add()
        slow = world.proxy.script(EVERY, Slow(0.1), times=float("inf"))
        gaps_s: list[float] = []
        gaps = asyncio.ensure_future(collect_gaps(gaps_s))
        job = await minted_once(world, asset, await world.request(asset))
        gaps.cancel()
        signed_once(job)
        assert slow.count >= 5
        with pytest.raises(asyncio.CancelledError):
            await gaps
        # A machine that is busy holds the loop up now and then; a loop that waits for answers is held up by each.
        assert sum(gap_s > 0.08 for gap_s in gaps_s) < slow.count / 2, "the loop must go on while answers are awaited"


async def collect_gaps(gaps_s: list[float]) -> None:
    """How long the event loop was busy, each time."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.005)
        gaps_s.append(loop.time() - before - 0.005)


async def test_56_port_taken(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        core = build_core(tmp_path, replace(NO_DEMO, node_port=port))
        reports: list[StageReport] = []
        try:
            await core.environment.start(reports.append)
            status = await core.environment.node_status()
        finally:
            await core.close()
    assert status is not None
    assert not status.rpc_url.endswith(f":{port}")
    (told,) = [report for report in reports if report.key is StageKey.NODE and report.status is StageStatus.DONE]
    assert status.rpc_url in str(told.detail)


async def test_57_node_or_hardhat_missing(tmp_path: Path) -> None:
    parts = replace(build_adapters(tmp_path, NO_DEMO), node=HardhatNode(tmp_path, project=tmp_path / "empty"))
    core = build_core(tmp_path, NO_DEMO, parts)
    reports: list[StageReport] = []
    with pytest.raises(EnvironmentFault) as caught:
        await core.environment.start(reports.append)
    await core.close()
    assert caught.value.code is ErrorCode.NODE_MISSING
    assert caught.value.detail, "says what is missing"
    assert any("start.py" in line for line in caught.value.entry.solutions_en), "says what to do"
    assert reports[-1].key is StageKey.PREFLIGHT


def test_58_orphan_node_of_a_killed_run(tmp_path: Path) -> None:
    """Program and node die together; the next start brings chain and mint back. A power cut, in short."""
    migrated_file(tmp_path)
    where = ("--profile", str(tmp_path), "--node-port", str(free_port()))
    killed = subprocess.run(
        [*HEADLESS, "mint", *where, "--kill-at", "during-send"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    told = [json.loads(line) for line in killed.stdout.splitlines()]
    started, requesting = told
    try:
        orphan = psutil.Process(started["node_pid"])
        psutil.wait_procs([orphan], timeout=10)
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, "the node outlived its program"
    except psutil.NoSuchProcess:
        pass
    again = subprocess.Popen(
        [*HEADLESS, "recover", *where, "--stay"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert again.stdin is not None
    assert again.stdout is not None
    try:
        restarted = json.loads(again.stdout.readline())
        asset = json.loads(again.stdout.readline())
        assert restarted["rpc_url"] == started["rpc_url"], "the port is free again"
        assert asset == {**asset, "asset_id": requesting["asset_ids"][0], "state": "MINTED"}
        assert len(tokens_of(restarted["rpc_url"], UUID(asset["asset_id"]))) == 1
    finally:
        _, errors = again.communicate(timeout=20)
    assert again.returncode == 0, errors


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
