"""The legend: an entry for each series, pressed to hide it and to bring it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ipnft_desktop.ui.charts.chart import Mark, Series
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius, Size, Space, Stroke
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.tab_order import follow_inside

SWATCH = Size.ICON_RAIL
"""How long what stands for a series is."""


class LegendEntry(CheckBox):
    """The name of a series beside what it is drawn as; checked while the series is shown."""

    def __init__(self, number: int, series: Series) -> None:
        super().__init__(series.name)
        self._number = number
        self.series = series
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(visible(series.name))

    def sizeHint(self) -> QSize:
        """Room for swatch, gap and text."""
        text = self.fontMetrics().size(0, visible(self.text()))
        return QSize(SWATCH + Space.S + text.width() + 2 * Space.XS, Size.SEGMENT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw swatch and text, both faint while the series is hidden."""
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), Stroke.EDGE))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), Radius.MARK, Radius.MARK)
        colour = chart_inks(tokens).of_series(self._number) if self.isChecked() else tokens.control_line
        paint_swatch(painter, QPointF(Space.XS, self.height() / 2), self.series.mark, QColor(colour))
        painter.setPen(QColor(tokens.fg if self.isChecked() and self.isEnabled() else tokens.muted))
        room = self.rect().adjusted(SWATCH + Space.S + Space.XS, 0, 0, 0)
        name = self.fontMetrics().elidedText(visible(self.text()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
        painter.end()


class Legend(QWidget):
    """The entries one after the other, in as many lines as they need; one that is wider than a line ends in an
    ellipsis. `toggled` tells that another choice of series is to be shown."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[LegendEntry] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """One for each series."""
        return tuple(self._entries)

    @property
    def hidden_names(self) -> frozenset[str]:
        """The series that are not to be shown."""
        return frozenset(entry.series.name for entry in self._entries if not entry.isChecked())

    def show_series(self, series: Sequence[Series]) -> None:
        """Name others; what was hidden stays so."""
        hidden = self.hidden_names
        if [(entry.series.name, entry.series.mark) for entry in self._entries] == [
            (each.name, each.mark) for each in series
        ]:
            return
        for entry in self._entries:
            entry.hide()
            entry.deleteLater()
        self._entries = [LegendEntry(number, each) for number, each in enumerate(series)]
        for entry in self._entries:
            entry.setChecked(entry.series.name not in hidden)
            entry.toggled.connect(self.toggled)
            entry.setParent(self)
            entry.show()
        self._arrange()
        self.updateGeometry()
        follow_inside(self)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all lines."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """All in one line."""
        widths = [entry.sizeHint().width() for entry in self._entries]
        return QSize(sum(widths) + Space.M * max(0, len(widths) - 1), Size.SEGMENT)

    def minimumSizeHint(self) -> QSize:
        """The names give way."""
        return QSize(Size.FIELD_NARROW, Size.SEGMENT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other lines."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for entry, place in zip(self._entries, self._places(self.width()), strict=True):
            entry.setGeometry(place)

    def _places(self, width: int) -> list[QRect]:
        """Where each entry stands in so much room."""
        places: list[QRect] = []
        left = top = 0
        for entry in self._entries:
            wanted = min(entry.sizeHint().width(), width)
            if left and left + wanted > width:
                left, top = 0, top + Size.SEGMENT
            places.append(QRect(left, top, wanted, Size.SEGMENT))
            left += wanted + Space.M
        return places


def paint_swatch(painter: QPainter, left: QPointF, mark: Mark, colour: QColor) -> None:
    """Draw what a series is drawn as, from this point to the right."""
    right = left + QPointF(SWATCH, 0)
    middle = (left + right) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if mark is Mark.BARS:
        half = Size.DOT / 2
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, Size.DOT, Size.DOT))
        return
    painter.drawEllipse(middle, Size.BAR / 2, Size.BAR / 2)
    if mark is not Mark.POINTS:
        pen = QPen(colour, Stroke.FOCUS)
        pen.setStyle(Qt.PenStyle.DashLine if mark is Mark.DASHED_LINE else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawLine(left, right)
