"""Barrier A: a request is on record before anybody works on it. Requests of the same moment share a commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from uuid6 import uuid7

from ipnft_desktop.domain.minting import MintItem, MintJob, MintStage, MintStrategy, MintTimes
from ipnft_desktop.domain.people import Permission, User
from ipnft_desktop.services.gathering import Gathering
from ipnft_desktop.services.mint_ledger import JOBS_AT_ONCE, MintLedger, MintPolicy, is_ones_own
from ipnft_desktop.services.ports import Clock, Transaction
from ipnft_desktop.services.session import Session, require_owners
from ipnft_desktop.services.trace import MintStep, log_step


@dataclass(frozen=True, slots=True)
class _Intent:
    items: tuple[MintItem, ...]
    idempotency_key: str
    user: User


class MintOpening:
    """Records requests as jobs."""

    def __init__(self, ledger: MintLedger, clock: Clock, policy: MintPolicy, session: Session) -> None:
        self._ledger = ledger
        self._clock = clock
        self._policy = policy
        self._session = session
        self._opening: Gathering[_Intent, MintJob] = Gathering(self._open_together, JOBS_AT_ONCE, is_ones_own)

    async def open(self, items: tuple[MintItem, ...], idempotency_key: str | None) -> MintJob:
        """The job of one transaction for these items, REQUESTED. Raises UserError MINT_INVALID_STATE, RETRY_LIMIT,
        PERMISSION_DENIED or SIGN_IN_REQUIRED; then nothing was recorded."""
        user = self._session.require(Permission.MINT)
        job = await self._opening(_Intent(items, idempotency_key or uuid4().hex, user))
        log_step(MintStep.REQUESTED, job)
        return job

    async def _open_together(self, intents: Sequence[_Intent]) -> list[MintJob]:
        now = self._clock.now()

        # Hardly ever more than one, and an administrator costs nothing.
        users = {intent.user.user_id: intent.user for intent in intents}

        def work(tx: Transaction) -> list[MintJob]:
            for user in users.values():
                require_owners(tx, user, [item.asset_id for item in _asked_by(user, intents)])
            # Asked for all at once: hardly ever has any of them failed before.
            have_failed = tx.attempts_of([item.asset_id for intent in intents for item in intent.items]) > 0
            jobs: list[MintJob] = []
            for intent in intents:
                failed = tx.attempts_of([item.asset_id for item in intent.items]) if have_failed else 0
                jobs.append(self._job_of(intent, failed + 1, now))
            tx.open_jobs(jobs)
            job_ids = {item.intent_id: str(job.job_id) for job in jobs for item in job.items}
            for user in users.values():
                lines = [
                    (str(item.asset_id), {"job": job_ids[item.intent_id], "recipient": item.recipient})
                    for item in _asked_by(user, intents)
                ]
                tx.append_audits(user.name, "mint.requested", lines, now)
            return jobs

        return await self._ledger.record(MintStep.REQUESTED, work)

    def _job_of(self, intent: _Intent, attempt: int, requested_at: datetime) -> MintJob:
        return MintJob(
            job_id=UUID(int=uuid7().int),
            strategy=MintStrategy.SINGLE if len(intent.items) == 1 else MintStrategy.BATCH,
            items=intent.items,
            stage=MintStage.REQUESTED,
            attempt=attempt,
            times=MintTimes(requested_at=requested_at),
            required_confirmations=self._policy.required_confirmations,
            idempotency_key=intent.idempotency_key,
            requested_by=intent.user.name,
        )


def _asked_by(user: User, intents: Sequence[_Intent]) -> list[MintItem]:
    return [item for intent in intents if intent.user.user_id == user.user_id for item in intent.items]
