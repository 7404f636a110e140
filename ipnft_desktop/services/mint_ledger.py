"""One step of a mint on record, and then told: commit first, events and progress after it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.events import AssetChanged, MintAdvanced
from ipnft_desktop.domain.minting import MintJob, MintProgress
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.gathering import Gathering
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.trace import MintStep, log_step

ENGINE = "mint engine"
"""Who acts, as the audit log names it."""
ROWS_AT_ONCE = 16
ROWS_IN_A_TURN = 50
WORKS_AT_ONCE = 32
JOBS_AT_ONCE = 16
"""Most jobs that take a step in one commit."""

_COMMON_CODES = frozenset(
    {ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.DISK_FULL, ErrorCode.KEYSTORE_LOCKED, ErrorCode.SIGNER_BUSY}
)


def is_ones_own(error: Exception) -> bool:
    """Whether only one of those who share a commit may be to blame. Otherwise it meets all alike, and trying each
    alone would only take longer."""
    return not (isinstance(error, IpnftError) and error.code in _COMMON_CODES)


T = TypeVar("T")

Report = Callable[[MintJob, IpnftError | None], None]
"""News of a running job; the error is trouble that does not end it."""

_UNSEEN_STEPS = frozenset({MintStep.PREPARED, MintStep.SIGNED, MintStep.ACCEPTED, MintStep.FINAL})
"""Steps that no line of the register shows: the next one follows in milliseconds, or the progress tells them."""


@dataclass(frozen=True, slots=True)
class MintPolicy:
    """Limits an operator set."""

    required_confirmations: int = 1
    max_fee_wei: int = 10**17
    """No transaction may offer more than this in total (0.1 ETH)."""
    jobs_preparing_at_once: int = 32


class MintLedger:
    """Writes what happened to a job, then tells the new rows and the progress, so that nobody has to ask for them."""

    def __init__(self, database: Database, events: EventHub, clock: Clock) -> None:
        self._database = database
        self._events = events
        self._clock = clock
        self._works: Gathering[Callable[[Transaction], Any], Any] = Gathering(
            self._write_together, WORKS_AT_ONCE, is_ones_own
        )
        self._rows: Gathering[tuple[UUID, ...], None] = Gathering(self._publish_rows, ROWS_AT_ONCE)

    async def commit(
        self,
        step: MintStep,
        job: MintJob,
        work: Callable[[Transaction], None],
        report: Report,
        error: IpnftError | None = None,
    ) -> None:
        """One commit of `work`; `job` is how the job stands after it."""
        await self.write(work)
        await self.tell(step, job, report, error)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """One commit, shared with whatever else of any job is to be written at this moment."""
        return await self._works(work)

    async def record(self, step: MintStep, work: Callable[[Transaction], list[MintJob]]) -> list[MintJob]:
        """One commit in which `work` takes several jobs on by a step; it returns them as they stand behind it. Their
        rows go out; the step and the progress are for each job's own task to tell."""

        def work_and_look(tx: Transaction) -> tuple[list[MintJob], Sequence[AssetRow]]:
            jobs = work(tx)
            if step in _UNSEEN_STEPS:
                return jobs, ()
            return jobs, tx.asset_rows([item.asset_id for job in jobs for item in job.items])

        jobs, rows = await self._database.write(work_and_look)
        await publish_rows(self._events, rows)
        return jobs

    async def tell(self, step: MintStep, job: MintJob, report: Report, error: IpnftError | None = None) -> None:
        """What is on record goes out: rows first, for whoever hears of the progress may look at them."""
        log_step(step, job)
        if step not in _UNSEEN_STEPS:
            await self._rows(tuple(item.asset_id for item in job.items))
        report(job, error)

    async def tell_apart(self, step: MintStep, job: MintJob) -> None:
        """As `tell`, of a job that has no work of its own to report to."""
        await self.tell(step, job, lambda told, error: self._events.publish(MintAdvanced(MintProgress.of(told, error))))

    def audit(self, tx: Transaction, action: str, *jobs: MintJob) -> None:
        """A line per asset of the jobs, inside the caller's commit."""
        lines = [(str(item.asset_id), _audited(job)) for job in jobs for item in job.items]
        tx.append_audits(ENGINE, action, lines, self._clock.now())

    async def _write_together(self, works: Sequence[Callable[[Transaction], Any]]) -> list[Any]:
        return await self._database.write(lambda tx: [work(tx) for work in works])

    async def _publish_rows(self, groups: Sequence[tuple[UUID, ...]]) -> list[Exception | None]:
        """One read for all that changed at about the same time."""
        asset_ids = list(dict.fromkeys(itertools.chain.from_iterable(groups)))
        await publish_rows(self._events, await self._database.read(lambda tx: tx.asset_rows(asset_ids)))
        return [None] * len(groups)


async def publish_rows(events: EventHub, rows: Sequence[AssetRow]) -> None:
    """Tell that assets changed, a few in each turn of the event loop: batches change hundreds at once."""
    for number, row in enumerate(rows):
        if number and number % ROWS_IN_A_TURN == 0:
            await asyncio.sleep(0)
        events.publish(AssetChanged(row))


def _audited(job: MintJob) -> dict[str, str]:
    facts = {"job": str(job.job_id), "attempt": str(job.attempt)}
    if job.transaction:
        facts["tx_hash"] = job.transaction.tx_hash
    if job.failure:
        facts |= {"code": job.failure.code.value, "detail": job.failure.detail}
    return facts
