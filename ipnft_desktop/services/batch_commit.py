"""Puts a plan on record: the run and all its jobs in one commit, before anybody works on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.batch_plan import BatchPlan, MintCandidate, Omission, PlannedItem, PlannedTransaction, planned
from ipnft_desktop.domain.batch_runs import BatchRun, BatchStrategy, Congestion, PlannedBatch
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import (
    MintItem,
    MintJob,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
)
from ipnft_desktop.domain.people import Permission, User
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_ledger import JOBS_AT_ONCE, MintPolicy, publish_rows
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.trace import MintStep, log_step

ROWS_AT_ONCE = 500
"""Rows that are read at once to be told."""


class BatchCommit:
    """Records runs. What changed since it was planned is left out, and named."""

    def __init__(
        self, database: Database, events: EventHub, clock: Clock, policy: MintPolicy, session: Session
    ) -> None:
        self._database = database
        self._events = events
        self._clock = clock
        self._policy = policy
        self._session = session

    async def record(
        self, plan: BatchPlan, strategy: BatchStrategy, congestion: Congestion | None
    ) -> tuple[BatchRun, list[MintJob]]:
        """The run and its jobs, REQUESTED. An asset that was edited, deleted, minted or given to somebody else since
        the plan was made is among what was left out; what waited for company does so no more."""
        user = self._session.require(Permission.MINT)
        run_id, now = UUID(int=uuid7().int), self._clock.now()

        def work(tx: Transaction) -> tuple[BatchRun, list[MintJob]]:
            jobs, batches, omissions = self._checked(tx, plan, user, run_id, now)
            for first in range(0, len(jobs), JOBS_AT_ONCE):
                tx.open_jobs(jobs[first : first + JOBS_AT_ONCE])
            tx.insert_run(run_id, strategy, congestion, now, user.name, batches, omissions)
            tx.release_gathered(
                [*(item.asset_id for job in jobs for item in job.items), *(o.asset_id for o in omissions)]
            )
            _audit(tx, user, run_id, strategy, jobs, now)
            run = tx.run(run_id)
            assert run is not None
            return run, jobs

        run, jobs = await self._database.write(work)
        for job in jobs:
            log_step(MintStep.REQUESTED, job)
        await self._tell([item.asset_id for job in jobs for item in job.items])
        return run, jobs

    def _checked(
        self, tx: Transaction, plan: BatchPlan, user: User, run_id: UUID, now: datetime
    ) -> tuple[list[MintJob], list[PlannedBatch], list[Omission]]:
        """The jobs of what is as it was planned."""
        asset_ids = [item.asset_id for transaction in plan.transactions for item in transaction.items]
        known = {candidate.asset_id: candidate for candidate in tx.mint_candidates(asset_ids)}
        gas_single = tx.latest_single_mint_gas()
        jobs, batches, omissions = list[MintJob](), list[PlannedBatch](), list(plan.omissions)
        for transaction in plan.transactions:
            kept: list[PlannedItem] = []
            for item in transaction.items:
                omission = _omission(item, known.get(item.asset_id), user)
                if omission is None:
                    kept.append(item)
                else:
                    omissions.append(omission)
            if kept:
                failed = max(known[item.asset_id].failed_attempts for item in kept)
                job = self._job(kept, failed + 1, f"{run_id}:{len(jobs)}", user, now)
                jobs.append(job)
                batches.append(PlannedBatch(job.job_id, _gas_of(transaction, len(kept)), gas_single))
        return jobs, batches, omissions

    def _job(self, items: Sequence[PlannedItem], attempt: int, key: str, user: User, now: datetime) -> MintJob:
        return MintJob(
            job_id=UUID(int=uuid7().int),
            strategy=MintStrategy.SINGLE if len(items) == 1 else MintStrategy.BATCH,
            items=tuple(
                MintItem(UUID(int=uuid7().int), item.asset_id, item.recipient, item.recipient_type) for item in items
            ),
            stage=MintStage.REQUESTED,
            attempt=attempt,
            times=MintTimes(requested_at=now),
            required_confirmations=self._policy.required_confirmations,
            idempotency_key=key,
            requested_by=user.name,
        )

    async def _tell(self, asset_ids: Sequence[UUID]) -> None:
        for first in range(0, len(asset_ids), ROWS_AT_ONCE):
            some = asset_ids[first : first + ROWS_AT_ONCE]
            await publish_rows(self._events, await self._database.read(lambda tx, some=some: tx.asset_rows(some)))


def _omission(item: PlannedItem, now: MintCandidate | None, user: User) -> Omission | None:
    """Why an item cannot be minted as it was planned; None where it can."""
    if now is None:
        return Omission(item.asset_id, item.name, ErrorCode.ASSET_NOT_FOUND)
    again = planned(now, user, None if item.recipient_type is RecipientType.ENTERPRISE else item.recipient)
    if isinstance(again, Omission):
        return again
    if again.version != item.version:
        return Omission(item.asset_id, item.name, ErrorCode.ASSET_CHANGED)
    if again.recipient != item.recipient:
        return Omission(item.asset_id, item.name, ErrorCode.ASSET_CHANGED, "its enterprise has another wallet now")
    return None


def _gas_of(transaction: PlannedTransaction, count: int) -> int:
    """Estimated for as many of its items."""
    return transaction.gas * count // len(transaction.items)


def _audit(
    tx: Transaction, user: User, run_id: UUID, strategy: BatchStrategy, jobs: Sequence[MintJob], now: datetime
) -> None:
    """A line for the run and one for each asset, as for any other mint."""
    count = sum(len(job.items) for job in jobs)
    facts = {"strategy": strategy.value, "transactions": str(len(jobs)), "assets": str(count)}
    tx.append_audit(user.name, "batch.requested", str(run_id), facts, now)
    lines: list[tuple[str, Mapping[str, str]]] = [
        (str(item.asset_id), {"job": str(job.job_id), "recipient": item.recipient, "run": str(run_id)})
        for job in jobs
        for item in job.items
    ]
    tx.append_audits(user.name, "mint.requested", lines, now)
