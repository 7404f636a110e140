"""The list of all mints as a person meets it: what is held up, who may retry what, many retries at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.mint_activity import JobGroup, JobQuery
from ipnft_desktop.domain.minting import MintProgress, MintStage
from ipnft_desktop.domain.people import Role
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.unit.services.waiting import trouble


async def failed_jobs(memory: MemoryCore, count: int) -> list[str]:
    """Mints that reverted; the ids of their assets."""
    assets = await memory.add_assets(count)
    for asset in assets:
        memory.chain.revert_next("NotAuthorised()")
        assert (await memory.core.desk.mint([request(asset)])).stage is MintStage.FAILED
    return [str(asset.asset_id) for asset in assets]


async def test_a_mint_that_is_held_up_wants_a_look_until_it_goes_on(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.unreachable = True
    job = await memory.core.desk.request([request(asset)])
    activity = memory.core.activity
    await trouble(memory, job.job_id, ErrorCode.NODE_UNREACHABLE)
    (row,) = (await activity.page(JobQuery(JobGroup.NEEDS_ATTENTION))).rows
    assert (row.job_id, row.code, row.needs_attention) == (job.job_id, ErrorCode.NODE_UNREACHABLE, True)
    assert (await activity.counts(JobQuery())).of[JobGroup.NEEDS_ATTENTION] == 1
    assert (await activity.detail(job.job_id)).row.trouble is ErrorCode.NODE_UNREACHABLE
    memory.chain.unreachable = False
    ended = await memory.core.desk.outcome(job.job_id)
    assert ended.stage is MintStage.COMPLETED
    (row,) = await activity.rows_of([asset.asset_id])
    assert (row.code, row.needs_attention, row.is_in(JobGroup.MINTED)) == (None, False, True)
    assert row.requested_by == memory.core.session.actor


async def test_what_a_running_mint_tells_makes_the_line_that_a_read_would(memory: MemoryCore) -> None:
    """So nobody has to read again."""
    heard: list[MintProgress] = []
    memory.core.events.subscribe(lambda e: heard.append(e.progress) if isinstance(e, MintAdvanced) else None)
    for balance_wei in (10**22, 0):  # reverted in its block, and refused before it was signed
        memory.chain.balance_wei = balance_wei
        await failed_jobs(memory, 1)
        (failed,) = await memory.core.activity.rows_of(heard[-1].asset_ids)
        unknown = replace(failed, stage=MintStage.REQUESTED, failure=None, tx_hash=None, block_number=None)
        assert unknown.after(heard[-1]) == failed
        assert failed.may_retry
        assert failed.may_cancel == (balance_wei == 0)

    await memory.core.desk.cancel(failed.job_id)
    (cancelled,) = await memory.core.activity.rows_of([failed.asset_id])
    assert cancelled.stage is MintStage.CANCELLED
    assert failed.after(heard[-1]) == cancelled, "giving a failed one up is told too"


async def test_failed_mints_are_retried_together_and_those_refused_are_counted(memory: MemoryCore) -> None:
    await failed_jobs(memory, 4)
    activity, query = memory.core.activity, JobQuery()
    assert (await activity.counts(query)).retryable == 4
    retryable = await activity.retryable(query)
    await memory.core.desk.reset(retryable[1], "Because.")
    done: list[int] = []
    result = await activity.retry_all(retryable, lambda count: not done.append(count) and count < 3)
    assert (result.retried, result.refused) == (2, {ErrorCode.MINT_INVALID_STATE: 1})
    assert done == [1, 2, 3], "the last was not wanted any more"
    for asset_id in (retryable[0], retryable[2]):
        job = await memory.core.desk.job_of(asset_id)
        assert job is not None
        assert (await memory.core.desk.outcome(job.job_id)).stage is MintStage.COMPLETED
    assert await activity.retryable(query) == (retryable[3],)


async def test_a_retry_of_many_ends_at_once_while_the_environment_is_down(memory: MemoryCore) -> None:
    await failed_jobs(memory, 2)
    retryable = await memory.core.activity.retryable(JobQuery())
    await memory.core.desk.suspend()
    done: list[int] = []
    with pytest.raises(EnvironmentFault):
        await memory.core.activity.retry_all(retryable, lambda count: bool(done.append(count)))
    assert done == []


async def test_a_person_is_offered_the_retries_of_their_own_enterprises(memory: MemoryCore) -> None:
    await failed_jobs(memory, 1)
    (owner,) = await memory.core.register.enterprises()
    activity = memory.core.activity
    for user, count in (
        (samples.user(Role.OPERATOR, owner), 1),
        (samples.user(Role.OPERATOR, samples.enterprise()), 0),
        (samples.user(Role.VIEWER, owner), 1),
        (samples.user(Role.VIEWER), 0),
    ):
        memory.core.session.begin(user)
        assert (await activity.counts(JobQuery())).retryable == count
        assert len(await activity.retryable(JobQuery())) == count
    with pytest.raises(UserError):
        await activity.detail(samples.uuid())


async def test_a_retry_of_many_tells_what_was_retried_before_the_environment_went_down(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[UUID] = []

    async def retry(asset_id: UUID) -> None:
        calls.append(asset_id)
        if len(calls) == 2:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE)

    monkeypatch.setattr(memory.core.desk, "retry", retry)
    result = await memory.core.activity.retry_all([samples.uuid() for _ in range(3)], lambda _done: True)
    assert (result.retried, result.refused) == (1, {ErrorCode.NODE_UNREACHABLE: 1})
    assert len(calls) == 2
