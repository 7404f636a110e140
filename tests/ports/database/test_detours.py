"""What happens to a mint beside the barriers: tokens found on the chain, batches split, attempts counted, resets."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    MAX_ATTEMPTS,
    OPEN_STAGES,
    AssetState,
    MintJob,
    MintStage,
    MintStrategy,
)
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.database_factory import bring_to_stage
from tests.support.register_under_test import RegisterUnderTest


@pytest.mark.parametrize("stage", sorted(OPEN_STAGES))
async def test_a_token_of_the_chain_is_adopted_from_every_open_stage(
    register: RegisterUnderTest, stage: MintStage
) -> None:
    (asset,) = await register.add()
    job = await register.database.write(lambda tx: bring_to_stage(tx, stage, asset, nonce=0))
    adopted = samples.adopted(job.items[0])
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, adopted, samples.at(9)))

    done = await register.job(job.job_id)
    assert (done.stage, done.confirmations, done.mined) == (MintStage.COMPLETED, 3, adopted.mined)
    assert done.transaction == adopted.transaction
    assert done.transactions == (*job.transactions, adopted.transaction)
    assert (done.items[0].recipient, done.items[0].token_uri) == (adopted.owner, adopted.token_uri)
    assert (done.items[0].metadata_cid, done.directory_cid) == (None, samples.cid("foreign directory"))
    assert done.times.completed_at == samples.at(9)
    row = await register.row(asset)
    assert (row.state, row.token_id) == (AssetState.MINTED, token_id_of(asset.asset_id))


async def test_it_is_adopted_in_one_commit_with_its_request(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = samples.job(asset)
    adopted = samples.adopted(job.items[0])

    def request_and_adopt(tx: Transaction) -> None:
        tx.open_jobs([job])
        tx.record_adopted(job.job_id, adopted, samples.at(1))

    await register.database.write(request_and_adopt)
    assert (await register.row(asset)).state is AssetState.MINTED


async def test_our_own_transaction_is_adopted_without_a_second_record(register: RegisterUnderTest) -> None:
    job = await register.sign(*await register.add())
    (frozen,) = job.items
    assert frozen.token_uri is not None
    own = samples.adopted(
        frozen, transaction=job.transactions[0], mined=samples.mined_of(job), token_uri=frozen.token_uri
    )
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, own, samples.at(9)))
    done = await register.job(job.job_id)
    assert (done.transactions, done.mined) == (job.transactions, own.mined)
    assert (done.items[0].metadata_cid, done.directory_cid) == (frozen.metadata_cid, job.directory_cid)


async def test_one_foreign_batch_is_adopted_by_several_mints(register: RegisterUnderTest) -> None:
    jobs = [await register.request(asset) for asset in await register.add(2)]
    shared = samples.adopted(jobs[0].items[0])
    for job in jobs:
        adopted = replace(samples.adopted(job.items[0]), transaction=shared.transaction, mined=shared.mined)
        await register.database.write(lambda tx, j=job, it=adopted: tx.record_adopted(j.job_id, it, samples.at(9)))
    for job in jobs:
        assert (await register.job(job.job_id)).mined == shared.mined


async def test_an_adopted_transaction_holds_no_nonce(register: RegisterUnderTest) -> None:
    job = await register.request(*await register.add())
    own_key = samples.transaction(4)
    adopted = samples.adopted(job.items[0], transaction=own_key, mined=samples.mined(own_key))
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, adopted, samples.at(9)))
    assert await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == ()
    assert await register.database.write(lambda tx: tx.next_nonces(samples.SIGNER, 4, 1)[0]) == 4


async def test_an_adopted_mint_whose_block_vanishes_is_begun_anew(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.request(asset)
    adopted = samples.adopted(job.items[0])
    write = register.database.write
    await write(lambda tx: tx.record_adopted(job.job_id, adopted, samples.at(9)))
    assert [found.job_id for found in await register.database.read(lambda tx: tx.ended_jobs_above(4))] == [job.job_id]
    await write(lambda tx: tx.record_unmined(job.job_id))
    back = await register.job(job.job_id)
    assert (back.stage, back.transactions, back.directory_cid) == (MintStage.PREPARING, (), None)
    assert (await register.row(asset)).token_id is None
    await register.begin_and_freeze(back, 1)
    await write(lambda tx: tx.record_signed({job.job_id: samples.transaction(3)}, samples.at(12)))
    assert (await register.job(job.job_id)).stage is MintStage.SUBMITTING


async def test_a_batch_is_not_adopted(register: RegisterUnderTest) -> None:
    job = await register.request(*await register.add(2))
    with pytest.raises(Defect):
        await register.database.write(
            lambda tx: tx.record_adopted(job.job_id, samples.adopted(job.items[0]), samples.at(9))
        )


@pytest.mark.parametrize("stage", [MintStage.REQUESTED, MintStage.PREPARING])
async def test_an_item_is_split_off_and_the_others_are_thawed(register: RegisterUnderTest, stage: MintStage) -> None:
    assets = await register.add(3)
    job = await register.database.write(lambda tx: bring_to_stage(tx, stage, *assets, nonce=0))
    new_id = await register.database.write(lambda tx: tx.split_off(job.job_id, assets[1].asset_id))

    rest, alone = await register.job(job.job_id), await register.job(new_id)
    assert [item.asset_id for item in rest.items] == [assets[0].asset_id, assets[2].asset_id]
    assert [item.intent_id for item in alone.items] == [job.items[1].intent_id]
    assert (rest.strategy, alone.strategy) == (MintStrategy.BATCH, MintStrategy.SINGLE)
    for split in (rest, alone):
        assert (split.stage, split.attempt, split.times) == (stage, 1, job.times)
        assert split.directory_cid is None
        assert {(item.metadata_cid, item.token_uri) for item in split.items} == {(None, None)}
    for split in (rest, alone):
        await register.begin_and_freeze(split, 1)
    assert (await register.job(new_id)).directory_cid is not None

    await register.database.write(lambda tx: tx.split_off(job.job_id, assets[0].asset_id))
    assert (await register.job(job.job_id)).strategy is MintStrategy.SINGLE
    latest = await register.database.read(lambda tx: tx.latest_job_of(assets[1].asset_id))
    assert latest is not None
    assert latest.job_id == new_id


async def test_several_items_leave_together(register: RegisterUnderTest) -> None:
    assets = await register.add(5)
    job = await register.prepare(*assets)
    leaving = [assets[3].asset_id, assets[0].asset_id]
    new_id = await register.database.write(lambda tx: tx.split_off(job.job_id, *leaving))
    rest, apart = await register.job(job.job_id), await register.job(new_id)
    assert [item.asset_id for item in rest.items] == [assets[n].asset_id for n in (1, 2, 4)]
    assert [item.asset_id for item in apart.items] == [assets[0].asset_id, assets[3].asset_id]
    assert (rest.strategy, apart.strategy) == (MintStrategy.BATCH, MintStrategy.BATCH)
    for split in (rest, apart):
        await register.begin_and_freeze(split, 1)


async def test_only_some_of_several_items_are_split_off(register: RegisterUnderTest) -> None:
    single = await register.request(*await register.add())
    stranger = (await register.add())[0]
    batch = await register.request(*await register.add(2))
    for job, asset_id in ((single, single.items[0].asset_id), (batch, stranger.asset_id)):
        with pytest.raises(Defect):
            await register.database.write(lambda tx, j=job, a=asset_id: tx.split_off(j.job_id, a))
    for asset_ids in ((), [item.asset_id for item in batch.items]):
        with pytest.raises(Defect):
            await register.database.write(lambda tx, ids=asset_ids: tx.split_off(batch.job_id, *ids))


async def test_what_was_signed_keeps_its_content_when_an_item_is_split_off(register: RegisterUnderTest) -> None:
    signed = await register.sign(*await register.add(2))
    leaving, staying = signed.items
    new_id = await register.database.write(lambda tx: tx.split_off(signed.job_id, leaving.asset_id))
    rest, alone = await register.job(signed.job_id), await register.job(new_id)
    assert rest.items == (staying,)
    assert (rest.directory_cid, rest.transactions) == (signed.directory_cid, signed.transactions)
    assert (alone.transactions, alone.stage) == ((), signed.stage)


async def fail(register: RegisterUnderTest, job: MintJob) -> None:
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))


async def attempts_of(register: RegisterUnderTest, *asset_ids: UUID) -> int:
    return await register.database.read(lambda tx: tx.attempts_of(asset_ids))


async def test_attempts_go_on_counting_over_new_requests(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert await attempts_of(register, asset.asset_id) == attempt - 1
        if attempt > 1:
            with pytest.raises(Defect, match="cannot follow"):
                await register.request(asset)
        job = await register.request(asset, attempt=attempt)
        assert await attempts_of(register, asset.asset_id) == attempt - 1
        await fail(register, job)
    for refused in (
        register.request(asset, attempt=MAX_ATTEMPTS + 1),
        register.database.write(lambda tx: tx.begin_attempts({job.job_id: MAX_ATTEMPTS + 1}, samples.at(6))),
    ):
        with pytest.raises(UserError) as caught:
            await refused
        assert caught.value.code is ErrorCode.RETRY_LIMIT
    assert (await register.row(asset)).state is AssetState.MINT_FAILED


async def test_a_cancelled_attempt_did_not_fail(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.request(asset)
    await register.database.write(lambda tx: tx.record_cancelled(job.job_id, samples.at(2)))
    assert await attempts_of(register, asset.asset_id) == 0
    job = await register.request(asset)
    await fail(register, job)
    await register.database.write(lambda tx: tx.record_cancelled(job.job_id, samples.at(6)))
    assert await attempts_of(register, asset.asset_id) == 1


async def test_a_success_ends_the_row_of_failures(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.sign(asset)
    await fail(register, job)
    await register.begin_and_freeze(job, 2)
    adopted = samples.adopted(job.items[0])
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, adopted, samples.at(9)))
    assert await attempts_of(register, asset.asset_id) == 0


async def test_a_batch_counts_as_its_most_tried_item(register: RegisterUnderTest) -> None:
    fresh, tried = await register.add(2)
    await fail(register, await register.request(tried))
    assert await attempts_of(register, fresh.asset_id, tried.asset_id) == 1
    with pytest.raises(Defect):
        await register.request(fresh, tried)
    await register.request(fresh, tried, attempt=2)


async def test_a_reset_gives_an_asset_all_its_attempts_back(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.sign(asset)
    await fail(register, job)
    await register.database.write(lambda tx: tx.reset_to_draft(asset.asset_id))

    assert (await register.row(asset)).state is AssetState.DRAFT
    assert await register.database.read(lambda tx: tx.latest_job_of(asset.asset_id)) is None
    assert (await register.job(job.job_id)).stage is MintStage.FAILED
    assert await attempts_of(register, asset.asset_id) == 0
    with pytest.raises(UserError):
        await register.database.write(lambda tx: tx.begin_attempts({job.job_id: 2}, samples.at(6)))
    await register.request(asset)


async def test_only_what_certainly_has_no_token_is_reset(register: RegisterUnderTest) -> None:
    draft, pending, minted = await register.add(3)
    await register.request(pending)
    await register.mint(minted)
    for asset in (draft, pending, minted):
        with pytest.raises(UserError) as caught:
            await register.database.write(lambda tx, it=asset: tx.reset_to_draft(it.asset_id))
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.reset_to_draft(samples.uuid()))
    assert caught.value.code is ErrorCode.ASSET_NOT_FOUND


async def test_outcomes_are_told_newest_first(register: RegisterUnderTest) -> None:
    minted = await register.mint(*await register.add())
    failed = await register.sign(*await register.add())
    await fail(register, failed)
    cancelled = await register.request(*await register.add())
    await register.database.write(lambda tx: tx.record_cancelled(cancelled.job_id, samples.at(6)))
    await register.request(*await register.add())

    outcomes = await register.database.read(lambda tx: tx.recent_outcomes(10))
    assert [(outcome.job_id, outcome.stage) for outcome in outcomes] == [
        (failed.job_id, MintStage.FAILED),
        (minted.job_id, MintStage.COMPLETED),
    ]
    assert (outcomes[0].attempt, outcomes[0].completed_at) == (1, samples.at(5))
    assert await register.database.read(lambda tx: tx.recent_outcomes(1)) == outcomes[:1]


async def test_completed_jobs_are_found_above_a_block(register: RegisterUnderTest) -> None:
    jobs = [await register.mint(*await register.add(), block=block) for block in (7, 9, 8)]
    open_job = await register.sign(*await register.add())
    await register.database.write(lambda tx: tx.record_accepted([open_job.job_id], samples.at(2)))
    mined = samples.mined_of(open_job, 9)
    await register.database.write(lambda tx: tx.record_mined(open_job.job_id, mined, 0, samples.at(3)))

    async def above(number: int) -> tuple[MintJob, ...]:
        return await register.database.read(lambda tx: tx.ended_jobs_above(number))

    assert await register.database.read(lambda tx: tx.highest_mined_block()) == 9
    assert await above(7) == (jobs[1], jobs[2])
    assert await above(9) == ()
    await register.database.write(lambda tx: tx.retire_chain(samples.at(50)))
    assert await above(0) == ()
    assert await register.database.read(lambda tx: tx.highest_mined_block()) is None
