"""What a person may decide about a mint: cancel, hasten, pay more, reset. The chain is the oracle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, MintJob, MintStage, TransactionPurpose
from ipnft_desktop.services.mint_endings import MintEndings
from ipnft_desktop.settings import Settings
from tests.support.core_factory import MemoryCore, request
from tests.unit.services.waiting import at_stage, progress, trouble


async def waiting_in_the_pool(memory: MemoryCore) -> tuple[Asset, MintJob]:
    """A mint that the node took and does not mine."""
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    return asset, await at_stage(memory, job, MintStage.CONFIRMING)


def never_takes_another(memory: MemoryCore) -> None:
    """However often a replacement is sent, the node keeps what it has."""
    for _ in range(1_000):
        memory.chain.refuse_next("replacement transaction underpriced")


async def test_39_a_cancellation_that_wins_leaves_no_token(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    cancelling = await memory.core.desk.cancel(job.job_id)
    assert cancelling.is_open
    assert cancelling.cancel_requested
    assert {tx.nonce for tx in cancelling.transactions} == {job.transactions[0].nonce}
    await memory.chain.mine()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.CANCELLED
    assert await memory.state_of(asset) == "MINT_CANCELLED"
    assert memory.chain.mints_of(asset.asset_id) == 0
    memory.chain.automine = True
    assert (await memory.core.desk.mint([request(asset)])).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_40_a_cancellation_that_loses_is_a_mint(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    never_takes_another(memory)
    await memory.core.desk.cancel(job.job_id)
    await memory.chain.mine()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.COMPLETED
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_cancellation_is_on_record_before_it_is_sent_and_survives_the_program(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    asset, job = await waiting_in_the_pool(memory)
    memory.chain.lose_next_request()
    await memory.core.desk.cancel(job.job_id)
    again = await memory.again()
    recorded = await again.core.desk.job_of(asset.asset_id)
    assert recorded is not None
    assert recorded.transactions[-1].purpose is TransactionPurpose.CANCEL
    again.chain.automine = True
    await again.chain.mine()
    ended = await again.core.desk.outcome(job.job_id)
    assert again.chain.mints_of(asset.asset_id) == (ended.stage is MintStage.COMPLETED)
    await again.core.close()


async def test_a_mined_mint_cannot_be_cancelled(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.mint([request(asset)])
    with pytest.raises(UserError) as caught:
        await memory.core.desk.cancel(job.job_id)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_a_failed_mint_can_be_cancelled_instead_of_retried(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.balance_wei = 0
    job = await memory.core.desk.mint([request(asset)])
    assert job.stage is MintStage.FAILED
    assert (await memory.core.desk.cancel(job.job_id)).stage is MintStage.CANCELLED
    assert await memory.state_of(asset) == "MINT_CANCELLED"


async def test_38_whichever_of_two_offers_is_mined_there_is_one_token(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    never_takes_another(memory)
    await memory.core.desk.speed_up(job.job_id)
    await memory.chain.mine()  # the older, cheaper one
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.COMPLETED
    assert ended.transaction == job.transactions[0]
    assert len(ended.transactions) == 2
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_higher_offer_takes_the_place_of_the_first(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    faster = await memory.core.desk.speed_up(job.job_id)
    first, second = faster.transactions
    assert (second.nonce, second.purpose) == (first.nonce, TransactionPurpose.MINT)
    assert second.max_fee_per_gas_wei * 100 >= first.max_fee_per_gas_wei * 110
    assert memory.chain.waiting == (second.tx_hash,)
    await memory.chain.mine()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.transaction == second
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_22_a_fee_above_the_cap_waits_for_a_decision(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, max_fee_eth=0.0001)).start()
    (asset,) = await memory.add_assets()
    sent_before = len(memory.chain.sent)
    job = await memory.core.desk.request([request(asset)])
    asked = await trouble(memory, job.job_id, ErrorCode.FEE_CAP_EXCEEDED)
    assert asked.error is not None
    assert await memory.state_of(asset) == "MINTING"
    assert len(memory.chain.sent) == sent_before
    needed_wei = int(asked.error.facts["needed_wei"])
    assert needed_wei > int(asked.error.facts["cap_wei"]) == 10**14
    await memory.core.desk.allow_fee(job.job_id, needed_wei)
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1
    await memory.core.close()


async def test_speeding_up_beyond_the_cap_changes_nothing(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    asset, job = await waiting_in_the_pool(memory)
    memory.chain.base_fee_wei = 10**13
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.desk.speed_up(job.job_id)
    assert caught.value.code is ErrorCode.FEE_CAP_EXCEEDED
    recorded = await memory.core.desk.job_of(asset.asset_id)
    assert recorded is not None
    assert recorded.transactions == job.transactions
    memory.chain.base_fee_wei = 1
    await memory.chain.mine()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    await memory.core.close()


async def fail_until_the_limit(memory: MemoryCore) -> Asset:
    (asset,) = await memory.add_assets()
    memory.chain.balance_wei = 0
    await memory.core.desk.mint([request(asset)])
    for _ in range(MAX_ATTEMPTS - 1):
        await memory.core.desk.outcome((await memory.core.desk.retry(asset.asset_id)).job_id)
    memory.chain.balance_wei = 10**22
    return asset


async def test_after_three_attempts_only_an_admin_helps(memory: MemoryCore) -> None:
    asset = await fail_until_the_limit(memory)
    for attempt in (memory.core.desk.retry(asset.asset_id), memory.core.desk.request([request(asset)])):
        with pytest.raises(UserError) as caught:
            await attempt
        assert caught.value.code is ErrorCode.RETRY_LIMIT
    await memory.core.desk.reset(asset.asset_id, "funded the account")
    assert await memory.state_of(asset) == "DRAFT"
    job = await memory.core.desk.mint([request(asset)])
    assert (job.stage, job.attempt) == (MintStage.COMPLETED, 1)
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_asking_anew_counts_as_an_attempt_too(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.balance_wei = 0
    attempts = [(await memory.core.desk.mint([request(asset)])).attempt for _ in range(MAX_ATTEMPTS)]
    assert attempts == list(range(1, MAX_ATTEMPTS + 1))
    with pytest.raises(UserError) as caught:
        await memory.core.desk.request([request(asset)])
    assert caught.value.code is ErrorCode.RETRY_LIMIT


async def test_a_reset_needs_a_reason_and_a_failed_mint(memory: MemoryCore) -> None:
    asset = await fail_until_the_limit(memory)
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(ValidationFailed) as caught:
            await memory.core.desk.reset(asset.asset_id, reason)
        assert caught.value.field == "reason"
    (minted,) = await memory.add_assets()
    await memory.core.desk.mint([request(minted)])
    with pytest.raises(UserError):
        await memory.core.desk.reset(minted.asset_id, "no")
    assert await memory.state_of(minted) == "MINTED"


async def test_the_program_waits_for_what_passes_and_gives_up_only_in_the_end(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    sent_before = len(memory.chain.sent)
    memory.chain.unreachable = True
    job = await memory.core.desk.request([request(asset)])
    waiting = await trouble(memory, job.job_id, ErrorCode.NODE_UNREACHABLE)
    assert waiting.stage in (MintStage.REQUESTED, MintStage.PREPARING)
    monkeypatch.setattr("ipnft_desktop.services.mint_cases.QUEUE_TIMEOUT_S", 0.0)
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.failure is not None
    assert (ended.stage, ended.failure.code) == (MintStage.FAILED, ErrorCode.QUEUE_TIMEOUT)
    assert len(memory.chain.sent) == sent_before
    assert not ended.failure.gas_spent


async def test_45_a_node_that_comes_back_before_the_limit_is_no_failure(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.unreachable = True
    job = await memory.core.desk.request([request(asset)])
    await progress(memory, job.job_id, lambda seen: seen.error is not None)
    memory.chain.unreachable = False
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_two_presses_on_cancel_are_both_heard_and_bid_over_each_other(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    await asyncio.gather(memory.core.desk.cancel(job.job_id), memory.core.desk.cancel(job.job_id))
    await memory.chain.mine()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.CANCELLED
    assert memory.chain.mints_of(asset.asset_id) == 0


async def test_a_cancellation_outbids_a_higher_offer_asked_for_at_the_same_moment(memory: MemoryCore) -> None:
    asset, job = await waiting_in_the_pool(memory)
    await asyncio.gather(memory.core.desk.speed_up(job.job_id), memory.core.desk.cancel(job.job_id))
    await memory.chain.mine()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.CANCELLED
    assert memory.chain.mints_of(asset.asset_id) == 0


async def test_a_record_that_cannot_be_read_for_a_moment_loses_no_mint(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset, job = await waiting_in_the_pool(memory)
    database = memory.core.adapters.database
    read, reads = database.read, 0

    async def away_after_the_first(work: Callable[[Any], Any]) -> Any:
        nonlocal reads
        reads += 1
        if reads > 1:
            raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "away")
        return await read(work)

    monkeypatch.setattr(database, "read", away_after_the_first)
    with pytest.raises(EnvironmentFault):
        await memory.core.desk.retry(asset.asset_id)
    monkeypatch.undo()
    await memory.chain.mine()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED


async def any_progress(memory: MemoryCore) -> None:
    """The next report of whatever mint."""
    heard = asyncio.Event()
    unsubscribe = memory.core.events.subscribe(lambda event: heard.set() if isinstance(event, MintAdvanced) else None)
    await heard.wait()
    unsubscribe()


async def test_a_request_given_up_behind_its_commit_is_worked_on_all_the_same(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    monkeypatch.setattr("ipnft_desktop.services.mint_desk.BEAT_EVERY_S", 0.02)
    await memory.core.desk.suspend()
    await memory.core.desk.open_up()
    database = memory.core.adapters.database
    read = database.read
    recorded, go = asyncio.Event(), asyncio.Event()

    async def slow(work: Callable[[Any], Any]) -> Any:
        # The desk's beat may read before the commit: what it reads then does not count.
        if await read(lambda tx: tx.latest_job_of(asset.asset_id)) is not None:
            recorded.set()
        await go.wait()
        return await read(work)

    monkeypatch.setattr(database, "read", slow)  # the row that is told behind the commit
    asking = asyncio.ensure_future(memory.core.desk.request([request(asset)]))
    await recorded.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    taken_up = asyncio.ensure_future(any_progress(memory))
    go.set()
    await taken_up
    job = await memory.core.desk.job_of(asset.asset_id)
    assert job is not None
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED


async def test_a_failure_found_while_the_mint_was_being_signed_is_void(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    nonce_of = memory.chain.nonce_of
    in_the_lane, go = asyncio.Event(), asyncio.Event()

    async def slow(address: str) -> int:
        in_the_lane.set()
        await go.wait()
        return await nonce_of(address)

    monkeypatch.setattr(memory.chain, "nonce_of", slow)
    job = await memory.core.desk.request([request(asset)])
    await in_the_lane.wait()
    fail = MintEndings.fail

    async def fail_once_signed(self: MintEndings, job: MintJob, *rest: Any) -> MintJob:
        go.set()
        while not (recorded := await memory.core.desk.job_of(asset.asset_id)) or not recorded.transactions:
            await memory.core.adapters.database.read(lambda tx: None)
        return await fail(self, job, *rest)

    monkeypatch.setattr(MintEndings, "fail", fail_once_signed)
    memory.chain.refusing_recipients.add(asset.enterprise.wallet_address)
    await memory.core.desk.retry(asset.asset_id)
    ended = await memory.core.desk.outcome(job.job_id)
    minted = memory.chain.mints_of(asset.asset_id)
    assert (ended.stage is MintStage.COMPLETED) == (minted == 1)
    assert (await memory.state_of(asset) == "MINTED") == (minted == 1)
