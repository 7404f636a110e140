"""The audit log as a person meets it: read, filtered, and judged; once by itself after each start."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.audit import AuditFinding, AuditPage, AuditPoint, AuditQuery, AuditVerdict
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, DomainEvent, EnvironmentChanged
from ipnft_desktop.program_log import log_event, traced
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.audit_verification import AuditJudge
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database
from ipnft_desktop.services.session import Session

PAGE_SIZE = 200
JUDGED_AT_ONCE = 500
"""Rows a reading thread judges in one go: some ten milliseconds."""

OnJudged = Callable[[int, int], None]
"""How many rows were looked at, and how many there are."""

log = logging.getLogger("ipnft")


class AuditLog:
    """Reads and judges. What is wrong with the log becomes an alert, which a sound verification of all rows clears."""

    def __init__(self, database: Database, proof: AuditProof, events: EventHub, clock: Clock, session: Session) -> None:
        self._database = database
        self._proof = proof
        self._events = events
        self._clock = clock
        self._session = session
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Judge what is new whenever the environment becomes ready; needs no running event loop."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """Judge no more; harmless when not started."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def page(self, query: AuditQuery, before: int | None = None, limit: int = PAGE_SIZE) -> AuditPage:
        """Rows that match, newest first, those before the row `before`. Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.audit_page(query, before, limit))

    async def verify(self, on_judged: OnJudged | None = None) -> AuditVerdict:
        """Judge all rows, from the first to the last; may be cancelled between any two chunks.

        Raises UserError SIGN_IN_REQUIRED.
        """
        self._session.require_reader()
        verdict = await self._judge(None, on_judged)
        await self._heed(verdict)
        if verdict.is_sound:
            await self._clear()
        return verdict

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged) and event.is_ready and (self._task is None or self._task.done()):
            with traced(None):
                self._task = asyncio.create_task(self._judge_what_is_new(), name="audit-log.verification")

    async def _judge_what_is_new(self) -> None:
        """Cheap: from the last row that was found good. A row before it that was changed since is found by `verify`."""
        try:
            for finding in self._proof.findings:
                await self._raise(finding)
            verdict = await self._judge(await self._verified_before(), None)
            await self._heed(verdict)
            log_event("audit.verified", rows=verdict.rows_judged, last=verdict.last.audit_id, sound=verdict.is_sound)
        except IpnftError as error:  # the register was closed, or its key folder cannot be written: the next start
            log_event("audit.not_verified", logging.WARNING, code=error.code)
        except Exception:
            log.exception("audit")

    async def _verified_before(self) -> AuditPoint | None:
        """Where an earlier verification ended, if that row is still as it was; otherwise all is looked at."""
        verified = self._proof.verified
        if verified is None:
            return None
        entry = await self._database.read(lambda tx: tx.audit_entry(verified.audit_id))
        return verified if entry is not None and entry.mac == verified.mac else None

    async def _judge(self, since: AuditPoint | None, on_judged: OnJudged | None) -> AuditVerdict:
        # The head first: what is written meanwhile only makes the log longer than it.
        judge = AuditJudge(self._proof.seal, self._proof.last, since)
        total = await self._database.read(lambda tx: tx.last_audit_id())
        while judge.finding is None:
            count = await self._database.read(lambda tx: judge.take(tx.audit_entries(judge.after, JUDGED_AT_ONCE)))
            if on_judged is not None:
                on_judged(min(judge.after, total), total)
            if count < JUDGED_AT_ONCE:
                break
        return judge.verdict()

    async def _heed(self, verdict: AuditVerdict) -> None:
        if verdict.finding is not None:
            await self._raise(verdict.finding)
        elif verdict.last.mac:
            await asyncio.to_thread(self._proof.note_verified, verdict.last)

    async def _raise(self, finding: AuditFinding) -> None:
        facts = {"fault": finding.fault.value, "row": str(finding.audit_id)}
        now = self._clock.now()
        alert = await self._database.write(lambda tx: tx.raise_alert(AlertKind.AUDIT_BROKEN, "", facts, now))
        log_event("audit.broken", logging.WARNING, fault=finding.fault, row=finding.audit_id)
        if alert is not None:
            self._events.publish(AlertRaised(alert))

    async def _clear(self) -> None:
        now = self._clock.now()
        alert = await self._database.write(lambda tx: tx.clear_alert(AlertKind.AUDIT_BROKEN, "", now))
        if alert is not None:
            self._events.publish(AlertCleared(alert))
