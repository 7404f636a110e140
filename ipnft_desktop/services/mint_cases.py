"""The jobs somebody works on: one task each, its latest progress, and who listens to it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import MintAdvanced, WritingFrozen
from ipnft_desktop.domain.minting import CLOSED_STAGES, UNSIGNED_STAGES, MintJob, MintProgress
from ipnft_desktop.program_log import traced
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.minting import FREEZING_CODES, MintEngine
from ipnft_desktop.services.ports import Database

WORK_AGAIN_DELAYS_S = (1.0, 2.0, 4.0, 8.0)
"""Waits before a job goes on that something passing stands in the way of; the last one repeats."""
QUEUE_TIMEOUT_S = 300.0
"""An unsigned mint that could not go on for so long is taken back, on the loop's clock, which no one can set."""

PATIENT_CODES = frozenset(
    {
        ErrorCode.FEE_CAP_EXCEEDED,
        ErrorCode.CONTRACT_PAUSED,
        ErrorCode.KEYSTORE_LOCKED,
        ErrorCode.DUPLICATE_ASSET,
    }
)
"""What waits for a person, or for a token to become deep enough, is never taken back."""

log = logging.getLogger("ipnft")

OnProgress = Callable[[MintProgress], None]


@dataclass(slots=True, eq=False)
class _Case:
    progress: MintProgress
    done: asyncio.Future[MintJob]
    listeners: list[OnProgress] = field(default_factory=list["OnProgress"])
    task: asyncio.Task[None] | None = None


class MintCases:
    """Starts, stops and describes the work on jobs."""

    def __init__(self, engine: MintEngine, database: Database, events: EventHub) -> None:
        self._engine = engine
        self._database = database
        self._events = events
        self._cases: dict[UUID, _Case] = {}

    @property
    def open_count(self) -> int:
        """Jobs whose outcome is not known yet."""
        return sum(case.progress.stage not in CLOSED_STAGES for case in self._cases.values())

    @property
    def troubles(self) -> dict[UUID, ErrorCode]:
        """What holds open jobs up just now, of those that something does."""
        return {
            job_id: case.progress.error.code
            for job_id, case in self._cases.items()
            if case.progress.error is not None and case.progress.stage not in CLOSED_STAGES
        }

    @property
    def job_ids(self) -> frozenset[UUID]:
        """Jobs that somebody works on or waits for."""
        return frozenset(self._cases)

    @property
    def idle_ids(self) -> frozenset[UUID]:
        """Jobs that somebody waits for and nobody here works on."""
        return frozenset(job_id for job_id, case in self._cases.items() if case.task is None or case.task.done())

    def drop(self, job_id: UUID) -> None:
        """The register does not know this job any more: whoever waits for it is told."""
        case = self._cases.pop(job_id, None)
        if case is not None and not case.done.done():
            case.done.set_exception(UserError(ErrorCode.MINT_INVALID_STATE, "the register does not know this mint"))
            case.done.exception()  # taken here too: nobody may be waiting

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """The work that is going on."""
        return tuple(case.task for case in self._cases.values() if case.task and not case.task.done())

    def set_to_work(self, job: MintJob) -> None:
        """Work on a job until it ends; does nothing if somebody already does."""
        case = self._cases.get(job.job_id)
        if case is None or case.done.done():
            case = _Case(MintProgress.of(job), asyncio.get_running_loop().create_future())
            self._cases[job.job_id] = case
        if case.task is None or case.task.done():
            case.task = asyncio.create_task(self._work(job, case), name=f"mint.{job.job_id}")

    async def stop(self, job_id: UUID) -> None:
        """End the work on a job where it stands; who waits for it goes on waiting."""
        case = self._cases.get(job_id)
        if case is not None:
            await _end(case.task)

    async def finish(self, ended: MintJob) -> None:
        """Wait for the work on a job whose end is on record: it has still to tell of it, and then lets go of it. A
        later attempt is not waited for."""
        case = self._cases.get(ended.job_id)
        if case is not None and case.task is not None and case.progress.attempt == ended.attempt:
            await asyncio.wait({case.task})

    async def stop_all(self, why: IpnftError | None) -> None:
        """End all work; who waits is told why."""
        for case in tuple(self._cases.values()):
            await _end(case.task)
            if why is not None:
                self._tell(case, replace(case.progress, error=why))

    async def outcome(self, job_id: UUID, on_progress: OnProgress | None) -> MintJob | None:
        """Wait for a job's end, hearing its progress from now on; None if nobody works on it."""
        case = self._cases.get(job_id)
        if case is None:
            return None
        if on_progress:
            case.listeners.append(on_progress)
            on_progress(case.progress)
        try:
            return await asyncio.shield(case.done)
        finally:
            if on_progress:
                case.listeners.remove(on_progress)

    def report(self, job: MintJob, error: IpnftError | None) -> None:
        """News of a job from somebody other than its own task."""
        case = self._cases.get(job.job_id)
        progress = MintProgress.of(job, error)
        if case is not None:
            self._tell(case, progress)
        else:
            self._events.publish(MintAdvanced(progress))

    def close(self, ended: MintJob) -> None:
        """Tell the outcome to everybody who waits for it."""
        case = self._cases.pop(ended.job_id, None)
        if case is None:
            return
        if not case.done.done():
            case.done.set_result(ended)
        if case.progress.stage is not ended.stage:
            self._tell(case, MintProgress.of(ended))

    async def _work(self, job: MintJob, case: _Case) -> None:
        """Work on a job until it ends. What passes by itself is tried again, from the stage on record."""
        latest = job
        hindered_since, hindered_at = 0.0, None
        loop = asyncio.get_running_loop()

        def report(now: MintJob, error: IpnftError | None) -> None:
            nonlocal latest
            latest = now
            self._tell(case, MintProgress.of(now, error))

        with traced(job.job_id):
            report(job, None)
            for delay_s in itertools.chain(WORK_AGAIN_DELAYS_S, itertools.repeat(WORK_AGAIN_DELAYS_S[-1])):
                try:
                    self.close(await self._engine.carry_out(latest, report))
                    return
                except IpnftError as met:
                    trouble = met
                except Exception as error:
                    log.exception("mint %s", job.job_id)
                    trouble = Defect(f"{type(error).__name__}: {error}")
                report(latest, trouble)
                if trouble.code in FREEZING_CODES:
                    self._events.publish(WritingFrozen(trouble))
                    return
                if trouble.code is ErrorCode.LEASE_LOST:
                    return  # The desk's beat hears of the end, or gets the job back.
                if latest.stage is not hindered_at:  # it got further since the last trouble
                    hindered_since, hindered_at = loop.time(), latest.stage
                await asyncio.sleep(delay_s)
                with contextlib.suppress(EnvironmentFault):
                    latest = await self._database.read(lambda tx: tx.job(job.job_id)) or latest
                    is_too_late = loop.time() - hindered_since > QUEUE_TIMEOUT_S
                    if is_too_late and latest.stage in UNSIGNED_STAGES and trouble.code not in PATIENT_CODES:
                        latest = await self._engine.give_up_waiting(latest, trouble, report)

    def _tell(self, case: _Case, progress: MintProgress) -> None:
        case.progress = progress
        for listener in tuple(case.listeners):
            listener(progress)
        self._events.publish(MintAdvanced(progress))


async def _end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task and wait until it has stopped."""
    if task is not None and not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
