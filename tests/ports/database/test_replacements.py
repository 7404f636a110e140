"""Fee bumps and cancellations: several transactions under the nonce of one attempt, of which the chain mines one."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, MintJob, MintStage, TransactionPurpose, TransactionRecord
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


def bump_of(job: MintJob) -> TransactionRecord:
    return samples.transaction(job.transactions[0].nonce, max_fee_per_gas_wei=9_000_000_000)


def cancellation_of(job: MintJob) -> TransactionRecord:
    return samples.transaction(job.transactions[0].nonce, purpose=TransactionPurpose.CANCEL, gas_limit=21_000)


async def replaced(register: RegisterUnderTest) -> MintJob:
    """A CONFIRMING job with its mint, a fee bump and a cancellation."""
    job = await register.sign(*await register.add())
    for transaction in (bump_of(job), cancellation_of(job)):
        await register.database.write(lambda tx, it=transaction: tx.record_replacement(job.job_id, it, samples.at(2)))
    await register.database.write(lambda tx: tx.record_accepted([job.job_id], samples.at(3)))
    return await register.job(job.job_id)


async def test_all_transactions_of_an_attempt_are_told_oldest_first(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    purposes = [transaction.purpose for transaction in job.transactions]
    assert purposes == [TransactionPurpose.MINT, TransactionPurpose.MINT, TransactionPurpose.CANCEL]
    assert job.cancel_requested
    assert job.transaction == job.transactions[2]
    assert (await register.database.read(lambda tx: tx.jobs_in(frozenset({MintStage.CONFIRMING})))) == (job,)
    mint = (await register.asset(job.items[0].asset_id)).mint
    assert mint is not None
    assert mint.tx_hash == job.transactions[2].tx_hash


async def test_the_one_that_was_mined_is_the_one_that_counts(register: RegisterUnderTest) -> None:
    """After a reorganisation it may be another one; then the first is mined no more."""
    job = await replaced(register)
    for transaction in (job.transactions[1], job.transactions[0]):
        mined = samples.mined(transaction, 8)
        await register.database.write(lambda tx, it=mined: tx.record_mined(job.job_id, it, 0, samples.at(4)))
        now = await register.job(job.job_id)
        assert (now.mined, now.transaction) == (mined, transaction)
        assert len(now.transactions) == 3
    mined = samples.mined(job.transactions[1], 9)
    await register.database.write(lambda tx: tx.record_final({job.job_id: (mined, 1)}))
    await register.database.write(lambda tx: tx.record_minted([job.job_id], samples.at(5)))
    asset = await register.asset(job.items[0].asset_id)
    assert asset.mint is not None
    assert (asset.state, asset.mint.mined, asset.mint.tx_hash) == (AssetState.MINTED, mined, mined.tx_hash)
    assert (await register.job(job.job_id)).mined == mined


async def test_the_same_hash_in_another_block_is_mined_at_another_time(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    for second, position in ((4, 0), (5, 0), (6, 1)):
        mined = samples.mined(job.transactions[position], 8)
        await register.database.write(lambda tx, m=mined, s=second: tx.record_mined(job.job_id, m, 0, samples.at(s)))
    assert (await register.job(job.job_id)).times.mined_at == samples.at(6)


async def test_a_transaction_of_somebody_else_is_not_recorded_as_mined(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    foreign = samples.mined(samples.transaction(job.transactions[0].nonce))
    for step in (
        lambda tx: tx.record_mined(job.job_id, foreign, 0, samples.at(4)),
        lambda tx: tx.record_final({job.job_id: (foreign, 1)}),
    ):
        with pytest.raises(Defect, match="never signed"):
            await register.database.write(step)
    assert await register.job(job.job_id) == job


async def test_a_mint_is_cancelled_once_the_chain_mined_the_cancellation(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    mint, _, cancellation = job.transactions
    write = register.database.write
    for mined in (None, samples.mined(mint)):
        if mined is not None:
            await write(lambda tx, it=mined: tx.record_mined(job.job_id, it, 0, samples.at(4)))
        with pytest.raises(UserError) as caught:
            await write(lambda tx: tx.record_cancelled(job.job_id, samples.at(5)))
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE

    mined = samples.mined(cancellation)
    await write(lambda tx: tx.record_mined(job.job_id, mined, 1, samples.at(6)))
    with pytest.raises(Defect, match="makes no token"):
        await write(lambda tx: tx.record_final({job.job_id: (mined, 1)}))
    await write(lambda tx: tx.record_cancelled(job.job_id, samples.at(7)))
    ended = await register.job(job.job_id)
    assert (ended.stage, ended.mined, ended.times.completed_at) == (MintStage.CANCELLED, mined, samples.at(7))
    asset = await register.asset(job.items[0].asset_id)
    assert asset.state is AssetState.MINT_CANCELLED
    await register.request(asset)


async def test_nothing_is_replaced_once_something_is_mined(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    await register.database.write(lambda tx: tx.record_mined(job.job_id, samples.mined_of(job), 0, samples.at(4)))
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.record_replacement(job.job_id, bump_of(job), samples.at(5)))
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


@pytest.mark.parametrize(
    "change", [{"nonce": 77}, {"signer": samples.RECIPIENT}, {"purpose": TransactionPurpose.FILL}], ids=str
)
async def test_only_the_same_nonce_is_replaced(register: RegisterUnderTest, change: dict[str, object]) -> None:
    job = await register.sign(*await register.add())
    stray = samples.transaction(**{"nonce": job.transactions[0].nonce, **change})
    with pytest.raises(Defect):
        await register.database.write(lambda tx: tx.record_replacement(job.job_id, stray, samples.at(2)))
    assert await register.job(job.job_id) == job


async def test_the_nonce_of_an_attempt_is_held_once_and_given_up_with_all_of_it(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    nonce = job.transactions[0].nonce
    other = await register.prepare(*await register.add())
    write = register.database.write
    with pytest.raises(EnvironmentFault) as caught:
        await write(lambda tx: tx.record_signed({other.job_id: samples.transaction(nonce)}, samples.at(4)))
    assert caught.value.code is ErrorCode.NONCE_CONFLICT
    assert await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, nonce)) == job.transactions

    await write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))
    assert await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == ()
    await write(lambda tx: tx.record_signed({other.job_id: samples.transaction(nonce)}, samples.at(6)))


async def test_another_attempt_starts_with_nothing_signed(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))
    await register.begin_and_freeze(job, 2)
    again = samples.transaction(30)
    await register.database.write(lambda tx: tx.record_signed({job.job_id: again}, samples.at(6)))
    stored = await register.job(job.job_id)
    assert (stored.attempt, stored.transactions, stored.cancel_requested) == (2, (again,), False)


async def test_a_vanished_block_leaves_all_transactions_unmined(register: RegisterUnderTest) -> None:
    job = await replaced(register)
    await register.database.write(lambda tx: tx.record_mined(job.job_id, samples.mined_of(job), 0, samples.at(4)))
    await register.database.write(lambda tx: tx.record_unmined(job.job_id))
    back = await register.job(job.job_id)
    assert (back.stage, back.mined, back.transactions) == (MintStage.CONFIRMING, None, job.transactions)
