"""One place where domain events go out; whoever subscribes hears each of them once, on the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ipnft_desktop.domain.events import (
    BlockArrived,
    DomainEvent,
    EnvironmentChanged,
    IndexAdvanced,
    RegisterOpened,
    SessionChanged,
    WritingFrozen,
)

log = logging.getLogger("ipnft")

Listener = Callable[[DomainEvent], None]

_STANDING = (RegisterOpened, SessionChanged, EnvironmentChanged, WritingFrozen, BlockArrived, IndexAdvanced)
"""Events that say how things stand until the next of their kind."""


class EventHub:
    """Synchronous fan-out. Listeners are quick (they hand over to Qt signals); one that raises is logged and keeps
    neither the others nor the one who tells from going on."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._standing: dict[tuple[type[DomainEvent], bool], DomainEvent] = {}

    @property
    def standing(self) -> tuple[DomainEvent, ...]:
        """What somebody who comes late has to be told, in the order it happened.

        Of the environment the last start and the last end: that it once was ready stays true after it ended.
        """
        return tuple(self._standing.values())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; returns the function that ends it, harmless when called again."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def publish(self, event: DomainEvent) -> None:
        """Tell all listeners, in the order they came."""
        if isinstance(event, _STANDING):
            self._keep(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("a listener of %s", type(event).__name__)

    def _keep(self, event: DomainEvent) -> None:
        is_start = isinstance(event, EnvironmentChanged) and event.is_ready
        if is_start:
            self._standing.pop((WritingFrozen, False), None)
            self._standing.pop((EnvironmentChanged, False), None)
        key = (type(event), is_start)
        self._standing.pop(key, None)  # in the order of what happened last
        self._standing[key] = event
