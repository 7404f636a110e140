"""The five barriers: what each records, where it may be taken from, and what stands in the way of a second token."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, MinedFacts, MintJob, MintStage, MintStrategy, TransactionRecord
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

Step = Callable[[Transaction, MintJob], Any]

_nonces = itertools.count()


def signed_of(tx: Transaction, job: MintJob) -> TransactionRecord:
    """What the job signed last, or what it could have signed."""
    stored = tx.job(job.job_id)
    return stored.transactions[-1] if stored and stored.transactions else samples.transaction(next(_nonces))


def mined_of(tx: Transaction, job: MintJob) -> MinedFacts:
    return samples.mined(signed_of(tx, job))


def replacement_of(tx: Transaction, job: MintJob) -> TransactionRecord:
    return samples.transaction(signed_of(tx, job).nonce)


STEPS: dict[str, Step] = {
    "begin": lambda tx, job: tx.begin_attempts({job.job_id: 1}, samples.at(9)),
    "freeze": lambda tx, job: tx.freeze_contents({job.job_id: (samples.cid(), samples.frozen_items(job))}),
    "signed": lambda tx, job: tx.record_signed({job.job_id: samples.transaction(next(_nonces))}, samples.at(9)),
    "replaced": lambda tx, job: tx.record_replacement(job.job_id, replacement_of(tx, job), samples.at(9)),
    "accepted": lambda tx, job: tx.record_accepted([job.job_id], samples.at(9)),
    "mined": lambda tx, job: tx.record_mined(job.job_id, mined_of(tx, job), 0, samples.at(9)),
    "unmined": lambda tx, job: tx.record_unmined(job.job_id),
    "final": lambda tx, job: tx.record_final({job.job_id: (mined_of(tx, job), 1)}),
    "minted": lambda tx, job: tx.record_minted([job.job_id], samples.at(9)),
    "failed": lambda tx, job: tx.record_failed(job.job_id, samples.failure(), samples.at(9)),
    "cancelled": lambda tx, job: tx.record_cancelled(job.job_id, samples.at(9)),
    "adopted": lambda tx, job: tx.record_adopted(job.job_id, samples.adopted(job.items[0]), samples.at(9)),
    "split": lambda tx, job: tx.split_off(job.job_id, job.items[0].asset_id),
}
ALLOWED: dict[MintStage, set[str]] = {
    MintStage.REQUESTED: {"begin", "failed", "cancelled", "adopted", "split"},
    MintStage.PREPARING: {"begin", "freeze", "signed", "failed", "cancelled", "adopted", "split"},
    MintStage.SUBMITTING: {"replaced", "accepted", "failed", "adopted", "split"},
    MintStage.CONFIRMING: {"replaced", "mined", "unmined", "final", "failed", "adopted", "split"},
    MintStage.FINALIZING: {"unmined", "minted", "adopted"},
    MintStage.COMPLETED: {"unmined"},
    MintStage.FAILED: {"cancelled"},
    MintStage.CANCELLED: set(),
}
PATHS: dict[MintStage, list[str]] = {
    MintStage.REQUESTED: [],
    MintStage.PREPARING: ["begin", "freeze"],
    MintStage.SUBMITTING: ["begin", "freeze", "signed"],
    MintStage.CONFIRMING: ["begin", "freeze", "signed", "accepted"],
    MintStage.FINALIZING: ["begin", "freeze", "signed", "accepted", "final"],
    MintStage.COMPLETED: ["begin", "freeze", "signed", "accepted", "final", "minted"],
    MintStage.FAILED: ["begin", "freeze", "signed", "failed"],
    MintStage.CANCELLED: ["cancelled"],
}


async def at_stage(register: RegisterUnderTest, stage: MintStage) -> MintJob:
    """A stored job brought to the stage."""
    job = await register.request(*await register.add())
    for name in PATHS[stage]:
        await register.database.write(lambda tx, name=name: STEPS[name](tx, job))
    stored = await register.job(job.job_id)
    assert stored.stage is stage
    return stored


@pytest.mark.parametrize("stage", MintStage)
async def test_each_stage_allows_its_own_steps_and_no_other(register: RegisterUnderTest, stage: MintStage) -> None:
    for name, step in STEPS.items():
        if name in ALLOWED[stage]:
            continue
        job = await at_stage(register, stage)
        asset = await register.asset(job.items[0].asset_id)
        with pytest.raises((UserError, Defect)) as caught:
            await register.database.write(lambda tx, step=step, job=job: step(tx, job))
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE or stage is MintStage.FAILED, (name, caught.value)
        assert await register.job(job.job_id) == job, f"{name} left a trace"
        assert await register.asset(asset.asset_id) == asset, f"{name} left a trace"


async def test_a_refused_step_writes_nothing_even_if_the_work_goes_on(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.mint(asset)
    before = await register.asset(asset.asset_id)

    def stubborn(tx: Transaction) -> None:
        with pytest.raises(UserError):
            tx.open_jobs([samples.job(asset)])

    await register.database.write(stubborn)
    assert await register.asset(asset.asset_id) == before


async def test_an_unknown_job_is_our_bug(register: RegisterUnderTest) -> None:
    ghost = samples.job(samples.asset(register.owner))
    for step in STEPS.values():
        with pytest.raises(Defect):
            await register.database.write(lambda tx, step=step: step(tx, ghost))
    assert await register.database.read(lambda tx: tx.job(ghost.job_id)) is None


async def test_a_mint_is_told_at_every_barrier(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    request = await register.request(asset, required_confirmations=3)
    assert await register.job(request.job_id) == request
    assert (await register.asset(asset.asset_id)).state is AssetState.MINT_PENDING

    await register.begin_and_freeze(request, 1)
    prepared = await register.job(request.job_id)
    assert prepared == replace(
        request,
        stage=MintStage.PREPARING,
        directory_cid=samples.cid(),
        items=samples.frozen_items(request),
        times=replace(request.times, last_attempt_at=samples.at(1)),
    )
    assert (await register.asset(asset.asset_id)).state is AssetState.MINTING

    signed = samples.transaction(0, max_fee_per_gas_wei=2**255 + 1)
    await register.database.write(lambda tx: tx.record_signed({request.job_id: signed}, samples.at(2)))
    submitted = await register.job(request.job_id)
    assert (submitted.stage, submitted.transactions) == (MintStage.SUBMITTING, (signed,))

    await register.database.write(lambda tx: tx.record_accepted([request.job_id], samples.at(3)))
    mined = samples.mined(signed)
    for confirmations, second in ((0, 4), (1, 5)):
        await register.database.write(
            lambda tx, k=confirmations, s=second: tx.record_mined(request.job_id, mined, k, samples.at(s))
        )
    row = await register.row(asset)
    assert (row.stage, row.confirmations, row.required_confirmations) == (MintStage.CONFIRMING, 1, 3)
    assert row.token_id is None

    await register.database.write(lambda tx: tx.record_final({request.job_id: (mined, 3)}))
    await register.database.write(lambda tx: tx.record_minted([request.job_id], samples.at(7)))
    done = await register.job(request.job_id)
    assert (done.stage, done.mined, done.confirmations, done.is_open) == (MintStage.COMPLETED, mined, 3, False)
    times = (2, 3, 4, 7, 1)
    assert done.times == replace(
        request.times,
        **dict(
            zip(
                ("signed_at", "accepted_at", "mined_at", "completed_at", "last_attempt_at"),
                map(samples.at, times),
                strict=True,
            )
        ),
    )
    row = await register.row(asset)
    assert (row.state, row.token_id) == (AssetState.MINTED, token_id_of(asset.asset_id))


async def test_the_asset_carries_the_record_of_its_mint(register: RegisterUnderTest) -> None:
    first, second = await register.add(2)
    job = await register.mint(first, second)
    identity = await register.database.read(lambda tx: tx.chain_identity())
    assert identity is not None
    assert job.transaction is not None

    mint = (await register.asset(second.asset_id)).mint
    assert mint is not None
    assert (mint.job_id, mint.strategy, mint.batch_size) == (job.job_id, MintStrategy.BATCH, 2)
    assert (mint.chain_id, mint.contract_address) == (identity.chain_id, identity.contract_address)
    assert mint.token_id == token_id_of(second.asset_id)
    assert (mint.token_uri, mint.metadata_cid) == (job.items[1].token_uri, job.items[1].metadata_cid)
    assert (mint.tx_hash, mint.nonce, mint.gas_limit) == (job.transaction.tx_hash, 0, job.transaction.gas_limit)
    assert (mint.mined, mint.times, mint.stage) == (job.mined, job.times, MintStage.COMPLETED)
    assert (mint.recipient, mint.directory_cid) == (register.owner.wallet_address, job.directory_cid)


async def test_two_requests_for_one_asset_leave_one(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    outcomes = await asyncio.gather(register.request(asset), register.request(asset), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(refused, UserError)
    assert refused.code is ErrorCode.MINT_INVALID_STATE
    assert len(await register.database.read(lambda tx: tx.jobs_in(frozenset(MintStage)))) == 1


async def test_one_bad_asset_keeps_the_whole_batch_out(register: RegisterUnderTest) -> None:
    good, busy = await register.add(2)
    await register.request(busy)
    with pytest.raises(UserError):
        await register.request(good, busy)
    with pytest.raises(UserError) as caught:
        await register.request(good, samples.asset(register.owner))
    assert caught.value.code is ErrorCode.ASSET_NOT_FOUND
    assert (await register.asset(good.asset_id)).state is AssetState.DRAFT
    assert await register.database.read(lambda tx: tx.latest_job_of(good.asset_id)) is None


async def test_an_asset_twice_in_one_batch_is_refused(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    with pytest.raises(UserError) as caught:
        await register.request(asset, asset)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert (await register.asset(asset.asset_id)).state is AssetState.DRAFT


async def test_a_request_recorded_once_is_not_recorded_again(register: RegisterUnderTest) -> None:
    first, second = await register.add(2)
    await register.request(first, idempotency_key="click 1")
    with pytest.raises(UserError) as caught:
        await register.request(second, idempotency_key="click 1")
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_a_nonce_is_held_by_one_live_transaction(register: RegisterUnderTest) -> None:
    first = await register.prepare(*await register.add())
    second = await register.prepare(*await register.add())
    write = register.database.write
    await write(lambda tx: tx.record_signed({first.job_id: samples.transaction(5)}, samples.NOW))

    with pytest.raises(EnvironmentFault) as caught:
        await write(lambda tx: tx.record_signed({second.job_id: samples.transaction(5)}, samples.NOW))
    assert caught.value.code is ErrorCode.NONCE_CONFLICT
    assert (await register.job(second.job_id)).stage is MintStage.PREPARING

    other = samples.transaction(5, signer=samples.RECIPIENT)
    await write(lambda tx: tx.record_signed({second.job_id: other}, samples.NOW))
    await write(lambda tx: tx.record_failed(first.job_id, samples.failure(), samples.NOW))
    third = await register.prepare(*await register.add())
    await write(lambda tx: tx.record_signed({third.job_id: samples.transaction(5)}, samples.NOW))


async def test_the_same_bytes_are_not_recorded_twice(register: RegisterUnderTest) -> None:
    signed = samples.transaction(0)
    for number, expected in enumerate((None, Defect)):
        job = await register.prepare(*await register.add())
        record = replace(signed, nonce=number)
        if expected is None:
            await register.database.write(
                lambda tx, job=job, it=record: tx.record_signed({job.job_id: it}, samples.NOW)
            )
            continue
        with pytest.raises(expected):
            await register.database.write(
                lambda tx, job=job, it=record: tx.record_signed({job.job_id: it}, samples.NOW)
            )


async def test_the_next_nonce_fills_the_lowest_gap(register: RegisterUnderTest) -> None:
    async def next_nonce(chain_nonce: int, signer: str = samples.SIGNER) -> int:
        return await register.database.write(lambda tx: tx.next_nonces(signer, chain_nonce, 1)[0])

    assert await next_nonce(3) == 3
    reverted = await register.prepare(*await register.add())
    await register.database.write(lambda tx: tx.record_signed({reverted.job_id: samples.transaction(5)}, samples.NOW))
    await register.database.write(lambda tx: tx.record_failed(reverted.job_id, samples.failure(), samples.NOW))
    for nonce in (3, 4, 6):
        job = await register.prepare(*await register.add())
        await register.database.write(
            lambda tx, job=job, n=nonce: tx.record_signed({job.job_id: samples.transaction(n)}, samples.NOW)
        )
    assert await next_nonce(3) == 5
    assert await next_nonce(6) == 7
    assert await next_nonce(9) == 9
    assert await next_nonce(3, samples.RECIPIENT) == 3


async def test_nothing_is_signed_before_its_content_is_frozen(register: RegisterUnderTest) -> None:
    job = await register.request(*await register.add())
    await register.database.write(lambda tx: tx.begin_attempts({job.job_id: 1}, samples.NOW))
    with pytest.raises(Defect, match="frozen"):
        await register.database.write(lambda tx: tx.record_signed({job.job_id: samples.transaction()}, samples.NOW))


async def test_frozen_content_stays(register: RegisterUnderTest) -> None:
    job = await register.prepare(*await register.add())
    items = samples.frozen_items(job)

    async def freeze(directory: str, *changed: object) -> None:
        await register.database.write(lambda tx: tx.freeze_contents({job.job_id: (directory, changed or items)}))

    await freeze(samples.cid())  # Work resumed after a crash computes the same content again.
    for again in (
        freeze(samples.cid("other")),
        freeze(samples.cid(), replace(items[0], metadata_cid=samples.cid("other"))),
        freeze(samples.cid(), replace(items[0], recipient=samples.SIGNER)),
    ):
        with pytest.raises(Defect, match="frozen"):
            await again
    assert (await register.job(job.job_id)).items == items


@pytest.mark.parametrize("change", [{"recipient": samples.SIGNER}, {"token_uri": None}, {"metadata_cid": None}])
async def test_only_what_was_requested_is_frozen(register: RegisterUnderTest, change: dict[str, Any]) -> None:
    job = await register.request(*await register.add())
    await register.database.write(lambda tx: tx.begin_attempts({job.job_id: 1}, samples.NOW))
    items = [replace(samples.frozen_items(job)[0], **change)]
    with pytest.raises(Defect):
        await register.database.write(lambda tx: tx.freeze_contents({job.job_id: (samples.cid(), items)}))


async def test_a_failed_job_begins_again_with_a_clean_page(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.sign(asset)
    failure = samples.failure()
    await register.database.write(lambda tx: tx.record_failed(job.job_id, failure, samples.at(5)))
    failed = await register.job(job.job_id)
    assert (failed.stage, failed.failure, failed.transaction) == (MintStage.FAILED, failure, job.transaction)
    assert (await register.asset(asset.asset_id)).state is AssetState.MINT_FAILED

    with pytest.raises(Defect, match="cannot follow"):
        await register.database.write(lambda tx: tx.begin_attempts({job.job_id: 1}, samples.at(6)))
    await register.database.write(lambda tx: tx.begin_attempts({job.job_id: 2}, samples.at(6)))
    again = await register.job(job.job_id)
    assert (again.stage, again.attempt, again.failure, again.transactions) == (MintStage.PREPARING, 2, None, ())
    assert (again.directory_cid, again.items[0].token_uri) == (None, None)
    assert again.times.signed_at is None
    assert (await register.asset(asset.asset_id)).state is AssetState.MINTING


async def test_a_new_request_takes_the_place_of_a_failed_one(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    old = await register.sign(asset)
    await register.database.write(lambda tx: tx.record_failed(old.job_id, samples.failure(), samples.at(5)))
    new = await register.request(asset, attempt=2)

    latest = await register.database.read(lambda tx: tx.latest_job_of(asset.asset_id))
    assert latest is not None
    assert latest.job_id == new.job_id
    for step in (
        lambda tx: tx.begin_attempts({old.job_id: 2}, samples.at(6)),
        lambda tx: tx.record_cancelled(old.job_id, samples.at(6)),
    ):
        with pytest.raises(UserError) as caught:
            await register.database.write(step)
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_a_vanished_block_takes_the_token_back(register: RegisterUnderTest) -> None:
    assets = await register.add(2)
    job = await register.mint(*assets)
    await register.database.write(lambda tx: tx.record_unmined(job.job_id))

    back = await register.job(job.job_id)
    assert (back.stage, back.mined, back.confirmations, back.is_open) == (MintStage.CONFIRMING, None, 0, True)
    assert back.transactions == job.transactions
    row = await register.row(assets[0])
    assert (row.state, row.token_id) == (AssetState.MINTING, None)

    mined = samples.mined_of(job, 9)
    await register.database.write(lambda tx: tx.record_final({job.job_id: (mined, 1)}))
    await register.database.write(lambda tx: tx.record_minted([job.job_id], samples.at(20)))
    assert (await register.row(assets[1])).token_id == token_id_of(assets[1].asset_id)


async def test_another_block_is_mined_at_another_time(register: RegisterUnderTest) -> None:
    job = await register.sign(*await register.add())
    await register.database.write(lambda tx: tx.record_accepted([job.job_id], samples.at(3)))
    for second, block in ((4, 7), (5, 7), (6, 8)):
        await register.database.write(
            lambda tx, s=second, b=block: tx.record_mined(job.job_id, samples.mined_of(job, b), 0, samples.at(s))
        )
        expected = samples.at(4 if block == 7 else 6)
        assert (await register.job(job.job_id)).times.mined_at == expected


async def test_jobs_are_found_by_stage_oldest_first(register: RegisterUnderTest) -> None:
    for second in (3, 1, 2):
        asset = (await register.add())[0]
        await register.request(asset, times=replace(samples.job(asset).times, requested_at=samples.at(second)))
    await register.mint(*await register.add(2))

    jobs = await register.database.read(lambda tx: tx.jobs_in(frozenset({MintStage.REQUESTED})))
    assert [job.times.requested_at for job in jobs] == [samples.at(1), samples.at(2), samples.at(3)]
    assert all(len(job.items) == 1 for job in jobs)
    assert await register.database.read(lambda tx: tx.jobs_in(frozenset())) == ()


async def test_the_base_of_savings_is_the_newest_single_mint_here(register: RegisterUnderTest) -> None:
    async def base() -> int | None:
        return await register.database.read(lambda tx: tx.latest_single_mint_gas())

    assert await base() is None
    await register.mint(*await register.add(3))
    assert await base() is None
    await register.mint(*await register.add())
    assert await base() == samples.mined(samples.transaction()).gas_used
    await register.database.write(lambda tx: tx.retire_chain(samples.at(50)))
    assert await base() is None


async def test_an_open_intent_is_unique_in_the_schema_too(register: RegisterUnderTest) -> None:
    """The barrier behind the checks: rows written past them."""
    (asset,) = await register.add()
    await register.request(asset)

    def forge(tx: Any) -> None:
        tx._connection.execute(
            text(
                "INSERT INTO mint_intents (intent_id, job_id, position, asset_id, is_open, is_current, recipient,"
                " recipient_type) SELECT :forged, job_id, 1, asset_id, is_open, is_current, recipient, recipient_type"
                " FROM mint_intents"
            ),
            {"forged": samples.uuid().hex},
        )

    with pytest.raises(UserError) as caught:
        await register.database.write(forge)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert isinstance(caught.value.__cause__, IntegrityError)


async def test_a_token_is_unique_in_the_schema_too(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.mint(asset)
    (other,) = await register.add()
    job = await register.sign(other)
    await register.database.write(lambda tx: tx.record_accepted([job.job_id], samples.NOW))

    def forge(tx: Any) -> None:
        tx._connection.execute(text("UPDATE tokens SET token_id = :id"), {"id": str(token_id_of(other.asset_id))})
        tx.record_final({job.job_id: (samples.mined_of(job), 1)})

    with pytest.raises(UserError) as caught:
        await register.database.write(forge)
    assert caught.value.code is ErrorCode.DUPLICATE_ASSET
    assert (await register.job(job.job_id)).stage is MintStage.CONFIRMING
