"""What a chart shows: series of points, two axes, marked ranges and levels. It knows nothing of drawing."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from ipnft_desktop.ui.widgets.measures import figure_text


class Mark(Enum):
    """What the points of a series are drawn as."""

    LINE = auto()
    DASHED_LINE = auto()
    POINTS = auto()
    BARS = auto()


def _floats() -> array[float]:
    return array("d")


@dataclass(frozen=True, slots=True)
class Series:
    """Named points, from left to right; a y that is not a number is a gap. Make it with `of`."""

    name: str
    mark: Mark = Mark.LINE
    xs: array[float] = field(default_factory=_floats)
    ys: array[float] = field(default_factory=_floats)

    @classmethod
    def of(cls, name: str, points: Iterable[tuple[float, float]], mark: Mark = Mark.LINE) -> Series:
        """From (x, y), each x greater than the one before. Raises ValueError otherwise, or where an x is no number."""
        xs, ys = _floats(), _floats()
        for x, y in points:
            xs.append(x)
            ys.append(y)
        if not all(map(math.isfinite, xs)) or any(later <= earlier for earlier, later in pairwise(xs)):
            raise ValueError(f"the points of {name!r} do not go from left to right")
        if any(map(math.isinf, ys)):
            raise ValueError(f"a point of {name!r} is infinite")
        return cls(name, mark, xs, ys)

    def at(self, x: float) -> float | None:
        """Its value there, None where it has no point."""
        place = bisect_left(self.xs, x)
        if place == len(self.xs) or self.xs[place] != x or math.isnan(self.ys[place]):
            return None
        return self.ys[place]


@dataclass(frozen=True, slots=True)
class Axis:
    """`title` and `unit` name it; `text` writes one of its values for people. Of a time axis the values are seconds
    since 1970, UTC. `has_zero` keeps zero in view."""

    title: str
    unit: str = ""
    text: Callable[[float], str] = figure_text
    is_log: bool = False
    is_time: bool = False
    has_zero: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A marked range of x, such as the recommended sizes, and its words."""

    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Level:
    """A marked y, such as a floor that nothing goes below, and its words."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that one chart shows. The names of its series tell them apart."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...] = ()
    spans: tuple[Span, ...] = ()
    levels: tuple[Level, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where two series have one name."""
        if len({each.name for each in self.series}) < len(self.series):
            raise ValueError("two series have the same name")

    @property
    def is_empty(self) -> bool:
        """Whether there is no point to show."""
        return not any(each.xs for each in self.series)

    @property
    def has_bars(self) -> bool:
        """Whether one of its series stands on the axis."""
        return any(each.mark is Mark.BARS for each in self.series)

    @property
    def fits_log_x(self) -> bool:
        """Whether every x has a logarithm; bars are as wide as their distance and need an even axis."""
        return not (self.has_bars or self.x.is_time) and all(each.xs[0] > 0 for each in self.series if each.xs)

    @property
    def fits_log_y(self) -> bool:
        """Whether every y has a logarithm; bars stand on zero, which has none."""
        values = (y for each in self.series for y in each.ys)
        return not self.has_bars and all(level.value > 0 for level in self.levels) and not any(y <= 0 for y in values)
