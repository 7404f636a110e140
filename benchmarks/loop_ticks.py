"""The gaps of an event loop without Qt: the ticks of `ipnft_desktop.ui.loop_gap` are those of a timer of Qt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ipnft_desktop.ui.loop_gap import TICK_MS, Gaps

_TICK_S = TICK_MS / 1000


@asynccontextmanager
async def ticked_gaps() -> AsyncGenerator[Gaps]:
    """Collect the gaps of the running loop while the block runs."""
    gaps = Gaps()
    watching = asyncio.create_task(_tick(gaps))
    try:
        yield gaps
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _tick(gaps: Gaps) -> None:
    last_wall, last_cpu = time.perf_counter(), time.thread_time()
    while True:
        await asyncio.sleep(_TICK_S)
        wall, cpu = time.perf_counter(), time.thread_time()
        gaps.add(max(0.0, wall - last_wall - _TICK_S) * 1000, (cpu - last_cpu) * 1000)
        last_wall, last_cpu = wall, cpu
