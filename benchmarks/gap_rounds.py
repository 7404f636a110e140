"""The worst gap of the event loop in each round of an action."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from benchmarks.catalogue import Figure
from benchmarks.figures import median
from benchmarks.loop_ticks import ticked_gaps
from ipnft_desktop.ui.loop_gap import Gaps, measured_gaps


@dataclass(slots=True)
class GapRounds:
    """For each round the longest gap in milliseconds: by the clock, and by the work of the loop's thread."""

    wall_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])

    @contextmanager
    def round(self) -> Generator[None]:
        """One round: what is done in the block."""
        with measured_gaps() as gaps:
            yield
        self._add(gaps)

    @asynccontextmanager
    async def ticked_round(self) -> AsyncGenerator[None]:
        """The same where the loop is not Qt's."""
        async with ticked_gaps() as gaps:
            yield
        self._add(gaps)

    async def repeat(self, count: int, act: Callable[[], Awaitable[object]]) -> GapRounds:
        """Do it so many times, each a round."""
        for _ in range(count):
            with self.round():
                await act()
        return self

    def _add(self, gaps: Gaps) -> None:
        self.wall_ms.append(max(gaps.wall_ms))
        self.cpu_ms.append(max(gaps.cpu_ms))

    def samples(self) -> dict[str, list[float]]:
        """As plain JSON values."""
        return {"wall_ms": self.wall_ms, "cpu_ms": self.cpu_ms}


def gap_figures(action: str, samples: dict[str, list[float]]) -> list[Figure]:
    """The figures of an action from what `GapRounds.samples` gave."""
    wall_ms, cpu_ms = samples["wall_ms"], samples["cpu_ms"]
    return [
        Figure(f"loop_gap_ms.{action}.max", median(wall_ms), len(wall_ms)),
        Figure(f"loop_gap_ms.{action}.own_cpu.max", median(cpu_ms), len(cpu_ms)),
    ]
