"""Waiting for what the window shows, without waiting for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE_S = 30.0


async def settled(done: Callable[[], bool]) -> None:
    """Let the loop turn until the condition holds. A wait in vain fails here: the time limit of the test is told by an
    exception in whatever runs just then, which a loop of Qt outlives."""
    async with asyncio.timeout(PATIENCE_S):
        while not done():  # noqa: ASYNC110 - what is waited for is seen, not signalled
            await asyncio.sleep(0)


async def turns(count: int = 20) -> None:
    """Let the loop turn a few times, for what must not happen."""
    for _ in range(count):
        await asyncio.sleep(0)
