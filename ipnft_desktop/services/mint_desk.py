"""Where mints are asked for, followed, retried, hastened, cancelled and reset. A mint belongs to the desk, not to the
window that started it: closing a dialog leaves it running, and a stopped environment picks it up again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from uuid6 import uuid7

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, MintCall, parse_address
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.minting import (
    MAX_ATTEMPTS,
    MAX_BATCH_ITEMS,
    OPEN_STAGES,
    UNSIGNED_STAGES,
    MintEstimate,
    MintItem,
    MintJob,
    MintStage,
    RecipientType,
)
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.program_log import traced
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_cases import MintCases, OnProgress
from ipnft_desktop.services.mint_ledger import Report
from ipnft_desktop.services.mint_opening import MintOpening
from ipnft_desktop.services.minting import MintEngine
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session, require_owners

BEAT_EVERY_S = 5.0
REASON_MAX_CHARS = 500


@dataclass(frozen=True, slots=True)
class MintRequest:
    """One asset to mint, and the address that shall own the token, as typed."""

    asset_id: UUID
    recipient: str
    recipient_type: RecipientType = RecipientType.ENTERPRISE


class MintDesk:
    """Takes requests and decisions of people, and keeps the work on them going. What it tells about mints is for
    somebody who is signed in: UserError SIGN_IN_REQUIRED otherwise."""

    def __init__(
        self,
        engine: MintEngine,
        cases: MintCases,
        opening: MintOpening,
        database: Database,
        chain: Chain,
        signer: Signer,
        events: EventHub,
        clock: Clock,
        session: Session,
    ) -> None:
        self._engine = engine
        self._cases = cases
        self._opening = opening
        self._database = database
        self._chain = chain
        self._signer = signer
        self._events = events
        self._clock = clock
        self._session = session
        self._is_open = False
        self._beating: asyncio.Task[None] | None = None
        self._decisions: set[asyncio.Future[MintJob]] = set()
        # Two decisions about one mint must not both replace the same transaction; people decide seldom enough.
        self._deciding = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether requests are taken and sent: from `open_up` until `suspend`."""
        return self._is_open

    @property
    def queue_depth(self) -> int:
        """Jobs whose outcome is not known yet."""
        return self._cases.open_count

    @property
    def troubles(self) -> Mapping[UUID, ErrorCode]:
        """What holds open jobs up just now, of those that something does."""
        return self._cases.troubles

    # --- asking for mints -------------------------------------------------------------------------------------

    async def estimate(self, requests: Sequence[MintRequest]) -> MintEstimate:
        """Simulate the mint on the live chain without recording anything. Raises what the mint itself would."""
        self._session.require_reader()
        items = self._items(requests)
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None or not self._is_open:
            raise _closed()
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
        return await self._outcome(job.job_id, on_progress)

    async def request(self, requests: Sequence[MintRequest], idempotency_key: str | None = None) -> MintJob:
        """A: record the intent of one transaction for one asset or a batch, then set to work on it.

        Raises UserError RECIPIENT_INVALID, DUPLICATE_IN_BATCH, MINT_INVALID_STATE, RETRY_LIMIT, PERMISSION_DENIED,
        SIGN_IN_REQUIRED or VALIDATION_FAILED; then nothing was recorded.
        """
        self._session.require(Permission.MINT)
        self._require_open()
        job = await self._opening.open(self._items(requests), idempotency_key)
        self._set_to_work(job)
        return job

    def take_up(self, jobs: Sequence[MintJob]) -> None:
        """Set to work on jobs that somebody recorded, see `services/batch_commit.py`."""
        for job in jobs:
            self._set_to_work(job)

    async def outcome(self, job_id: UUID, on_progress: OnProgress | None = None) -> MintJob:
        """Wait for a job's end, hearing its progress from now on. Giving up waiting does not stop the job."""
        self._session.require_reader()
        return await self._outcome(job_id, on_progress)

    async def job_of(self, asset_id: UUID) -> MintJob | None:
        """The asset's latest job as recorded."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.latest_job_of(asset_id))

    async def latest_single_mint_gas(self) -> int | None:
        """Gas of the newest completed single mint on the present contract, the base of a batch's saving."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.latest_single_mint_gas())

    # --- decisions about a mint: PERMISSION_DENIED or SIGN_IN_REQUIRED for whoever may not decide ---------------

    async def retry(self, asset_id: UUID) -> MintJob:
        """Try a failed mint again with a new attempt, or look again at once where the outcome is still open.

        An open job keeps its signed bytes; only a job proven to have made no token is signed anew. Raises UserError
        RETRY_LIMIT after the last attempt.
        """
        job = await self._to_decide(lambda tx: tx.latest_job_of(asset_id))
        if job is None or job.stage in (MintStage.COMPLETED, MintStage.CANCELLED):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "there is no failed mint to retry")
        self._require_open()
        async with self._deciding:
            if job.is_open:
                await self._cases.stop(job.job_id)
                return await self._go_on(job)
            await self._cases.finish(job)
            fresh, changes = await self._database.write(lambda tx: self._begin_next_attempt(tx, job))
            self._publish(changes)
            if fresh.is_open:
                self._set_to_work(fresh)
            return fresh

    async def cancel(self, job_id: UUID) -> MintJob:
        """Stop a job: at once before it is signed, or instead of a retry; afterwards by asking the chain.

        After B a transaction that sends nothing is signed, recorded and sent under the same nonce. The job then stays
        open until the chain has mined one of the two. Raises UserError MINT_INVALID_STATE once it is mined or ended.
        The cancel is a record before anything else, so it holds whatever happens to the program.
        """
        job = await self._to_decide(lambda tx: tx.job(job_id))
        if job is None or job.stage is MintStage.CANCELLED or job.stage is MintStage.COMPLETED or job.mined:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has it already, or the mint has ended")
        async with self._deciding:
            if not job.transactions or not job.is_open:
                try:
                    return await self._cancel_unsigned(job_id)
                except UserError:
                    # It was signed a moment ago, or ended: what the record says now decides.
                    job = await self._database.read(lambda tx: tx.job(job_id))
                    if job is None or not job.transactions or not job.is_open:
                        raise
            return await self._decide_signed(job_id, self._engine.cancel_signed)

    async def speed_up(self, job_id: UUID) -> MintJob:
        """Offer a higher fee for a signed mint that is not mined yet. Raises UserError MINT_INVALID_STATE otherwise,
        EnvironmentFault FEE_CAP_EXCEEDED where the policy forbids it; then nothing changed."""
        async with self._deciding:
            return await self._decide_signed(job_id, self._engine.speed_up)

    async def allow_fee(self, job_id: UUID, max_fee_wei: int) -> None:
        """Answer to FEE_CAP_EXCEEDED: this one job may offer so much in total, and goes on at once."""
        job = await self._to_decide(lambda tx: tx.job(job_id))
        if job is None or not job.is_open:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the mint has ended")
        self._engine.allow_fee(job_id, max_fee_wei)
        facts = {"job": str(job_id), "max_fee_wei": str(max_fee_wei)}
        now = self._clock.now()
        await self._database.write(
            lambda tx: tx.append_audit(self._session.actor, "mint.fee_allowed", str(job_id), facts, now)
        )
        async with self._deciding:
            await self._cases.stop(job_id)
            await self._go_on(job)

    async def reset(self, asset_id: UUID, reason: str) -> None:
        """An admin's way out of a failed or cancelled mint: the asset is a draft again and its attempts count anew.

        Raises ValidationFailed without a reason, UserError MINT_INVALID_STATE from any other state, DUPLICATE_ASSET
        where the chain has a token after all.
        """
        user = self._session.require(Permission.RESET_MINTS)
        reason = reason.strip()
        if not reason:
            raise ValidationFailed((FieldProblem("reason", ProblemKind.REQUIRED),))
        if len(reason) > REASON_MAX_CHARS:
            raise ValidationFailed((FieldProblem("reason", ProblemKind.TOO_LONG, str(REASON_MAX_CHARS)),))
        self._require_open()
        token_id = token_id_of(asset_id)
        if (await self._chain.owners([token_id]))[token_id]:
            raise UserError(ErrorCode.DUPLICATE_ASSET, "the chain has a token of this asset", asset_id=str(asset_id))
        now = self._clock.now()

        def work(tx: Transaction) -> list[AssetChanged]:
            tx.reset_to_draft(asset_id)
            tx.append_audit(user.name, "mint.reset", str(asset_id), {"reason": reason}, now)
            row = tx.asset_row(asset_id)
            return [AssetChanged(row)] if row else []

        self._publish(await self._database.write(work))

    # --- opening and closing ----------------------------------------------------------------------------------

    async def open_up(self) -> tuple[MintJob, ...]:
        """Take requests, and go on with every open job from its recorded stage, signed ones first and by nonce.
        Returns the jobs taken up."""
        self._is_open = True
        await self._take_over()
        jobs = await self._database.read(lambda tx: tx.our_jobs_in(OPEN_STAGES))
        await self._close_ended_cases({job.job_id for job in jobs})
        for job in sorted(jobs, key=_recovery_order):
            self._set_to_work(job)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat(), name="mint-desk.beat")
        return jobs

    @property
    def working(self) -> tuple[asyncio.Task[None], ...]:
        """The work that is going on."""
        return self._cases.tasks

    async def suspend(self, why: IpnftError | None = None) -> None:
        """Close the desk: nothing is sent any more until `open_up`. Records stay as they are; who waits is told."""
        self._is_open = False
        beating, self._beating = self._beating, None
        if beating is not None:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        for decision in tuple(self._decisions):
            decision.cancel()
        await asyncio.gather(*self._decisions, return_exceptions=True)
        await self._cases.stop_all(why)
        await self._engine.stop()

    async def look_again_above(self, block_number: int) -> int:
        """Look at mints that a block above this one had ended; returns how many are open again."""
        # Asked of the writer, behind whatever end is about to be written.
        ended = await self._database.write(lambda tx: tx.ended_jobs_above(block_number))
        return sum([await self._look_again(job) for job in ended])

    async def look_again(self, job_id: UUID) -> bool:
        """The same for one mint, whether it is over or nearly; answers whether it is open again.

        Sound for one alone: what its chain shows of it follows from its own transaction, and reopening it touches
        no other mint. Raises EnvironmentFault NODE_UNREACHABLE.
        """
        job = await self._database.write(lambda tx: tx.job(job_id))
        return job is not None and await self._look_again(job)

    # --- inside -----------------------------------------------------------------------------------------------

    async def _look_again(self, ended: MintJob) -> bool:
        """Whether it is open again, for its block is gone."""
        job: MintJob | None = ended
        if ended.is_open:
            await self._cases.stop(ended.job_id)
            job = await self._database.write(lambda tx: tx.job(ended.job_id))
        else:
            await self._cases.finish(ended)
        if job is None or job.mined is None:
            return False
        try:
            seen = await self._engine.look_again(job, self._cases.report)
        except IpnftError as error:
            if error.code not in (ErrorCode.MINT_INVALID_STATE, ErrorCode.NONCE_CONFLICT):
                raise
            return False  # A later mint of the asset, or of its nonce, tells how things stand.
        if seen.is_open:
            self._set_to_work(seen)
        return seen.stage is MintStage.CONFIRMING

    async def _outcome(self, job_id: UUID, on_progress: OnProgress | None) -> MintJob:
        ended = await self._cases.outcome(job_id, on_progress)
        if ended is not None:
            return ended
        job = await self._database.read(lambda tx: tx.job(job_id))
        if job is None or job.is_open:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "nobody works on this job")
        return job

    async def _to_decide(self, find: Callable[[Transaction], MintJob | None]) -> MintJob | None:
        """A job that the person may decide about. Raises UserError PERMISSION_DENIED or SIGN_IN_REQUIRED."""
        user = self._session.require(Permission.MINT)

        def look(tx: Transaction) -> MintJob | None:
            job = find(tx)
            if job is not None:
                require_owners(tx, user, [item.asset_id for item in job.items])
            return job

        return await self._database.read(look)

    def _require_open(self) -> None:
        if not self._is_open:
            raise _closed()

    def _publish(self, changes: list[AssetChanged]) -> None:
        for change in changes:
            self._events.publish(change)

    def _items(self, requests: Sequence[MintRequest]) -> tuple[MintItem, ...]:
        if not requests:
            raise ValidationFailed((FieldProblem("assets", ProblemKind.REQUIRED),))
        if len(requests) > MAX_BATCH_ITEMS:
            raise ValidationFailed((FieldProblem("assets", ProblemKind.TOO_MANY, str(MAX_BATCH_ITEMS)),))
        if len({request.asset_id for request in requests}) < len(requests):
            raise UserError(ErrorCode.DUPLICATE_IN_BATCH, field="assets")
        return tuple(
            MintItem(
                intent_id=UUID(int=uuid7().int),
                asset_id=request.asset_id,
                recipient=parse_address(request.recipient),
                recipient_type=request.recipient_type,
            )
            for request in requests
        )

    async def _cancel_unsigned(self, job_id: UUID) -> MintJob:
        cancelled, changes = await self._database.write(lambda tx: self._record_cancelled(tx, job_id))
        self._publish(changes)
        await self._cases.stop(job_id)
        if job_id in self._cases.job_ids:
            self._cases.close(cancelled)
        else:
            self._cases.report(cancelled, None)  # a failed one, which nobody works on
        return cancelled

    async def _decide_signed(self, job_id: UUID, decide: Callable[[MintJob, Report], Awaitable[MintJob]]) -> MintJob:
        """Replace the transaction of a signed job that is not mined, its own work standing still meanwhile."""
        self._require_open()
        known = await self._to_decide(lambda tx: tx.job(job_id))
        if known is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "there is no such mint")
        await self._cases.stop(job_id)
        try:
            job = await self._database.read(lambda tx: tx.job(job_id))
            if job is None or not job.is_open or not job.transactions or job.mined:
                raise UserError(ErrorCode.MINT_INVALID_STATE, "only a signed mint that is not mined can be replaced")
            self._require_open()
            with traced(job_id):
                decision = asyncio.ensure_future(decide(job, self._cases.report))
            self._decisions.add(decision)
            try:
                return await decision
            except asyncio.CancelledError:
                if self._is_open:
                    raise
                raise _closed() from None  # `suspend` ended it: nothing is sent any more
            finally:
                self._decisions.discard(decision)
                decision.cancel()
        finally:
            await self._go_on(known)

    async def _go_on(self, known: MintJob) -> MintJob:
        """Set to work on a job as it is recorded now, or tell its end. While the record cannot be read, on the job as
        it was known: a step that does not fit the record is refused, and then the record is read."""
        try:
            job = await self._database.read(lambda tx: tx.job(known.job_id)) or known
        except EnvironmentFault:
            self._set_to_work(known)
            raise
        if job.is_open:
            self._set_to_work(job)
        else:
            self._cases.close(job)
        return job

    def _begin_next_attempt(self, tx: Transaction, failed: MintJob) -> tuple[MintJob, list[AssetChanged]]:
        """One write decides, so that two presses on Retry are one attempt, also where it has failed already."""
        job = tx.job(failed.job_id)
        assert job is not None
        if job.stage is not MintStage.FAILED or job.attempt != failed.attempt:
            return job, []
        if job.attempt >= MAX_ATTEMPTS:
            raise UserError(ErrorCode.RETRY_LIMIT)
        tx.begin_attempts({job.job_id: job.attempt + 1}, self._clock.now())
        return self._recorded_with_changes(tx, job, "mint.retried")

    def _record_cancelled(self, tx: Transaction, job_id: UUID) -> tuple[MintJob, list[AssetChanged]]:
        job = tx.job(job_id)
        if job is None or job.stage not in UNSIGNED_STAGES | {MintStage.FAILED}:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the transaction is signed already, or the mint has ended")
        tx.record_cancelled(job_id, self._clock.now())
        return self._recorded_with_changes(tx, job, "mint.cancelled")

    def _recorded_with_changes(self, tx: Transaction, job: MintJob, action: str) -> tuple[MintJob, list[AssetChanged]]:
        changes: list[AssetChanged] = []
        for item in job.items:
            tx.append_audit(
                self._session.actor, action, str(item.asset_id), {"job": str(job.job_id)}, self._clock.now()
            )
            row = tx.asset_row(item.asset_id)
            if row is not None:
                changes.append(AssetChanged(row))
        recorded = tx.job(job.job_id)
        assert recorded is not None
        return recorded, changes

    async def _close_ended_cases(self, open_ids: set[UUID]) -> None:
        """Answer those who wait for a job that ended while the desk was closed."""
        for job_id in self._cases.job_ids - open_ids:
            recorded = await self._database.read(lambda tx, job_id=job_id: tx.job(job_id))
            if recorded is None:
                self._cases.drop(job_id)
            elif not recorded.is_open:
                self._cases.close(recorded)

    def _set_to_work(self, job: MintJob) -> None:
        if self._is_open:  # otherwise `open_up` takes the recorded job up
            self._cases.set_to_work(job)

    async def _take_over(self) -> int:
        # A write where nothing is shared, too: whatever the last run had under way is on record behind it.
        return await self._database.write(lambda tx: tx.take_over_jobs())

    async def _beat(self) -> None:
        """Compare the record with the work under way: an open mint that nobody works on is taken up, and who waits for
        one that ended elsewhere is told. Where several programs share the register, say that we live, and go on with
        the mints of those that do not."""
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            try:
                async with self._deciding:  # a decision lets the work on its mint rest
                    if self._database.is_shared:
                        await self._take_over()
                    for job in await self._database.read(lambda tx: tx.our_jobs_in(OPEN_STAGES)):
                        self._set_to_work(job)
                    await self._close_ended_cases(set(self._cases.job_ids - self._cases.idle_ids))
            except EnvironmentFault:
                continue  # The database is away for a moment; the next beat tries again.


def _closed() -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")


def _recovery_order(job: MintJob) -> tuple[bool, int]:
    """Signed jobs first, by nonce: the node takes an account's transactions only in order."""
    return (not job.transactions, job.transactions[0].nonce if job.transactions else 0)
