"""Runs: a plan on record and at work, then followed, ended early, tried again, and listed.

A run is its jobs. Each is taken up again after a crash like any other mint, and what became of an asset stands with
the job that it is in, so there is nothing here that would have to be recovered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.batch_plan import BatchPlan
from ipnft_desktop.domain.batch_runs import (
    BatchRun,
    BatchStrategy,
    CancelResult,
    Congestion,
    RetryFailedResult,
    RunAnchor,
    RunItem,
)
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import RunRequested
from ipnft_desktop.domain.minting import CLOSED_STAGES, UNSIGNED_STAGES, MintJob, MintStage
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.services.batch_commit import BatchCommit
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.owned_work import OwnedWork
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.run_following import OnRunProgress, RunFollowing
from ipnft_desktop.services.session import Session

PAGE_SIZE = 50


class Desk(Protocol):
    """What runs need of `services.mint_desk.MintDesk`."""

    @property
    def is_open(self) -> bool: ...
    def take_up(self, jobs: Sequence[MintJob]) -> None: ...
    async def cancel(self, job_id: UUID) -> MintJob: ...
    async def retry(self, asset_id: UUID) -> MintJob: ...


class BatchRuns:
    """Every method raises UserError SIGN_IN_REQUIRED for whoever is not signed in."""

    def __init__(self, database: Database, commit: BatchCommit, desk: Desk, events: EventHub, session: Session) -> None:
        self._database = database
        self._commit = commit
        self._desk = desk
        self._events = events
        self._session = session
        self._beginnings = OwnedWork()

    async def settle(self) -> None:
        """Wait for what is being recorded, whoever gave up waiting for it."""
        await self._beginnings.settle()

    # --- beginning and ending: PERMISSION_DENIED for whoever may not mint ---------------------------------------

    async def commit(
        self,
        plan: BatchPlan,
        strategy: BatchStrategy = BatchStrategy.MANUAL,
        congestion: Congestion | None = None,
    ) -> BatchRun:
        """Record the run with all its jobs in one commit, then set to work on them.

        What changed since it was planned is left out, and named by `items`. Giving up waiting does not stop it.
        Raises UserError BATCH_EMPTY for a plan without transactions, unless it was made by itself: then what is left
        out has to be named all the same. Raises EnvironmentFault NODE_UNREACHABLE while the environment is down; then
        nothing was recorded.
        """
        self._session.require(Permission.MINT)
        if not plan.transactions and strategy is BatchStrategy.MANUAL:
            raise UserError(ErrorCode.BATCH_EMPTY, "nothing of the selection can be minted")
        if not self._desk.is_open:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")
        return await self._beginnings(self._begin(plan, strategy, congestion), "batch.commit")

    async def cancel_rest(self, run_id: UUID) -> CancelResult:
        """End what has not ended: at once what is not signed, from the end of the run; then the chain is asked about
        what is. Raises UserError PERMISSION_DENIED where a transaction holds assets of others; those before it are
        cancelled."""
        self._session.require(Permission.MINT)
        open_jobs = [job for job in await self._jobs(run_id) if job.stage not in CLOSED_STAGES]
        unsigned = [job for job in reversed(open_jobs) if job.stage in UNSIGNED_STAGES]
        signed = [job for job in open_jobs if job.stage not in UNSIGNED_STAGES]
        counted = Counter[str]()
        for job in (*unsigned, *signed):
            counted[await self._cancelled(job)] += len(job.items)
        return CancelResult(**counted)

    async def retry_failed(self, run_id: UUID) -> RetryFailedResult:
        """Try again what failed and can be tried again, and nothing else. What one transaction alone is refused for is
        counted. Raises EnvironmentFault NODE_UNREACHABLE while the environment is down."""
        self._session.require(Permission.MINT)
        failed: dict[UUID, list[UUID]] = {}
        for item in await self.items(run_id):
            if item.may_retry and item.job_id is not None:
                failed.setdefault(item.job_id, []).append(item.asset_id)
        retried, refused = 0, Counter[ErrorCode]()
        for asset_ids in failed.values():
            try:
                await self._desk.retry(asset_ids[0])
                retried += len(asset_ids)
            except UserError as error:
                if error.code is ErrorCode.SIGN_IN_REQUIRED:
                    raise
                refused[error.code] += len(asset_ids)
        return RetryFailedResult(retried, dict(refused))

    # --- looking on --------------------------------------------------------------------------------------------

    async def outcome(self, run_id: UUID, on_progress: OnRunProgress = lambda _progress: None) -> BatchRun:
        """Wait for the end of a run, hearing its progress from now on. Giving up waiting does not stop the run, and a
        run that waits for the environment is waited for."""
        self._session.require_reader()
        await RunFollowing(run_id, self._database, self._events, on_progress).to_the_end()
        return await self.run(run_id)

    async def run(self, run_id: UUID) -> BatchRun:
        """A run with its transactions. Raises UserError BATCH_EMPTY where the register does not know it."""
        self._session.require_reader()
        run = await self._database.read(lambda tx: tx.run(run_id))
        if run is None:
            raise UserError(ErrorCode.BATCH_EMPTY, "the register does not know this run")
        return run

    async def items(self, run_id: UUID) -> tuple[RunItem, ...]:
        """Every asset of a run with what became of it there: those at work in their order, then what was left out."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.run_items(run_id))

    async def recent(self, after: RunAnchor | None = None, limit: int = PAGE_SIZE) -> tuple[BatchRun, ...]:
        """Runs, newest first, those behind the anchor."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.runs(after, limit))

    # --- inside ------------------------------------------------------------------------------------------------

    async def _begin(self, plan: BatchPlan, strategy: BatchStrategy, congestion: Congestion | None) -> BatchRun:
        run, jobs = await self._commit.record(plan, strategy, congestion)
        self._events.publish(RunRequested(run))
        self._desk.take_up(jobs)
        return run

    async def _jobs(self, run_id: UUID) -> list[MintJob]:
        def work(tx: Transaction) -> list[MintJob]:
            jobs = [tx.job(job_id) for job_id in tx.run_job_ids(run_id)]
            return [job for job in jobs if job is not None]

        return await self._database.read(work)

    async def _cancelled(self, job: MintJob) -> str:
        """The field of `CancelResult` that its items count for."""
        try:
            left = await self._desk.cancel(job.job_id)
        except UserError as error:
            if error.code is not ErrorCode.MINT_INVALID_STATE:
                raise
            return "too_late"
        except EnvironmentFault:
            return "unreached"
        if left.stage is MintStage.CANCELLED:
            return "cancelled"
        return "asked" if left.is_open else "too_late"
