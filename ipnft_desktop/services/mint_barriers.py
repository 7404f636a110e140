"""The barriers of a mint, each passed by all jobs that stand before it at the same moment: one commit serves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ipnft_desktop.domain.minting import MinedFacts, MintJob, MintStage
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.gathering import Gathering
from ipnft_desktop.services.mint_ledger import JOBS_AT_ONCE, MintLedger, Report, is_ones_own
from ipnft_desktop.services.ports import Clock, Transaction
from ipnft_desktop.services.trace import MintStep, log_step


class Barrier:
    """A step that is on record before anything behind it happens."""

    def __init__(
        self,
        step: MintStep,
        ledger: MintLedger,
        clock: Clock,
        advance: Callable[[MintJob, datetime], MintJob],
        record: Callable[[Transaction, Sequence[MintJob], datetime], None],
    ) -> None:
        """`advance` tells how a job stands behind the barrier; `record` writes jobs that stand there."""
        self._step = step
        self._ledger = ledger
        self._clock = clock
        self._advance = advance
        self._record = record
        self._passing: Gathering[MintJob, MintJob] = Gathering(self._pass_together, JOBS_AT_ONCE, is_ones_own)

    async def __call__(self, job: MintJob, report: Report) -> MintJob:
        """The job behind the barrier, recorded and told."""
        job = await self._passing(job)
        log_step(self._step, job)
        report(job, None)
        return job

    async def _pass_together(self, jobs: Sequence[MintJob]) -> list[MintJob]:
        now = self._clock.now()
        advanced = [self._advance(job, now) for job in jobs]

        def work(tx: Transaction) -> list[MintJob]:
            self._record(tx, advanced, now)
            return advanced

        return await self._ledger.record(self._step, work)


class MintBarriers:
    """Those that need no more than the record; A is in services/mint_opening.py, B goes with its signatures."""

    def __init__(self, journal: ChainJournal, ledger: MintLedger, clock: Clock) -> None:
        self._journal = journal
        self._ledger = ledger

        def barrier(
            step: MintStep,
            advance: Callable[[MintJob, datetime], MintJob],
            record: Callable[[Transaction, Sequence[MintJob], datetime], None],
        ) -> Barrier:
            return Barrier(step, ledger, clock, advance, record)

        self.claim = barrier(MintStep.CLAIMED, _claimed, _record_claimed)
        """Stage PREPARING, before any work on the job."""
        self.freeze = barrier(MintStep.PREPARED, lambda job, _now: job, _record_frozen)
        """The content that the job names from now on."""
        self.accept = barrier(MintStep.ACCEPTED, _accepted, _record_accepted)
        """C: the node knows the transaction."""
        self.finalize = barrier(MintStep.FINAL, _final, self._record_final)
        """D: receipt, event and owner agree at the required depth, and the block is journalled. Raises
        EnvironmentFault NODE_UNREACHABLE where the journal has walked back from it."""
        self.complete = barrier(MintStep.MINTED, _completed, self._record_completed)
        """E: the assets are MINTED."""

    def _record_final(self, tx: Transaction, jobs: Sequence[MintJob], now: datetime) -> None:
        del now
        mined = {job.job_id: (_mined(job), job.confirmations) for job in jobs}
        self._journal.require_recorded(tx, [facts for facts, _ in mined.values()])
        tx.record_final(mined)

    def _record_completed(self, tx: Transaction, jobs: Sequence[MintJob], now: datetime) -> None:
        tx.record_minted([job.job_id for job in jobs], now)
        self._ledger.audit(tx, "mint.completed", *jobs)


def _claimed(job: MintJob, now: datetime) -> MintJob:
    return replace(job, stage=MintStage.PREPARING, times=replace(job.times, last_attempt_at=now))


def _record_claimed(tx: Transaction, jobs: Sequence[MintJob], now: datetime) -> None:
    tx.begin_attempts({job.job_id: job.attempt for job in jobs}, now)


def _record_frozen(tx: Transaction, jobs: Sequence[MintJob], now: datetime) -> None:
    del now
    tx.freeze_contents({job.job_id: (job.directory_cid or "", job.items) for job in jobs})


def _accepted(job: MintJob, now: datetime) -> MintJob:
    return replace(job, stage=MintStage.CONFIRMING, times=replace(job.times, accepted_at=now))


def _record_accepted(tx: Transaction, jobs: Sequence[MintJob], now: datetime) -> None:
    tx.record_accepted([job.job_id for job in jobs], now)


def _final(job: MintJob, now: datetime) -> MintJob:
    del now
    return replace(job, stage=MintStage.FINALIZING)


def _completed(job: MintJob, now: datetime) -> MintJob:
    return replace(job, stage=MintStage.COMPLETED, times=replace(job.times, completed_at=now))


def _mined(job: MintJob) -> MinedFacts:
    assert job.mined is not None
    return job.mined
