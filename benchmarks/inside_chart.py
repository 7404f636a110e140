"""A child process of the benchmark: a chart of a hundred thousand points, read, zoomed and dragged."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.catalogue import Sizes
from ipnft_desktop.bootstrap.event_loop import run_on_qt
from ipnft_desktop.ui.charts.chart import Axis, Chart, Series
from ipnft_desktop.ui.charts.plot import Plot
from ipnft_desktop.ui.charts.view import ChartView
from ipnft_desktop.ui.theme.theme import theme

POINTS = 100_000
_SIZE = (1_200, 600)
_SEED = 7
_WARM_UP = 5


async def _run(app: QApplication, sizes: Sizes) -> int:
    theme().install(app)
    view = ChartView()
    view.set_chart(Chart("Walk", Axis("Step"), Axis("Height"), (Series.of("Walk", _walk()),)))
    view.resize(*_SIZE)
    view.show()
    plot = view.build()
    await asyncio.sleep(0)
    acts = (_reading(plot), _zooming(plot), _dragging(plot))
    frame_ms = [_frame(plot, act, at) for act in acts for at in range(sizes.frames // len(acts) + _WARM_UP)]
    print(json.dumps({"frame_ms": frame_ms}))
    view.close()
    return 0


def _walk() -> Iterator[tuple[float, float]]:
    """Goes up and down in every column of pixels, as a price does."""
    draw, height = random.Random(_SEED), 50.0
    for step in range(POINTS):
        height += draw.gauss(0, 0.4)
        yield float(step), height


def _frame(plot: Plot, act: Callable[[int], object], at: int) -> float:
    started = time.perf_counter()
    act(at)
    plot.viewport().repaint()
    return (time.perf_counter() - started) * 1000


def _reading(plot: Plot) -> Callable[[int], object]:
    def act(at: int) -> None:
        QTest.mouseMove(plot.viewport(), QPoint(plot.width() // 4 + 3 * at % (plot.width() // 2), plot.height() // 2))

    return act


def _zooming(plot: Plot) -> Callable[[int], object]:
    return lambda at: plot.reset() if at % 12 == 0 else plot.zoom(0.8)


def _dragging(plot: Plot) -> Callable[[int], object]:
    """Half of the points stay in view."""

    def act(at: int) -> None:
        if at == 0:
            plot.reset()
            plot.zoom(0.5, 0.0)
        QTest.keyClick(plot, Qt.Key.Key_End if at % 2 else Qt.Key.Key_Home)

    return act


if __name__ == "__main__":
    sys.exit(run_on_qt(lambda app: _run(app, Sizes(**json.loads(sys.argv[2])))))
