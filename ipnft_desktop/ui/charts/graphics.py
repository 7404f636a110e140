"""The items of pyqtgraph that draw a chart, in the colours of the theme."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from ipnft_desktop.ui.charts.chart import Chart, Level, Mark, Series, Span
from ipnft_desktop.ui.charts.points import all_xs, numbers, thinned
from ipnft_desktop.ui.charts.scales import Scales
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Stroke, TextSize
from ipnft_desktop.ui.widgets.plain import visible

_pg: Any = pyqtgraph
_MOST_DOTS = 200
"""A line of more points is drawn without a dot at each."""
_BAR_SHARE = 0.8
_WORDS_DEPTH = 10
_MARKED_DEPTH = -10


class SeriesItem:
    """One series: a line with dots, dots alone, or bars."""

    def __init__(self, chart: Chart, number: int, box: Any) -> None:
        self._series = chart.series[number]
        self._number = number
        self._is_dashed = self._series.mark is Mark.DASHED_LINE
        self._colour = QColor()
        self._line = _pg.PlotCurveItem(antialias=True, connect="finite", skipFiniteCheck=False)
        self._dots = _pg.ScatterPlotItem(size=int(Size.BAR), pen=None, antialias=True)
        self._items = [self._line, self._dots]
        if self._series.mark is Mark.BARS:
            self._items = [_bars(chart, self._series)]
        for item in self._items:
            box.addItem(item, ignoreBounds=True)

    def show_between(self, ends: tuple[float, float], columns: int, scales: Scales) -> None:
        """Draw what is in view between two places of the axis, in so many columns of pixels."""
        mark = self._series.mark
        if mark is Mark.BARS:
            return
        edges = np.linspace(*ends, columns + 1)
        xs, ys = thinned(*numbers(self._series), 10.0**edges if scales.log_x else edges)
        xs, ys = np.log10(xs) if scales.log_x else xs, np.log10(ys) if scales.log_y else ys
        if mark is not Mark.POINTS:
            # Many joints of a thick smooth line take longer than a frame, and are not seen where columns are full.
            is_dense = len(xs) > columns
            self._line.setPen(
                line_pen(self._colour, Stroke.HAIRLINE if is_dense else Stroke.FOCUS, dashed=self._is_dashed)
            )
            self._line.setSegmentedLineMode("on" if is_dense else "off")
            connect = "all" if np.isfinite(ys).all() else "finite"
            self._line.setData(xs, ys, connect=connect, antialias=not is_dense)
        if mark is Mark.POINTS or len(self._series.xs) <= _MOST_DOTS:
            self._dots.setData(xs, ys)

    def set_shown(self, shown: bool) -> None:
        """Whether it is drawn."""
        for item in self._items:
            item.setVisible(shown)

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        colour = QColor(chart_inks(theme().tokens).of_series(self._number))
        if self._series.mark is Mark.BARS:
            self._items[0].setOpts(brush=colour, pen=None)
            return
        self._colour = colour
        self._line.setPen(line_pen(colour, self._line.opts["pen"].widthF(), dashed=self._is_dashed))
        self._dots.setBrush(colour)


class SpanItem:
    """A marked range with its words at the bottom."""

    def __init__(self, span: Span, box: Any) -> None:
        self._span = span
        self._item = _pg.LinearRegionItem(movable=False, pen=QPen(Qt.PenStyle.NoPen))
        self._item.setZValue(_MARKED_DEPTH)
        self._words = _words(span.words, (0.5, 1.0))
        box.addItem(self._item, ignoreBounds=True)
        box.addItem(self._words, ignoreBounds=True)
        self.scales = Scales()

    def place(self, bottom: float) -> None:
        """Put it where it is on the axes; the words stand on this height."""
        start, end = self.scales.x(self._span.start), self.scales.x(self._span.end)
        self._item.setRegion((start, end))
        self._words.setPos((start + end) / 2, bottom)

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        self._item.setBrush(QColor(theme().tokens.accent_soft))
        self._words.setColor(QColor(theme().tokens.accent))


class LevelItem:
    """A marked height with its words at the right end."""

    def __init__(self, level: Level, box: Any) -> None:
        self._level = level
        self._item = _pg.InfiniteLine(angle=0)
        self._words = _words(level.words, (1.0, 1.0))
        box.addItem(self._item, ignoreBounds=True)
        box.addItem(self._words, ignoreBounds=True)
        self.scales = Scales()

    def place(self, right: float) -> None:
        """Put it where it is on the axes; the words end here."""
        height = self.scales.y(self._level.value)
        self._item.setPos(height)
        self._words.setPos(right, height)

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        self._item.setPen(line_pen(QColor(theme().tokens.muted), Stroke.EDGE, dashed=True))
        self._words.setColor(QColor(theme().tokens.muted))


class Crosshair:
    """A line through one x and a ring around each point there."""

    def __init__(self, box: Any) -> None:
        self._line = _pg.InfiniteLine(angle=90)
        self._rings = _pg.ScatterPlotItem(size=int(Size.DOT), useCache=False, antialias=True)
        for item in (self._line, self._rings):
            box.addItem(item, ignoreBounds=True)
            item.setZValue(_WORDS_DEPTH)
            item.hide()

    def place(self, x: float, points: list[tuple[int, float]]) -> None:
        """Show it there; `points` are the numbers of the series and their heights."""
        inks = chart_inks(theme().tokens)
        self._line.setPen(line_pen(QColor(inks.axis), Stroke.HAIRLINE))
        self._line.setPos(x)
        ring = line_pen(QColor(inks.ground), Stroke.FOCUS)
        spots = [
            {"pos": (x, y), "pen": ring, "brush": QColor(inks.of_series(number)), "size": int(Size.DOT) * 3 // 2}
            for number, y in points
        ]
        self._rings.setData(spots)
        self.set_shown(True)

    def set_shown(self, shown: bool) -> None:
        """Show or hide it."""
        self._line.setVisible(shown)
        self._rings.setVisible(shown)


def line_pen(colour: QColor, width: float = Stroke.HAIRLINE, *, dashed: bool = False) -> QPen:
    """A pen as wide on the screen at every zoom."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def bar_width(chart: Chart) -> float:
    """How much of the axis all bars at one x take together."""
    xs = all_xs(each for each in chart.series if each.mark is Mark.BARS)
    return _BAR_SHARE * float(np.diff(xs).min()) if len(xs) > 1 else _BAR_SHARE


def _bars(chart: Chart, series: Series) -> Any:
    beside = [each for each in chart.series if each.mark is Mark.BARS]
    width = bar_width(chart) / len(beside)
    xs, ys = numbers(series)
    offset = (beside.index(series) - (len(beside) - 1) / 2) * width
    return _pg.BarGraphItem(x=xs + offset, height=np.nan_to_num(ys), width=width)  # a share of the axis, not pixels


def _words(text: str, anchor: tuple[float, float]) -> Any:
    words = _pg.TextItem(visible(text), anchor=anchor)
    words.setFont(text_font(TextSize.MICRO))
    words.setZValue(_WORDS_DEPTH)
    return words
