"""What the series have at one x, beside the crosshair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Radius, Size, Space, Stroke, TextSize, Weight
from ipnft_desktop.ui.widgets.measures import labelled_text, listed
from ipnft_desktop.ui.widgets.plain import visible

_ELIDE = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of one series, by its number among them."""

    number: int
    name: str
    value: str


class Readout(QWidget):
    """A small card that the mouse goes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = ""
        self._readings: tuple[Reading, ...] = ()
        self.hide()

    @property
    def text(self) -> str:
        """Everything in it as one sentence, for screen readers."""
        return listed([self._title, *(labelled_text(each.name, each.value) for each in self._readings)])

    def show_readings(self, title: str, readings: Sequence[Reading]) -> None:
        """Show what there is at the x that the title names."""
        self._title = visible(title)
        self._readings = tuple(Reading(each.number, visible(each.name), visible(each.value)) for each in readings)
        self.resize(self.sizeHint())
        self.show()
        self.update()

    def stand_beside(self, x: float, around: QRectF) -> None:
        """Stand at the right of a line, or at its left where there is no room."""
        left = x + Space.M if x + Space.M + self.width() <= around.right() else x - Space.M - self.width()
        self.move(round(max(left, around.left())), round(around.top() + Space.S))

    def sizeHint(self) -> QSize:
        """Room for its lines."""
        metrics = QFontMetricsF(text_font(TextSize.CAPTION, Weight.SEMIBOLD))
        widths = [metrics.horizontalAdvance(self._title)]
        for each in self._readings:
            name = min(metrics.horizontalAdvance(each.name), ColumnWidth.XL)
            widths.append(Size.DOT + Space.S + name + Space.L + metrics.horizontalAdvance(each.value))
        lines = 1 + len(self._readings)
        return QSize(round(max(widths)) + 2 * Space.M, lines * Size.TEXT_LINE + 2 * Space.S)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and lines."""
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.control_line), Stroke.HAIRLINE))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CONTROL, Radius.CONTROL)
        line = QRectF(Space.M, Space.S, self.width() - 2 * Space.M, Size.TEXT_LINE)
        painter.setFont(text_font(TextSize.CAPTION, Weight.SEMIBOLD))
        painter.setPen(QColor(tokens.fg))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), self._title)
        for reading in self._readings:
            line.translate(0, Size.TEXT_LINE)
            self._paint_reading(painter, line, reading)
        painter.end()

    def _paint_reading(self, painter: QPainter, line: QRectF, reading: Reading) -> None:
        tokens = theme().tokens
        dot = QPointF(line.left() + Size.DOT / 2, line.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chart_inks(tokens).of_series(reading.number)))
        painter.drawEllipse(dot, Size.DOT / 2, Size.DOT / 2)
        painter.setFont(text_font(TextSize.CAPTION, Weight.SEMIBOLD))
        painter.setPen(QColor(tokens.fg))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), reading.value)
        room = line.adjusted(Size.DOT + Space.S, 0, -painter.fontMetrics().horizontalAdvance(reading.value), 0)
        painter.setFont(text_font(TextSize.CAPTION))
        painter.setPen(QColor(tokens.muted))
        name = painter.fontMetrics().elidedText(reading.name, _ELIDE, round(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)
