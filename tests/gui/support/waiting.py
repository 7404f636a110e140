"""Waiting for what the window shows, without waiting for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def settled(done: Callable[[], bool]) -> None:
    """Let the loop turn until the condition holds; the test's own time limit ends a wait in vain."""
    while not done():  # noqa: ASYNC110 - what is waited for is seen, not signalled
        await asyncio.sleep(0)


async def turns(count: int = 20) -> None:
    """Let the loop turn a few times, for what must not happen."""
    for _ in range(count):
        await asyncio.sleep(0)
