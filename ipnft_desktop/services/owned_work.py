"""Work that belongs to a service: it goes on to its end, though whoever asked for it gives up waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class OwnedWork:
    """What a service has begun and not ended."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Begin it and wait for it; to be cancelled ends the waiting alone. Raises what the work raises."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def settle(self) -> None:
        """Wait for all of it, whoever gave up waiting."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
