"""Watches the mints and says when a person should look: too many fail, one stays open, retries do not help.

A condition becomes a row once and is told once; it is cleared when it passed. Mints under way are followed by their
events alone: the database is asked only when mints ended, at most once a `PAUSE_S`, and when one has become too old.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, DomainEvent, EnvironmentChanged, MintAdvanced
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    OPEN_STAGES,
    MintProgress,
    MintStage,
    MintTimes,
)
from ipnft_desktop.program_log import log_event, traced
from ipnft_desktop.services.alert_rules import AlertedMint, conditions, facts_of, latest_failure
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session

TOO_OLD = timedelta(minutes=10)
CHECK_EVERY_S = 30.0
PAUSE_S = 1.0
"""Shortest time from one look at the record to the next, however many mints end meanwhile."""
RAISED_AT_ONCE = 100
"""Most old mints that one write deals with, so that mints do not wait long behind it."""
ALERTS_READ = 1_000

log = logging.getLogger("ipnft")

AlertEvent = AlertRaised | AlertCleared


class AlertService:
    """Raises and clears alerts from `start` until `stop`. They name assets: reading them raises UserError
    SIGN_IN_REQUIRED while nobody is signed in."""

    def __init__(
        self,
        database: Database,
        events: EventHub,
        clock: Clock,
        session: Session,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`monotonic` counts seconds that no change of the clock disturbs."""
        self._database = database
        self._events = events
        self._clock = clock
        self._session = session
        self._monotonic = monotonic
        self._opened_at: dict[UUID, float] = {}
        """Open mints by the monotonic moment at which they began; the clock is asked once for each."""
        self._alerted: set[UUID] = set()
        """Those with an open MINT_TOO_OLD alert."""
        self._passed: set[UUID] = set()
        """Mints that ended and may have such an alert."""
        self._standing: frozenset[AlertKind] | None = None
        """Conditions of all mints together that held at the last look."""
        self._is_loaded = False
        self._outcomes_changed = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Listen from now on; needs no running event loop. The record is first read when the environment is ready."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """Look no more; harmless when not started."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def open_alerts(self, limit: int = ALERTS_READ) -> tuple[Alert, ...]:
        """Conditions that have not passed, newest first."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.alerts(limit, only_open=True))

    async def recent(self, limit: int = ALERTS_READ) -> tuple[Alert, ...]:
        """Open alerts, then those that passed; newest first each, at most `limit` of either."""
        self._session.require_reader()

        def work(tx: Transaction) -> tuple[Alert, ...]:
            passed = [alert for alert in tx.alerts(limit) if alert.cleared_at is not None]
            return (*tx.alerts(limit, only_open=True), *passed)

        return await self._database.read(work)

    # --- what is heard: costs a look into a dictionary a mint ---------------------------------------------------

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, MintAdvanced):
            self._follow(event.progress)
        elif isinstance(event, EnvironmentChanged) and event.is_ready:
            self._is_loaded = False
            self._look_soon()

    def _follow(self, progress: MintProgress) -> None:
        job_id = progress.job_id
        if progress.stage not in CLOSED_STAGES:
            if job_id not in self._opened_at:
                self._note_open(job_id, progress.times, progress.attempt)
                self._keep_task()
            return
        opened_at = self._opened_at.pop(job_id, None)
        # Another program on the same register may have raised it: every old enough mint is cleared.
        if job_id in self._alerted or (opened_at is not None and self._is_too_old(opened_at)):
            self._passed.add(job_id)
        if progress.stage is not MintStage.CANCELLED:
            self._outcomes_changed = True
        self._look_soon()

    def _note_open(self, job_id: UUID, times: MintTimes, attempt: int) -> None:
        """Age by the clock once, where it can be told; from here on seconds are counted, whatever the clock does."""
        began = times.requested_at if attempt <= 1 else times.last_attempt_at or times.requested_at
        age_s = max(0.0, (self._clock.now() - began).total_seconds())
        self._opened_at[job_id] = self._monotonic() - age_s

    def _is_too_old(self, opened_at: float) -> bool:
        return self._monotonic() - opened_at > TOO_OLD.total_seconds()

    def _look_soon(self) -> None:
        self._wake.set()
        self._keep_task()

    def _keep_task(self) -> None:
        if self._task is None or self._task.done():
            with traced(None):  # The event that begins it may come from the work on a mint.
                self._task = asyncio.create_task(self._keep_looking(), name="alerts")

    # --- what is looked at --------------------------------------------------------------------------------------

    async def _keep_looking(self) -> None:
        """One look at a time: when something ended, and every `CHECK_EVERY_S`."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_EVERY_S):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._look()
            except EnvironmentFault as fault:  # The next look finds what this one missed.
                log_event("alerts.unavailable", logging.WARNING, code=fault.code)
            except Exception:
                log.exception("alerts")
            await asyncio.sleep(PAUSE_S)

    async def _look(self) -> None:
        if not self._is_loaded:
            await self._load()
        await self._weigh_ages()
        if self._outcomes_changed:
            self._outcomes_changed = False
            try:
                await self._weigh_outcomes()
            except BaseException:
                self._outcomes_changed = True
                raise

    async def _load(self) -> None:
        """Take up what the record holds from before, and forget what a change of chain took away."""
        followed = set(self._opened_at)
        open_jobs, alerts = await self._database.read(
            lambda tx: (tx.jobs_in(OPEN_STAGES), tx.alerts(ALERTS_READ, only_open=True))
        )
        for job_id in followed - {job.job_id for job in open_jobs}:
            self._opened_at.pop(job_id, None)
        for job in open_jobs:
            if job.job_id not in self._opened_at:
                self._note_open(job.job_id, job.times, job.attempt)
        self._alerted |= {UUID(alert.subject) for alert in alerts if alert.kind is AlertKind.MINT_TOO_OLD}
        self._passed |= self._alerted - self._opened_at.keys()
        self._standing = None
        self._outcomes_changed = True
        self._is_loaded = True

    async def _weigh_ages(self) -> None:
        """MINT_TOO_OLD: raised for what is open too long, cleared for what ended."""
        old = [
            job_id
            for job_id, opened_at in self._opened_at.items()
            if job_id not in self._alerted and self._is_too_old(opened_at)
        ]
        for start in range(0, len(old), RAISED_AT_ONCE):
            await self._raise_for(old[start : start + RAISED_AT_ONCE])
        if passed := tuple(self._passed):
            now = self._clock.now()
            await self._write(
                lambda tx: [
                    event for job_id in passed for event in _cleared(tx, AlertKind.MINT_TOO_OLD, str(job_id), now)
                ]
            )
            self._passed -= set(passed)
            self._alerted -= set(passed)

    async def _raise_for(self, job_ids: list[UUID]) -> None:
        now = self._clock.now()

        def work(tx: Transaction) -> list[AlertEvent]:
            jobs = (tx.job(job_id) for job_id in job_ids)
            return [
                event
                for job in jobs
                if job is not None and job.is_open
                for event in _raised(tx, AlertKind.MINT_TOO_OLD, str(job.job_id), facts_of(tx, job), now)
            ]

        await self._write(work)
        self._alerted |= set(job_ids)
        self._passed |= {job_id for job_id in job_ids if job_id not in self._opened_at}  # ended during the write

    async def _weigh_outcomes(self) -> None:
        """SUCCESS_RATE_LOW and RETRIES_FAILED, from the record alone; written only where something changed."""
        standing = frozenset(await self._database.read(conditions))
        if standing == self._standing:
            return
        now = self._clock.now()

        def work(tx: Transaction) -> list[AlertEvent]:
            found = conditions(tx)
            events: list[AlertEvent] = []
            for kind in (AlertKind.SUCCESS_RATE_LOW, AlertKind.RETRIES_FAILED):
                if kind in found:
                    events += _raised(tx, kind, "", {**found[kind], **latest_failure(tx)}, now)
                else:
                    events += _cleared(tx, kind, "", now)
            return events

        await self._write(work)
        self._standing = standing

    async def _write(self, work: Callable[[Transaction], list[AlertEvent]]) -> None:
        for event in await self._database.write(work):
            raised, mint = isinstance(event, AlertRaised), AlertedMint.of(event.alert)
            log_event(
                "alert.raised" if raised else "alert.cleared",
                logging.WARNING if raised else logging.INFO,
                mint=mint.job_id if mint else None,
                kind=event.alert.kind,
            )
            self._events.publish(event)


def _raised(
    tx: Transaction, kind: AlertKind, subject: str, facts: Mapping[str, str], now: datetime
) -> list[AlertEvent]:
    alert = tx.raise_alert(kind, subject, facts, now)
    return [AlertRaised(alert)] if alert else []


def _cleared(tx: Transaction, kind: AlertKind, subject: str, now: datetime) -> list[AlertEvent]:
    alert = tx.clear_alert(kind, subject, now)
    return [AlertCleared(alert)] if alert else []
