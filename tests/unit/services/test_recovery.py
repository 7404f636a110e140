"""The program dies behind every barrier of a mint; the next start brings exactly one token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ipnft_desktop.domain.chain import SendReply, SendVerdict
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.services.environment_state import StageKey, StageStatus
from ipnft_desktop.settings import Settings
from tests.support.core_factory import MemoryCore, request

BARRIERS = (
    "open_jobs",
    "begin_attempts",
    "freeze_contents",
    "record_signed",
    "record_accepted",
    "record_mined",
    "record_final",
)


def die_after(memory: MemoryCore, step: str, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Once the commit that holds `step` is durable, no further line of the mint runs."""
    died = asyncio.Event()
    database = memory.core.adapters.database
    write = database.write

    async def fatal_write(work: Callable[[Any], Any]) -> Any:
        reached = False

        def watched(tx: Any) -> Any:
            method = getattr(tx, step)

            class Watching:
                def __getattr__(self, name: str) -> Any:
                    return getattr(tx, name) if name != step else passed

            def passed(*arguments: Any) -> Any:
                nonlocal reached
                reached = True
                return method(*arguments)

            return work(Watching())

        result = await write(watched)
        if reached:
            died.set()
            await asyncio.Event().wait()
        return result

    monkeypatch.setattr(database, "write", fatal_write)
    return died


@pytest.mark.parametrize("barrier", BARRIERS)
async def test_death_after_a_commit_still_gives_one_token(
    barrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A mint that is deep enough at first sight is recorded as mined by D: only a deeper one has that step of its own.
    confirmations = 2 if barrier == "record_mined" else 1
    settings = Settings(demo_data=False, confirmations=confirmations, stage_pace_ms=10)
    memory = await MemoryCore(tmp_path, settings).start()
    (asset,) = await memory.add_assets()
    died = die_after(memory, barrier, monkeypatch)
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)]))
    await died.wait()
    mint.cancel()
    await asyncio.gather(mint, return_exceptions=True)
    again = await memory.again()
    assert await again.state_of(asset) == "MINTED"
    assert again.chain.mints_of(asset.asset_id) == 1
    await again.core.close()


@pytest.mark.parametrize("taken_in", [True, False])
async def test_death_while_sending_still_gives_one_token(
    taken_in: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = await MemoryCore(tmp_path).start()
    (asset,) = await memory.add_assets()
    sending = asyncio.Event()
    send = memory.chain.send_raw

    async def die_sending(raw: bytes) -> SendReply:
        if taken_in:
            await send(raw)
        sending.set()
        await asyncio.Event().wait()
        return SendReply(SendVerdict.UNKNOWN)

    monkeypatch.setattr(memory.chain, "send_raw", die_sending)
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)]))
    await sending.wait()
    mint.cancel()
    await asyncio.gather(mint, return_exceptions=True)
    monkeypatch.undo()
    again = await memory.again()
    assert await again.state_of(asset) == "MINTED"
    assert again.chain.mints_of(asset.asset_id) == 1
    await again.core.close()


async def test_several_signed_mints_are_sent_again_in_nonce_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = await MemoryCore(tmp_path).start()
    assets = await memory.add_assets(5)
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_DELAYS_S", (60.0,))
    lost: set[UUID] = set()
    all_lost = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, MintAdvanced) and event.progress.error and event.progress.tx_hash:
            lost.add(event.progress.job_id)
            if len(lost) == len(assets):
                all_lost.set()

    memory.core.events.subscribe(hear)
    for asset in assets:
        memory.chain.lose_next_request()
        await memory.core.desk.request([request(asset)])
    await all_lost.wait()
    jobs = [job for asset in assets if (job := await memory.core.desk.job_of(asset.asset_id))]
    await memory.core.desk.suspend()
    monkeypatch.undo()
    sent_before = len(memory.chain.sent)
    again = await memory.again()
    for asset in assets:
        assert await again.state_of(asset) == "MINTED"
        assert again.chain.mints_of(asset.asset_id) == 1
    by_nonce = sorted((job.transaction.nonce, job.transaction.raw) for job in jobs if job.transaction)
    resent = list(dict.fromkeys(again.chain.sent[sent_before:]))
    assert resent == [raw for _, raw in by_nonce]
    await again.core.close()


