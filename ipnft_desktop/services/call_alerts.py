"""Says when a recorded call waits although blocks are mined: whatever has a later nonce waits with it, mints too.

Only blocks can make a call stuck, so only they begin a look: a chain that mines nothing holds everything up alike, and
that is told elsewhere. Of several calls of one account the lowest is the one to look at; those behind it just wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.contract_writes import ContractWrite, WriteState
from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.domain.events import (
    AlertCleared,
    AlertRaised,
    BlockArrived,
    ContractWriteChanged,
    DomainEvent,
    EnvironmentChanged,
)
from ipnft_desktop.program_log import log_event, traced
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction

STUCK_AFTER_S = 300.0
"""Waiting for less than this is no matter of a person: the offer holds for some blocks that are dearer."""
STUCK_BLOCKS = 3
"""So many blocks came since without it."""
ALERTS_READ = 1_000

log = logging.getLogger("ipnft")


@dataclass(slots=True)
class _Waiting:
    write: ContractWrite
    began_s: float
    """By the monotonic clock."""
    first_block: int | None = None
    """The first that came since it is followed here."""


class CallAlerts:
    """Raises and clears CALL_STUCK from `start` until `stop`; they are read where all alerts are."""

    def __init__(
        self, database: Database, events: EventHub, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`monotonic` counts seconds that no change of the clock disturbs."""
        self._database = database
        self._events = events
        self._clock = clock
        self._monotonic = monotonic
        self._waiting: dict[int, _Waiting] = {}
        self._alerted: set[int] = set()
        self._passed: set[int] = set()
        """Calls that ended and may have an alert."""
        self._head = -1
        self._is_loaded = True
        """There is nothing to read before the environment is ready."""
        self._is_wanted = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Listen from now on; needs no running event loop."""
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

    def _on_event(self, event: DomainEvent) -> None:
        match event:
            case EnvironmentChanged(is_ready=True):
                self._is_loaded = False
                self._look_soon()
            case ContractWriteChanged():
                self._follow(event.write)
            case BlockArrived():
                self._head = event.block.number
                for each in self._waiting.values():
                    each.first_block = self._head if each.first_block is None else each.first_block
                if not self._is_loaded or self._passed or any(self._due()):
                    self._look_soon()
            case _:
                pass

    def _follow(self, write: ContractWrite) -> None:
        if write.state is WriteState.WAITING:
            self._keep(write)
            return
        was = self._waiting.pop(write.write_id, None)
        # Another program on the same register may have raised it: every old enough call is cleared.
        if write.write_id in self._alerted or (was is not None and self._is_old(was)):
            self._passed.add(write.write_id)
            self._look_soon()

    def _keep(self, write: ContractWrite) -> None:
        """Its age by the clock once; from here on seconds are counted, whatever the clock does."""
        if write.write_id not in self._waiting:
            age_s = max(0.0, (self._clock.now() - write.requested_at).total_seconds())
            self._waiting[write.write_id] = _Waiting(write, self._monotonic() - age_s)

    def _is_old(self, waiting: _Waiting) -> bool:
        return self._monotonic() - waiting.began_s > STUCK_AFTER_S

    def _due(self) -> Iterable[ContractWrite]:
        """Those to be told, the lowest of each account."""
        lowest: dict[str, _Waiting] = {}
        for each in self._waiting.values():
            signer = each.write.signer
            if signer not in lowest or each.write.nonce < lowest[signer].write.nonce:
                lowest[signer] = each
        for each in lowest.values():
            is_passed_by = each.first_block is not None and self._head - each.first_block >= STUCK_BLOCKS
            if is_passed_by and self._is_old(each) and each.write.write_id not in self._alerted:
                yield each.write

    def _look_soon(self) -> None:
        self._is_wanted = True
        if self._task is None or self._task.done():
            with traced(None):  # The event that begins it may come from the work on a mint.
                self._task = asyncio.create_task(self._keep_looking(), name="call-alerts")

    async def _keep_looking(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            try:
                await self._look()
            except EnvironmentFault as fault:  # The next block finds what this look missed.
                log_event("call_alerts.unavailable", logging.WARNING, code=fault.code)
            except Exception:
                log.exception("alerts of calls")

    async def _look(self) -> None:
        if not self._is_loaded:
            await self._load()
        due, passed, now = tuple(self._due()), tuple(self._passed), self._clock.now()
        if not due and not passed:
            return

        def work(tx: Transaction) -> list[AlertRaised | AlertCleared]:
            cleared = [tx.clear_alert(AlertKind.CALL_STUCK, str(write_id), now) for write_id in passed]
            raised = [_raised(tx, write.write_id, now) for write in due]
            return [*map(AlertCleared, filter(None, cleared)), *map(AlertRaised, filter(None, raised))]

        for event in await self._database.write(work):
            told = "alert.raised" if isinstance(event, AlertRaised) else "alert.cleared"
            log_event(told, logging.WARNING, kind=event.alert.kind, call=event.alert.subject)
            self._events.publish(event)
        self._passed -= set(passed)
        self._alerted -= set(passed)
        self._alerted |= {write.write_id for write in due}
        # One that ended during the write may have been raised all the same.
        if ended := {write.write_id for write in due} - self._waiting.keys():
            self._passed |= ended
            self._is_wanted = True

    async def _load(self) -> None:
        """Take up what the record holds from before, and forget what a change of chain took away."""
        waiting, alerts = await self._database.read(
            lambda tx: (tx.open_writes(), tx.alerts(ALERTS_READ, only_open=True))
        )
        known = {write.write_id for write in waiting}
        for gone in self._waiting.keys() - known:
            del self._waiting[gone]
        for write in waiting:
            self._keep(write)
        self._alerted = {int(alert.subject) for alert in alerts if alert.kind is AlertKind.CALL_STUCK}
        self._passed |= self._alerted - known
        self._is_loaded = True


def _raised(tx: Transaction, write_id: int, now: datetime) -> Alert | None:
    """None where it is raised already, or waits no more."""
    write = tx.contract_write(write_id)
    if write is None or write.state is not WriteState.WAITING:
        return None
    return tx.raise_alert(AlertKind.CALL_STUCK, str(write_id), _facts(tx, write), now)


def _facts(tx: Transaction, write: ContractWrite) -> dict[str, str]:
    behind = {signed.nonce for signed in tx.live_transactions(write.signer, write.nonce + 1)}
    return {
        "call": str(write.write_id),
        "function": write.call.function,
        "target": write.call.target,
        "nonce": str(write.nonce),
        "requested_by": write.requested_by,
        "requested_at": write.requested_at.isoformat(),
        "behind": str(len(behind)),
        "tx_hash": write.tx_hash,
    }
