"""Mints that are asked for one by one and sent together; what waits is on record."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ipnft_desktop.domain.batch_gathering import GatheringPolicy
from ipnft_desktop.domain.batch_runs import BatchRun, BatchStrategy, Congestion, ItemOutcome
from ipnft_desktop.domain.chain import ChainLoad
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import DomainEvent, GatheringChanged, RunRequested
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.domain.people import Role
from tests.support import samples
from tests.support.core_factory import MemoryCore, request

SMALL = {Congestion.LOW: 3, Congestion.MEDIUM: 2, Congestion.HIGH: 2}
PATIENT = GatheringPolicy(least=2, longest_wait=timedelta(hours=1), sizes=SMALL)


async def next_run(memory: MemoryCore) -> BatchRun:
    """The first run, once it has ended."""
    told: asyncio.Future[BatchRun] = asyncio.get_running_loop().create_future()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, RunRequested) and not told.done():
            told.set_result(event.run)

    end = memory.core.events.subscribe(hear)
    runs = await memory.core.runs.recent()
    run = runs[-1] if runs else await told
    end()
    return await memory.core.runs.outcome(run.run_id)


async def test_enough_of_them_go_together(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    assets = await memory.add_assets(4)
    for asset in assets[:2]:
        assert await memory.core.automatic.request([asset.asset_id]) is None
    assert [mint.asset_id for mint in await memory.core.automatic.waiting()] == [a.asset_id for a in assets[:2]]
    assert await memory.core.runs.recent() == ()
    await memory.core.automatic.request([asset.asset_id for asset in assets[2:]])
    run = await next_run(memory)
    assert (run.strategy, run.congestion, run.counts[ItemOutcome.MINTED]) == (BatchStrategy.AUTOMATIC, "LOW", 3)
    assert [mint.asset_id for mint in await memory.core.automatic.waiting()] == [assets[3].asset_id]
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1, 1, 1, 0]


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_busy_chain_wants_fewer(memory: MemoryCore, by_hand: bool) -> None:
    memory.chain.fullness = 0.0 if by_hand else 0.9
    congestion = Congestion.HIGH if by_hand else None
    memory.core.automatic.use_policy(
        GatheringPolicy(least=2, longest_wait=timedelta(hours=1), sizes=SMALL, congestion=congestion)
    )
    assets = await memory.add_assets(2)
    await memory.core.automatic.request([asset.asset_id for asset in assets])
    run = await next_run(memory)
    assert (run.congestion, run.counts[ItemOutcome.MINTED]) == (Congestion.HIGH, 2)


async def test_nobody_waits_longer_than_that(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(GatheringPolicy(longest_wait=timedelta(milliseconds=20)))
    (asset,) = await memory.add_assets()
    await memory.core.automatic.request([asset.asset_id], samples.SIGNER)
    run = await next_run(memory)
    assert run.counts[ItemOutcome.MINTED] == 1
    (item,) = await memory.core.runs.items(run.run_id)
    assert item.recipient == samples.SIGNER


async def test_what_is_urgent_goes_alone_and_at_once(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    waits, urgent = await memory.add_assets(2)
    await memory.core.automatic.request([waits.asset_id])
    run = await memory.core.automatic.request([urgent.asset_id], urgent=True)
    assert run is not None
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 1
    assert len(await memory.core.automatic.waiting()) == 1
    assert await memory.state_of(waits) == "DRAFT"


async def test_what_waits_survives_the_program(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    assets = await memory.add_assets(2)
    await memory.core.automatic.request([asset.asset_id for asset in assets])
    again = await memory.again()
    assert len(await again.core.automatic.waiting()) == 2
    again.core.automatic.use_policy(GatheringPolicy(longest_wait=timedelta(0)))
    run = await next_run(again)
    assert run.counts[ItemOutcome.MINTED] == 2
    assert await again.core.automatic.waiting() == ()
    await again.core.close()


async def test_who_was_withdrawn_or_minted_meanwhile_is_not_minted_again(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    withdrawn, minted = await memory.add_assets(2)
    await memory.core.automatic.request([withdrawn.asset_id, minted.asset_id])
    await memory.core.automatic.withdraw([withdrawn.asset_id])
    assert (await memory.core.desk.mint([request(minted)])).stage is MintStage.COMPLETED
    assert [mint.asset_id for mint in await memory.core.automatic.waiting()] == [minted.asset_id]
    memory.core.automatic.use_policy(GatheringPolicy(longest_wait=timedelta(0)))
    run = await next_run(memory)
    assert await memory.core.automatic.waiting() == ()
    (item,) = await memory.core.runs.items(run.run_id)
    assert (item.outcome, item.code) == (ItemOutcome.NOT_ATTEMPTED, ErrorCode.MINT_INVALID_STATE)
    assert [memory.chain.mints_of(asset.asset_id) for asset in (withdrawn, minted)] == [0, 1]


async def test_what_waits_can_be_looked_at_withdrawn_and_sent_now(memory: MemoryCore) -> None:
    automatic = memory.core.automatic
    automatic.use_policy(PATIENT)
    told: list[DomainEvent] = []
    memory.core.events.subscribe(lambda event: told.append(event) if isinstance(event, GatheringChanged) else None)
    own, other, withdrawn = await memory.add_assets(3)
    await automatic.request([own.asset_id])
    await automatic.request([other.asset_id], samples.SIGNER)
    await automatic.request([withdrawn.asset_id], samples.RECIPIENT)
    waiting = {one.row.name: one for one in await automatic.waiting_rows()}
    assert waiting.keys() == {own.name, other.name, withdrawn.name}
    shown = waiting[other.name]
    assert shown.mint.recipient == samples.SIGNER
    assert shown.goes_at(PATIENT) - shown.mint.asked_at == timedelta(hours=1)
    assert [await automatic.withdraw([withdrawn.asset_id]) for _ in range(2)] == [1, 0], "it waited once"
    assert len(told) == 5
    sent = await automatic.send_now([own.asset_id, other.asset_id, withdrawn.asset_id])
    assert [run.strategy for run in sent] == [BatchStrategy.AUTOMATIC] * 2, "one run for each destination"
    for run in sent:
        assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 1
    assert len(told) == 7
    assert await automatic.waiting_rows() == ()
    assert await automatic.send_now([own.asset_id]) == (), "what was sent is not sent again"
    assert memory.chain.mints_of(withdrawn.asset_id) == 0


async def test_what_is_sent_now_is_not_sent_by_itself_too(memory: MemoryCore) -> None:
    automatic = memory.core.automatic
    automatic.use_policy(PATIENT)
    (asset,) = await memory.add_assets()
    await automatic.request([asset.asset_id])
    automatic.use_policy(GatheringPolicy(longest_wait=timedelta(0)))
    await automatic.send_now([asset.asset_id])
    run = await next_run(memory)
    assert run.counts[ItemOutcome.MINTED] == 1
    assert len(await memory.core.runs.recent()) == 1
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_without_an_environment_nothing_is_sent_and_it_waits_on(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    (asset,) = await memory.add_assets()
    await memory.core.environment.stop()
    await memory.core.automatic.request([asset.asset_id])
    with pytest.raises(EnvironmentFault) as failed:
        await memory.core.automatic.send_now([asset.asset_id])
    assert failed.value.code is ErrorCode.NODE_UNREACHABLE
    assert len(await memory.core.automatic.waiting()) == 1


async def test_it_waits_for_somebody_who_may_mint_it(memory: MemoryCore) -> None:
    memory.core.automatic.use_policy(PATIENT)
    (asset,) = await memory.add_assets()
    await memory.core.automatic.request([asset.asset_id])
    stranger = samples.user(Role.OPERATOR, samples.enterprise())
    memory.core.session.begin(stranger)
    memory.core.automatic.use_policy(GatheringPolicy(longest_wait=timedelta(0)))
    memory.core.session.end()
    memory.core.session.begin(stranger)
    assert len(await memory.core.automatic.waiting()) == 1
    memory.core.session.begin(samples.user(Role.OPERATOR, asset.enterprise))
    run = await next_run(memory)
    assert run.counts[ItemOutcome.MINTED] == 1


async def test_what_is_withdrawn_while_its_batch_goes_is_told_as_gone(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain takes its time to say how busy it is, and the wish comes in between."""
    (asset,) = await memory.add_assets()
    automatic = memory.core.automatic
    automatic.use_policy(PATIENT)
    await automatic.request([asset.asset_id])
    asked, answer = asyncio.Event(), asyncio.Event()
    load = memory.chain.load

    async def slow(blocks: int) -> ChainLoad:
        asked.set()
        await answer.wait()
        return await load(blocks)

    monkeypatch.setattr(memory.chain, "load", slow)
    sending = asyncio.ensure_future(automatic.send_now([asset.asset_id]))
    await asked.wait()
    withdrawing = asyncio.ensure_future(automatic.withdraw([asset.asset_id]))
    answer.set()
    (run,) = await sending
    assert await withdrawing == 0, "nobody is told that nothing was sent"
    assert (await memory.core.runs.outcome(run.run_id)).counts[ItemOutcome.MINTED] == 1
    assert memory.chain.mints_of(asset.asset_id) == 1
