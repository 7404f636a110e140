"""How a signed mint may end, and what proves it. After B nothing ends a job but the chain itself:

    COMPLETED  our receipt with status 1, our event for every asset, an owner for every token, at depth
    adopted    a token exists although none of our transactions made it
    CANCELLED  our cancellation is mined at depth, and no token exists
    FAILED     our mint reverted at depth, or a foreign transaction used our nonce at depth; and no token exists

A missing receipt proves nothing, nor does the clock.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.chain import Receipt
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import FailureKind, MintFailure, MintItem, MintJob, MintStage, TransactionPurpose
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.gathering import Gathering
from ipnft_desktop.services.mint_barriers import MintBarriers
from ipnft_desktop.services.mint_ledger import MintLedger, Report
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.token_adoption import adopted_mint
from ipnft_desktop.services.trace import MintStep

OWNERS_AT_ONCE = 32
"""Jobs whose tokens are asked for in one request."""


class MintEndings:
    """Judges and records the ends of jobs."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        identity: IdentityCheck,
        journal: ChainJournal,
        ledger: MintLedger,
        barriers: MintBarriers,
        clock: Clock,
    ) -> None:
        self._database = database
        self._chain = chain
        self._journal = journal
        self._ledger = ledger
        self._barriers = barriers
        self._clock = clock
        self._identity = identity
        self._owners_of: Gathering[tuple[int, ...], dict[int, str | None]] = Gathering(self._ask_owners, OWNERS_AT_ONCE)

    async def judge(self, job: MintJob, receipt: Receipt, report: Report) -> MintJob:
        """What a receipt at the required depth means.

        Its block is journalled first, whatever it means: what counts as minted can then be restored, and a
        reorganisation that takes the block away shows by the journal which ends it takes along.

        Raises EnvironmentFault CHAIN_MISMATCH where the chain contradicts itself: then nothing is decided.
        """
        await self._journal.record_up_to(receipt.block)
        owners = await self._owners(job)
        transaction = job.transaction
        assert transaction is not None
        if transaction.purpose is TransactionPurpose.CANCEL:
            return await (self.adopt(job, report) if any(owners.values()) else self._cancelled(job, report))
        if receipt.succeeded:
            self._require_our_events(job, receipt, owners)
            return await self._barriers.finalize(job, report)
        if any(owners.values()):
            return await self.adopt(job, report)
        reason = await self._chain.revert_reason(receipt.tx_hash)
        return await self.fail(job, EnvironmentFault(ErrorCode.TX_REVERTED, reason), report)

    async def judge_used_nonce(self, job: MintJob, report: Report) -> MintJob:
        """The account used our nonce, and yet no receipt is shown: with which transaction, and how deep?"""
        ours = job.transaction
        assert ours is not None
        since = (await self._identity.bound()).deployment_block
        use = await self._chain.nonce_use(ours.signer, ours.nonce, since)
        if use is None or any(tx.tx_hash == use.tx_hash for tx in job.transactions):
            report(job, EnvironmentFault(ErrorCode.CONFIRMATION_TIMEOUT, "the node shows no receipt for it yet"))
            return job
        depth = (await self._chain.head()).number - use.block.number + 1
        if depth < job.required_confirmations:
            return job
        if any((await self._owners(job)).values()):
            return await self.adopt(job, report)
        conflict = EnvironmentFault(
            ErrorCode.NONCE_CONFLICT,
            phrase("nonce {nonce} was used by {tx_hash}", nonce=str(ours.nonce), tx_hash=use.tx_hash),
            tx_hash=use.tx_hash,
        )
        return await self.fail(job, conflict, report)

    async def adopt(self, job: MintJob, report: Report) -> MintJob:
        """Tokens exist that this job did not make: each goes into the register instead of being minted again.

        A batch goes on with its other items, and is returned unchanged in stage. Call it before the signature, or with
        proof that the nonce is spent. Raises EnvironmentFault DUPLICATE_ASSET while a token is not deep enough.
        """
        owners = await self._owners(job)
        existing = [item.asset_id for item in job.items if owners[token_id_of(item.asset_id)]]
        if not existing:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "a token was there a moment ago and is not now")
        if len(job.items) == 1:
            return await self._adopted(job, job.items[0], report)
        for item in job.items:
            if item.asset_id in existing[: len(job.items) - 1]:
                await self._adopted(job, item, lambda _job, _error: None)
        rest = await self._database.read(lambda tx: tx.job(job.job_id))
        assert rest is not None
        report(rest, None)
        return rest

    async def fail(self, job: MintJob, error: IpnftError, report: Report) -> MintJob:
        """Record that no token exists, and why.

        Raises UserError MINT_INVALID_STATE if more was signed meanwhile than this verdict knows of; then it is void.
        """
        now = self._clock.now()
        failure = failure_of(error, gas_spent=job.mined is not None)
        job = replace(job, stage=MintStage.FAILED, failure=failure, times=replace(job.times, completed_at=now))

        def work(tx: Transaction) -> None:
            recorded = tx.job(job.job_id)
            if recorded is None or len(recorded.transactions) != len(job.transactions):
                raise UserError(ErrorCode.MINT_INVALID_STATE, "it was signed meanwhile")
            self._require_block(tx, job)
            tx.record_failed(job.job_id, failure, now)
            self._ledger.audit(tx, "mint.failed", job)

        await self._ledger.commit(MintStep.FAILED, job, work, report, error)
        return job

    async def _cancelled(self, job: MintJob, report: Report) -> MintJob:
        now = self._clock.now()
        job = replace(job, stage=MintStage.CANCELLED, times=replace(job.times, completed_at=now))

        def work(tx: Transaction) -> None:
            self._require_block(tx, job)
            tx.record_cancelled(job.job_id, now)
            self._ledger.audit(tx, "mint.cancelled", job)

        await self._ledger.commit(MintStep.CANCELLED, job, work, report)
        return job

    async def _adopted(self, job: MintJob, item: MintItem, report: Report) -> MintJob:
        """One item's token, at the required depth and journalled like any other. An item of a batch leaves it in the
        same commit; everything is asked before, so that nothing is left half done."""
        sighting = await self._chain.mint_of(token_id_of(item.asset_id))
        if sighting is None:
            # A node that pruned its events cannot tell; that is no other chain.
            raise EnvironmentFault(
                ErrorCode.NODE_UNREACHABLE, phrase("the node shows no mint event of {asset_id}", asset_id=item.asset_id)
            )
        facts = await adopted_mint(self._chain, sighting)
        if facts.confirmations < job.required_confirmations:
            raise EnvironmentFault(ErrorCode.DUPLICATE_ASSET, "the token that exists is not confirmed yet")
        await self._journal.record_up_to((await self._chain.look([facts.mined.tx_hash])).head)
        now = self._clock.now()

        def work(tx: Transaction) -> MintJob:
            self._journal.require_recorded(tx, [facts.mined])
            job_id = job.job_id if len(job.items) == 1 else tx.split_off(job.job_id, item.asset_id)
            tx.record_adopted(job_id, facts, now)
            adopted = tx.job(job_id)
            assert adopted is not None
            self._ledger.audit(tx, "mint.adopted", adopted)
            return adopted

        adopted = await self._ledger.write(work)
        await self._ledger.tell(MintStep.ADOPTED, adopted, report)
        return adopted

    def _require_block(self, tx: Transaction, job: MintJob) -> None:
        """The block that ended the job, if one did, is still journalled."""
        self._journal.require_recorded(tx, [job.mined] if job.mined else [])

    async def _owners(self, job: MintJob) -> dict[int, str | None]:
        return await self._owners_of(tuple(token_id_of(item.asset_id) for item in job.items))

    async def _ask_owners(self, groups: Sequence[tuple[int, ...]]) -> list[dict[int, str | None] | Exception]:
        owners = await self._chain.owners(list(itertools.chain.from_iterable(groups)))
        return [{token_id: owners[token_id] for token_id in group} for group in groups]

    def _require_our_events(self, job: MintJob, receipt: Receipt, owners: dict[int, str | None]) -> None:
        announced = {token.asset_id: token for token in receipt.minted}
        for item in job.items:
            token = announced.get(item.asset_id)
            if token is None or token.owner != item.recipient:
                raise EnvironmentFault(
                    ErrorCode.CHAIN_MISMATCH, phrase("no event of ours for asset {asset_id}", asset_id=item.asset_id)
                )
            if not owners.get(token.token_id):
                # Asked a moment later, maybe of another node: the block may just be vanishing. The next look tells.
                raise EnvironmentFault(
                    ErrorCode.NODE_UNREACHABLE,
                    phrase("no owner is shown yet for asset {asset_id}", asset_id=item.asset_id),
                )


def failure_of(error: IpnftError, *, gas_spent: bool) -> MintFailure:
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
    return MintFailure(kind, error.code, error.detail, gas_spent, error.entry.safe_to_retry)
