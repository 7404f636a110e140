"""Mints in figures: what counts and what does not, and how it is divided into steps of time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ipnft_desktop.domain.batch_runs import BatchStrategy, PlannedBatch
from ipnft_desktop.domain.mint_figures import (
    MAX_STEPS,
    EndedStep,
    GasStep,
    MintFigures,
    QueueChange,
    QueueStep,
    queue_steps,
    step_begin,
    step_s_of,
)
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS
from ipnft_desktop.domain.minting import MintJob, TransactionPurpose
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

PRICE_WEI = 1_234_567_890_123
_nonces = itertools.count()


def signed(tx: Transaction, job: MintJob, at_s: float, **changes: Any) -> MintJob:
    """From the request to barrier C, at one moment."""
    at = samples.at(at_s)
    tx.open_jobs([replace(job, times=replace(job.times, requested_at=at))])
    tx.begin_attempts({job.job_id: 1}, at)
    tx.freeze_contents({job.job_id: (samples.cid(str(job.job_id)), samples.frozen_items(job))})
    tx.record_signed({job.job_id: samples.transaction(next(_nonces), **changes)}, at)
    tx.record_accepted([job.job_id], at)
    stored = tx.job(job.job_id)
    assert stored is not None
    return stored


async def mint(register: RegisterUnderTest, count: int, at_s: float, gas: int, price_wei: int = PRICE_WEI) -> MintJob:
    """That many assets in one transaction, ended three seconds later."""
    assets = await register.add(count)

    def work(tx: Transaction) -> MintJob:
        job = signed(tx, samples.job(*assets), at_s)
        mined = samples.mined_of(job, gas_used=gas, gas_price_wei=price_wei)
        tx.record_mined(job.job_id, mined, 0, samples.at(at_s + 1))
        tx.record_final({job.job_id: (mined, 1)})
        tx.record_minted([job.job_id], samples.at(at_s + 3))
        return job

    return await register.database.write(work)


async def keep(register: RegisterUnderTest, job: MintJob, gas_single: int | None) -> None:
    """As a run of one transaction."""
    batches = [PlannedBatch(job.job_id, 1, gas_single)]
    await register.database.write(
        lambda tx: tx.insert_run(samples.uuid(), BatchStrategy.MANUAL, None, samples.NOW, "Ada", batches, ())
    )


async def figures(register: RegisterUnderTest, since_s: float | None = None) -> MintFigures:
    since = None if since_s is None else samples.at(since_s)
    return await register.database.read(lambda tx: tx.mint_figures(since))


async def test_nothing_has_no_figures(register: RegisterUnderTest) -> None:
    found = await figures(register)
    assert found == MintFigures()
    assert (found.average_batch_size, found.saved_gas, found.saved_percent) == (None, None, None)
    assert (found.baseline_saved_gas, found.baseline_saved_percent) == (None, None)
    assert await register.database.read(lambda tx: tx.gas_steps(samples.NOW, 60)) == ()
    assert await register.database.read(lambda tx: tx.first_request()) is None


async def test_tokens_batches_and_what_they_saved(register: RegisterUnderTest) -> None:
    single = await mint(register, 1, 0, 82_000)
    based, baseless = await mint(register, 3, 100, 130_000), await mint(register, 2, 200, 110_000, 7)
    await keep(register, single, 90_000)
    await keep(register, based, 80_000)
    await keep(register, baseless, None)

    found = await figures(register)
    assert (found.tokens, found.transactions) == (6, 3)
    assert (found.batches, found.batch_tokens, found.batch_gas) == (2, 5, 240_000), "a batch of one is none"
    assert found.average_batch_size == 2.5
    assert found.fee_wei == 82_000 * PRICE_WEI + 130_000 * PRICE_WEI + 110_000 * 7, "to the wei"
    assert (found.saved_gas, found.based_tokens, found.baseless_tokens) == (3 * 80_000 - 130_000, 3, 2)
    assert found.saved_percent == pytest.approx(100 * 110 / 240)
    assert found.baseline_saved_gas == 5 * BASELINE_SINGLE_GAS - 240_000

    later = await figures(register, 200)
    assert (later.tokens, later.batches, later.saved_gas) == (2, 1, None)
    assert later.fee_wei == 770_000
    assert await figures(register, 201) == MintFigures()


async def test_what_was_paid_for_nothing_is_paid(register: RegisterUnderTest) -> None:
    """A revert, and a cancellation that was mined; what only was signed costs nothing yet."""
    failing, cancelled, waiting = await register.add(3)

    def work(tx: Transaction) -> None:
        job = signed(tx, samples.job(failing), 0)
        tx.record_mined(job.job_id, samples.mined_of(job, gas_used=30_000, gas_price_wei=2), 0, samples.at(1))
        tx.record_failed(job.job_id, samples.failure(), samples.at(2))
        job = signed(tx, samples.job(cancelled), 10)
        assert job.transaction is not None
        cancellation = samples.transaction(job.transaction.nonce, purpose=TransactionPurpose.CANCEL)
        tx.record_replacement(job.job_id, cancellation, samples.at(11))
        mined = samples.mined(cancellation, gas_used=21_000, gas_price_wei=3)
        tx.record_mined(job.job_id, mined, 0, samples.at(12))
        tx.record_cancelled(job.job_id, samples.at(13))
        signed(tx, samples.job(waiting), 20)

    await register.database.write(work)
    found = await figures(register)
    assert (found.tokens, found.transactions, found.fee_wei) == (0, 2, 60_000 + 63_000)


async def test_a_block_that_vanished_takes_its_figures_along(register: RegisterUnderTest) -> None:
    job = await mint(register, 4, 0, 150_000)
    assert (await figures(register)).tokens == 4
    await register.database.write(lambda tx: tx.record_unmined(job.job_id))
    assert await figures(register) == MintFigures()


async def test_an_adopted_token_is_a_token_and_nothing_else(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.request(asset)
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, samples.adopted(job.items[0]), samples.NOW))
    assert await figures(register) == MintFigures(tokens=1)
    assert await register.database.read(lambda tx: tx.gas_steps(samples.NOW, 60)) == ()
    await register.database.write(lambda tx: tx.record_unmined(job.job_id))
    assert await figures(register) == MintFigures()


async def test_our_own_transaction_found_on_the_chain_counts_in_full(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.database.write(lambda tx: signed(tx, samples.job(asset), 0))
    own = replace(
        samples.adopted(job.items[0]),
        transaction=job.transactions[0],
        mined=samples.mined_of(job, gas_used=80_000, gas_price_wei=2),
    )
    await register.database.write(lambda tx: tx.record_adopted(job.job_id, own, samples.at(5)))
    assert await figures(register) == MintFigures(tokens=1, transactions=1, fee_wei=160_000)


async def test_only_the_present_chain_counts(register: RegisterUnderTest) -> None:
    await mint(register, 2, 0, 100_000)
    await register.database.write(lambda tx: tx.retire_chain(samples.at(9)))
    await register.database.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(9)))
    assert await figures(register) == MintFigures()


async def test_gas_is_added_up_by_steps(register: RegisterUnderTest) -> None:
    await mint(register, 1, 0.5, 80_000, 10)
    await mint(register, 3, 59, 130_000, 20)
    await mint(register, 1, 60, 82_000, 30)
    await mint(register, 1, -1, 1, 1)
    steps = await register.database.read(lambda tx: tx.gas_steps(samples.NOW, 60))
    assert steps == (
        GasStep(samples.NOW, 2, 210_000, 3_400_000, 4, 210_000),
        GasStep(samples.at(60), 1, 82_000, 2_460_000, 1, 82_000),
    )
    assert await register.database.read(lambda tx: tx.mined_count(samples.NOW)) == 3
    assert steps[0].transaction_gas == 105_000
    assert steps[0].gas_price_wei == pytest.approx(16.19, abs=0.01)
    assert steps[0].gas_per_token == 52_500


async def test_ends_and_queue_by_steps(register: RegisterUnderTest) -> None:
    """Two are open at once in the first minute, one stays open over the second one, nothing is left in the fourth."""
    for begin, end, is_minted in ((0, 30, True), (20, 150, False), (50, 52, True)):
        (asset,) = await register.add()

        def work(tx: Transaction, asset: Any = asset, begin: int = begin, end: int = end, ok: bool = is_minted) -> None:
            job = signed(tx, samples.job(asset), begin)
            mined = samples.mined_of(job)
            if ok:
                tx.record_final({job.job_id: (mined, 1)})
                tx.record_minted([job.job_id], samples.at(end))
            else:
                tx.record_failed(job.job_id, samples.failure(), samples.at(end))

        await register.database.write(work)
    cancelled = await register.request(*await register.add(), times=replace(samples.job().times))
    await register.database.write(lambda tx: tx.record_cancelled(cancelled.job_id, samples.NOW))

    def read(tx: Transaction) -> Any:
        return tx.ended_steps(samples.NOW, 60), tx.queue_changes(samples.NOW, 60), tx.open_job_count()

    ended, changes, open_now = await register.database.read(read)
    assert ended == (EndedStep(samples.NOW, 2, 0), EndedStep(samples.at(120), 0, 1))
    assert changes == (QueueChange(samples.NOW, 2, 1), QueueChange(samples.at(120), 0, -1))
    assert open_now == 0
    steps = queue_steps(changes, open_now, samples.NOW, samples.at(185), 60)
    assert [step.open_mints for step in steps] == [2, 1, 1, 0]
    since = samples.at(60)
    later = await register.database.read(lambda tx: tx.queue_changes(since, 60))
    assert queue_steps(later, 0, since, samples.at(130), 60) == (
        QueueStep(samples.at(60), 1),
        QueueStep(samples.at(120), 1),
    ), "what was open before counts too"


@pytest.mark.parametrize(("span", "step_s"), [(0, 1), (299, 1), (300, 5), (86_400, 300), (86_400 * 365, 604_800)])
def test_steps_are_as_short_as_a_chart_allows(span: int, step_s: int) -> None:
    until = samples.NOW + timedelta(seconds=span)
    found = step_s_of(samples.NOW, until)
    assert found == step_s
    first, last = step_begin(samples.NOW, found), step_begin(until, found)
    assert (last - first).total_seconds() / found + 1 <= MAX_STEPS
