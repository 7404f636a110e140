"""The drawn chart: zoomed, panned and read by mouse or keyboard. Imported by `library.py` only, for it is slow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from ipnft_desktop.ui.charts.chart import Axis, Chart, Series
from ipnft_desktop.ui.charts.graphics import Crosshair, LevelItem, SeriesItem, SpanItem, bar_width
from ipnft_desktop.ui.charts.points import Numbers, all_xs, extent, nearest
from ipnft_desktop.ui.charts.scales import Scales
from ipnft_desktop.ui.charts.ticks import linear_ticks, log_ticks, time_ticks
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size, Space, TextSize

_pg: Any = pyqtgraph
_ZOOM_STEP = 0.8
_WHEEL_NOTCH = 120
_X_ROOM, _Y_ROOM = 0.03, 0.08
_CLOSEST = 1e-6
"""The least part of the whole that can be zoomed to."""
_GRID_DEPTH = -1_000
_DAY_S, _MINUTE_S = 86_400, 60


class Plot(_pg.GraphicsView):
    """`pointed` tells the x that is read, None for none; `zoomed` whether less than everything is in view."""

    pointed = Signal(object)
    zoomed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)  # pyright: ignore[reportUnknownMemberType]
        self._chart = Chart("", Axis(""), Axis(""))
        self._scales = Scales()
        self._hidden: frozenset[str] = frozenset()
        self._xs: Numbers = all_xs(())
        self._at: int | None = None
        self._dragged_from: float | None = None
        self._series: list[SeriesItem] = []
        self._marked: list[SpanItem | LevelItem] = []
        self._box = _pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._frame = frozenset(self._box.childGroup.childItems())
        """What belongs to the box itself, and to no chart."""
        self._crosshair = Crosshair(self._box)
        self._x_axis, self._y_axis = (_axis(side, self._box) for side in ("bottom", "left"))
        self._y_axis.setGrid(255)
        self._y_axis.setZValue(_GRID_DEPTH)
        self._box.sigResized.connect(self._on_resized)
        self.centralLayout.setSpacing(0)
        self.centralLayout.setContentsMargins(0, Space.XS, Space.L, 0)
        for item, row, column in ((self._y_axis, 0, 0), (self._box, 0, 1), (self._x_axis, 1, 1)):
            self.centralLayout.addItem(item, row, column)
        # Everything is painted anew in a frame: to find out what may stay costs more.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        # A kept ground would outlast a switch of the theme.
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setMinimumHeight(Size.PICTURE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme().changed.connect(self._dress)
        self._dress()

    @property
    def chart(self) -> Chart:
        """What is drawn."""
        return self._chart

    @property
    def at(self) -> float | None:
        """The x that is read."""
        return None if self._at is None else float(self._xs[self._at])

    @property
    def in_view(self) -> tuple[float, float]:
        """The least and the greatest x in view."""
        low, high = self._x_range
        return self._scales.x_value(low), self._scales.x_value(high)

    @property
    def shown_series(self) -> list[Series]:
        """Those that are drawn."""
        return [each for each in self._chart.series if each.name not in self._hidden]

    def show_chart(self, chart: Chart, hidden: Iterable[str], scales: Scales) -> None:
        """Draw another chart without the series of these names; all of it is in view."""
        for item in self._box.childGroup.childItems():  # what is not to move the ranges is not in its own list
            if item not in self._frame:
                self._box.removeItem(item)
        self._chart, self._scales, self._hidden = chart, scales, frozenset(hidden)
        self._crosshair = Crosshair(self._box)
        self._series = [SeriesItem(chart, number, self._box) for number in range(len(chart.series))]
        self._marked = [SpanItem(span, self._box) for span in chart.spans]
        self._marked += [LevelItem(level, self._box) for level in chart.levels]
        self._dress()
        self.set_hidden(self._hidden)
        self.set_scales(scales)

    def set_hidden(self, names: Iterable[str]) -> None:
        """Draw all series but those of these names."""
        self._hidden = frozenset(names)
        for item, series in zip(self._series, self._chart.series, strict=True):
            item.set_shown(series.name not in self._hidden)
        self._xs = all_xs(self.shown_series)
        self.point(None)
        self._draw_points()
        self._fit_height()

    def set_scales(self, scales: Scales) -> None:
        """Make axes logarithmic, or even again; all of the chart is in view."""
        self._scales = scales
        for item in self._marked:
            item.scales = scales
        self.reset()

    def reset(self) -> None:
        """Bring all of the chart into view."""
        self._see(*self._whole)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """See so much of what is in view, keeping a place of the axis where it is: what is read, or the middle."""
        low, high = self._x_range
        if around is None:
            around = (low + high) / 2 if self.at is None else self._scales.x(self.at)
        self._see(around - (around - low) * factor, around + (high - around) * factor)

    def point(self, at: int | None) -> None:
        """Read the x with this number, or none."""
        self._at = at
        self._place_crosshair()
        self.pointed.emit(self.at)

    def place_of(self, x: float) -> float:
        """Where an x is, in pixels from the left."""
        return float(self._box.mapViewToScene(QPointF(self._scales.x(x), 0)).x())

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Draw it for a file: without what mouse and keyboard left there."""
        self._crosshair.set_shown(False)
        self.scene().prepareForPaint()
        self.scene().render(painter, target, self.sceneRect())
        self._place_crosshair()

    # --- mouse and keyboard -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read point by point, zoom, or hand the key on."""
        last = len(self._xs) - 1
        match event.key():
            case Qt.Key.Key_Left if last >= 0:
                self._walk_to(last if self._at is None else self._at - 1)
            case Qt.Key.Key_Right if last >= 0:
                self._walk_to(0 if self._at is None else self._at + 1)
            case Qt.Key.Key_Home if last >= 0:
                self._walk_to(0)
            case Qt.Key.Key_End if last >= 0:
                self._walk_to(last)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM_STEP)
            case Qt.Key.Key_0:
                self.reset()
            case Qt.Key.Key_Escape if self._at is not None:
                self.point(None)
            case _:
                event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; the wheel alone scrolls the page."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM_STEP ** (event.angleDelta().y() / _WHEEL_NOTCH), self._place_at(event.position()))
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the chart."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._dragged_from = self._place_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Bring all of it into view."""
        self.reset()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read what is under the mouse, or drag the chart along."""
        place = self._place_at(event.position())
        if self._dragged_from is not None:
            low, high = self._x_range
            by = self._dragged_from - place
            whole_low, whole_high = self._whole
            by = min(max(by, whole_low - low), whole_high - high)
            self._see(low + by, high + by)
        elif len(self._xs) and self._box.sceneBoundingRect().contains(event.position()):
            at = nearest(self._xs, self._scales.x_value(place))
            if at != self._at:
                self.point(at)
        elif self._at is not None:
            self.point(None)

    def leaveEvent(self, event: Any) -> None:
        """Read nothing any more."""
        if not self.hasFocus() and self._at is not None:
            self.point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Read nothing any more."""
        super().focusOutEvent(event)  # pyright: ignore[reportUnknownMemberType]
        if self._at is not None:
            self.point(None)

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _x_range(self) -> tuple[float, float]:
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    @property
    def _whole(self) -> tuple[float, float]:
        """Everything, also what the legend hides, so that nothing moves when it is toggled."""
        xs = all_xs(self._chart.series)
        if not len(xs):
            return 0.0, 1.0
        low, high = self._scales.x(float(xs[0])), self._scales.x(float(xs[-1]))
        room = (high - low) * _X_ROOM or 0.5
        if self._chart.has_bars:
            room = max(room, bar_width(self._chart))
        return low - room, high + room

    def _walk_to(self, at: int) -> None:
        at = min(max(at, 0), len(self._xs) - 1)
        low, high = self._x_range
        place = self._scales.x(float(self._xs[at]))
        if not low <= place <= high:
            self._see(place - (high - low) / 2, place + (high - low) / 2)
        self.point(at)

    def _place_at(self, position: QPointF) -> float:
        return float(self._box.mapSceneToView(self.mapToScene(position.toPoint())).x())

    def _see(self, low: float, high: float) -> None:
        whole_low, whole_high = self._whole
        width = min(max(high - low, (whole_high - whole_low) * _CLOSEST), whole_high - whole_low)
        low = min(max(low, whole_low), whole_high - width)
        self._box.setXRange(low, low + width, padding=0)
        self._draw_points()
        self._fit_height()
        self.zoomed.emit(width < (whole_high - whole_low) * (1 - _CLOSEST))

    def _draw_points(self) -> None:
        columns = max(1, round(self._box.width()))
        for item, series in zip(self._series, self._chart.series, strict=True):
            if self._is_shown(series):
                item.show_between(self._x_range, columns, self._scales)

    def _fit_height(self) -> None:
        """See all that is drawn between the two ends."""
        values = extent(self.shown_series, *self.in_view) or (1.0, 1.0)
        levels = [level.value for level in self._chart.levels]
        low, high = min(values[0], *levels, values[0]), max(values[1], *levels, values[1])
        if (self._chart.y.has_zero or self._chart.has_bars) and not self._scales.log_y:
            low, high = min(low, 0.0), max(high, 0.0)
        bottom, top = self._scales.y(low), self._scales.y(high)
        room = (top - bottom) * _Y_ROOM or 0.5
        stands_on_zero = low == 0 and not self._scales.log_y
        self._box.setYRange(bottom - (0 if stands_on_zero else room), top + room, padding=0)
        self._set_ticks()
        for item in self._marked:
            item.place(self._box.viewRange()[1][0] if isinstance(item, SpanItem) else self._x_range[1])
        self._place_crosshair()
        self._tell_place()

    def _set_ticks(self) -> None:
        font = QFontMetricsF(text_font(TextSize.MICRO))
        y_pairs = self._ticks(self._chart.y, self._box.viewRange()[1], int(self.height() / Size.TABLE_ROW), is_x=False)
        x_pairs = self._ticks(self._chart.x, self._x_range, int(self.width() / ColumnWidth.S), is_x=True)
        widest = max((font.horizontalAdvance(text) for _, text in y_pairs), default=0.0)
        self._y_axis.setWidth(round(widest) + Space.M)
        self._x_axis.setHeight(round(font.height()) + Space.S)
        self._y_axis.setTicks([y_pairs])
        self._x_axis.setTicks([x_pairs])

    def _ticks(self, axis: Axis, ends: Iterable[float], at_most: int, *, is_x: bool) -> list[tuple[float, str]]:
        low, high = ends
        if axis.is_time:
            offset = datetime.fromtimestamp(low).astimezone().utcoffset()
            step, places = time_ticks(low, high, at_most, offset.total_seconds() if offset else 0.0)
            return [(place, _clock(place, step)) for place in places]
        is_log = self._scales.log_x if is_x else self._scales.log_y
        _, places = (log_ticks if is_log else linear_ticks)(low, high, at_most)
        value = self._scales.x_value if is_x else self._scales.y_value
        return [(place, axis.text(float(f"{value(place):.12g}"))) for place in places]

    def _on_resized(self) -> None:
        self._draw_points()
        self._set_ticks()
        self._tell_place()

    def _tell_place(self) -> None:
        """What is read stands elsewhere now."""
        if self._at is not None:
            self.pointed.emit(self.at)

    def _place_crosshair(self) -> None:
        x = self.at
        if x is None:
            self._crosshair.set_shown(False)
            return
        shown = ((number, each.at(x)) for number, each in enumerate(self._chart.series) if self._is_shown(each))
        points = [(number, self._scales.y(y)) for number, y in shown if y is not None]
        self._crosshair.place(self._scales.x(x), points)

    def _is_shown(self, series: Series) -> bool:
        return series.name not in self._hidden

    def _dress(self) -> None:
        inks = chart_inks(theme().tokens)
        self._y_axis.setTickPen(inks.grid)
        self._y_axis.setPen(None)
        self._x_axis.setPen(inks.axis)
        for axis in (self._x_axis, self._y_axis):
            axis.setTextPen(inks.text)
        for item in (*self._series, *self._marked):
            item.dress()
        self._place_crosshair()


def _axis(side: str, box: Any) -> Any:
    axis = _pg.AxisItem(side, linkView=box, maxTickLength=0)
    axis.enableAutoSIPrefix(False)
    axis.setStyle(
        tickFont=text_font(TextSize.MICRO), tickTextOffset=int(Space.XS), autoExpandTextSpace=False, tickAlpha=255
    )
    return axis


def _clock(moment_s: float, step_s: float) -> str:
    """A tick of a time axis in the zone of this computer, as exact as their distance."""
    local = datetime.fromtimestamp(moment_s).astimezone()
    return f"{local:%m-%d}" if step_s >= _DAY_S else f"{local:%H:%M}" if step_s >= _MINUTE_S else f"{local:%H:%M:%S}"
