"""One place where domain events go out; whoever subscribes hears each of them once, on the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ipnft_desktop.domain.events import DomainEvent

log = logging.getLogger("ipnft")

Listener = Callable[[DomainEvent], None]


class EventHub:
    """Synchronous fan-out. Listeners are quick (they hand over to Qt signals); one that raises is logged and keeps
    neither the others nor the one who tells from going on."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; returns the function that ends it, harmless when called again."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def publish(self, event: DomainEvent) -> None:
        """Tell all listeners, in the order they came."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("a listener of %s", type(event).__name__)
