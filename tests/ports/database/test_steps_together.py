"""Several mints take a step in one transaction: each gets what is its own, and none goes where one of them cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import AssetState, MintJob, MintStage
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.database_factory import bring_to_stage
from tests.support.register_under_test import RegisterUnderTest

Together = Callable[[Transaction, Sequence[MintJob]], Any]

TOGETHER: dict[MintStage, Together] = {
    MintStage.REQUESTED: lambda tx, jobs: tx.begin_attempts({job.job_id: 1 for job in jobs}, samples.at(1)),
    MintStage.SUBMITTING: lambda tx, jobs: tx.record_accepted([job.job_id for job in jobs], samples.at(9)),
    MintStage.CONFIRMING: lambda tx, jobs: tx.record_final({job.job_id: (samples.mined_of(job), 1) for job in jobs}),
    MintStage.FINALIZING: lambda tx, jobs: tx.record_minted([job.job_id for job in jobs], samples.at(9)),
}


async def test_mints_go_from_request_to_the_end_together(register: RegisterUnderTest) -> None:
    one, two, three = await register.add(3)
    write = register.database.write
    jobs = [samples.job(one), samples.job(two, three)]
    ids = [job.job_id for job in jobs]
    await write(lambda tx: tx.open_jobs(jobs))
    await write(lambda tx: tx.begin_attempts(dict.fromkeys(ids, 1), samples.at(1)))
    contents = {job.job_id: (samples.cid(str(job.job_id)), samples.frozen_items(job)) for job in jobs}
    await write(lambda tx: tx.freeze_contents(contents))
    nonces = await write(lambda tx: tx.next_nonces(samples.SIGNER, 4, 2))
    signed = {job_id: samples.transaction(nonce) for job_id, nonce in zip(ids, nonces, strict=True)}
    await write(lambda tx: tx.record_signed(signed, samples.at(2)))
    await write(lambda tx: tx.record_accepted(ids, samples.at(3)))
    mined = {job_id: samples.mined(signed[job_id], 20 + number) for number, job_id in enumerate(ids)}
    await write(lambda tx: tx.record_final({ids[0]: (mined[ids[0]], 2), ids[1]: (mined[ids[1]], 1)}))
    await write(lambda tx: tx.record_minted(ids, samples.at(4)))

    assert nonces == [4, 5]
    for job, confirmations in zip(jobs, (2, 1), strict=True):
        recorded = await register.job(job.job_id)
        assert recorded.stage is MintStage.COMPLETED
        assert (recorded.directory_cid, recorded.items) == contents[job.job_id]
        assert recorded.transactions == (signed[job.job_id],)
        assert (recorded.mined, recorded.confirmations) == (mined[job.job_id], confirmations)
        assert recorded.times.accepted_at == samples.at(3)
    for asset in (one, two, three):
        row = await register.row(asset)
        assert (row.state, row.token_id) == (AssetState.MINTED, asset.asset_id.int)


@pytest.mark.parametrize("stage", list(TOGETHER))
async def test_where_one_cannot_go_none_does(register: RegisterUnderTest, stage: MintStage) -> None:
    able, ended = await register.add(2)
    nonces = iter(range(20, 30))

    def prepare(tx: Transaction) -> list[MintJob]:
        jobs = [bring_to_stage(tx, stage, asset, nonce=next(nonces)) for asset in (able, ended)]
        if stage is MintStage.FINALIZING:
            tx.record_minted([jobs[1].job_id], samples.at(8))
        else:
            tx.record_failed(jobs[1].job_id, samples.failure(), samples.at(8))
        return jobs

    jobs = await register.database.write(prepare)
    before = [await register.job(job.job_id) for job in jobs]
    with pytest.raises((UserError, Defect)):
        await register.database.write(lambda tx: TOGETHER[stage](tx, jobs))
    assert [await register.job(job.job_id) for job in jobs] == before

    await register.database.write(lambda tx: TOGETHER[stage](tx, jobs[:1]))
    assert (await register.job(jobs[0].job_id)).stage is not stage


async def test_one_nonce_in_use_keeps_all_from_being_signed(register: RegisterUnderTest) -> None:
    first, second, third = await register.add(3)
    holder = await register.sign(first)
    jobs = [await register.prepare(asset) for asset in (second, third)]
    taken = holder.transactions[0].nonce
    signed = {jobs[0].job_id: samples.transaction(90), jobs[1].job_id: samples.transaction(taken)}
    with pytest.raises(EnvironmentFault) as caught:
        await register.database.write(lambda tx: tx.record_signed(signed, samples.at(5)))
    assert caught.value.code is ErrorCode.NONCE_CONFLICT
    for job in jobs:
        assert (await register.job(job.job_id)).transactions == ()


async def test_nonces_come_past_those_in_use(register: RegisterUnderTest) -> None:
    for nonce in (5, 7):
        (asset,) = await register.add()
        job = await register.prepare(asset)
        held = {job.job_id: samples.transaction(nonce)}
        await register.database.write(lambda tx, held=held: tx.record_signed(held, samples.at(2)))
    assert await register.database.write(lambda tx: tx.next_nonces(samples.SIGNER, 5, 3)) == [6, 8, 9]


async def test_two_requests_for_one_asset_are_both_refused_at_once(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    with pytest.raises(IpnftError) as caught:
        await register.database.write(lambda tx: tx.open_jobs([samples.job(asset), samples.job(asset)]))
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert (await register.row(asset)).state is AssetState.DRAFT


async def test_the_facts_of_a_former_block_give_way_to_those_of_another_transaction(
    register: RegisterUnderTest,
) -> None:
    """After a reorganisation the bump may be mined instead of the mint; no attempt has two mined transactions."""
    (asset,) = await register.add()
    job = await register.sign(asset)
    write = register.database.write
    first = job.transactions[0]
    bump = samples.transaction(first.nonce)
    await write(lambda tx: tx.record_replacement(job.job_id, bump, samples.at(3)))
    await write(lambda tx: tx.record_accepted([job.job_id], samples.at(4)))
    await write(lambda tx: tx.record_mined(job.job_id, samples.mined(first, 8), 0, samples.at(5)))
    await write(lambda tx: tx.record_final({job.job_id: (samples.mined(bump, 9), 1)}))
    assert (await register.job(job.job_id)).mined == samples.mined(bump, 9)
