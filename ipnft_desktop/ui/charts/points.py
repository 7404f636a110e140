"""The points of series as numpy has them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ipnft_desktop.ui.charts.chart import Series

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.intp]]


def numbers(series: Series) -> tuple[Numbers, Numbers]:
    """Its xs and ys, not copied."""
    return np.frombuffer(series.xs), np.frombuffer(series.ys)


def all_xs(series: Iterable[Series]) -> Numbers:
    """Every x at which one of them has a point, from left to right."""
    several = [np.frombuffer(each.xs) for each in series if each.xs]
    if not several:
        return np.empty(0)
    first = several[0]
    # Most charts have their points at the same places, and to sort a hundred thousand takes a frame.
    return first if all(np.array_equal(first, each) for each in several) else np.unique(np.concatenate(several))


def nearest(sorted_xs: Numbers, x: float) -> int:
    """The place of the value that is closest; there has to be one."""
    after = int(np.searchsorted(sorted_xs, x))
    if after == 0:
        return 0
    if after == len(sorted_xs) or x - sorted_xs[after - 1] <= sorted_xs[after] - x:
        return after - 1
    return after


def extent(series: Iterable[Series], low: float, high: float) -> tuple[float, float] | None:
    """The least and the greatest y of all points with an x from `low` to `high`, None where there is none."""
    bounds: list[tuple[float, float]] = []
    for xs, ys in map(numbers, series):
        # One more at each side: the line to it is in view.
        start = max(0, int(np.searchsorted(xs, low)) - 1)
        part = ys[start : int(np.searchsorted(xs, high, side="right")) + 1]
        if len(part):
            bounds.append((float(np.fmin.reduce(part)), float(np.fmax.reduce(part))))
    bounds = [each for each in bounds if math.isfinite(each[0])]
    return (min(low for low, _ in bounds), max(high for _, high in bounds)) if bounds else None


def thinned(xs: Numbers, ys: Numbers, edges: Numbers) -> tuple[Numbers, Numbers]:
    """What can be told apart in columns between these edges: the least and the greatest y of each, and the points at
    both sides of the view. Few points stay as they are."""
    low, high = float(edges[0]), float(edges[-1])
    in_view = slice(max(0, int(np.searchsorted(xs, low)) - 1), int(np.searchsorted(xs, high, side="right")) + 1)
    seen_xs: Numbers = xs[in_view]
    seen_ys: Numbers = ys[in_view]
    count = seen_xs.size
    if count <= 2 * edges.size:
        return seen_xs, seen_ys
    starts: Places = np.unique(np.concatenate(([0], np.searchsorted(seen_xs, edges[1:-1]))))
    starts = starts[starts < count]
    columns = np.repeat(seen_xs[starts], 2)
    heights = np.empty(columns.size)
    heights[0::2], heights[1::2] = np.fmin.reduceat(seen_ys, starts), np.fmax.reduceat(seen_ys, starts)
    return columns, heights
