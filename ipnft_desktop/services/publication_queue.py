"""What waits to be published goes out one by one, behind everything else: a mint neither waits for it nor fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged, PublicationsChanged
from ipnft_desktop.domain.publications import Publication
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.publication_ports import IpfsPeer

log = logging.getLogger("ipnft")

FIRST_RETRY_S = 2.0
LAST_RETRY_S = 120.0
_AT_A_TIME = 50


class PublicationQueue:
    """The record is the queue: whatever waits there goes out, also after a restart.

    While the node is away it is tried again after 2, 4, 8 and up to 120 s. What it refuses, or what our own store
    lacks, is passed over until somebody asks again or the program starts anew.
    """

    def __init__(
        self,
        database: Database,
        peer: IpfsPeer,
        events: EventHub,
        clock: Clock,
    ) -> None:
        self._database = database
        self._peer = peer
        self._events = events
        self._clock = clock
        self._retry_s = FIRST_RETRY_S
        self._refused: set[str] = set()
        self._is_open = False
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._waiting_because: IpnftError | None = None

    @property
    def waiting_because(self) -> IpnftError | None:
        """Why nothing goes out at the moment; None while nothing is in the way."""
        return self._waiting_because

    def start(self) -> None:
        """Listen for the register from now on; needs no running event loop."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """Publish no more; an upload under way ends at its next piece and is made anew another time."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        await self._end_task()

    def wake(self) -> None:
        """Something new waits, or the node may be back: look at once."""
        self._refused.clear()
        self._retry_s = FIRST_RETRY_S
        self._woken.set()
        if self._is_open and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._keep_publishing(), name="publishing")

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged):
            self._is_open = event.is_ready
            if event.is_ready:
                self.wake()
            elif self._task is not None:
                self._task.cancel()

    async def _end_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _keep_publishing(self) -> None:
        while True:
            self._woken.clear()
            fault = await self._publish_what_waits()
            if fault is None:
                await self._woken.wait()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._retry_s):
                    self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
                    await self._woken.wait()

    async def _publish_what_waits(self) -> IpnftError | None:
        """Until nothing waits; returns what is in the way of going on, if anything."""
        try:
            while waiting := await self._next():
                if not self._peer.address:
                    raise EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "no address is set")
                for publication in waiting:
                    await self._publish(publication)
                    self._retry_s = FIRST_RETRY_S
        except IpnftError as fault:
            self._tell(fault)
            return fault
        except Exception as problem:
            fault = Defect(f"{type(problem).__name__}: {problem}")
            log.exception("publishing")
            self._tell(fault)
            return fault
        self._tell(None)
        return None

    async def _next(self) -> list[Publication]:
        limit = _AT_A_TIME + len(self._refused)
        waiting = await self._database.read(lambda tx: tx.waiting_publications(limit))
        return [publication for publication in waiting if publication.cid not in self._refused]

    async def _publish(self, publication: Publication) -> None:
        """One of them; raises what is in the way of all."""
        cid = publication.cid
        try:
            await self._peer.publish(Cid.parse(cid))
        except IpnftError as fault:
            if fault.code is ErrorCode.KUBO_UNAVAILABLE:
                raise
            log.warning("publishing.failed cid=%s %s", cid, fault)
            self._refused.add(cid)
            reason = f"{fault.code}: {fault.detail}"
            changed = await self._database.write(lambda tx: _failed(tx, cid, reason))
        else:
            log.info("publishing.done cid=%s", cid)
            now = self._clock.now()

            def published(tx: Transaction) -> Publication | None:
                tx.record_published(cid, now)
                return tx.publication(cid)

            changed = await self._database.write(published)
        self._waiting_because = None
        if changed is not None:
            self._events.publish(PublicationsChanged((changed,)))

    def _tell(self, fault: IpnftError | None) -> None:
        """Once, not at every vain attempt."""
        before, self._waiting_because = self._waiting_because, fault
        if (before and before.code) != (fault and fault.code):
            if fault is not None:
                log.warning("publishing.waits %s", fault)
            self._events.publish(PublicationsChanged((), fault))


def _failed(tx: Transaction, cid: str, reason: str) -> Publication | None:
    tx.record_publication_failure(cid, reason)
    return tx.publication(cid)
