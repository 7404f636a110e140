"""How long the event loop lets an event wait."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer

TICK_MS = 1


@dataclass(slots=True)
class Gaps:
    """Gaps between ticks in milliseconds: as a clock saw them, and how long the loop's own thread worked in them."""

    wall_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])


@contextmanager
def measured_gaps() -> Generator[Gaps]:
    """Collect the event loop's gaps while the block runs.

    A precise QTimer is due every millisecond; each gap is the time from one tick to the next, less that millisecond.
    While something occupies the loop's thread, or keeps the processor or the interpreter from it, no tick can happen,
    so a gap is what a key press at that moment would have waited (at most one tick more). The loop thread's own
    processor time tells the program's share of it from other programs' on a busy machine.
    """
    gaps = Gaps()
    last_wall, last_cpu = time.perf_counter(), time.thread_time()

    def on_tick() -> None:
        nonlocal last_wall, last_cpu
        wall, cpu = time.perf_counter(), time.thread_time()
        gaps.wall_ms.append(max(0.0, (wall - last_wall) * 1000 - TICK_MS))
        gaps.cpu_ms.append((cpu - last_cpu) * 1000)
        last_wall, last_cpu = wall, cpu

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(on_tick)
    timer.start(TICK_MS)
    try:
        yield gaps
    finally:
        timer.stop()
