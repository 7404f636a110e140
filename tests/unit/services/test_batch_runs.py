"""Runs: recorded whole, brought to their end exactly once an asset, told item by item."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ipnft_desktop.domain.assets import Asset, AssetDraft
from ipnft_desktop.domain.batch_runs import (
    BatchRun,
    BatchStrategy,
    Congestion,
    ItemOutcome,
    RunAnchor,
    RunProgress,
)
from ipnft_desktop.domain.chain import SendReply
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import AssetChanged, DomainEvent
from ipnft_desktop.domain.minting import MintJob, MintStage
from tests.support import samples
from tests.support.core_factory import MemoryCore, mint_behind_its_back, request
from tests.unit.services.waiting import at_stage, trouble

BAD = "0x000000000000000000000000000000000000dEaD"


async def commit(memory: MemoryCore, assets: Sequence[Asset], most_items: int = 2) -> BatchRun:
    """A run of these in transactions of so many."""
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets], most_items=most_items)
    return await memory.core.runs.commit(plan)


async def outcomes(memory: MemoryCore, run: BatchRun) -> dict[str, ItemOutcome]:
    return {item.name: item.outcome for item in await memory.core.runs.items(run.run_id)}


def minted_once(memory: MemoryCore, assets: Sequence[Asset]) -> None:
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1] * len(assets)


def draft_of(asset: Asset, **changes: str) -> AssetDraft:
    typed = AssetDraft(
        name=asset.name,
        asset_type=asset.asset_type,
        description=asset.description,
        creator_name=asset.creator_name,
        creation_date=asset.creation_date.isoformat(),
        legal_status=asset.legal_status,
        enterprise_id=asset.enterprise.enterprise_id,
    )
    return replace(typed, **changes)  # type: ignore[arg-type]


async def job_at(memory: MemoryCore, run: BatchRun, position: int, stage: MintStage) -> MintJob:
    job = await memory.core.adapters.database.read(lambda tx: tx.job(run.batches[position].job_id))
    assert job is not None
    return await at_stage(memory, job, stage)


async def test_a_run_is_minted_and_told_transaction_by_transaction(memory: MemoryCore) -> None:
    await memory.core.desk.mint([request((await memory.add_assets())[0])])
    single = await memory.core.desk.latest_single_mint_gas()
    assets = await memory.add_assets(5)
    seen: list[RunProgress] = []
    changed: list[AssetChanged] = []
    memory.core.events.subscribe(lambda event: changed.append(event) if isinstance(event, AssetChanged) else None)
    run = await commit(memory, assets)
    assert [row.row.state for row in changed] == ["MINT_PENDING"] * 5
    assert (run.item_count, len(run.batches), run.is_open) == (5, 3, True)
    ended = await memory.core.runs.outcome(run.run_id, seen.append)
    minted_once(memory, assets)

    assert ended.counts == {ItemOutcome.MINTED: 5, ItemOutcome.NOT_ATTEMPTED: 0}
    assert [batch.item_count for batch in ended.batches] == [2, 2, 1]
    assert {batch.gas_single for batch in ended.batches} == {single}
    assert single is not None
    assert ended.saved_gas == single * 5 - ended.gas_used
    assert ended.saved_percent == pytest.approx(100 * (single * 5 - ended.gas_used) / (single * 5))
    assert ended.gas_estimated > 0
    assert ended.fee_wei > 0
    assert {name for name, outcome in (await outcomes(memory, ended)).items() if outcome is ItemOutcome.MINTED} == {
        f"Asset {number}" for number in range(5)
    }
    assert not seen[-1].is_open
    assert (seen[-1].percent, seen[-1].counts[ItemOutcome.MINTED]) == (100, 5)
    percents = [progress.percent for progress in seen]
    assert percents == sorted(percents)
    assert [[b.job_id for b in progress.batches] for progress in seen] == [[b.job_id for b in run.batches]] * len(seen)
    again: list[RunProgress] = []
    await memory.core.runs.outcome(run.run_id, again.append)
    assert [progress.is_open for progress in again] == [False], "who asks late hears the end at once"


async def test_everything_is_on_record_before_anything_is_done(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the program is killed right behind the commit: the next start brings all of it to its end."""
    assets = await memory.add_assets(7)
    monkeypatch.setattr(memory.core.desk, "take_up", lambda _jobs: None)
    run = await commit(memory, assets)
    assert len(memory.chain.sent) == 1, "the deployment"
    assert set((await outcomes(memory, run)).values()) == {ItemOutcome.RUNNING}
    again = await memory.again()
    ended = await again.core.runs.outcome(run.run_id)
    assert ended.counts[ItemOutcome.MINTED] == 7
    minted_once(memory, assets)
    await again.core.close()


async def test_giving_up_waiting_does_not_stop_what_is_recorded(memory: MemoryCore) -> None:
    assets = await memory.add_assets(4)
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets], most_items=2)
    committing = asyncio.ensure_future(memory.core.runs.commit(plan))
    await asyncio.sleep(0)
    committing.cancel()
    await asyncio.gather(committing, return_exceptions=True)
    await memory.core.runs.settle()
    (run,) = await memory.core.runs.recent()
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 4
    minted_once(memory, assets)


