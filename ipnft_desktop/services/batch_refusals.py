"""A batch that the contract would refuse: finds the items that are to blame by halving, so that the rest is minted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from ipnft_desktop.domain.chain import MintCall, Preflight
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import UNSIGNED_STAGES, MintItem, MintJob
from ipnft_desktop.services.mint_endings import failure_of
from ipnft_desktop.services.mint_ledger import MintLedger, Report
from ipnft_desktop.services.ports import Clock, Transaction
from ipnft_desktop.services.trace import MintStep

OF_ONE_ITEM = frozenset(
    {
        ErrorCode.RECIPIENT_INVALID,
        ErrorCode.RECIPIENT_REFUSED,
        ErrorCode.RECIPIENT_REENTERED,
        ErrorCode.ASSET_ID_INVALID,
        ErrorCode.TX_REVERTED,
        ErrorCode.GAS_ESTIMATION_FAILED,
    }
)
"""Refusals for which one item of several may be to blame. The others meet every item alike, or, where a token exists
already, are settled by adopting it."""

Simulate = Callable[[Sequence[MintCall]], Awaitable[Sequence[Preflight | IpnftError]]]
"""What the chain finds when it tries these calls, none of which is sent."""


async def refused_items(items: Sequence[MintItem], digest: bytes, simulate: Simulate) -> dict[UUID, IpnftError]:
    """Why each item is refused that is refused alone, by its asset; call it for items that are refused together.

    The halves of all that is refused are tried at once, so 256 items take eight rounds. Empty where items are refused
    only in the company of others. Raises a refusal that no item is to blame for.
    """
    refused: dict[UUID, IpnftError] = {}
    suspects = [tuple(items)]
    while suspects:
        halves = [half for group in suspects for half in _halves(group)]
        found = await simulate([call_of(half, digest) for half in halves])
        suspects = list[tuple[MintItem, ...]]()
        for half, outcome in zip(halves, found, strict=True):
            if isinstance(outcome, Preflight):
                continue
            if outcome.code not in OF_ONE_ITEM:
                raise outcome
            if len(half) == 1:
                refused[half[0].asset_id] = outcome
            else:
                suspects.append(half)
    return refused


def may_leave_out(job: MintJob, error: IpnftError) -> bool:
    """Whether a job may go on without some of its items after such a refusal."""
    return error.code in OF_ONE_ITEM and job.directory_cid is not None and len(job.items) > 1


def simulated_by(ask: Callable[[MintCall], Awaitable[Preflight]]) -> Simulate:
    """Each call asked for by itself, all at the same moment."""

    async def simulate(calls: Sequence[MintCall]) -> list[Preflight | IpnftError]:
        async def one(call: MintCall) -> Preflight | IpnftError:
            try:
                return await ask(call)
            except IpnftError as refusal:
                return refusal

        return list(await asyncio.gather(*map(one, calls)))

    return simulate


def call_of(items: Sequence[MintItem], digest: bytes) -> MintCall:
    """The call that mints these items under one directory."""
    return MintCall(tuple(item.asset_id for item in items), tuple(item.recipient for item in items), digest)


class BatchRefusals:
    """Takes items out of unsigned batches."""

    def __init__(self, ledger: MintLedger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def leave_out(self, job: MintJob, error: IpnftError, simulate: Simulate, report: Report) -> MintJob:
        """The job without the items that are refused, each of which is a failed job of its own now. Items that are
        refused only together part into two jobs of half as many; the desk takes the second one up.

        Raises the error where every item is to blame, or it is another one: then nothing changed.
        """
        assert job.directory_cid is not None
        refused = await refused_items(job.items, Cid.parse(job.directory_cid).digest, simulate)
        if len(refused) == len(job.items):
            raise error
        if not refused:
            rest, halved = await self._ledger.write(lambda tx: _halved(tx, job))
            await self._ledger.tell_apart(MintStep.PARTED, halved)
        else:
            rest, failed = await self._ledger.write(lambda tx: self._without(tx, job, refused))
            for one in failed:
                await self._ledger.tell_apart(MintStep.FAILED, one)
        report(rest, None)
        return rest

    def _without(self, tx: Transaction, job: MintJob, refused: dict[UUID, IpnftError]) -> tuple[MintJob, list[MintJob]]:
        _require_unsigned(tx, job)
        now = self._clock.now()
        failed: list[MintJob] = []
        for asset_id, error in refused.items():
            failure = failure_of(error, gas_spent=False)
            alone = tx.split_off(job.job_id, asset_id)
            tx.record_failed(alone, failure, now)
            failed.append(_recorded(tx, alone))
        self._ledger.audit(tx, "mint.failed", *failed)
        return _recorded(tx, job.job_id), failed


def _halved(tx: Transaction, job: MintJob) -> tuple[MintJob, MintJob]:
    _require_unsigned(tx, job)
    _, second = _halves(job.items)
    apart = tx.split_off(job.job_id, *[item.asset_id for item in second])
    return _recorded(tx, job.job_id), _recorded(tx, apart)


def _halves(items: Sequence[MintItem]) -> tuple[tuple[MintItem, ...], tuple[MintItem, ...]]:
    middle = len(items) // 2
    return tuple(items[:middle]), tuple(items[middle:])


def _require_unsigned(tx: Transaction, job: MintJob) -> None:
    recorded = tx.job(job.job_id)
    if recorded is None or recorded.stage not in UNSIGNED_STAGES:
        raise UserError(ErrorCode.MINT_INVALID_STATE, "it was signed or ended meanwhile")


def _recorded(tx: Transaction, job_id: UUID) -> MintJob:
    job = tx.job(job_id)
    assert job is not None
    return job
