"""Faults around the desk: cancels, retries, databases and nodes that fail at the wrong moment."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged
from ipnft_desktop.domain.minting import MintProgress, MintStage
from ipnft_desktop.settings import Settings
from tests.support.core_factory import MemoryCore, request
from tests.unit.services.waiting import trouble


@pytest.fixture(autouse=True)
def work_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipnft_desktop.services.mint_cases.WORK_AGAIN_DELAYS_S", (0.01,))


def fail_once(memory: MemoryCore, step: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first write that takes `step` is refused by the database and rolled back."""
    database = memory.core.adapters.database
    write = database.write
    failed: list[str] = []

    async def failing_write(work: Callable[[Any], Any]) -> Any:
        def watched(tx: Any) -> Any:
            if failed:
                return work(tx)

            class Refusing:
                def __getattr__(self, name: str) -> Any:
                    if name == step:
                        failed.append(step)
                        raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "database is locked")
                    return getattr(tx, name)

            return work(Refusing())

        return await write(watched)

    monkeypatch.setattr(database, "write", failing_write)
    return failed


@pytest.mark.parametrize("step", ["record_accepted", "record_final", "record_minted"])
async def test_a_database_that_fails_once_after_signing_does_not_stop_the_mint(
    memory: MemoryCore, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    failed = fail_once(memory, step, monkeypatch)
    job = await memory.core.desk.mint([request(asset)])
    assert failed == [step]
    assert job.stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_contract_that_could_not_be_recorded_is_no_obstacle_to_a_later_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryCore(tmp_path)
    fail_once(memory, "bind_chain", monkeypatch)
    with pytest.raises(EnvironmentFault):
        await memory.start()
    await memory.core.environment.crash_node()
    await memory.start()
    (asset,) = await memory.add_assets()
    await memory.core.desk.mint([request(asset)])
    await memory.core.environment.crash_node()
    await memory.start()
    assert memory.chain.mints_of(asset.asset_id) == 1
    await memory.core.close()


async def test_a_cancel_holds_although_the_program_ends_at_once(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.request([request(asset)])
    await memory.core.desk.cancel(job.job_id)
    again = await memory.again()
    assert await again.state_of(asset) == "MINT_CANCELLED"
    assert again.chain.mints_of(asset.asset_id) == 0
    await again.core.close()


async def test_a_mint_that_was_open_can_be_cancelled_while_the_desk_is_closed(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.request([request(asset)])
    await memory.core.environment.stop()
    await memory.core.desk.cancel(job.job_id)
    assert await memory.state_of(asset) == "MINT_CANCELLED"
    await memory.start()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.CANCELLED


async def test_48_a_token_that_an_old_backup_does_not_know_is_adopted(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    memory = await MemoryCore(profile).start()
    (asset,) = await memory.add_assets()
    await memory.core.environment.stop()
    await memory.core.adapters.database.close()
    shutil.copy(memory.profile / DATABASE_FILE, tmp_path / "backup.db")
    memory = await MemoryCore(memory.profile, chain=memory.chain, content=memory.content).start()
    await memory.core.desk.mint([request(asset)])
    await memory.core.close()
    for file in memory.profile.glob("register.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", memory.profile / DATABASE_FILE)

    restored = await MemoryCore(memory.profile, chain=memory.chain, content=memory.content).start()
    assert await restored.state_of(asset) == "MINTED"
    adopted = await restored.core.desk.job_of(asset.asset_id)
    assert adopted is not None
    assert adopted.mined is not None
    with pytest.raises(UserError):
        await restored.core.desk.request([request(asset)])
    assert restored.chain.mints_of(asset.asset_id) == 1
    await restored.core.close()


async def test_two_presses_on_retry_are_one_attempt(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.balance_wei = 0
    await memory.core.desk.mint([request(asset)])
    memory.chain.balance_wei = 10**22
    jobs = await asyncio.gather(*[memory.core.desk.retry(asset.asset_id) for _ in range(2)])
    assert {job.attempt for job in jobs} == {2}
    ended = await memory.core.desk.outcome(jobs[0].job_id)
    assert ended.stage is MintStage.COMPLETED
    assert memory.core.desk.queue_depth == 0
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_who_waits_is_answered_when_the_chain_is_given_up(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    waiting = asyncio.ensure_future(memory.core.desk.outcome(job.job_id))
    await asyncio.sleep(0)
    memory.chain.automine = True
    await memory.core.environment.start_new_chain(lambda _: None)
    ended = await waiting
    assert ended.stage in (MintStage.FAILED, MintStage.COMPLETED)
    assert memory.core.desk.queue_depth == 0


async def test_a_node_that_ends_by_itself_closes_the_desk_and_is_told(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    lost = asyncio.Event()

    def listen(event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged) and event.node_lost:
            lost.set()

    memory.core.events.subscribe(listen)
    await memory.node.kill()
    await lost.wait()
    assert memory.core.environment.ready is None
    with pytest.raises(EnvironmentFault):
        await memory.core.desk.request([request(asset)])
    await memory.start()
    await memory.core.desk.mint([request(asset)])
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_restore_that_fails_leaves_a_fresh_node_to_the_next_start(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = await memory.add_assets(2)
    for asset in assets:
        await memory.core.desk.mint([request(asset)])
    await memory.core.environment.crash_node()
    replay = memory.chain.replay
    calls = 0

    async def refuse_second(block: Any) -> str:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise EnvironmentFault(ErrorCode.TX_REJECTED, "not taken again")
        return await replay(block)

    monkeypatch.setattr(memory.chain, "replay", refuse_second)
    with pytest.raises(EnvironmentFault) as caught:
        await memory.start()
    assert caught.value.code is ErrorCode.CHAIN_RESET
    assert await memory.node.status() is None
    await memory.start()
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1, 1]


async def test_a_superseded_mint_cannot_be_retried(memory: MemoryCore) -> None:
    first, second = await memory.add_assets(2)
    memory.chain.balance_wei = 0
    await memory.core.desk.mint([request(first), request(second)])
    memory.chain.balance_wei = 10**22
    await memory.core.desk.mint([request(first)])
    with pytest.raises(UserError) as caught:
        await memory.core.desk.retry(second.asset_id)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert memory.core.desk.queue_depth == 0


async def test_nothing_counts_as_minted_before_its_block_is_journalled(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    read_block = memory.chain.blocks_for_journal

    async def unreadable(first: int, last: int) -> Any:
        raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, f"block {first}")

    monkeypatch.setattr(memory.chain, "blocks_for_journal", unreadable)
    told: asyncio.Queue[MintProgress] = asyncio.Queue()
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)], told.put_nowait))
    while not (progress := await told.get()).error:
        pass
    assert (progress.stage, progress.confirmations) == (MintStage.CONFIRMING, 1)
    assert await memory.state_of(asset) == "MINTING"
    monkeypatch.setattr(memory.chain, "blocks_for_journal", read_block)
    job = await mint
    recorded = await memory.core.adapters.database.read(lambda tx: tx.last_recorded_block())
    assert recorded is not None
    assert job.mined is not None
    assert recorded.number >= job.mined.block_number


async def test_a_chain_that_became_another_one_is_noticed_before_signing(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    sent_before = len(memory.chain.sent)
    memory.chain.chain_id = 1
    job = await memory.core.desk.request([request(asset)])
    await trouble(memory, job.job_id, ErrorCode.CHAIN_MISMATCH)
    assert await memory.state_of(asset) == "MINTING"
    assert len(memory.chain.sent) == sent_before


async def test_one_confirmation_is_not_three(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, confirmations=3, stage_pace_ms=5_000)).start()
    (asset,) = await memory.add_assets()
    told: asyncio.Queue[MintProgress] = asyncio.Queue()
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)], told.put_nowait))
    for wanted in (1, 2):
        while (await told.get()).confirmations < wanted:
            pass
        assert await memory.state_of(asset) == "MINTING"
        await memory.chain.mine()
    assert (await mint).stage is MintStage.COMPLETED
    stages = [(progress.stage, progress.confirmations) for progress in _drained(told)]
    assert (MintStage.FINALIZING, 3) in stages
    await memory.core.close()


async def test_a_block_that_comes_out_otherwise_is_no_restore(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.desk.mint([request(asset)])
    await memory.core.environment.crash_node()
    replay = memory.chain.replay

    async def other_hash(block: Any) -> str:
        await replay(block)
        return "0x" + "0" * 64

    monkeypatch.setattr(memory.chain, "replay", other_hash)
    with pytest.raises(EnvironmentFault) as caught:
        await memory.start()
    assert caught.value.code is ErrorCode.CHAIN_RESET
    assert "another hash" in caught.value.detail


def _drained(queue: asyncio.Queue[MintProgress]) -> list[MintProgress]:
    return [queue.get_nowait() for _ in range(queue.qsize())]
