"""The story of a mint, top to bottom: prepare, check, sign, send, confirm, finish.

What the outside world can see happens only after its record is committed (barriers A to E of the design). A job can
be dropped anywhere and picked up again from its stage; `MintEngine.carry_out` goes on from there:

    A  request recorded                    (services/mint_desk.py)
       PREPARING   metadata stored and read back; chain asked; nothing sent
    B  SUBMITTING  nonce, signed bytes and hash committed; only then are they sent
    C  CONFIRMING  the node accepted them, or a receipt was seen
    D  FINALIZING  receipt, event and owner agree at the required depth; block journalled
    E  COMPLETED   asset MINTED
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta

from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.chain import (
    IdentityVerdict,
    MintCall,
    Receipt,
    SendReply,
    SendVerdict,
    TransactionPlan,
    compare_identity,
)
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.metadata import build_metadata, metadata_file_name
from ipnft_desktop.domain.minting import FailureKind, MinedFacts, MintFailure, MintItem, MintJob, MintStage
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher, Sighting
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Chain, Clock, ContentStore, Database, Signer, Transaction

RESEND_DELAYS_S = (1.0, 2.0, 4.0)
RESEND_EVERY_S = 15.0
IDLE_S = 1.0
CONFIRMATION_ALERT_AFTER = timedelta(minutes=10)

Report = Callable[[MintJob, IpnftError | None], None]
"""News of a running job; the error is trouble that does not end it."""


@dataclass(frozen=True, slots=True)
class MintPolicy:
    """Limits an operator set."""

    required_confirmations: int = 1
    max_fee_wei: int = 10**17
    """No transaction may offer more than this in total (0.1 ETH)."""
    jobs_preparing_at_once: int = 8


class MintEngine:
    """Carries jobs from wherever they stand to their end."""

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        chain: Chain,
        signer: Signer,
        watcher: ChainWatcher,
        journal: ChainJournal,
        events: EventHub,
        clock: Clock,
        policy: MintPolicy,
    ) -> None:
        self._database = database
        self._content = content
        self._chain = chain
        self._signer = signer
        self._watcher = watcher
        self._journal = journal
        self._events = events
        self._clock = clock
        self._policy = policy
        self._preparing = asyncio.Semaphore(policy.jobs_preparing_at_once)
        # Nonces must reach the node in order, and an automining node refuses concurrent sends: one lane per signer.
        self._lane = asyncio.Lock()

    async def carry_out(self, job: MintJob, report: Report) -> MintJob:
        """Run a job to its end and return it COMPLETED, FAILED or CANCELLED.

        Trouble after B never ends a job: it is reported, and the job goes on being watched. Raises what keeps the
        record from being written, and UserError DUPLICATE_ASSET where a token exists that the record does not know:
        the job stays open then, since neither FAILED nor MINTED would be true.
        """
        if job.stage in (MintStage.REQUESTED, MintStage.PREPARING):
            job = await self._until_sent(job, report)
        if job.stage in (MintStage.SUBMITTING, MintStage.CONFIRMING):
            job = await self._confirm(job, report)
        if job.stage is MintStage.FINALIZING:
            job = await self._complete(job, report)
        return job

    async def _until_sent(self, job: MintJob, report: Report) -> MintJob:
        """Steps 1 to 5. Up to B every failure is a safe one; from B on none is."""
        try:
            async with self._preparing:
                job = await self._prepare(job, report)
                plan = await self.check_chain(job)
        except IpnftError as error:
            return await self._fail_unsigned(job, error, report)
        async with self._lane:
            try:
                job = await self._sign(job, plan, report)
            except IpnftError as error:
                return await self._fail_unsigned(job, error, report)
            reply = await self._send(job)
        return await self._heed(job, reply, report)

    async def _prepare(self, job: MintJob, report: Report) -> MintJob:
        """Claim the job; store its metadata directory, read it back, and freeze its address."""
        if job.stage is MintStage.REQUESTED:
            now = self._clock.now()
            job = replace(job, stage=MintStage.PREPARING, times=replace(job.times, last_attempt_at=now))
            await self._commit(job, lambda tx: tx.begin_attempt(job.job_id, job.attempt, now), report)
        assets = await self._database.read(lambda tx: [_asset_of(tx, item) for item in job.items])
        directory, items = await self._store_metadata(job, assets)
        if job.directory_cid is None:
            job = replace(job, directory_cid=directory.text, items=items)
            await self._commit(job, lambda tx: tx.freeze_content(job.job_id, directory.text, items), report)
        elif job.directory_cid != directory.text:
            raise EnvironmentFault(ErrorCode.CONTENT_MISMATCH, "the asset changed after its content was frozen")
        return job

    async def _store_metadata(self, job: MintJob, assets: list[Asset]) -> tuple[Cid, tuple[MintItem, ...]]:
        documents = await asyncio.to_thread(
            lambda: {metadata_file_name(asset): build_metadata(asset) for asset in assets}
        )
        directory, stored = await self._content.add_many(documents)
        await self._content.verify(directory)
        return directory, tuple(
            replace(item, metadata_cid=stored[name].cid.text, token_uri=f"ipfs://{directory.text}/{name}")
            for item, name in zip(job.items, documents, strict=True)
        )

    async def check_chain(self, job: MintJob) -> TransactionPlan:
        """One look before signing: identity, simulation, gas, fees and balance. A failure here is a safe one."""
        assert job.directory_cid is not None
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is recorded for this register")
        call = MintCall(
            asset_ids=tuple(item.asset_id for item in job.items),
            recipients=tuple(item.recipient for item in job.items),
            directory_digest=Cid.parse(job.directory_cid).digest,
        )
        found = await self._chain.preflight(call, identity, self._signer.address)
        verdict = compare_identity(identity, found.observation)
        if verdict is IdentityVerdict.RESET:
            raise EnvironmentFault(ErrorCode.CHAIN_RESET, "the contract is gone from the chain")
        if verdict is IdentityVerdict.FOREIGN:
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "chain id, code or instance differs from the register")
        max_fee_wei = found.gas_limit * found.fees.max_fee_per_gas_wei
        if max_fee_wei > self._policy.max_fee_wei:
            raise EnvironmentFault(ErrorCode.FEE_CAP_EXCEEDED, f"{max_fee_wei} wei > {self._policy.max_fee_wei} wei")
        if max_fee_wei > found.balance_wei:
            raise EnvironmentFault(ErrorCode.INSUFFICIENT_FUNDS, f"{found.balance_wei} wei < {max_fee_wei} wei")
        return found.plan

    async def _sign(self, job: MintJob, plan: TransactionPlan, report: Report) -> MintJob:
        """B: nonce, signed bytes and hash in one commit. Simulation came before, so no nonce is burned.

        A cancel that was recorded first makes this commit fail.
        """
        chain_nonce = await self._chain.nonce_of(self._signer.address)
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[MintJob, list[AssetChanged]]:
            nonce = tx.next_nonce(self._signer.address, chain_nonce)
            signed = self._signer.sign(plan, nonce)
            tx.record_signed(job.job_id, signed, now)
            times = replace(job.times, signed_at=now)
            return replace(job, stage=MintStage.SUBMITTING, transaction=signed, times=times), _changes(tx, job)

        job, changes = await self._database.write(work)
        self._tell(job, changes, report)
        return job

    async def _send(self, job: MintJob) -> SendReply:
        """Hand the recorded bytes to the node; call it in the lane."""
        assert job.transaction is not None
        reply = await self._chain.send_raw(job.transaction.raw)
        self._watcher.look_now()
        return reply

    async def _heed(self, job: MintJob, reply: SendReply, report: Report) -> MintJob:
        """Record what the node replied: a hint, for only the chain's receipt decides. B holds the bytes already, so
        this need not be on record before the next job may send, and the lane is free."""
        match reply.verdict:
            case SendVerdict.ACCEPTED | SendVerdict.ALREADY_KNOWN:
                return await self._accept(job, report)
            case SendVerdict.REFUSED:
                report(job, EnvironmentFault(ErrorCode.TX_REJECTED, reply.message))
            case SendVerdict.UNKNOWN:
                report(job, EnvironmentFault(ErrorCode.NODE_UNREACHABLE, reply.message))
        return job

    async def _accept(self, job: MintJob, report: Report) -> MintJob:
        """C: the node knows the transaction."""
        if job.stage is not MintStage.SUBMITTING:
            return job
        now = self._clock.now()
        job = replace(job, stage=MintStage.CONFIRMING, times=replace(job.times, accepted_at=now))
        await self._commit(job, lambda tx: tx.record_accepted(job.job_id, now), report)
        return job

    async def _confirm(self, job: MintJob, report: Report) -> MintJob:
        """Watch until the outcome is certain; send the same bytes again while the chain does not show them."""
        assert job.transaction is not None
        delays = _resend_delays()
        loop = asyncio.get_running_loop()  # its time cannot be set, as the clock's can
        resend_at = loop.time() + next(delays)
        async with aclosing(self._watcher.sightings(job.transaction.tx_hash, IDLE_S)) as sightings:
            async for sighting in sightings:
                if sighting:
                    job = await self._take_note(job, sighting, report)
                if job.stage not in (MintStage.SUBMITTING, MintStage.CONFIRMING):
                    return job
                if job.mined is None and loop.time() >= resend_at:
                    resend_at = loop.time() + next(delays)
                    async with self._lane:
                        reply = await self._send(job)
                    job = await self._heed(job, reply, report)
                now = self._clock.now()
                if now - (job.times.signed_at or now) > CONFIRMATION_ALERT_AFTER:
                    report(job, EnvironmentFault(ErrorCode.CONFIRMATION_TIMEOUT))
        raise Defect("the watcher stopped answering")

    async def _take_note(self, job: MintJob, sighting: Sighting, report: Report) -> MintJob:
        """What one look at the chain means for a job."""
        if sighting.fault:
            report(job, sighting.fault)
            return job
        if sighting.receipt is None:
            if job.mined is not None:  # The block vanished in a reorganisation.
                job = replace(job, mined=None, confirmations=0, times=replace(job.times, mined_at=None))
                await self._commit(job, lambda tx: tx.record_unmined(job.job_id), report)
            return job
        job = await self._accept(job, report)
        mined, confirmations = _mined_facts(sighting.receipt), sighting.confirmations
        if (job.mined, job.confirmations) != (mined, confirmations):
            now = job.times.mined_at or self._clock.now()
            job = replace(job, mined=mined, confirmations=confirmations, times=replace(job.times, mined_at=now))
            await self._commit(job, lambda tx: tx.record_mined(job.job_id, mined, confirmations, now), report)
        if confirmations < job.required_confirmations:
            return job
        try:
            return await self._judge(job, sighting.receipt, report)
        except IpnftError as trouble:  # The chain could not be asked now; the next look asks again.
            report(job, trouble)
            return job

    async def _judge(self, job: MintJob, receipt: Receipt, report: Report) -> MintJob:
        """D: at depth, success needs status 1, our event for every asset, and an owner for every token."""
        owners = await self._chain.owners([token_id_of(item.asset_id) for item in job.items])
        if not receipt.succeeded:
            if any(owners.values()):
                raise EnvironmentFault(ErrorCode.DUPLICATE_ASSET, "the transaction reverted, yet a token exists")
            reason = await self._chain.revert_reason(receipt.tx_hash)
            return await self._fail(job, EnvironmentFault(ErrorCode.TX_REVERTED, reason), report)
        announced = {token.asset_id: token for token in receipt.minted}
        for item in job.items:
            token = announced.get(item.asset_id)
            if token is None or token.owner != item.recipient or not owners.get(token.token_id):
                raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, f"no event or no owner for asset {item.asset_id}")
        await self._journal.record_up_to(receipt.block.number)
        mined = _mined_facts(receipt)
        job = replace(job, stage=MintStage.FINALIZING)
        await self._commit(job, lambda tx: tx.record_final(job.job_id, mined, job.confirmations), report)
        return job

    async def _complete(self, job: MintJob, report: Report) -> MintJob:
        """E: the asset is MINTED."""
        now = self._clock.now()
        job = replace(job, stage=MintStage.COMPLETED, times=replace(job.times, completed_at=now))

        def work(tx: Transaction) -> None:
            tx.record_minted(job.job_id, now)
            self._audit(tx, job, "mint.completed")

        await self._commit(job, work, report)
        return job

    async def _fail_unsigned(self, job: MintJob, error: IpnftError, report: Report) -> MintJob:
        """Fail before B, after asking the record: it may be cancelled, or signed by a commit whose answer was lost."""
        recorded = await self._database.read(lambda tx: tx.job(job.job_id))
        if recorded is not None and (recorded.transaction is not None or not recorded.is_open):
            return recorded
        if error.code is ErrorCode.DUPLICATE_ASSET:
            raise error
        return await self._fail(job, error, report)

    async def _fail(self, job: MintJob, error: IpnftError, report: Report) -> MintJob:
        """Record that no token exists, and why."""
        now = self._clock.now()
        failure = failure_of(error)
        job = replace(job, stage=MintStage.FAILED, failure=failure, times=replace(job.times, completed_at=now))

        def work(tx: Transaction) -> None:
            tx.record_failed(job.job_id, failure, now)
            self._audit(tx, job, "mint.failed")

        await self._commit(job, work, report, error)
        return job

    async def _commit(
        self, job: MintJob, work: Callable[[Transaction], None], report: Report, error: IpnftError | None = None
    ) -> None:
        """One commit; then the new rows and the progress go out, so that nobody has to ask for them."""

        def with_changes(tx: Transaction) -> list[AssetChanged]:
            work(tx)
            return _changes(tx, job)

        self._tell(job, await self._database.write(with_changes), report, error)

    def _tell(
        self, job: MintJob, changes: list[AssetChanged], report: Report, error: IpnftError | None = None
    ) -> None:
        for change in changes:
            self._events.publish(change)
        report(job, error)

    def _audit(self, tx: Transaction, job: MintJob, action: str) -> None:
        facts = {"job": str(job.job_id), "attempt": str(job.attempt)}
        if job.transaction:
            facts["tx_hash"] = job.transaction.tx_hash
        if job.failure:
            facts |= {"code": job.failure.code.value, "detail": job.failure.detail}
        for item in job.items:
            tx.append_audit("mint engine", action, str(item.asset_id), facts, self._clock.now())


def failure_of(error: IpnftError) -> MintFailure:
    """How an error that ended a job is recorded."""
    match error.code:
        case ErrorCode.TX_REVERTED:
            kind = FailureKind.TRANSACTION_FAILED
        case ErrorCode.CHAIN_RESET:
            kind = FailureKind.CHAIN_RESET
        case ErrorCode.TX_REJECTED | ErrorCode.NONCE_CONFLICT:
            kind = FailureKind.TRANSACTION_REJECTED
        case _:
            kind = FailureKind.VALIDATION_FAILED if isinstance(error, UserError) else FailureKind.SYSTEM_ERROR
    entry = error.entry
    return MintFailure(kind, error.code, error.detail, entry.gas_spent, entry.safe_to_retry)


def _asset_of(tx: Transaction, item: MintItem) -> Asset:
    asset = tx.asset(item.asset_id)
    if asset is None:
        raise UserError(ErrorCode.ASSET_NOT_FOUND, str(item.asset_id))
    return asset


def _changes(tx: Transaction, job: MintJob) -> list[AssetChanged]:
    rows = (tx.asset_row(item.asset_id) for item in job.items)
    return [AssetChanged(row) for row in rows if row]


def _mined_facts(receipt: Receipt) -> MinedFacts:
    return MinedFacts(receipt.block.number, receipt.block.block_hash, receipt.gas_used, receipt.gas_price_wei)


def _resend_delays() -> Iterator[float]:
    return itertools.chain(RESEND_DELAYS_S, itertools.repeat(RESEND_EVERY_S))
