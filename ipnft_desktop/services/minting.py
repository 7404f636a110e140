"""The story of a mint, top to bottom: prepare, check, sign, send, confirm, finish.

What the outside world can see happens only after its record is committed (barriers A to E of the design). A job can
be dropped anywhere and picked up again from its stage; `MintEngine.carry_out` goes on from there:

    A  request recorded                    (services/mint_desk.py)
       PREPARING   metadata stored and read back; chain asked; nothing sent
    B  SUBMITTING  nonce, signed bytes and hash committed; only then are they sent
    C  CONFIRMING  the node accepted them, or a receipt was seen
    D  FINALIZING  receipt, event and owner agree at the required depth; block journalled
    E  COMPLETED   asset MINTED

What ends a job otherwise, with which proof, is in services/mint_endings.py.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import MintCall, Preflight, SendReply, SendVerdict, TransactionPlan
from ipnft_desktop.domain.content import Cid, StoredFile
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.fees import replacement_fees
from ipnft_desktop.domain.metadata import SCHEMA_VERSIONS, build_metadata, metadata_file_name
from ipnft_desktop.domain.minting import (
    UNSIGNED_STAGES,
    MintItem,
    MintJob,
    MintStage,
    TransactionPurpose,
    TransactionRecord,
)
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.batch_refusals import BatchRefusals, call_of, may_leave_out, simulated_by
from ipnft_desktop.services.chain_identity import IdentityCheck, require_ours
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.chain_watcher import ChainWatcher, Sighting
from ipnft_desktop.services.gathering import Gathering
from ipnft_desktop.services.mint_barriers import MintBarriers
from ipnft_desktop.services.mint_endings import MintEndings
from ipnft_desktop.services.mint_ledger import JOBS_AT_ONCE, MintLedger, MintPolicy, Report, is_ones_own
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.token_adoption import mined_facts
from ipnft_desktop.services.trace import MintStep, log_step

RESEND_DELAYS_S = (1.0, 2.0, 4.0)
RESEND_EVERY_S = 15.0
IDLE_S = 1.0
CONFIRMATION_ALERT_AFTER_S = 600.0
WAITING_CODES = frozenset(
    {
        ErrorCode.NODE_UNREACHABLE,
        ErrorCode.CONTENT_STORE_UNAVAILABLE,
        ErrorCode.DATABASE_UNAVAILABLE,
        ErrorCode.DISK_FULL,
        ErrorCode.FEE_CAP_EXCEEDED,
        ErrorCode.CONTRACT_PAUSED,
        ErrorCode.KEYSTORE_LOCKED,
        ErrorCode.SIGNER_BUSY,
        ErrorCode.NONCE_CONFLICT,
        ErrorCode.LEASE_LOST,
    }
)
"""What passes by itself or by a decision of the person: before B the job waits for it instead of failing."""
FREEZING_CODES = frozenset(
    {
        ErrorCode.CHAIN_RESET,
        ErrorCode.CHAIN_MISMATCH,
        ErrorCode.CONTRACT_MISSING,
        ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN,
    }
)
"""What forbids every sending, not only this job's."""


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a job publishes of its assets, in one version of the schema."""

    assets: list[Asset]
    schema_version: str

    def documents(self) -> dict[str, bytes]:
        return {metadata_file_name(asset): build_metadata(asset, self.schema_version) for asset in self.assets}


@dataclass(frozen=True, slots=True)
class _Departure:
    """A job whose checks are passed, ready to be signed and sent."""

    job: MintJob
    plan: TransactionPlan
    report: Report


class MintEngine:
    """Carries jobs from wherever they stand to their end."""

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        chain: Chain,
        signer: Signer,
        watcher: ChainWatcher,
        identity: IdentityCheck,
        endings: MintEndings,
        refusals: BatchRefusals,
        ledger: MintLedger,
        barriers: MintBarriers,
        clock: Clock,
        policy: MintPolicy,
        lane: asyncio.Lock,
    ) -> None:
        """`lane` is held by whoever sends: nonces must reach the node in order, and an automining node refuses
        concurrent sends."""
        self._database = database
        self._content = content
        self._chain = chain
        self._signer = signer
        self._watcher = watcher
        self._ledger = ledger
        self._barriers = barriers
        self._clock = clock
        self._policy = policy
        self._identity = identity
        self._endings = endings
        self._refusals = refusals
        self._preparing = asyncio.Semaphore(policy.jobs_preparing_at_once)
        self._assets_of: Gathering[tuple[UUID, ...], list[Asset]] = Gathering(self._read_assets, JOBS_AT_ONCE)
        self._directories_of: Gathering[_Contents, tuple[Cid, dict[str, StoredFile]]] = Gathering(
            self._store_directories, JOBS_AT_ONCE, _is_ones_own_content
        )
        self._preflights: Gathering[MintCall, Preflight] = Gathering(self._ask_preflights, JOBS_AT_ONCE)
        self._departures: Gathering[_Departure, tuple[MintJob, SendReply]] = Gathering(
            self._sign_and_send, JOBS_AT_ONCE
        )
        self._lane = lane
        self._fee_caps_wei: dict[UUID, int] = {}

    async def carry_out(self, job: MintJob, report: Report) -> MintJob:
        """Run a job to its end and return it COMPLETED, FAILED or CANCELLED.

        Raises what stands in the way: `WAITING_CODES` before B, `FREEZING_CODES` at any time, a database that cannot
        be written. The job is on record as it stands and may be carried on from there. Trouble after B never ends a
        job: it is reported, and the job goes on being watched.
        """
        just_sent = job.stage in UNSIGNED_STAGES
        while job.stage in UNSIGNED_STAGES:
            job = await self._until_sent(job, report)
        if job.stage is MintStage.FINALIZING:
            job = await self.look_again(job, report)
        if job.stage in (MintStage.SUBMITTING, MintStage.CONFIRMING):
            job = await self._confirm(job, report, just_sent=just_sent)
        if job.stage is MintStage.FINALIZING:
            job = await self._barriers.complete(job, report)
        self._fee_caps_wei.pop(job.job_id, None)
        return job

    async def _until_sent(self, job: MintJob, report: Report) -> MintJob:
        """Steps 1 to 5. Up to B every failure is a safe one; from B on none is."""
        try:
            async with self._preparing:
                job = await self._prepare(job, report)
                plan = await self.check_chain(job)
            job, reply = await self._departures(_Departure(job, plan, report))
        except IpnftError as error:
            return await self._end_unsigned(job, error, report)
        return await self._heed(job, reply, report)

    async def _prepare(self, job: MintJob, report: Report) -> MintJob:
        """Claim the job; store its metadata directory, read it back, and freeze its address."""
        if job.stage is MintStage.REQUESTED:
            job = await self._barriers.claim(job, report)
        assets = await self._assets_of(tuple(item.asset_id for item in job.items))
        # What an earlier release froze has the shape of its time.
        for version in SCHEMA_VERSIONS:
            directory, items = await self._store_metadata(job, _Contents(assets, version))
            if job.directory_cid is None:
                return await self._barriers.freeze(replace(job, directory_cid=directory.text, items=items), report)
            if job.directory_cid == directory.text:
                return job
        raise UserError(ErrorCode.CONTENT_MISMATCH, "the asset changed after its content was frozen")

    async def _read_assets(self, groups: Sequence[tuple[UUID, ...]]) -> list[list[Asset] | Exception]:
        asset_ids = list(dict.fromkeys(itertools.chain.from_iterable(groups)))
        found = {asset.asset_id: asset for asset in await self._database.read(lambda tx: tx.assets(asset_ids))}
        return [
            [found[asset_id] for asset_id in group]
            if found.keys() >= set(group)
            else UserError(ErrorCode.ASSET_NOT_FOUND, ", ".join(map(str, group)))
            for group in groups
        ]

    async def _store_metadata(self, job: MintJob, contents: _Contents) -> tuple[Cid, tuple[MintItem, ...]]:
        directory, stored = await self._directories_of(contents)
        names = [metadata_file_name(asset) for asset in contents.assets]
        return directory, tuple(
            replace(item, metadata_cid=stored[name].cid.text, token_uri=f"ipfs://{directory.text}/{name}")
            for item, name in zip(job.items, names, strict=True)
        )

    async def _store_directories(self, groups: Sequence[_Contents]) -> list[tuple[Cid, dict[str, StoredFile]]]:
        documents = await asyncio.to_thread(lambda: [group.documents() for group in groups])
        return await self._content.add_directories(documents)

    async def check_chain(self, job: MintJob) -> TransactionPlan:
        """One look before signing: identity, simulation, gas, fees and balance. A failure here is a safe one."""
        assert job.directory_cid is not None
        identity = await self._identity.bound()
        found = await self._preflights(call_of(job.items, Cid.parse(job.directory_cid).digest))
        require_ours(identity, found.observation)
        self._require_affordable(job, found.plan, found.balance_wei)
        return found.plan

    async def _ask_preflights(self, calls: Sequence[MintCall]) -> list[Preflight | Exception]:
        return [*await self._chain.preflights(calls, await self._identity.bound(), self._signer.address)]

    def _require_affordable(self, job: MintJob, plan: TransactionPlan, balance_wei: int) -> None:
        needed_wei = plan.gas_limit * plan.fees.max_fee_per_gas_wei
        cap_wei = self._fee_caps_wei.get(job.job_id, self._policy.max_fee_wei)
        if needed_wei > cap_wei:
            facts = {"needed_wei": str(needed_wei), "cap_wei": str(cap_wei)}
            raise EnvironmentFault(
                ErrorCode.FEE_CAP_EXCEEDED,
                phrase("{needed} wei > {cap} wei", needed=needed_wei, cap=cap_wei),
                **facts,
            )
        if needed_wei > balance_wei:
            raise EnvironmentFault(
                ErrorCode.INSUFFICIENT_FUNDS,
                phrase("{balance} wei < {needed} wei", balance=balance_wei, needed=needed_wei),
            )

    def allow_fee(self, job_id: UUID, max_fee_wei: int) -> None:
        """This job may offer so much in total, whatever the policy says; holds while the program runs."""
        self._fee_caps_wei[job_id] = max_fee_wei

    async def _sign_and_send(self, departures: Sequence[_Departure]) -> list[tuple[MintJob, SendReply] | Exception]:
        """B and the step behind it, for all that are ready at the same moment, in the order of their nonces."""
        async with self._lane:
            outcomes: list[tuple[MintJob, SendReply] | Exception] = []
            for departure, signed in zip(departures, await self._sign(departures), strict=True):
                if isinstance(signed, Exception):
                    outcomes.append(signed)
                    continue
                await self._ledger.tell(MintStep.SIGNED, signed, departure.report)
                outcomes.append((signed, await self._send(signed)))
            await self._free_signer()
        return outcomes

    async def _sign(self, departures: Sequence[_Departure]) -> list[MintJob | Exception]:
        """B: nonces, signed bytes and hashes in one commit. Simulation came before, so no nonce is burned.

        A cancel that was recorded first makes the commit fail: then each job has a commit of its own.
        """
        address = self._signer.address
        identity = await self._identity.require_same()
        chain_nonce = await self._chain.nonce_of(address)
        now = self._clock.now()

        def work(tx: Transaction) -> list[MintJob | Exception]:
            if tx.chain_identity() != identity:
                raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "another program bound this register to a new chain")
            nonces = tx.next_nonces(address, chain_nonce, len(departures))
            signed = [self._signer.sign(one.plan, nonce) for one, nonce in zip(departures, nonces, strict=True)]
            tx.record_signed({one.job.job_id: it for one, it in zip(departures, signed, strict=True)}, now)
            jobs = [_signed(one.job, it, now) for one, it in zip(departures, signed, strict=True)]
            self._ledger.audit(tx, "mint.signed", *jobs)
            return list(jobs)

        try:
            return await self._database.write(work)
        except Exception as error:  # noqa: BLE001 - handed to the jobs that it meets
            if len(departures) == 1 or not is_ones_own(error):
                return [error] * len(departures)
        return [signed for departure in departures for signed in await self._sign([departure])]

    async def _send(self, job: MintJob) -> SendReply:
        """Hand the newest recorded bytes to the node; call it in the lane."""
        reply = await self._chain.send_raw(job.transactions[-1].raw)
        log_step(MintStep.SENT, job, verdict=reply.verdict, said=reply.message or None)
        return reply

    async def stop(self) -> None:
        """Sign and send nothing any more of what was asked for."""
        await self._directories_of.stop()
        await self._preflights.stop()
        await self._departures.stop()

    async def _free_signer(self) -> None:
        """Let another program on the same register send. Needless where none can."""
        if self._database.is_shared:
            address = self._signer.address
            await self._database.write(lambda tx: tx.release_signer(address))

    async def _heed(self, job: MintJob, reply: SendReply, report: Report) -> MintJob:
        """Record what the node replied: a hint, for only the chain's receipt decides. B holds the bytes already, so
        this need not be on record before the next job may send, and the lane is free."""
        match reply.verdict:
            case SendVerdict.ACCEPTED | SendVerdict.ALREADY_KNOWN:
                return await self._barriers.accept(job, report) if job.stage is MintStage.SUBMITTING else job
            case SendVerdict.REFUSED:
                report(job, EnvironmentFault(ErrorCode.TX_REJECTED, reply.message))
            case SendVerdict.UNKNOWN:
                report(job, EnvironmentFault(ErrorCode.NODE_UNREACHABLE, reply.message))
        return job

    async def _confirm(self, job: MintJob, report: Report, *, just_sent: bool) -> MintJob:
        """Watch until the outcome is certain; send the same bytes again while the chain does not show them: at once
        where the record alone says that they were ever sent."""
        hashes = tuple(transaction.tx_hash for transaction in job.transactions)
        delays = _resend_delays()
        loop = asyncio.get_running_loop()  # its time cannot be set, as the clock's can
        began = loop.time()
        resend_at = began + (next(delays) if just_sent else 0.0)
        async with aclosing(self._watcher.sightings(hashes, IDLE_S)) as sightings:
            async for sighting in sightings:
                if sighting:
                    job = await self._take_note(job, sighting, report)
                if job.stage not in (MintStage.SUBMITTING, MintStage.CONFIRMING):
                    return job
                if job.mined is None and loop.time() >= resend_at:
                    resend_at = loop.time() + next(delays)
                    job = await self._send_again(job, report)
                if job.mined is None and loop.time() - began > CONFIRMATION_ALERT_AFTER_S:
                    report(job, EnvironmentFault(ErrorCode.CONFIRMATION_TIMEOUT))
        raise Defect("the watcher stopped answering")

    async def _take_note(self, job: MintJob, sighting: Sighting, report: Report) -> MintJob:
        """What one look at the chain means for a job."""
        if sighting.fault:
            report(job, sighting.fault)
            return job
        if sighting.receipt is None:
            return await self._unmine(job, report) if job.mined else job
        if job.stage is MintStage.SUBMITTING:
            job = await self._barriers.accept(job, report)
        mined, confirmations = mined_facts(sighting.receipt), sighting.confirmations
        is_news = (job.mined, job.confirmations) != (mined, confirmations)
        now = job.times.mined_at or self._clock.now()
        job = replace(job, mined=mined, confirmations=confirmations, times=replace(job.times, mined_at=now))
        is_deep = confirmations >= job.required_confirmations
        is_mint = job.transaction is not None and job.transaction.purpose is TransactionPurpose.MINT
        if is_news and not (is_deep and is_mint and sighting.receipt.succeeded):  # D records the same facts at once.
            await self._ledger.commit(
                MintStep.MINED, job, lambda tx: tx.record_mined(job.job_id, mined, confirmations, now), report
            )
        elif is_news:
            await self._ledger.tell(MintStep.MINED, job, report)
        if not is_deep:
            return job
        try:
            return await self._endings.judge(job, sighting.receipt, report)
        except IpnftError as trouble:
            if trouble.code in FREEZING_CODES or trouble.code is ErrorCode.MINT_INVALID_STATE:
                raise  # the latter: the record is ahead of what is known here, and is read again
            report(job, trouble)  # The chain could not be asked now; the next look asks again.
            return job

    async def _unmine(self, job: MintJob, report: Report) -> MintJob:
        """The block vanished in a reorganisation."""
        times = replace(job.times, mined_at=None, completed_at=None)
        job = replace(job, stage=MintStage.CONFIRMING, mined=None, confirmations=0, failure=None, times=times)

        def work(tx: Transaction) -> None:
            tx.record_unmined(job.job_id)
            self._ledger.audit(tx, "mint.unmined", job)

        await self._ledger.commit(MintStep.UNMINED, job, work, report)
        recorded = await self._database.read(lambda tx: tx.job(job.job_id))
        return recorded or job

    async def _send_again(self, job: MintJob, report: Report) -> MintJob:
        """The chain shows none of the job's transactions: the newest bytes once more, unless their nonce is used."""
        transaction = job.transactions[-1]
        try:
            async with self._lane:  # Held for the questions too: jobs taken up together must send in their order.
                await self._identity.require_same()
                is_used = await self._chain.nonce_of(transaction.signer) > transaction.nonce
                reply = None if is_used else await self._send(job)
            self._watcher.look_now()  # The first look of a job that waits comes by itself, this one would not.
            if reply is None:
                return await self._endings.judge_used_nonce(job, report)
        except IpnftError as trouble:
            if trouble.code in FREEZING_CODES or trouble.code is ErrorCode.MINT_INVALID_STATE:
                raise  # the latter: the record is ahead of what is known here, and is read again
            report(job, trouble)
            return job
        return await self._heed(job, reply, report)

    async def look_again(self, job: MintJob, report: Report) -> MintJob:
        """A job that a block had ended, or nearly: does that block still stand? If not, it is CONFIRMING again.

        Raises UserError MINT_INVALID_STATE or EnvironmentFault NONCE_CONFLICT where something later took its place.
        """
        assert job.mined is not None
        receipt = (await self._chain.receipts([job.mined.tx_hash]))[job.mined.tx_hash]
        if receipt is not None and receipt.block.block_hash == job.mined.block_hash:
            return job
        return await self._unmine(job, report)

    async def cancel_signed(self, job: MintJob, report: Report) -> MintJob:
        """Sign, record and send a transaction that sends nothing under the nonce of the mint. The chain decides."""
        identity = await self._identity.require_same()
        fees = replacement_fees(job.transactions, await self._chain.fees())
        nonce, cancel = job.transactions[-1].nonce, TransactionPurpose.CANCEL
        return await self._replace(
            job, lambda: self._signer.sign_self_transfer(identity.chain_id, nonce, fees, cancel), report
        )

    async def speed_up(self, job: MintJob, report: Report) -> MintJob:
        """The same mint under the same nonce for a higher fee; the chain mines one of them.

        Raises what the first look before signing may raise, FEE_CAP_EXCEEDED above all; then nothing changed.
        """
        plan = await self.check_chain(job)
        plan = replace(plan, fees=replacement_fees(job.transactions, plan.fees))
        self._require_affordable(job, plan, plan.gas_limit * plan.fees.max_fee_per_gas_wei)
        nonce = job.transactions[-1].nonce
        return await self._replace(job, lambda: self._signer.sign(plan, nonce), report)

    async def _replace(self, job: MintJob, sign: Callable[[], TransactionRecord], report: Report) -> MintJob:
        now = self._clock.now()

        def work(tx: Transaction) -> MintJob:
            signed = sign()
            replaced = replace(job, transactions=(*job.transactions, signed))
            tx.record_replacement(job.job_id, signed, now)
            self._ledger.audit(tx, f"mint.replaced.{signed.purpose.lower()}", replaced)
            return replaced

        async with self._lane:
            await self._identity.require_same()
            job = await self._database.write(work)
            await self._ledger.tell(MintStep.REPLACED, job, report)
            reply = await self._send(job)
        return await self._heed(job, reply, report)

    async def _end_unsigned(self, job: MintJob, error: IpnftError, report: Report) -> MintJob:
        """Wait, adopt or fail before B, after asking the record: the job may be cancelled, or signed by a commit
        whose answer was lost."""
        recorded = await self._database.read(lambda tx: tx.job(job.job_id))
        if recorded is not None and (recorded.transactions or not recorded.is_open):
            return recorded
        if recorded is not None and may_leave_out(recorded, error):
            try:
                return await self._refusals.leave_out(recorded, error, simulated_by(self._preflights), report)
            except IpnftError as trouble:
                error = trouble
        if error.code in WAITING_CODES or error.code in FREEZING_CODES:
            raise error
        if error.code is ErrorCode.DUPLICATE_ASSET:
            return await self._endings.adopt(recorded or job, report)
        return await self._fail_unsigned(job, error, report)

    async def _fail_unsigned(self, job: MintJob, error: IpnftError, report: Report) -> MintJob:
        """Fail, or return the job as recorded where B came first."""
        try:
            return await self._endings.fail(job, error, report)
        except UserError as refused:
            if refused.code is not ErrorCode.MINT_INVALID_STATE:
                raise
            recorded = await self._database.read(lambda tx: tx.job(job.job_id))
            if recorded is None:
                raise
            return recorded

    async def give_up_waiting(self, job: MintJob, trouble: IpnftError, report: Report) -> MintJob:
        """Nothing was signed for too long: fail, safely. A job that was signed meanwhile is returned as it is."""
        waited = EnvironmentFault(ErrorCode.QUEUE_TIMEOUT, f"{trouble.code}: {trouble.detail}")
        recorded = await self._database.read(lambda tx: tx.job(job.job_id))
        if recorded is None or recorded.stage not in UNSIGNED_STAGES:
            return recorded or job
        return await self._fail_unsigned(recorded, waited, report)


def _signed(job: MintJob, transaction: TransactionRecord, now: datetime) -> MintJob:
    times = replace(job.times, signed_at=now)
    return replace(job, stage=MintStage.SUBMITTING, transactions=(transaction,), times=times)


def _is_ones_own_content(error: Exception) -> bool:
    """Whether only one directory of several may be to blame."""
    return not (isinstance(error, IpnftError) and error.code in WAITING_CODES)


def _resend_delays() -> Iterator[float]:
    return itertools.chain(RESEND_DELAYS_S, itertools.repeat(RESEND_EVERY_S))