async def test_a_node_that_lost_its_state_is_restored_from_the_journal(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    for asset in assets:
        await memory.core.desk.mint([request(asset)])
    head = await memory.chain.head()
    await memory.core.environment.crash_node()
    with pytest.raises(EnvironmentFault):
        await memory.chain.head()
    await memory.start()
    assert await memory.chain.head() == head
    for asset in assets:
        assert memory.chain.mints_of(asset.asset_id) == 1
        assert all(fact.matches for fact in await memory.core.verification.verify(asset.asset_id) if not fact.subject)
    (more,) = await memory.add_assets()
    await memory.core.desk.mint([request(more)])
    assert memory.chain.mints_of(more.asset_id) == 1


async def test_a_mint_cut_by_a_crash_of_the_node_ends_on_the_restored_chain(memory: MemoryCore) -> None:
    first, second = await memory.add_assets(2)
    await memory.core.desk.mint([request(first)])
    memory.chain.automine = False
    job = await memory.core.desk.request([request(second)])
    while not (await memory.core.desk.job_of(second.asset_id)).transaction:  # type: ignore[union-attr]
        pass
    await memory.core.environment.crash_node()
    memory.chain.automine = True
    await memory.start()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage == "COMPLETED"
    assert [memory.chain.mints_of(asset.asset_id) for asset in (first, second)] == [1, 1]


async def test_another_chain_blocks_writing(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    (asset,) = await memory.add_assets()
    memory.chain.chain_id = 1
    await memory.core.environment.stop()
    with pytest.raises(EnvironmentFault) as caught:
        await memory.start()
    assert caught.value.code is ErrorCode.CHAIN_MISMATCH
    assert memory.reports[-1].key is StageKey.IDENTITY
    with pytest.raises(EnvironmentFault):
        await memory.core.desk.request([request(asset)])
    assert await memory.state_of(asset) == "DRAFT"
    await memory.core.close()


async def test_a_chain_that_cannot_be_restored_can_be_given_up(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    minted, draft = await memory.add_assets(2)
    await memory.core.desk.mint([request(minted)])
    memory.chain.chain_id = 1337
    await memory.core.environment.stop()
    with pytest.raises(EnvironmentFault):
        await memory.start()
    ready = await memory.core.environment.start_new_chain(memory.reports.append)
    assert ready.identity.chain_id == 1337
    assert [await memory.state_of(asset) for asset in (minted, draft)] == ["DRAFT", "DRAFT"]
    assert memory.chain.mints_of(minted.asset_id) == 0
    await memory.core.desk.mint([request(minted)])
    assert memory.chain.mints_of(minted.asset_id) == 1
    await memory.core.close()


async def test_stages_run_in_order_and_a_second_start_keeps_what_stands(memory: MemoryCore) -> None:
    done = [report.key for report in memory.reports if report.status is StageStatus.DONE]
    assert done == list(StageKey)
    head = await memory.chain.head()
    await memory.start()
    assert await memory.chain.head() == head
    assert all(report.seconds is not None for report in memory.reports if report.status is StageStatus.DONE)


async def test_a_failed_stage_tells_its_code_and_the_next_start_goes_on(tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path)
    memory.node.fault = EnvironmentFault(ErrorCode.NODE_MISSING)
    with pytest.raises(EnvironmentFault):
        await memory.start()
    assert (memory.reports[-1].key, memory.reports[-1].status) == (StageKey.PREFLIGHT, StageStatus.FAILED)
    assert memory.core.environment.ready is None
    memory.node.fault = None
    await memory.start()
    assert memory.core.environment.ready is not None
    await memory.core.close()


async def test_a_profile_in_use_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path)
    memory.lock.fault = UserError(ErrorCode.ALREADY_RUNNING)
    with pytest.raises(UserError) as caught:
        await memory.start()
    assert caught.value.code is ErrorCode.ALREADY_RUNNING
    await memory.core.close()
