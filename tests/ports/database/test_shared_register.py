"""Several programs on one register: each job has one worker, each signer one user at a time, each nonce one holder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import OPEN_STAGES, MintJob, MintStage
from ipnft_desktop.services.ports import Transaction
from tests.ports.database.conftest import OpenDatabase
from tests.support import samples
from tests.support.database_factory import bring_to_minted, bring_to_signed, bring_to_stage
from tests.support.register_under_test import RegisterUnderTest


class TwoPrograms:
    """Two programs, `one` and `other`, on a PostgreSQL register with a chain bound."""

    def __init__(self, one: RegisterUnderTest, other: RegisterUnderTest) -> None:
        self.one = one
        self.other = other

    async def pretend(self, statement: str) -> None:
        """Change times on record instead of waiting."""
        await self.one.database.write(lambda tx: tx._connection.execute(text(statement)) and None)

    async def silence(self) -> None:
        """Every program was last heard of long ago."""
        await self.pretend("UPDATE workers SET beat_at = beat_at - interval '16 seconds'")


@pytest.fixture
async def programs(postgresql_url: str, open_database: OpenDatabase) -> TwoPrograms:
    databases = [await open_database(postgresql_url), await open_database(postgresql_url)]
    one, other = (RegisterUnderTest(database, samples.enterprise()) for database in databases)
    await one.database.write(lambda tx: tx.insert_enterprise(one.owner))
    await one.database.write(lambda tx: tx.bind_chain(samples.identity(), samples.NOW))
    other.owner = one.owner
    return TwoPrograms(one, other)


async def ours(database: SqlDatabase) -> list[MintJob]:
    return list(await database.read(lambda tx: tx.our_jobs_in(OPEN_STAGES)))


async def code_of(database: SqlDatabase, work: Callable[[Transaction], Any]) -> ErrorCode:
    with pytest.raises((EnvironmentFault, UserError)) as caught:
        await database.write(work)
    return caught.value.code


async def test_only_postgresql_is_shared(migrated_sqlite: str, programs: TwoPrograms) -> None:
    assert not SqlDatabase(migrated_sqlite).is_shared
    assert programs.one.database.is_shared


async def test_a_job_is_worked_on_by_who_opened_it(programs: TwoPrograms) -> None:
    one, other = programs.one, programs.other
    job = await one.prepare(*await one.add())
    assert [found.job_id for found in await ours(one.database)] == [job.job_id]
    assert await ours(other.database) == []
    assert len(await other.database.read(lambda tx: tx.jobs_in(OPEN_STAGES))) == 1
    assert await other.database.write(lambda tx: tx.take_over_jobs()) == 0


STEPS: dict[str, tuple[MintStage, Callable[[Transaction, MintJob], Any]]] = {
    "begin": (MintStage.REQUESTED, lambda tx, job: tx.begin_attempts({job.job_id: 1}, samples.at(9))),
    "freeze": (
        MintStage.PREPARING,
        lambda tx, job: tx.freeze_contents({job.job_id: (str(job.directory_cid), job.items)}),
    ),
    "signed": (
        MintStage.PREPARING,
        lambda tx, job: tx.record_signed({job.job_id: samples.transaction(9)}, samples.NOW),
    ),
    "split": (MintStage.PREPARING, lambda tx, job: tx.split_off(job.job_id, job.items[0].asset_id)),
    "replaced": (
        MintStage.SUBMITTING,
        lambda tx, job: tx.record_replacement(job.job_id, samples.transaction(0), samples.NOW),
    ),
    "accepted": (MintStage.SUBMITTING, lambda tx, job: tx.record_accepted([job.job_id], samples.at(9))),
    "mined": (
        MintStage.CONFIRMING,
        lambda tx, job: tx.record_mined(job.job_id, samples.mined_of(job), 1, samples.at(9)),
    ),
    "unmined": (MintStage.CONFIRMING, lambda tx, job: tx.record_unmined(job.job_id)),
    "final": (MintStage.CONFIRMING, lambda tx, job: tx.record_final({job.job_id: (samples.mined_of(job), 1)})),
    "failed": (MintStage.CONFIRMING, lambda tx, job: tx.record_failed(job.job_id, samples.failure(), samples.at(9))),
    "cancelled": (MintStage.REQUESTED, lambda tx, job: tx.record_cancelled(job.job_id, samples.at(9))),
    "adopted": (
        MintStage.REQUESTED,
        lambda tx, job: tx.record_adopted(job.job_id, samples.adopted(job.items[0]), samples.at(9)),
    ),
    "minted": (MintStage.FINALIZING, lambda tx, job: tx.record_minted([job.job_id], samples.at(9))),
}


async def test_no_step_of_a_former_worker_is_written(programs: TwoPrograms) -> None:
    """A program that slept finds its jobs with another one, wherever they stand."""
    zombie, heir = programs.one.database, programs.other.database
    for nonce, (name, (stage, step)) in enumerate(STEPS.items()):
        (asset,) = await programs.one.add()
        job = await zombie.write(lambda tx, s=stage, a=asset, n=nonce: bring_to_stage(tx, s, a, nonce=n))
        await programs.silence()
        assert await heir.write(lambda tx: tx.take_over_jobs()) == 1, name
        assert await code_of(zombie, lambda tx, it=step, j=job: it(tx, j)) is ErrorCode.LEASE_LOST, name
        assert await programs.other.job(job.job_id) == job, f"{name} left a trace"
        await heir.write(lambda tx, j=job: tx.record_adopted(j.job_id, samples.adopted(j.items[0]), samples.at(9)))
        assert (await programs.other.row(asset)).token_id is not None


async def test_the_heir_goes_on_where_the_former_worker_stopped(programs: TwoPrograms) -> None:
    (asset,) = await programs.one.add()
    job = await programs.one.sign(asset)
    await programs.silence()
    heir = programs.other.database
    assert await heir.write(lambda tx: tx.take_over_jobs()) == 1
    assert [found.transactions for found in await ours(heir)] == [job.transactions]
    await heir.write(lambda tx: tx.record_accepted([job.job_id], samples.at(2)))
    await heir.write(lambda tx: tx.record_final({job.job_id: (samples.mined_of(job), 1)}))
    await heir.write(lambda tx: tx.record_minted([job.job_id], samples.at(3)))
    # The former worker hears that it is no longer its business, not that something is wrong.
    assert await code_of(programs.one.database, lambda tx: tx.record_accepted([job.job_id], samples.at(4))) is (
        ErrorCode.LEASE_LOST
    )


async def test_a_program_that_beats_keeps_its_jobs(programs: TwoPrograms) -> None:
    await programs.one.request(*await programs.one.add())
    await programs.silence()
    await programs.one.database.write(lambda tx: tx.beat())
    assert await programs.other.database.write(lambda tx: tx.take_over_jobs()) == 0


async def test_a_program_that_closed_leaves_its_jobs_at_once(programs: TwoPrograms) -> None:
    job = await programs.one.request(*await programs.one.add())
    await programs.one.database.close()
    assert await programs.other.database.write(lambda tx: tx.take_over_jobs()) == 1
    assert [found.job_id for found in await ours(programs.other.database)] == [job.job_id]


async def test_orphans_are_taken_by_one_of_two(programs: TwoPrograms, open_database: OpenDatabase) -> None:
    gone = await open_database(programs.one.database._url.render_as_string(hide_password=False))
    assets = await programs.one.add(12)
    for asset in assets:
        await gone.write(lambda tx, it=asset: tx.open_jobs([samples.job(it)]))
    await gone.close()
    heirs = (programs.one.database, programs.other.database)
    taken = await asyncio.gather(*(heir.write(lambda tx: tx.take_over_jobs()) for heir in heirs for _ in range(3)))
    held = [await ours(heir) for heir in heirs]
    assert sum(map(len, held)) == 12 == sum(taken)
    assert {job.job_id for jobs in held for job in jobs} == {
        job.job_id for job in await heirs[0].read(lambda tx: tx.jobs_in(OPEN_STAGES))
    }


async def test_a_failed_job_is_retried_by_whoever_asks(programs: TwoPrograms) -> None:
    job = await programs.one.sign(*await programs.one.add())
    await programs.one.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(3)))
    await programs.other.begin_and_freeze(job, 2)
    assert [found.job_id for found in await ours(programs.other.database)] == [job.job_id]
    assert await code_of(
        programs.one.database, lambda tx: tx.record_signed({job.job_id: samples.transaction(1)}, samples.at(4))
    ) is (ErrorCode.LEASE_LOST)


async def test_a_reorganised_mint_is_watched_by_whoever_saw_it(programs: TwoPrograms) -> None:
    job = await programs.one.mint(*await programs.one.add())
    await programs.other.database.write(lambda tx: tx.record_unmined(job.job_id))
    assert [found.job_id for found in await ours(programs.other.database)] == [job.job_id]
    assert await code_of(programs.one.database, lambda tx: tx.record_unmined(job.job_id)) is ErrorCode.LEASE_LOST


async def test_one_asset_requested_in_two_programs_is_minted_once(programs: TwoPrograms) -> None:
    assets = await programs.one.add(8)
    requests = [
        register.database.write(lambda tx, it=asset: tx.open_jobs([samples.job(it)]))
        for asset in assets
        for register in (programs.one, programs.other)
    ]
    outcomes = await asyncio.gather(*requests, return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert [(type(outcome), outcome.code) for outcome in refused] == [(UserError, ErrorCode.MINT_INVALID_STATE)] * 8
    assert len(await programs.one.database.read(lambda tx: tx.jobs_in(OPEN_STAGES))) == 8


async def test_crossed_batches_of_two_programs_do_not_lock_each_other_out(programs: TwoPrograms) -> None:
    """The assets are held in one order, whatever the order of the request: a deadlock would cost a second, and an
    error that says nothing."""
    for _ in range(5):
        assets = await programs.one.add(30)
        outcomes = await asyncio.gather(
            programs.one.database.write(lambda tx, them=assets: tx.open_jobs([samples.job(*them)])),
            programs.other.database.write(lambda tx, them=assets: tx.open_jobs([samples.job(*reversed(them))])),
            return_exceptions=True,
        )
        (refused,) = [outcome for outcome in outcomes if outcome is not None]
        assert isinstance(refused, UserError)
        assert refused.code is ErrorCode.MINT_INVALID_STATE


def sign_next(asset: Asset, signer: str = samples.SIGNER) -> Callable[[Transaction], int]:
    """B as the engine takes it: nonce, bytes and record in one commit."""

    def work(tx: Transaction) -> int:
        nonce = tx.next_nonces(signer, 0, 1)[0]
        bring_to_signed(tx, asset, nonce=nonce)
        return nonce

    return work


async def test_programs_that_race_for_nonces_get_each_once(programs: TwoPrograms) -> None:
    """Whoever finds the signer busy waits until the other has released it."""
    turn: asyncio.Queue[None] = asyncio.Queue()

    async def sign(register: RegisterUnderTest, asset: Asset) -> int:
        while True:
            try:
                nonce = await register.database.write(sign_next(asset))
            except EnvironmentFault as fault:
                assert fault.code is ErrorCode.SIGNER_BUSY
                await turn.get()
                continue
            await register.database.write(lambda tx: tx.release_signer(samples.SIGNER))
            turn.put_nowait(None)
            return nonce

    assets = await programs.one.add(20)
    workers = [sign(programs.one if number % 2 else programs.other, asset) for number, asset in enumerate(assets)]
    assert sorted(await asyncio.gather(*workers)) == list(range(20))
    jobs = await programs.one.database.read(lambda tx: tx.jobs_in(frozenset({MintStage.SUBMITTING})))
    assert sorted(job.transactions[0].nonce for job in jobs) == list(range(20))


async def token_of_lease(database: SqlDatabase) -> int:
    return await database.read(
        lambda tx: tx._connection.execute(text("SELECT fencing_token FROM signer_leases")).scalar_one()
    )


async def test_a_signer_is_leased_to_one_program_at_a_time(programs: TwoPrograms) -> None:
    one, other = programs.one.database, programs.other.database
    take = lambda tx: tx.next_nonces(samples.SIGNER, 0, 1)[0]  # noqa: E731
    await one.write(take)
    await one.write(take)
    assert await token_of_lease(one) == 1
    assert await code_of(other, take) is ErrorCode.SIGNER_BUSY
    assert await other.write(lambda tx: tx.next_nonces(samples.RECIPIENT, 0, 1)[0]) == 0

    await other.write(lambda tx: tx.release_signer(samples.SIGNER))
    assert await code_of(other, take) is ErrorCode.SIGNER_BUSY, "a lease is given back by its holder only"
    await programs.pretend("UPDATE signer_leases SET expires_at = expires_at - interval '10 seconds'")
    await other.write(take)
    assert await code_of(one, take) is ErrorCode.SIGNER_BUSY
    await other.write(lambda tx: tx.release_signer(samples.SIGNER))
    await one.write(take)


async def test_each_change_of_holder_is_counted(programs: TwoPrograms) -> None:
    one, other = programs.one.database, programs.other.database
    for expected, database in enumerate((one, other, one), start=1):
        await database.write(lambda tx: tx.next_nonces(samples.SIGNER, 0, 1)[0])
        assert await token_of_lease(one) == expected
        await database.write(lambda tx: tx.release_signer(samples.SIGNER))


async def test_a_refused_commit_leaves_the_signer_free(programs: TwoPrograms) -> None:
    def take_and_fail(tx: Transaction) -> None:
        tx.next_nonces(samples.SIGNER, 0, 1)[0]
        raise UserError(ErrorCode.PERMISSION_DENIED)

    assert await code_of(programs.one.database, take_and_fail) is ErrorCode.PERMISSION_DENIED
    await programs.other.database.write(lambda tx: tx.next_nonces(samples.SIGNER, 0, 1)[0])


async def test_mints_of_two_programs_go_side_by_side(programs: TwoPrograms) -> None:
    assets = await programs.one.add(10)
    await asyncio.gather(
        *(
            (programs.one if nonce % 2 else programs.other).database.write(
                lambda tx, n=nonce, a=asset: bring_to_minted(tx, a, nonce=n)
            )
            for nonce, asset in enumerate(assets)
        )
    )
    rows = [await programs.one.row(asset) for asset in assets]
    assert all(row.token_id is not None for row in rows)
