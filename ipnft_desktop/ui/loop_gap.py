"""How long the event loop lets an event wait: measured alike by the benchmark and by the overlay in the window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 1
FRAME_MS = 16.0
"""What is done on the loop in one go may take so long: at 60 frames a second nothing is seen to stutter."""


class LoopTicker(QObject):
    """Tells `hear` each gap in milliseconds: as a clock saw it, and how long the loop's own thread worked in it.

    A precise timer is due every millisecond; a gap is the time from one tick to the next, less that millisecond. While
    something occupies the loop's thread, or keeps the processor or the interpreter from it, no tick can happen, so a
    gap is what a key press at that moment would have waited (at most one tick more). The thread's own processor time
    tells the program's share of it from other programs' on a busy machine.
    """

    def __init__(self, hear: Callable[[float, float], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hear = hear
        self._last_wall = self._last_cpu = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Tick from now on."""
        self._last_wall, self._last_cpu = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Tick no more; it can be started again."""
        self._timer.stop()

    def _on_tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        wall_ms = max(0.0, (wall - self._last_wall) * 1000 - TICK_MS)
        cpu_ms = (cpu - self._last_cpu) * 1000
        self._last_wall, self._last_cpu = wall, cpu
        self._hear(wall_ms, cpu_ms)


@dataclass(slots=True)
class Gaps:
    """Gaps between ticks in milliseconds: as a clock saw them, and how long the loop's own thread worked in them."""

    wall_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])

    def add(self, wall_ms: float, cpu_ms: float) -> None:
        """One more."""
        self.wall_ms.append(wall_ms)
        self.cpu_ms.append(cpu_ms)


@contextmanager
def measured_gaps() -> Generator[Gaps]:
    """Collect the event loop's gaps while the block runs."""
    gaps = Gaps()
    ticker = LoopTicker(gaps.add)
    ticker.start()
    try:
        yield gaps
    finally:
        ticker.stop()


class WorstOf:
    """The largest of the values of the last `seconds`; what was smaller than a later one is forgotten."""

    def __init__(self, seconds: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now_s = now_s
        self._kept: deque[tuple[float, float]] = deque()

    def add(self, value: float) -> None:
        """One more value, of this moment."""
        while self._kept and self._kept[-1][1] <= value:
            self._kept.pop()
        self._kept.append((self._now_s(), value))

    @property
    def value(self) -> float:
        """The largest; 0 where there was none."""
        oldest = self._now_s() - self._seconds
        while self._kept and self._kept[0][0] < oldest:
            self._kept.popleft()
        return self._kept[0][1] if self._kept else 0.0
