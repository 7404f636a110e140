"""Blocks replaced, nonces taken, receipts hidden, chains lost: a mint ends only with proof."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import BlockRef, Fees, TokenFacts
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.domain.minting import MintJob, MintStage, TransactionPurpose
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.settings import Settings
from tests.support.core_factory import OTHER_MINTER, MemoryCore, mint_behind_its_back, request
from tests.support.memory_transactions import DEMO_ADDRESS
from tests.unit.services.waiting import at_stage, progress, trouble


async def minted(memory: MemoryCore) -> tuple[Asset, MintJob]:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.mint([request(asset)])
    assert job.stage is MintStage.COMPLETED
    return asset, job


async def test_35_a_token_taken_back_by_the_chain_is_minted_again_with_the_same_bytes(memory: MemoryCore) -> None:
    asset, job = await minted(memory)
    sent_before = len(memory.chain.sent)
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert memory.chain.sent[sent_before:] == [job.transactions[0].raw]
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_35_a_reorganisation_while_the_program_was_away_is_noticed_on_start(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    asset, _ = await minted(memory)
    await memory.core.close()
    memory.chain.reorganise(1, keep_transactions=False)
    again = await MemoryCore(tmp_path, chain=memory.chain, content=memory.content).start()
    job = await again.core.desk.job_of(asset.asset_id)
    assert job is not None
    assert job.is_open or job.stage is MintStage.COMPLETED
    assert (await again.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert again.chain.mints_of(asset.asset_id) == 1
    await again.core.close()


async def test_what_was_restored_after_a_reorganisation_is_the_present_chain(memory: MemoryCore) -> None:
    first, _ = await minted(memory)
    _, job = await minted(memory)
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    third, _ = await minted(memory)
    await memory.core.environment.crash_node()
    await memory.start()
    assert memory.core.environment.ready is not None
    for asset in (first, third):
        assert memory.chain.mints_of(asset.asset_id) == 1


async def test_36_a_nonce_taken_in_the_reorganisation_is_a_safe_failure(memory: MemoryCore) -> None:
    asset, job = await minted(memory)
    memory.chain.automine = False
    memory.chain.reorganise(1, keep_transactions=False)
    memory.chain.take_nonce(DEMO_ADDRESS)
    ended = await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.FAILED)
    assert ended.error is not None
    assert ended.error.code is ErrorCode.NONCE_CONFLICT
    assert await memory.state_of(asset) == "MINT_FAILED"
    assert memory.chain.mints_of(asset.asset_id) == 0
    memory.chain.automine = True
    again = await memory.core.desk.retry(asset.asset_id)
    assert (await memory.core.desk.outcome(again.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_19_a_foreign_transaction_at_our_nonce_is_proven_at_depth(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, confirmations=2, stage_pace_ms=5_000)).start()
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    signed = await at_stage(memory, job, MintStage.CONFIRMING)
    memory.chain.drop(signed.transactions[0].tx_hash)
    memory.chain.take_nonce(DEMO_ADDRESS)
    sent = len(memory.chain.sent)
    await memory.core.desk.retry(asset.asset_id)
    recorded = await memory.core.desk.job_of(asset.asset_id)
    assert recorded is not None
    assert recorded.is_open  # one block is not deep enough
    await memory.chain.mine()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.failure is not None
    assert ended.failure.code is ErrorCode.NONCE_CONFLICT
    assert not ended.failure.gas_spent
    assert set(memory.chain.sent[sent:]) <= {signed.transactions[0].raw}
    assert memory.chain.mints_of(asset.asset_id) == 0
    await memory.core.close()


async def test_28_a_hidden_receipt_is_no_proof(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    signed = await at_stage(memory, job, MintStage.CONFIRMING)
    memory.chain.lose_receipt(signed.transactions[0].tx_hash)
    await memory.chain.mine()
    await trouble(memory, job.job_id, ErrorCode.CONFIRMATION_TIMEOUT)
    recorded = await memory.core.desk.job_of(asset.asset_id)
    assert recorded is not None
    assert recorded.is_open
    assert len(recorded.transactions) == 1
    memory.chain.find_receipt(signed.transactions[0].tx_hash)
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_28_a_node_without_history_proves_nothing_either(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    memory.chain.keeps_history = False
    job = await memory.core.desk.request([request(asset)])
    signed = await at_stage(memory, job, MintStage.CONFIRMING)
    memory.chain.drop(signed.transactions[0].tx_hash)
    memory.chain.take_nonce(DEMO_ADDRESS)
    await trouble(memory, job.job_id, ErrorCode.CONFIRMATION_TIMEOUT)
    assert await memory.state_of(asset) == "MINTING"


async def test_37_a_transaction_dropped_from_the_pool_is_sent_again(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    signed = await at_stage(memory, job, MintStage.CONFIRMING)
    memory.chain.drop(signed.transactions[0].tx_hash)
    memory.chain.automine = True
    assert (await memory.core.desk.outcome(job.job_id)).transactions == signed.transactions
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_27_a_receipt_without_our_event_freezes_writing(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    frozen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    memory.core.events.subscribe(
        lambda event: (
            frozen.set_result(None)
            if isinstance(event, EnvironmentChanged) and not event.is_ready and not frozen.done()
            else None
        )
    )
    memory.chain.mint_nothing_next()
    await memory.core.desk.request([request(asset)])
    await frozen
    assert not memory.core.desk.is_open
    assert await memory.state_of(asset) == "MINTING"
    assert memory.core.environment.ready is None


async def test_31_a_chain_lost_in_mid_mint_is_restored_and_the_mint_completes(memory: MemoryCore) -> None:
    await minted(memory)
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    await at_stage(memory, job, MintStage.CONFIRMING)
    await memory.core.environment.crash_node()
    memory.chain.automine = True
    await memory.start()
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_33_another_contract_at_our_address_blocks_and_nothing_is_sent(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    asset, _ = await minted(memory)
    (draft,) = await memory.add_assets()
    identity = memory.core.environment.ready
    assert identity is not None
    memory.chain.foreign_contract(identity.identity.contract_address)
    sent = len(memory.chain.sent)
    job = await memory.core.desk.request([request(draft)])
    told = await trouble(memory, job.job_id, ErrorCode.CHAIN_MISMATCH)
    assert told.stage is MintStage.PREPARING
    assert len(memory.chain.sent) == sent
    assert await memory.state_of(asset) == "MINTED"
    await memory.core.close()


async def test_a_gap_between_nonces_is_filled_on_start(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    assets = await memory.add_assets(2)
    memory.chain.automine = False
    first = await memory.core.desk.request([request(assets[0])])
    await at_stage(memory, first, MintStage.CONFIRMING)
    second = await memory.core.desk.request([request(assets[1])])
    await at_stage(memory, second, MintStage.CONFIRMING)
    nonce = (await at_stage(memory, first, MintStage.CONFIRMING)).transactions[0].nonce
    await memory.core.close()
    # What an older backup looks like: the first of the two is not on record any more.
    forget(memory, nonce)
    for tx_hash in memory.chain.waiting:
        memory.chain.drop(tx_hash)
    memory.chain.automine = True
    again = await MemoryCore(tmp_path, chain=memory.chain, content=memory.content).start()
    assert (await again.core.desk.outcome(second.job_id)).stage is MintStage.COMPLETED
    live = await again.core.adapters.database.read(lambda tx: tx.live_transactions(DEMO_ADDRESS, nonce))
    assert [tx.purpose for tx in live if tx.nonce == nonce] == [TransactionPurpose.FILL]
    assert again.chain.mints_of(assets[1].asset_id) == 1
    recovery = next(report for report in reversed(again.reports) if report.key is StageKey.RECOVERY)
    assert "nonce gaps filled: 1" in str(recovery.detail)
    await again.core.close()


def forget(memory: MemoryCore, nonce: int) -> None:
    import sqlite3

    from ipnft_desktop.bootstrap.adapters import DATABASE_FILE

    with sqlite3.connect(memory.profile / DATABASE_FILE) as connection:
        (job_id,) = connection.execute("SELECT job_id FROM transactions WHERE nonce = ?", (nonce,)).fetchone()
        connection.execute("DELETE FROM transactions WHERE nonce = ?", (nonce,))
        connection.execute(
            "UPDATE assets SET state = 'DRAFT' WHERE asset_id IN (SELECT asset_id FROM mint_intents WHERE job_id = ?)",
            (job_id,),
        )
        connection.execute("DELETE FROM mint_intents WHERE job_id = ?", (job_id,))
        connection.execute("DELETE FROM mint_jobs WHERE job_id = ?", (job_id,))
    connection.close()


@pytest.mark.parametrize("confirmations", [1, 3])
async def test_34_a_reorganisation_before_the_depth_is_waited_out(tmp_path: Path, confirmations: int) -> None:
    settings = Settings(demo_data=False, confirmations=confirmations, stage_pace_ms=5_000)
    memory = await MemoryCore(tmp_path, settings).start()
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    await at_stage(memory, job, MintStage.CONFIRMING)
    await memory.chain.mine()
    memory.chain.reorganise(1)
    await memory.chain.mine(confirmations)
    recorded = await memory.core.desk.job_of(asset.asset_id)
    assert recorded is not None
    if recorded.stage is not MintStage.COMPLETED:
        await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert memory.chain.mints_of(asset.asset_id) == 1
    await memory.core.close()


async def test_a_reorganisation_is_settled_although_the_node_is_away_for_a_moment(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.recovery.SETTLE_AGAIN_DELAYS_S", (0.01,))
    asset, job = await minted(memory)
    block_at = memory.chain.block_at
    refused: list[int] = []

    async def away_at_first(number: int) -> BlockRef | None:
        if len(refused) < 3:
            refused.append(number)
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "away")
        return await block_at(number)

    monkeypatch.setattr(memory.chain, "block_at", away_at_first)
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert len(refused) == 3
    assert memory.chain.mints_of(asset.asset_id) == 1


async def cancelled(memory: MemoryCore) -> tuple[Asset, MintJob]:
    """A mint whose cancellation was mined."""
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    await at_stage(memory, job, MintStage.CONFIRMING)
    await memory.core.desk.cancel(job.job_id)
    memory.chain.automine = True
    await memory.chain.mine()
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.CANCELLED
    return asset, ended


async def test_a_cancellation_whose_block_is_gone_is_open_again_and_may_lose(memory: MemoryCore) -> None:
    asset, job = await cancelled(memory)
    memory.chain.automine = False
    memory.chain.reorganise(1, keep_transactions=False)
    await memory.chain.send_raw(job.transactions[0].raw)  # another node still had the mint in its pool
    await memory.chain.mine()
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_lost_cancellation_does_not_block_the_nonces_behind_it(memory: MemoryCore) -> None:
    first, cancelled_job = await cancelled(memory)
    second, job = await minted(memory)
    memory.chain.reorganise(2, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    third, _ = await minted(memory)
    assert [memory.chain.mints_of(asset.asset_id) for asset in (second, third)] == [1, 1]
    told = await memory.core.desk.outcome(cancelled_job.job_id)
    assert (await memory.state_of(first) == "MINTED") == (memory.chain.mints_of(first.asset_id) == 1)
    assert told.stage in (MintStage.CANCELLED, MintStage.COMPLETED)


async def test_a_cancellation_lost_after_its_asset_was_minted_anew_is_sent_again(memory: MemoryCore) -> None:
    asset, _ = await cancelled(memory)
    again = await memory.core.desk.mint([request(asset)])
    memory.chain.reorganise(2, keep_transactions=False)
    await progress(memory, again.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_revert_whose_block_is_gone_proves_nothing_any_more(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.revert_next("ContractPaused()")
    job = await memory.core.desk.mint([request(asset)])
    assert job.stage is MintStage.FAILED
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage in (MintStage.COMPLETED, MintStage.FAILED))
    minted_now = memory.chain.mints_of(asset.asset_id)
    assert (await memory.state_of(asset) == "MINTED") == (minted_now == 1)


async def test_a_revert_is_open_again_however_far_the_journal_lags(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.chain_watcher.BLOCK_PAUSE_S", 60.0)
    await minted(memory)  # The journal hears of no block from here on, but of those that mints end by.
    (asset,) = await memory.add_assets()
    memory.chain.revert_next("ContractPaused()")
    job = await memory.core.desk.mint([request(asset)])
    assert job.stage is MintStage.FAILED
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.CONFIRMING and seen.block_number is None)


async def test_a_token_whose_block_is_replaced_in_mid_adoption_is_not_adopted(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.chain_watcher.BLOCK_PAUSE_S", 60.0)
    await minted(memory)
    (asset,) = await memory.add_assets()
    mint_behind_its_back(memory, asset)
    tell_all = memory.chain.token
    replaced: list[int] = []

    async def replace_behind_it(token_id: int) -> TokenFacts | None:
        told = await tell_all(token_id)
        if not replaced:
            replaced.append(token_id)
            memory.chain.reorganise(1, keep_transactions=False)
        return told

    monkeypatch.setattr(memory.chain, "token", replace_behind_it)
    job = await memory.core.desk.mint([request(asset)])
    assert replaced == [asset.asset_id.int]
    assert job.stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1


async def test_a_batch_goes_on_without_the_asset_that_has_a_token_already(memory: MemoryCore) -> None:
    taken, *others = await memory.add_assets(3)
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset) for asset in (taken, *others)])
    batch = await at_stage(memory, job, MintStage.CONFIRMING)
    for tx_hash in memory.chain.waiting:
        memory.chain.drop(tx_hash)
    mint_behind_its_back(memory, taken)
    memory.chain.automine = True
    await memory.chain.send_raw(batch.transactions[0].raw)
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.FAILED
    assert await memory.state_of(taken) == "MINTED"
    for asset in others:
        assert await memory.state_of(asset) == "MINT_FAILED"
    assert memory.chain.mints_of(taken.asset_id) == 1
    again = await memory.core.desk.retry(others[0].asset_id)
    assert (await memory.core.desk.outcome(again.job_id)).stage is MintStage.COMPLETED
    assert [memory.chain.mints_of(asset.asset_id) for asset in (taken, *others)] == [1, 1, 1]


async def test_an_unsigned_batch_leaves_out_what_is_minted_already(memory: MemoryCore) -> None:
    taken, other = await memory.add_assets(2)
    mint_behind_its_back(memory, taken)
    job = await memory.core.desk.mint([request(taken), request(other)])
    assert job.stage is MintStage.COMPLETED
    assert await memory.state_of(taken) == "MINTED"
    assert [memory.chain.mints_of(asset.asset_id) for asset in (taken, other)] == [1, 1]


async def test_a_token_that_exists_is_adopted_only_at_depth(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, Settings(demo_data=False, confirmations=3, stage_pace_ms=5_000)).start()
    (asset,) = await memory.add_assets()
    mint_behind_its_back(memory, asset)
    job = await memory.core.desk.request([request(asset)])
    await trouble(memory, job.job_id, ErrorCode.DUPLICATE_ASSET)
    assert await memory.state_of(asset) == "MINTING"
    await memory.chain.mine(2)
    assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert memory.chain.mints_of(asset.asset_id) == 1
    await memory.core.close()


async def test_nothing_is_sent_by_a_decision_once_the_desk_is_closed(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.automine = False
    job = await memory.core.desk.request([request(asset)])
    await at_stage(memory, job, MintStage.CONFIRMING)
    asked = asyncio.Event()

    async def endless() -> Fees:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(memory.chain, "fees", endless)
    cancelling = asyncio.ensure_future(memory.core.desk.cancel(job.job_id))
    await asked.wait()
    sent = len(memory.chain.sent)
    await memory.core.desk.suspend()
    with pytest.raises(EnvironmentFault):
        await cancelling
    assert len(memory.chain.sent) == sent


async def test_an_adopted_token_that_vanishes_is_not_sent_again_for_its_maker(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    mint_behind_its_back(memory, asset)
    job = await memory.core.desk.mint([request(asset)])
    assert job.transactions[0].signer == OTHER_MINTER
    sent = len(memory.chain.sent)
    memory.chain.reorganise(1, keep_transactions=False)
    await progress(memory, job.job_id, lambda seen: seen.stage is MintStage.COMPLETED)
    assert job.transactions[0].raw not in memory.chain.sent[sent:]
    assert await memory.state_of(asset) == "MINTED"
    assert memory.chain.mints_of(asset.asset_id) == 1
