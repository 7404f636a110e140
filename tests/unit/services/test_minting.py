"""Exactly one token per asset, whatever the chain answers; the chain itself is the oracle."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import SendReply
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.events import AssetChanged, DomainEvent
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, FailureKind, MintProgress, MintStage
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support.core_factory import MemoryCore, request


async def mint_one(memory: MemoryCore) -> tuple[Asset, list[MintProgress]]:
    (asset,) = await memory.add_assets()
    seen: list[MintProgress] = []
    job = await memory.core.desk.mint([request(asset)], seen.append)
    assert job.stage is MintStage.COMPLETED
    return asset, seen


async def trouble(memory: MemoryCore, asset: Asset, code: ErrorCode) -> tuple[MintProgress, asyncio.Task[object]]:
    """Start a mint and wait until it reports this trouble; the mint goes on."""
    loop = asyncio.get_running_loop()
    met: asyncio.Future[MintProgress] = loop.create_future()

    def listen(progress: MintProgress) -> None:
        if progress.error and progress.error.code is code and not met.done():
            met.set_result(progress)

    task = loop.create_task(memory.core.desk.mint([request(asset)], listen))
    return await met, task


async def test_a_mint_goes_through_its_stages_and_facts(memory: MemoryCore) -> None:
    asset, seen = await mint_one(memory)
    stages = list(dict.fromkeys(progress.stage for progress in seen))
    assert stages == [
        MintStage.REQUESTED,
        MintStage.PREPARING,
        MintStage.SUBMITTING,
        MintStage.CONFIRMING,
        MintStage.FINALIZING,
        MintStage.COMPLETED,
    ]
    percents = [progress.percent for progress in seen]
    assert percents == sorted(percents)
    times = seen[-1].times
    assert times.signed_at <= times.accepted_at <= times.mined_at <= times.completed_at
    assert memory.chain.mints_of(asset.asset_id) == 1
    token = await memory.core.verification.token(asset.asset_id)
    assert token is not None
    assert token.owner == asset.enterprise.wallet_address
    record = (await memory.core.register.asset(asset.asset_id)).mint
    assert record is not None
    assert token.token_uri == record.token_uri


async def test_every_new_state_goes_out_once_with_its_row(memory: MemoryCore) -> None:
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    await mint_one(memory)
    states = [str(event.row.state) for event in heard if isinstance(event, AssetChanged)]
    assert list(dict.fromkeys(states)) == ["MINT_PENDING", "MINTING", "MINTED"]


async def test_bytes_are_on_record_before_the_node_sees_them(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    recorded: list[tuple[MintStage, bool]] = []
    send = memory.chain.send_raw

    async def spy(raw: bytes) -> SendReply:
        job = await memory.core.desk.job_of(asset.asset_id)
        assert job is not None
        assert job.transaction is not None
        recorded.append((job.stage, job.transaction.raw == raw))
        return await send(raw)

    monkeypatch.setattr(memory.chain, "send_raw", spy)
    await memory.core.desk.mint([request(asset)])
    assert recorded == [(MintStage.SUBMITTING, True)]


async def test_a_lost_answer_is_not_a_second_token(memory: MemoryCore) -> None:
    memory.chain.lose_next_answer()
    asset, _ = await mint_one(memory)
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_lost_request_is_sent_again_with_the_same_bytes(memory: MemoryCore) -> None:
    sent_before = len(memory.chain.sent)
    memory.chain.lose_next_request()
    asset, _ = await mint_one(memory)
    assert len(memory.chain.sent) - sent_before >= 2
    assert len(set(memory.chain.sent[sent_before:])) == 1
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_refused_send_stays_open_until_the_node_takes_it(memory: MemoryCore) -> None:
    memory.chain.refuse_next("mempool is full")
    asset, _ = await mint_one(memory)
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_node_that_dies_after_signing_leaves_the_mint_open_and_watched(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    send = memory.chain.send_raw

    async def die_then_send(raw: bytes) -> SendReply:
        memory.chain.unreachable = True
        return await send(raw)

    monkeypatch.setattr(memory.chain, "send_raw", die_then_send)
    progress, task = await trouble(memory, asset, ErrorCode.NODE_UNREACHABLE)
    assert progress.stage is MintStage.SUBMITTING
    assert await memory.state_of(asset) == "MINTING"
    monkeypatch.undo()
    memory.chain.unreachable = False
    await memory.core.desk.retry(asset.asset_id)
    await task
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_mined_revert_is_a_failure_with_its_reason(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.revert_next("ContractPaused()")
    job = await memory.core.desk.mint([request(asset)])
    assert job.failure is not None
    assert (job.failure.kind, job.failure.code) == (FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED)
    assert "ContractPaused" in job.failure.detail
    assert job.failure.gas_spent
    assert memory.chain.mints_of(asset.asset_id) == 0


async def test_attempts_are_limited(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.balance_wei = 0
    job = await memory.core.desk.mint([request(asset)])
    for _ in range(MAX_ATTEMPTS - 1):
        assert job.failure is not None
        assert job.failure.code is ErrorCode.INSUFFICIENT_FUNDS
        job = await memory.core.desk.outcome((await memory.core.desk.retry(asset.asset_id)).job_id)
    with pytest.raises(UserError) as caught:
        await memory.core.desk.retry(asset.asset_id)
    assert caught.value.code is ErrorCode.RETRY_LIMIT


async def test_a_recipient_that_refuses_fails_before_anything_is_signed(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.refusing_recipients.add(asset.enterprise.wallet_address)
    job = await memory.core.desk.mint([request(asset)])
    assert job.failure is not None
    assert job.failure.code is ErrorCode.RECIPIENT_REFUSED
    assert job.transaction is None


@pytest.mark.parametrize("recipient", ["", "0x123", "0x" + "0" * 40, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"])
async def test_a_wrong_recipient_records_nothing(memory: MemoryCore, recipient: str) -> None:
    (asset,) = await memory.add_assets()
    with pytest.raises(UserError) as caught:
        await memory.core.desk.request([MintRequest(asset.asset_id, recipient)])
    assert caught.value.code is ErrorCode.RECIPIENT_INVALID
    assert await memory.state_of(asset) == "DRAFT"
    assert await memory.core.desk.job_of(asset.asset_id) is None


async def test_an_empty_request_and_one_too_large_are_refused(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    for requests in ([], [request(asset)] * 257):
        with pytest.raises(ValidationFailed):
            await memory.core.desk.request(requests)


async def test_a_double_click_is_one_mint(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    first = asyncio.ensure_future(memory.core.desk.mint([request(asset)]))
    second = asyncio.ensure_future(memory.core.desk.mint([request(asset)]))
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, UserError)]
    assert [error.code for error in refused] == [ErrorCode.MINT_INVALID_STATE]
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_batch_is_one_transaction_with_one_token_each(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    sent_before = len(memory.chain.sent)
    job = await memory.core.desk.mint([request(asset) for asset in assets])
    assert job.stage is MintStage.COMPLETED
    assert len(memory.chain.sent) == sent_before + 1
    for asset in assets:
        assert memory.chain.mints_of(asset.asset_id) == 1
        record = (await memory.core.register.asset(asset.asset_id)).mint
        assert record is not None
        assert (record.batch_size, record.token_uri) == (3, f"ipfs://{job.directory_cid}/{asset.asset_id}.json")


async def test_fifty_mints_at_once_use_fifty_nonces(memory: MemoryCore) -> None:
    assets = await memory.add_assets(50)
    jobs = await asyncio.gather(*[memory.core.desk.mint([request(asset)]) for asset in assets])
    nonces = sorted(job.transaction.nonce for job in jobs if job.transaction)
    assert nonces == list(range(nonces[0], nonces[0] + 50))
    assert all(memory.chain.mints_of(asset.asset_id) == 1 for asset in assets)


async def test_cancel_before_signing_leaves_no_token(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.request([request(asset)])
    await memory.core.desk.cancel(job.job_id)
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.CANCELLED
    assert await memory.state_of(asset) == "MINT_CANCELLED"
    assert memory.chain.mints_of(asset.asset_id) == 0
    minted = await memory.core.desk.mint([request(asset)])
    assert minted.stage is MintStage.COMPLETED


async def test_cancel_after_the_end_is_refused(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.mint([request(asset)])
    with pytest.raises(UserError):
        await memory.core.desk.cancel(job.job_id)


async def test_waiting_can_be_given_up_without_stopping_the_mint(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    waiting = asyncio.ensure_future(memory.core.desk.outcome(job.job_id))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    memory.chain.automine = True
    await memory.chain.mine()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED


async def test_an_estimate_records_nothing_and_costs_no_nonce(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    estimate = await memory.core.desk.estimate([request(asset)])
    assert estimate.gas_limit > 0
    assert estimate.max_fee_wei >= estimate.gas_limit * estimate.gas_price_wei
    assert await memory.state_of(asset) == "DRAFT"


async def test_nothing_is_taken_while_the_environment_is_down(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.environment.stop()
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.desk.request([request(asset)])
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert await memory.state_of(asset) == "DRAFT"


async def test_confirmations_are_counted_and_a_vanished_block_is_waited_for(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, confirmations=3, stage_pace_ms=5_000)).start()
    (asset,) = await memory.add_assets()
    seen: asyncio.Queue[MintProgress] = asyncio.Queue()
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)], seen.put_nowait))
    while (await seen.get()).confirmations < 1:
        pass
    memory.chain.automine = False
    memory.chain.reorganise(1)
    while (await seen.get()).block_number is not None:
        pass
    await memory.chain.mine(3)
    job = await mint
    await memory.core.close()
    assert job.stage is MintStage.COMPLETED
    assert job.confirmations >= 3
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_chain_that_goes_away_between_confirmations_is_told(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, confirmations=2, stage_pace_ms=5_000)).start()
    (asset,) = await memory.add_assets()
    seen: asyncio.Queue[MintProgress] = asyncio.Queue()
    mint = asyncio.ensure_future(memory.core.desk.mint([request(asset)], seen.put_nowait))
    while (await seen.get()).confirmations < 1:
        pass
    memory.chain.unreachable = True
    while not (progress := await seen.get()).error:
        pass
    assert progress.error is not None
    assert progress.error.code is ErrorCode.NODE_UNREACHABLE
    assert progress.stage is MintStage.CONFIRMING
    memory.chain.unreachable = False
    await memory.chain.mine()
    assert (await mint).stage is MintStage.COMPLETED
    await memory.core.close()
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_the_latest_single_mint_is_what_a_batch_is_compared_with(memory: MemoryCore) -> None:
    assert await memory.core.desk.latest_single_mint_gas() is None
    single, *batch = await memory.add_assets(4)
    job = await memory.core.desk.mint([request(single)])
    await memory.core.desk.mint([request(asset) for asset in batch])
    assert job.mined is not None
    assert await memory.core.desk.latest_single_mint_gas() == job.mined.gas_used


async def test_an_asset_that_stands_twice_in_a_batch_is_refused_before_anything_is_recorded(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    with pytest.raises(UserError) as caught:
        await memory.core.desk.request([request(asset), request(asset)])
    assert caught.value.code is ErrorCode.DUPLICATE_IN_BATCH
    assert await memory.core.desk.job_of(asset.asset_id) is None
