"""Runs of many mints: what planning reads at once, and what is kept of a run and tells what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import AssetQuery, AssetType, SortKey
from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.batch_plan import Omission
from ipnft_desktop.domain.batch_runs import (
    BatchRun,
    BatchStrategy,
    Congestion,
    ItemOutcome,
    PlannedBatch,
    RunAnchor,
)
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import AssetState, MintJob
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

OMISSION = Omission(samples.uuid(), "Left", ErrorCode.PERMISSION_DENIED, "why")


async def keep(
    register: RegisterUnderTest, *jobs: MintJob, omissions: Sequence[Omission] = (), at_s: float = 0
) -> UUID:
    """A run of jobs that are on record."""
    run_id = samples.uuid()
    batches = [PlannedBatch(job.job_id, 60_000 * len(job.items), 80_000) for job in jobs]
    await register.database.write(
        lambda tx: tx.insert_run(
            run_id, BatchStrategy.AUTOMATIC, Congestion.LOW, samples.at(at_s), "Ada", batches, omissions
        )
    )
    return run_id


async def run_of(register: RegisterUnderTest, run_id: UUID) -> BatchRun:
    run = await register.database.read(lambda tx: tx.run(run_id))
    assert run is not None
    return run


async def test_candidates_are_read_with_what_decides(register: RegisterUnderTest) -> None:
    draft, minted, failed, cancelled = (await register.add(1))[0], *await register.add(3)
    await register.mint(minted)
    job = await register.prepare(failed)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))
    other = await register.request(cancelled)
    await register.database.write(lambda tx: tx.record_cancelled(other.job_id, samples.at(5)))
    ids = [asset.asset_id for asset in (draft, minted, failed, cancelled)]
    found = await register.database.read(lambda tx: tx.mint_candidates([*ids, samples.uuid()]))
    known = {candidate.asset_id: candidate for candidate in found}
    assert known.keys() == set(ids)
    assert [(known[one].state, known[one].failed_attempts) for one in ids] == [
        (AssetState.DRAFT, 0),
        (AssetState.MINTED, 0),
        (AssetState.MINT_FAILED, 1),
        (AssetState.MINT_CANCELLED, 0),
    ]
    one = known[draft.asset_id]
    assert (one.name, one.version, one.enterprise_id) == (draft.name, draft.version, register.owner.enterprise_id)
    assert one.wallet_address == register.owner.wallet_address


async def test_the_ids_of_a_list_come_in_its_order(register: RegisterUnderTest) -> None:
    assets = [(await register.add(1, name=f"Asset {n}", asset_type=list(AssetType)[n % 2]))[0] for n in range(6)]

    async def ids(query: AssetQuery, limit: int = 10) -> tuple[UUID, ...]:
        return await register.database.read(lambda tx: tx.asset_ids(query, limit))

    by_name = [asset.asset_id for asset in assets]
    assert await ids(AssetQuery(sort=SortKey.NAME, descending=False)) == tuple(by_name)
    assert await ids(AssetQuery(sort=SortKey.NAME), 2) == (by_name[5], by_name[4])
    narrowed = AssetQuery(sort=SortKey.NAME, descending=False, types=frozenset({list(AssetType)[1]}))
    assert await ids(narrowed) == tuple(by_name[1::2])
    assert await ids(AssetQuery(text="Asset 4")) == (by_name[4],)
    assert await ids(AssetQuery(text="nothing like it")) == ()


async def test_who_holds_a_token(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    addresses = [register.owner.wallet_address, samples.SIGNER]

    async def holders() -> frozenset[str]:
        return await register.database.read(lambda tx: tx.token_holders(addresses))

    assert await holders() == frozenset()
    await register.mint(asset)
    assert await holders() == {register.owner.wallet_address}
    await register.database.write(lambda tx: tx.retire_chain(samples.at(9)))
    await register.database.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(9)))
    assert await holders() == frozenset(), "tokens of a chain that was given up do not count"


async def test_a_run_tells_what_came_of_it(register: RegisterUnderTest) -> None:
    minted = await register.mint(*await register.add(3))
    failing = await register.prepare(*await register.add(2))
    await register.database.write(
        lambda tx: tx.record_failed(failing.job_id, samples.failure(gas_spent=False), samples.at(5))
    )
    waiting = await register.request(*await register.add(4))
    leaving = await register.request(*await register.add(1))
    await register.database.write(lambda tx: tx.record_cancelled(leaving.job_id, samples.at(6)))
    run_id = await keep(register, minted, failing, waiting, leaving, omissions=[OMISSION])

    run = await run_of(register, run_id)
    assert (run.strategy, run.congestion, run.requested_by) == (BatchStrategy.AUTOMATIC, Congestion.LOW, "Ada")
    assert run.requested_at == samples.NOW
    assert [batch.job_id for batch in run.batches] == [job.job_id for job in (minted, failing, waiting, leaving)]
    assert dict(run.counts) == {
        ItemOutcome.MINTED: 3,
        ItemOutcome.FAILED: 2,
        ItemOutcome.RUNNING: 4,
        ItemOutcome.NOT_ATTEMPTED: 2,
    }
    assert (run.item_count, run.is_open, run.gas_estimated) == (11, True, 600_000)
    first = run.batches[0]
    gas_used = first.gas_used
    assert gas_used is not None
    assert (first.gas_singly, first.saved_gas) == (240_000, 240_000 - gas_used)
    assert first.saved_percent == pytest.approx(100 * (240_000 - gas_used) / 240_000)
    assert (run.saved_gas, run.saved_percent, run.gas_used) == (first.saved_gas, first.saved_percent, gas_used)
    assert all(batch.saved_gas is None for batch in run.batches[1:])

    items = await register.database.read(lambda tx: tx.run_items(run_id))
    assert [item.outcome for item in items] == [
        *[ItemOutcome.MINTED] * 3,
        *[ItemOutcome.FAILED] * 2,
        *[ItemOutcome.RUNNING] * 4,
        *[ItemOutcome.NOT_ATTEMPTED] * 2,
    ]
    assert [item.asset_id for item in items[:3]] == [item.asset_id for item in minted.items]
    assert all(item.token_id == item.asset_id.int and item.tx_hash for item in items[:3])
    assert {(item.code, item.may_retry) for item in items[3:5]} == {(ErrorCode.TX_REVERTED, True)}
    assert (items[-1].asset_id, items[-1].name, items[-1].code, items[-1].detail, items[-1].job_id) == (
        OMISSION.asset_id,
        "Left",
        ErrorCode.PERMISSION_DENIED,
        "why",
        None,
    )


async def test_what_leaves_a_batch_stays_in_the_run(register: RegisterUnderTest) -> None:
    assets = await register.add(3)
    job = await register.request(*assets)
    later = await register.request(*await register.add(1))
    run_id = await keep(register, job, later)
    apart = await register.database.write(lambda tx: tx.split_off(job.job_id, assets[1].asset_id))
    assert await register.database.read(lambda tx: tx.run_job_ids(run_id)) == (job.job_id, apart, later.job_id)
    run = await run_of(register, run_id)
    assert [(batch.position, batch.item_count, batch.gas_estimated) for batch in run.batches] == [
        (0, 2, 180_000),
        (0, 1, None),
        (1, 1, 60_000),
    ]
    alone = await register.request(*await register.add(2))
    assert len(alone.items) == 2
    stranger = await register.database.write(lambda tx: tx.split_off(alone.job_id, alone.items[0].asset_id))
    assert stranger not in await register.database.read(lambda tx: tx.run_job_ids(run_id))


async def test_a_failed_item_that_was_tried_again_elsewhere_is_not_offered(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.prepare(asset)
    run_id = await keep(register, job)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))
    again = samples.job(asset, attempt=2)
    await register.database.write(lambda tx: tx.open_jobs([again]))
    (item,) = await register.database.read(lambda tx: tx.run_items(run_id))
    assert (item.outcome, item.may_retry) == (ItemOutcome.FAILED, False)


async def test_runs_come_newest_first_page_by_page(register: RegisterUnderTest) -> None:
    runs = [await keep(register, omissions=[OMISSION] * n, at_s=n // 2) for n in range(5)]
    found = await register.database.read(lambda tx: tx.runs(None, 2))
    anchor = RunAnchor(found[-1].requested_at, found[-1].run_id)
    found += await register.database.read(lambda tx: tx.runs(anchor, 9))
    assert [run.run_id for run in found] == runs[::-1]
    assert [run.item_count for run in found] == [4, 3, 2, 1, 0]
    assert found[0].requested_at - found[-1].requested_at == timedelta(seconds=2)
    assert await register.database.read(lambda tx: tx.run(samples.uuid())) is None


async def test_ten_thousand_are_read_at_once(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    ids = [asset.asset_id, *[samples.uuid() for _ in range(40_000)]]
    found = await register.database.read(lambda tx: tx.mint_candidates(ids))
    assert [one.asset_id for one in found] == [asset.asset_id]


async def test_what_waits_for_company_is_kept_in_its_order(register: RegisterUnderTest) -> None:
    first, second, foreign = *(await register.add(2)), samples.asset(samples.enterprise(name="Borealis"))
    await register.database.write(lambda tx: (tx.insert_enterprise(foreign.enterprise), tx.insert_asset(foreign)))
    mints = [
        GatheredMint(second.asset_id, None, samples.at(1), "Ada"),
        GatheredMint(first.asset_id, samples.SIGNER, samples.at(2), "Ada"),
        GatheredMint(foreign.asset_id, None, samples.at(3), "Bob"),
    ]
    await register.database.write(lambda tx: tx.gather_mints(mints))

    async def waiting(owners: frozenset[UUID] | None = None) -> list[GatheredMint]:
        return list(await register.database.read(lambda tx: tx.gathered_mints(owners)))

    assert await waiting() == mints
    assert await waiting(frozenset({foreign.enterprise.enterprise_id})) == mints[2:]
    again = GatheredMint(second.asset_id, None, samples.at(4), "Bob")
    await register.database.write(lambda tx: tx.gather_mints([again]))
    assert await waiting() == [mints[1], mints[2], again], "asked for again, it waits anew, once"
    await register.database.write(lambda tx: tx.release_gathered([first.asset_id, samples.uuid()]))
    assert await waiting() == [mints[2], again]
    await register.database.write(lambda tx: tx.delete_asset(second.asset_id))
    assert await waiting() == [mints[2]]
