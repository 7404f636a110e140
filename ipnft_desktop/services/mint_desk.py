"""Where mints are asked for, followed, retried and cancelled. A mint belongs to the desk, not to the window that
started it: closing a dialog leaves it running, and a stopped environment picks it up again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from uuid6 import uuid7

from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, MintCall, parse_address
from ipnft_desktop.domain.errors import (
    Defect,
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import AssetChanged, MintAdvanced
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    MAX_ATTEMPTS,
    MAX_BATCH_ITEMS,
    MintEstimate,
    MintItem,
    MintJob,
    MintProgress,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
)
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.environment import Tell
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.minting import MintEngine, MintPolicy
from ipnft_desktop.services.ports import Chain, Clock, Database, Signer, Transaction

UNSIGNED_STAGES = frozenset({MintStage.REQUESTED, MintStage.PREPARING})
SIGNED_STAGES = frozenset({MintStage.SUBMITTING, MintStage.CONFIRMING, MintStage.FINALIZING})
RECOVERY_LOOK_S = 2.0
WORK_AGAIN_DELAYS_S = (1.0, 2.0, 4.0, 15.0)
"""Waits before a job goes on whose record could not be written or read."""

log = logging.getLogger("ipnft")

OnProgress = Callable[[MintProgress], None]


@dataclass(frozen=True, slots=True)
class MintRequest:
    """One asset to mint, and the address that shall own the token, as typed."""

    asset_id: UUID
    recipient: str
    recipient_type: RecipientType = RecipientType.ENTERPRISE


@dataclass(slots=True, eq=False)
class _Case:
    """A job the desk knows of: its latest progress, who listens, and the task that works on it."""

    progress: MintProgress
    done: asyncio.Future[MintJob]
    listeners: list[OnProgress] = field(default_factory=list["OnProgress"])
    task: asyncio.Task[None] | None = None


class MintDesk:
    """Takes requests, keeps their tasks, tells their progress."""

    def __init__(
        self,
        engine: MintEngine,
        database: Database,
        chain: Chain,
        signer: Signer,
        events: EventHub,
        clock: Clock,
        policy: MintPolicy,
        actor: str,
    ) -> None:
        self._engine = engine
        self._database = database
        self._chain = chain
        self._signer = signer
        self._events = events
        self._clock = clock
        self._policy = policy
        self._actor = actor
        self._cases: dict[UUID, _Case] = {}
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether requests are taken and sent: from `recover` until `suspend`."""
        return self._is_open

    @property
    def queue_depth(self) -> int:
        """Jobs whose outcome is not known yet."""
        return sum(case.progress.stage not in CLOSED_STAGES for case in self._cases.values())

    async def estimate(self, requests: Sequence[MintRequest]) -> MintEstimate:
        """Simulate the mint on the live chain without recording anything. Raises what the mint itself would."""
        items = self._items(requests)
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None or not self._is_open:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")
        # Any unused digest costs the same gas as the real one, which exists only once the metadata is stored.
        call = MintCall(
            tuple(item.asset_id for item in items), tuple(item.recipient for item in items), uuid4().bytes * 2
        )
        found = await self._chain.preflight(call, identity, self._signer.address)
        return MintEstimate(
            gas_limit=found.gas_limit,
            gas_price_wei=found.fees.gas_price_wei,
            max_fee_wei=found.gas_limit * found.fees.max_fee_per_gas_wei,
            chain_id=found.observation.chain_id,
            is_local=found.observation.chain_id == LOCAL_CHAIN_ID,
        )

    async def mint(self, requests: Sequence[MintRequest], on_progress: OnProgress | None = None) -> MintJob:
        """Request and wait for the outcome; the job comes back COMPLETED, FAILED or CANCELLED."""
        job = await self.request(requests)
        return await self.outcome(job.job_id, on_progress)

    async def request(self, requests: Sequence[MintRequest], idempotency_key: str | None = None) -> MintJob:
        """A: record the intent of one transaction for one asset or a batch, then set to work on it.

        Raises UserError RECIPIENT_INVALID, MINT_INVALID_STATE or VALIDATION_FAILED; then nothing was recorded.
        """
        if not self._is_open:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")
        now = self._clock.now()
        items = self._items(requests)
        job = MintJob(
            job_id=UUID(int=uuid7().int),
            strategy=MintStrategy.SINGLE if len(items) == 1 else MintStrategy.BATCH,
            items=items,
            stage=MintStage.REQUESTED,
            attempt=1,
            times=MintTimes(requested_at=now),
            required_confirmations=self._policy.required_confirmations,
            idempotency_key=idempotency_key or uuid4().hex,
        )

        def work(tx: Transaction) -> list[AssetChanged]:
            tx.open_job(job)
            for item in items:
                facts = {"job": str(job.job_id), "recipient": item.recipient}
                tx.append_audit(self._actor, "mint.requested", str(item.asset_id), facts, now)
            return [AssetChanged(row) for item in items if (row := tx.asset_row(item.asset_id))]

        for change in await self._database.write(work):
            self._events.publish(change)
        self._set_to_work(job)
        return job

    async def outcome(self, job_id: UUID, on_progress: OnProgress | None = None) -> MintJob:
        """Wait for a job's end, hearing its progress from now on. Giving up waiting does not stop the job."""
        case = self._cases.get(job_id)
        if case is None:
            job = await self._database.read(lambda tx: tx.job(job_id))
            if job is None or job.is_open:
                raise UserError(ErrorCode.MINT_INVALID_STATE, "nobody works on this job")
            return job
        if on_progress:
            case.listeners.append(on_progress)
            on_progress(case.progress)
        try:
            return await asyncio.shield(case.done)
        finally:
            if on_progress:
                case.listeners.remove(on_progress)

    async def job_of(self, asset_id: UUID) -> MintJob | None:
        """The asset's latest job as recorded."""
        return await self._database.read(lambda tx: tx.latest_job_of(asset_id))

    async def latest_single_mint_gas(self) -> int | None:
        """Gas of the newest completed single mint on the present contract, the base of a batch's saving."""
        return await self._database.read(lambda tx: tx.latest_single_mint_gas())

    async def retry(self, asset_id: UUID) -> MintJob:
        """Try a failed mint again with a new attempt, or look again at once where the outcome is still open.

        An open job keeps its signed bytes; only a job proven to have made no token is signed anew. Raises UserError
        RETRY_LIMIT after the last attempt.
        """
        job = await self.job_of(asset_id)
        if job is None or job.stage in (MintStage.COMPLETED, MintStage.CANCELLED):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "there is no failed mint to retry")
        if not self._is_open:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")
        if job.is_open:
            await self._set_to_work_again(job)
            return job
        fresh, changes = await self._database.write(lambda tx: self._begin_next_attempt(tx, job.job_id))
        for change in changes:
            self._events.publish(change)
        self._set_to_work(fresh)
        return fresh

    async def cancel(self, job_id: UUID) -> None:
        """Stop a job before it is signed. Raises UserError MINT_INVALID_STATE once signed: then the chain decides.

        The cancel is a record before anything else, so it holds whatever happens to the program.
        """
        cancelled, changes = await self._database.write(lambda tx: self._record_cancelled(tx, job_id))
        for change in changes:
            self._events.publish(change)
        case = self._cases.pop(job_id, None)
        if case is not None:
            await _end(case.task)
            self._close(case, cancelled)

    async def recover(self, tell: Tell) -> Phrase:
        """Open the desk and go on with every open job from its recorded stage, signed ones first and by nonce."""
        self._is_open = True
        jobs = await self._database.read(lambda tx: tx.jobs_in(UNSIGNED_STAGES | SIGNED_STAGES))
        await self._close_ended_cases({job.job_id for job in jobs})
        for job in sorted(jobs, key=_recovery_order):
            self._set_to_work(job)
        working = [case.task for case in self._cases.values() if case.task and not case.task.done()]
        if not jobs:
            return phrase("No mint was left open")
        if working:
            tell(phrase("Following {count} open mints", count=len(working)))
            await asyncio.wait(working, timeout=RECOVERY_LOOK_S)
        settled = sum(task.done() for task in working)
        return phrase("{count} open mints taken up, {settled} settled", count=len(jobs), settled=settled)

    async def suspend(self, why: IpnftError | None = None) -> None:
        """Close the desk: nothing is sent any more until `recover`. Records stay as they are; who waits is told why."""
        self._is_open = False
        for case in tuple(self._cases.values()):
            await _end(case.task)
            if why is not None:
                self._tell(case, replace(case.progress, error=why))

    def _items(self, requests: Sequence[MintRequest]) -> tuple[MintItem, ...]:
        if not requests:
            raise ValidationFailed((FieldProblem("assets", ProblemKind.REQUIRED),))
        if len(requests) > MAX_BATCH_ITEMS:
            raise ValidationFailed((FieldProblem("assets", ProblemKind.TOO_MANY, str(MAX_BATCH_ITEMS)),))
        return tuple(
            MintItem(
                intent_id=UUID(int=uuid7().int),
                asset_id=request.asset_id,
                recipient=parse_address(request.recipient),
                recipient_type=request.recipient_type,
            )
            for request in requests
        )

    def _begin_next_attempt(self, tx: Transaction, job_id: UUID) -> tuple[MintJob, list[AssetChanged]]:
        """One write decides, so that two presses on Retry are one attempt."""
        job = tx.job(job_id)
        assert job is not None
        if job.stage is not MintStage.FAILED:
            return job, []
        if job.attempt >= MAX_ATTEMPTS:
            raise UserError(ErrorCode.RETRY_LIMIT)
        tx.begin_attempt(job_id, job.attempt + 1, self._clock.now())
        return self._recorded_with_changes(tx, job, "mint.retried")

    def _record_cancelled(self, tx: Transaction, job_id: UUID) -> tuple[MintJob, list[AssetChanged]]:
        job = tx.job(job_id)
        if job is None or job.stage not in UNSIGNED_STAGES:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the transaction is signed already, or the mint has ended")
        tx.record_cancelled(job_id, self._clock.now())
        return self._recorded_with_changes(tx, job, "mint.cancelled")

    def _recorded_with_changes(
        self, tx: Transaction, job: MintJob, action: str
    ) -> tuple[MintJob, list[AssetChanged]]:
        changes: list[AssetChanged] = []
        for item in job.items:
            tx.append_audit(self._actor, action, str(item.asset_id), {"job": str(job.job_id)}, self._clock.now())
            row = tx.asset_row(item.asset_id)
            if row is not None:
                changes.append(AssetChanged(row))
        recorded = tx.job(job.job_id)
        assert recorded is not None
        return recorded, changes

    async def _close_ended_cases(self, open_ids: set[UUID]) -> None:
        """Answer those who wait for a job that ended while the desk was closed."""
        for job_id in set(self._cases) - open_ids:
            recorded = await self._database.read(lambda tx, job_id=job_id: tx.job(job_id))
            if recorded is not None and not recorded.is_open:
                self._close(self._cases.pop(job_id), recorded)

    async def _set_to_work_again(self, job: MintJob) -> None:
        case = self._cases.get(job.job_id)
        if case is not None:
            await _end(case.task)
        recorded = await self._database.read(lambda tx: tx.job(job.job_id))
        self._set_to_work(recorded or job)

    def _set_to_work(self, job: MintJob) -> None:
        if not self._is_open:
            return  # `recover` takes the recorded job up.
        case = self._cases.get(job.job_id)
        if case is None or case.done.done():
            case = _Case(MintProgress.of(job), asyncio.get_running_loop().create_future())
            self._cases[job.job_id] = case
        if case.task is None or case.task.done():
            case.task = asyncio.create_task(self._work(job, case), name=f"mint.{job.job_id}")

    async def _work(self, job: MintJob, case: _Case) -> None:
        """Work on a job until it ends. What passes by itself is tried again, from the stage on record."""
        latest = job

        def report(now: MintJob, error: IpnftError | None) -> None:
            nonlocal latest
            latest = now
            self._tell(case, MintProgress.of(now, error))

        report(job, None)
        for delay_s in itertools.chain(WORK_AGAIN_DELAYS_S, itertools.repeat(WORK_AGAIN_DELAYS_S[-1])):
            try:
                ended = await self._engine.carry_out(latest, report)
            except EnvironmentFault as trouble:
                report(latest, trouble)
            except UserError as refused:
                report(latest, refused)  # The job stays open: neither FAILED nor MINTED would be true.
                return
            except Exception as error:
                log.exception("mint %s", job.job_id)
                report(latest, Defect(f"{type(error).__name__}: {error}"))
                return
            else:
                self._cases.pop(job.job_id, None)
                self._close(case, ended)
                return
            await asyncio.sleep(delay_s)
            with contextlib.suppress(EnvironmentFault):
                latest = await self._database.read(lambda tx: tx.job(job.job_id)) or latest

    def _close(self, case: _Case, ended: MintJob) -> None:
        """Tell the outcome to everybody who waits."""
        if not case.done.done():
            case.done.set_result(ended)
        if case.progress.stage is not ended.stage:
            self._tell(case, MintProgress.of(ended))

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


def _recovery_order(job: MintJob) -> tuple[bool, int]:
    """Signed jobs first, by nonce: the node takes an account's transactions only in order."""
    return (job.transaction is None, job.transaction.nonce if job.transaction else 0)