async def test_a_run_is_recorded_whole_or_not_at_all(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = await memory.add_assets(40)
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets], most_items=2)
    write = memory.core.adapters.database.write
    writes = 0

    async def fails_at_its_end(work: object) -> object:
        def failing(tx: object) -> object:
            nonlocal writes
            writes += 1
            work(tx)  # type: ignore[operator]
            raise EnvironmentFault(ErrorCode.DISK_FULL)

        return await write(failing)

    monkeypatch.setattr(memory.core.adapters.database, "write", fails_at_its_end)
    with pytest.raises(EnvironmentFault):
        await memory.core.runs.commit(plan)
    monkeypatch.undo()
    assert writes == 1
    assert await memory.core.runs.recent() == ()
    assert {await memory.state_of(asset) for asset in assets} == {"DRAFT"}


async def test_what_changed_since_the_plan_is_left_out_and_named(memory: MemoryCore) -> None:
    edited, deleted, minted, good = await memory.add_assets(4)
    moving = samples.enterprise(name="Borealis", wallet_address=samples.SIGNER)
    moved = samples.asset(moving, name="Moved")
    await memory.core.register.add_assets([moved], (moving,))
    plan = await memory.core.planner.plan([a.asset_id for a in (edited, deleted, minted, good, moved)], most_items=2)
    await memory.core.register.edit_asset(edited, draft_of(edited, name="Edited"), ())
    await memory.core.deleted.delete([deleted.asset_id])
    await memory.core.desk.mint([request(minted)])
    await memory.core.enterprises.change(moving, moving.name, BAD, "New")

    run = await memory.core.runs.commit(plan)
    ended = await memory.core.runs.outcome(run.run_id)
    assert ended.counts == {ItemOutcome.MINTED: 1, ItemOutcome.NOT_ATTEMPTED: 4}
    items = await memory.core.runs.items(run.run_id)
    assert [(item.name, item.outcome, item.code) for item in items] == [
        ("Asset 3", ItemOutcome.MINTED, None),
        ("Asset 0", ItemOutcome.NOT_ATTEMPTED, ErrorCode.ASSET_CHANGED),
        ("Asset 1", ItemOutcome.NOT_ATTEMPTED, ErrorCode.ASSET_NOT_FOUND),
        ("Asset 2", ItemOutcome.NOT_ATTEMPTED, ErrorCode.MINT_INVALID_STATE),
        ("Moved", ItemOutcome.NOT_ATTEMPTED, ErrorCode.ASSET_CHANGED),
    ]
    assert [memory.chain.mints_of(a.asset_id) for a in (edited, deleted, minted, good, moved)] == [0, 0, 1, 1, 0]
    assert await memory.state_of(edited) == "DRAFT"


async def test_one_who_refuses_is_left_out_and_the_rest_is_minted(memory: MemoryCore) -> None:
    good = await memory.add_assets(5)
    bad = samples.enterprise(wallet_address=BAD)
    refused = samples.asset(bad, name="Refused")
    await memory.core.register.add_assets([refused], (bad,))
    memory.chain.refusing_recipients = {BAD}
    seen: list[RunProgress] = []
    run = await commit(memory, [refused, *good], most_items=3)
    ended = await memory.core.runs.outcome(run.run_id, seen.append)
    assert ended.counts == {ItemOutcome.MINTED: 5, ItemOutcome.FAILED: 1, ItemOutcome.NOT_ATTEMPTED: 0}
    assert [(batch.item_count, batch.stage) for batch in ended.batches] == [
        (2, MintStage.COMPLETED),
        (1, MintStage.FAILED),
        (3, MintStage.COMPLETED),
    ]
    (failed,) = [item for item in await memory.core.runs.items(run.run_id) if item.outcome is ItemOutcome.FAILED]
    assert (failed.name, failed.code, failed.may_retry) == ("Refused", ErrorCode.RECIPIENT_REFUSED, True)
    assert seen[-1].counts == ended.counts
    order = [batch.job_id for batch in ended.batches]
    for progress in seen:
        shown = [batch.job_id for batch in progress.batches]
        assert shown == sorted(shown, key=order.index)
    assert all(sum(progress.counts.values()) == 6 for progress in seen), "no item is ever missing"

    assert (await memory.core.runs.retry_failed(run.run_id)).retried == 1, "nothing was sent"
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.FAILED] == 1, "and it is refused again"
    plan = await memory.core.planner.plan([refused.asset_id], samples.SIGNER)
    other = await memory.core.runs.commit(plan)
    assert (await memory.core.runs.outcome(other.run_id)).counts[ItemOutcome.MINTED] == 1
    minted_once(memory, [*good, refused])
    assert (await outcomes(memory, run))["Refused"] is ItemOutcome.FAILED, "what the first run came to stands"


async def test_what_a_recipient_refused_is_retried_once_it_accepts(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.refusing_recipients = {asset.enterprise.wallet_address}
    run = await commit(memory, [asset])
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.FAILED] == 1
    memory.chain.refusing_recipients = frozenset()
    await memory.core.runs.retry_failed(run.run_id)
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 1
    minted_once(memory, [asset])


