"""The list of all mints: every job exactly once and in order, narrowed, counted, and found by what a person knows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.mint_activity import BY_STATE, JobGroup, JobPage, JobQuery, JobRow, JobSort
from ipnft_desktop.domain.minting import AssetState, MintJob, MintStage, TransactionPurpose
from tests.support import samples
from tests.support.database_factory import bring_to_minted, bring_to_stage
from tests.support.register_under_test import RegisterUnderTest


@dataclass
class Crowd:
    """A register with jobs of every stage, several of them requested at the same moment."""

    register: RegisterUnderTest
    jobs: dict[UUID, MintJob]
    troubled: frozenset[UUID]

    async def page(self, query: JobQuery, limit: int = 100) -> tuple[JobRow, ...]:
        page = await self.register.database.read(lambda tx: tx.job_page(query, None, limit, self.troubled))
        assert page.next_anchor is None
        return page.rows

    async def walk(self, query: JobQuery, limit: int) -> list[JobRow]:
        """All pages behind one another."""
        page = await self._next(query, None, limit)
        rows = list(page.rows)
        while page.next_anchor is not None:
            assert len(page.rows) == limit
            page = await self._next(query, page, limit)
            assert page.rows, "a page that was announced is empty"
            rows += page.rows
        return rows

    async def _next(self, query: JobQuery, former: JobPage | None, limit: int) -> JobPage:
        after = former.next_anchor if former else None
        return await self.register.database.read(lambda tx: tx.job_page(query, after, limit, self.troubled))

    async def found(self, text: str) -> set[UUID]:
        return {row.job_id for row in await self.page(JobQuery(text=text))}


async def request_at(register: RegisterUnderTest, seconds: int, *assets: Asset, **changes: object) -> MintJob:
    return await register.request(
        *assets, times=replace(samples.job(*assets).times, requested_at=samples.at(seconds)), **changes
    )


async def fail(register: RegisterUnderTest, job: MintJob, **changes: object) -> None:
    """Before the signature, as far as the register goes."""
    await register.begin_and_freeze(job, 1)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(**changes), samples.at(50)))


@pytest.fixture
async def crowd(register: RegisterUnderTest) -> Crowd:
    names = ["Lamp", "Radio", "Loom", "Wheel", "Engine", "Dye", "Ladder", "Lens"]
    assets = [
        *itertools.chain.from_iterable([await register.add(name=f"{name} {n}") for name in names for n in (1, 2)])
    ]
    take = iter(assets)
    jobs = [await request_at(register, number, next(take), requested_by="ann") for number in range(2)]
    for number in range(3):
        failed = await request_at(register, 1, next(take), requested_by="bob")
        await fail(register, failed, safe_to_retry=number > 0)
        jobs.append(failed)
    again = await request_at(register, 9, await register.asset(failed.items[0].asset_id), attempt=2)
    jobs.append(again)  # which supersedes the last of those that failed
    cancelled = await request_at(register, 2, next(take), next(take))
    await register.database.write(lambda tx: tx.record_cancelled(cancelled.job_id, samples.at(60)))
    jobs.append(cancelled)
    for nonce, stage in enumerate((MintStage.PREPARING, MintStage.SUBMITTING, MintStage.CONFIRMING)):
        asset = next(take)
        jobs.append(
            await register.database.write(lambda tx, a=asset, s=stage, n=nonce: bring_to_stage(tx, s, a, nonce=n))
        )
    batch = [next(take), next(take), next(take)]
    jobs.append(await register.database.write(lambda tx: bring_to_minted(tx, *batch, nonce=7)))
    return Crowd(register, {job.job_id: job for job in jobs}, frozenset({jobs[-2].job_id, jobs[0].job_id}))


def expected(rows: list[JobRow], query: JobQuery) -> list[UUID]:
    """What a walk must give, worked out without the database."""
    chosen = [row for row in rows if row.is_in(query.group)]
    chosen.sort(key=lambda row: (row.times.requested_at, row.job_id), reverse=query.descending)
    if query.sort is JobSort.STATE:
        chosen.sort(key=lambda row: BY_STATE.index(row.stage), reverse=not query.descending)
    return [row.job_id for row in chosen]


async def test_pages_walk_all_jobs_once_and_in_order(crowd: Crowd) -> None:
    rows = [
        replace(row, trouble=samples.failure().code if row.job_id in crowd.troubled else None)
        for row in await crowd.page(JobQuery())
    ]
    assert {row.job_id for row in rows} == set(crowd.jobs)
    counts = await crowd.register.database.read(lambda tx: tx.count_jobs(JobQuery(), crowd.troubled))
    for group, sort, descending in itertools.product(JobGroup, JobSort, (True, False)):
        query = JobQuery(group, sort=sort, descending=descending)
        for limit in (1, 3, 100):
            walked = [row.job_id for row in await crowd.walk(query, limit)]
            assert walked == expected(rows, query), (group, sort, descending, limit)
        assert counts.of[group] == len(expected(rows, query)), group
    assert counts.of[JobGroup.FAILED] == 2, "one of three was asked for again"
    assert counts.of[JobGroup.NEEDS_ATTENTION] == 3
    assert counts.retryable == 1


async def test_a_line_says_all_of_a_job(crowd: Crowd) -> None:
    by_id = {row.job_id: row for row in await crowd.page(JobQuery())}
    for job_id, job in crowd.jobs.items():
        stored, row = await crowd.register.job(job_id), by_id[job_id]
        first = await crowd.register.asset(job.items[0].asset_id)
        assert (row.asset_id, row.asset_name, row.item_count) == (first.asset_id, first.name, len(job.items))
        assert (row.stage, row.attempt, row.times, row.failure) == (
            stored.stage, stored.attempt, stored.times, stored.failure,
        )  # fmt: skip
        assert (row.requested_by, row.recipient) == (stored.requested_by, stored.items[0].recipient)
        counts = stored.transaction
        assert (row.tx_hash, row.nonce) == ((counts.tx_hash, counts.nonce) if counts else (None, None))
        assert row.fee_wei == (stored.mined.fee_wei if stored.mined else None)
    assert [row.job_id for row in by_id.values() if not row.is_current] == [list(crowd.jobs)[4]]
    assert {row.requested_by for row in by_id.values()} == {"ann", "bob", ""}


async def test_what_a_person_knows_of_a_mint_finds_it(crowd: Crowd) -> None:
    jobs = list(crowd.jobs.values())
    batch, sent = jobs[-1], jobs[-2]
    assert sent.transaction is not None
    second = await crowd.register.asset(batch.items[1].asset_id)
    assert await crowd.found(second.name) == {batch.job_id}, "also by an asset that is not its first"
    assert await crowd.found("lamp") == {jobs[0].job_id, jobs[1].job_id}
    assert await crowd.found("MARKEY") == set(crowd.jobs), "everything the register searches"
    assert await crowd.found("nobody's asset") == set()
    for text in (sent.transaction.tx_hash, sent.transaction.tx_hash[:12].upper().replace("X", "x"), str(sent.job_id)):
        assert await crowd.found(text) == {sent.job_id}, text
    assert await crowd.found(f"0x{token_id_of(second.asset_id):032x}") == {batch.job_id}
    for text in (samples.RECIPIENT, samples.RECIPIENT.lower(), samples.RECIPIENT[:9]):
        assert await crowd.found(text) == set(crowd.jobs), text
    assert await crowd.found(samples.SIGNER) == set()
    assert await crowd.found("0x" + "f" * 64) == set()
    assert await crowd.found("a\u202eb") == set(), "hidden characters match nothing"


async def test_days_leave_out_what_was_asked_for_at_another_time(crowd: Crowd) -> None:
    query = JobQuery(since=samples.at(1), until=samples.at(3), group=JobGroup.FAILED)
    counts = await crowd.register.database.read(lambda tx: tx.count_jobs(query, crowd.troubled))
    assert (counts.of[JobGroup.ALL], counts.of[JobGroup.FAILED], counts.of[JobGroup.WAITING]) == (5, 2, 1)
    assert len(await crowd.page(query)) == 2


async def test_what_may_be_retried_is_counted_for_whoever_owns_all_of_it(crowd: Crowd) -> None:
    database, owner = crowd.register.database, crowd.register.owner.enterprise_id
    (retryable,) = await database.read(lambda tx: tx.retryable_jobs(JobQuery()))
    assert retryable == list(crowd.jobs.values())[3].items[0].asset_id
    for owners, count in ((None, 1), ({owner}, 1), ({samples.uuid()}, 0), ((), 0)):
        assert len(await database.read(lambda tx, o=owners: tx.retryable_jobs(JobQuery(), o))) == count
        counts = await database.read(lambda tx, o=owners: tx.count_jobs(JobQuery(), (), o))
        assert counts.retryable == count
    assert await database.read(lambda tx: tx.retryable_jobs(JobQuery(text="no such"))) == ()


async def test_the_jobs_of_an_asset_are_told_with_those_before(crowd: Crowd) -> None:
    jobs = list(crowd.jobs.values())
    asset_id = jobs[5].items[0].asset_id
    rows = await crowd.register.database.read(lambda tx: tx.job_rows_of([asset_id, samples.uuid()]))
    assert {row.job_id: row.is_current for row in rows} == {jobs[4].job_id: False, jobs[5].job_id: True}


async def test_all_about_a_job_names_every_attempt_and_item(register: RegisterUnderTest) -> None:
    first, second = await register.add(2)
    job = await register.sign(first, second)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))
    await register.begin_and_freeze(job, 2)
    again = samples.transaction(8)
    cancel = samples.transaction(8, purpose=TransactionPurpose.CANCEL)
    await register.database.write(lambda tx: tx.record_signed({job.job_id: again}, samples.at(7)))
    await register.database.write(lambda tx: tx.record_replacement(job.job_id, cancel, samples.at(8)))

    detail = await register.database.read(lambda tx: tx.job_detail(job.job_id))
    assert detail is not None
    assert detail.job == await register.job(job.job_id)
    signed = [(tx.attempt, tx.purpose, tx.tx_hash) for tx in detail.transactions]
    assert job.transaction is not None
    mint = TransactionPurpose.MINT
    assert signed == [(1, mint, job.transaction.tx_hash), (2, mint, again.tx_hash), (2, cancel.purpose, cancel.tx_hash)]
    assert [(item.asset_id, item.state, item.token_id, item.is_current) for item in detail.items] == [
        (asset.asset_id, AssetState.MINTING, None, True) for asset in (first, second)
    ]
    assert detail.row.cancel_requested
    assert detail.row.tx_hash == cancel.tx_hash
    assert await register.database.read(lambda tx: tx.job_detail(samples.uuid())) is None
