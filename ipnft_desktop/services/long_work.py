"""Work that takes seconds and leaves the event loop: how far it is, and the wish to end it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_TELL_EVERY_S = 0.05

OnShare = Callable[[float], None]


class WorkCancelled(Exception):
    """The work ended because somebody wished so; nothing of it is left."""


class LongWork:
    """Seen from both sides: the event loop waits and may cancel, the thread reports and hears the wish."""

    def __init__(self, on_share: OnShare | None = None) -> None:
        """`on_share` is called on the event loop with how much is done, 0 to 1, at most 20 times a second."""
        self._loop = asyncio.get_running_loop()
        self._on_share = on_share
        self._is_cancelled = threading.Event()
        self._told_at_s = 0.0

    def cancel(self) -> None:
        """Wish the end; the work ends at its next report, unless it was finished before."""
        self._is_cancelled.set()

    def report(self, share: float) -> None:
        """Called by the work, in its thread. Raises WorkCancelled."""
        if self._is_cancelled.is_set():
            raise WorkCancelled
        now_s = time.monotonic()
        if self._on_share is not None and (share >= 1 or now_s - self._told_at_s >= _TELL_EVERY_S):
            self._told_at_s = now_s
            self._loop.call_soon_threadsafe(self._on_share, share)

    async def run(self, work: Callable[[], T]) -> T:
        """Run it in a thread. Raises what it raises."""
        return await self.wait(asyncio.to_thread(work))

    async def wait(self, work: Awaitable[T]) -> T:
        """Wait for work that reports here. Who gives up waiting waits until it has ended: files stay in use so long."""
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
