"""Cycles are collected on the window's thread, and nowhere else."""

from __future__ import annotations

import asyncio
import gc
import threading

from ipnft_desktop.ui.garbage import WindowThreadCollector


class Cycle:
    """Refers to itself and notes the thread that destroys it."""

    destroyed_by: threading.Thread | None = None

    def __init__(self, done: asyncio.Event) -> None:
        self.itself = self
        self.done = done

    def __del__(self) -> None:
        Cycle.destroyed_by = threading.current_thread()
        self.done.set()


async def test_cycles_die_on_the_window_thread() -> None:
    collector = WindowThreadCollector()
    done = asyncio.Event()
    Cycle(done)

    def allocate() -> None:
        kept = [[] for _ in range(50_000)]
        del kept

    await asyncio.to_thread(allocate)
    assert not done.is_set()
    assert not gc.isenabled()
    allocated = [[] for _ in range(20_000)]
    await asyncio.wait_for(done.wait(), 5)
    del allocated
    assert Cycle.destroyed_by is threading.main_thread()
    collector.stop()
    assert gc.isenabled()
    gc.disable()