async def test_a_transaction_that_reverts_fails_alone(memory: MemoryCore) -> None:
    assets = await memory.add_assets(4)
    memory.chain.revert_next("NotAuthorised()")
    run = await commit(memory, assets)
    ended = await memory.core.runs.outcome(run.run_id)
    assert ended.counts == {ItemOutcome.MINTED: 2, ItemOutcome.FAILED: 2, ItemOutcome.NOT_ATTEMPTED: 0}
    result = await memory.core.runs.retry_failed(run.run_id)
    assert (result.retried, result.refused) == (2, {})
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 4
    minted_once(memory, assets)


async def test_an_item_that_was_minted_elsewhere_is_taken_into_the_register(memory: MemoryCore) -> None:
    assets = await memory.add_assets(4)
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets])
    mint_behind_its_back(memory, assets[2])
    run = await memory.core.runs.commit(plan)
    ended = await memory.core.runs.outcome(run.run_id)
    assert ended.counts[ItemOutcome.MINTED] == 4
    assert len(ended.batches) == 2
    minted_once(memory, assets)


async def test_a_node_that_dies_between_two_transactions(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = await memory.add_assets(6)
    send = memory.chain.send_raw
    first: list[bytes] = []

    async def dies_after_the_first(raw: bytes) -> SendReply:
        reply = await send(raw)
        first.append(raw)
        if len(first) == 1:
            memory.chain.unreachable = True
        return reply

    monkeypatch.setattr(memory.chain, "send_raw", dies_after_the_first)
    run = await commit(memory, assets)
    following = asyncio.ensure_future(memory.core.runs.outcome(run.run_id))
    await trouble(memory, run.batches[-1].job_id, ErrorCode.NODE_UNREACHABLE)
    assert not following.done()
    memory.chain.unreachable = False
    assert (await following).counts[ItemOutcome.MINTED] == 6
    minted_once(memory, assets)


async def test_what_is_not_signed_is_cancelled_at_once(memory: MemoryCore) -> None:
    assets = await memory.add_assets(6)
    memory.chain.unreachable = True
    run = await commit(memory, assets)
    result = await memory.core.runs.cancel_rest(run.run_id)
    assert (result.cancelled, result.asked, result.too_late, result.unreached) == (6, 0, 0, 0)
    memory.chain.unreachable = False
    ended = await memory.core.runs.outcome(run.run_id)
    assert ended.counts == {ItemOutcome.NOT_ATTEMPTED: 6}
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [0] * 6


async def test_in_the_middle_the_chain_is_asked_about_what_is_signed(memory: MemoryCore) -> None:
    """The first transaction is minted, the second signed and not mined."""
    assets = await memory.add_assets(4)
    done = await commit(memory, assets[:2])
    await memory.core.runs.outcome(done.run_id)
    memory.chain.automine = False
    run = await commit(memory, assets[2:])
    await job_at(memory, run, 0, MintStage.CONFIRMING)
    result = await memory.core.runs.cancel_rest(run.run_id)
    assert (result.cancelled, result.asked, result.too_late) == (0, 2, 0)
    await memory.chain.mine()
    ended = await memory.core.runs.outcome(run.run_id)
    assert ended.counts == {ItemOutcome.NOT_ATTEMPTED: 2}
    late = await memory.core.runs.cancel_rest(done.run_id)
    assert (late.cancelled, late.asked, late.too_late) == (0, 0, 0), "what has ended is not asked about"
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1, 1, 0, 0]


async def test_runs_are_listed_with_how_they_came_about(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    first = await commit(memory, assets[:1])
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets[1:]])
    second = await memory.core.runs.commit(plan, BatchStrategy.AUTOMATIC, Congestion.HIGH)
    for run in (first, second):
        await memory.core.runs.outcome(run.run_id)
    listed = await memory.core.runs.recent()
    assert [(run.run_id, run.strategy, run.congestion) for run in listed] == [
        (second.run_id, BatchStrategy.AUTOMATIC, Congestion.HIGH),
        (first.run_id, BatchStrategy.MANUAL, None),
    ]
    assert {run.requested_by for run in listed} == {memory.core.session.actor}
    behind = await memory.core.runs.recent(RunAnchor(listed[0].requested_at, listed[0].run_id))
    assert [run.run_id for run in behind] == [first.run_id]
    with pytest.raises(UserError):
        await memory.core.runs.run(samples.uuid())
    with pytest.raises(UserError):
        await memory.core.runs.outcome(samples.uuid())


async def test_nothing_is_recorded_while_the_environment_is_down(memory: MemoryCore) -> None:
    assets = await memory.add_assets(2)
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets])
    await memory.core.desk.suspend()
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    with pytest.raises(EnvironmentFault) as refused:
        await memory.core.runs.commit(plan)
    assert refused.value.code is ErrorCode.NODE_UNREACHABLE
    assert heard == []
    assert await memory.core.runs.recent() == ()
