"""Where the gas of a transaction went, as one bar a contract."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, Measurement
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Radius, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.measures import labelled_text, listed, number_text, percent_text
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

_LEAST_ROW, _MOST_ROW = Size.ICON_PLACEHOLDER, Size.RAIL_BUTTON
_BAR_SHARE = 0.75
_IN_COLOUR = (GasPart.STORAGE, GasPart.LOGS, GasPart.EXECUTION, GasPart.CALLDATA, GasPart.BASE)
PAID_PARTS = (*_IN_COLOUR, GasPart.CODE, GasPart.CALLDATA_FLOOR)
"""In the order in which they are drawn: the largest of a batch first. What is given back is no part of a bar."""


def part_colour(part: GasPart) -> str:
    """As `#rrggbb` in the theme in force."""
    tokens = theme().tokens
    if part in _IN_COLOUR:
        return chart_inks(tokens).of_series(_IN_COLOUR.index(part))
    return tokens.muted if part is GasPart.CODE else tokens.control_line


class PartsBars(QWidget):
    """Gas per token of each contract, parted by what it was paid for, on one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: tuple[Measurement, ...] = ()
        self._shown: Contract | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_measured(self, measured: Sequence[Measurement], shown: Contract | None) -> None:
        """Show these, one of them as the one that is told in full."""
        self._measured, self._shown = tuple(measured), shown
        told = (labelled_text(words.contract_name(each.contract), self._value(each)) for each in self._measured)
        self.setAccessibleName(listed(told))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each."""
        return QSize(ColumnWidth.XXL, max(1, len(self._measured)) * _LEAST_ROW)

    def minimumSizeHint(self) -> QSize:
        """The bars give way, not the rows."""
        return self.sizeHint()

    def event(self, event: object) -> bool:
        """Tell on hover what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(self._told_at(event.pos())), self)
            return True
        return super().event(event)  # pyright: ignore[reportArgumentType]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw name, bar and value of each."""
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, measured in enumerate(self._measured):
            is_shown = measured.contract is self._shown
            row = QRectF(0, at * self._row, self.width(), self._row)
            painter.setFont(text_font(TextSize.CAPTION, Weight.SEMIBOLD if is_shown else Weight.REGULAR))
            painter.setPen(QColor(tokens.fg if is_shown else tokens.muted))
            name = QFontMetricsF(painter.font()).elidedText(
                visible(words.contract_name(measured.contract)), Qt.TextElideMode.ElideRight, _NAME
            )
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
            painter.drawText(
                row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._value(measured)
            )
            painter.setPen(Qt.PenStyle.NoPen)
            for part, piece in self._pieces(measured, at):
                painter.setBrush(QColor(part_colour(part)))
                painter.drawRoundedRect(piece, Radius.MARK / 2, Radius.MARK / 2)
        painter.end()

    @property
    def _row(self) -> float:
        """As high as there is room for."""
        return min(max(self.height() / max(1, len(self._measured)), _LEAST_ROW), _MOST_ROW)

    def _value(self, measured: Measurement) -> str:
        return number_text(round(measured.gas_per_token))

    def _pieces(self, measured: Measurement, at: int) -> list[tuple[GasPart, QRectF]]:
        """Where each part is drawn."""
        left, room = float(_NAME + Space.M), self.width() - _NAME - _VALUE - 2 * Space.M
        most = max(_paid(each) / each.size for each in self._measured)
        pieces: list[tuple[GasPart, QRectF]] = []
        for part in PAID_PARTS:
            amount = measured.gas.parts.get(part, 0)
            width = amount / measured.size / most * room
            if amount > 0:
                top = (at + (1 - _BAR_SHARE) / 2) * self._row
                pieces.append((part, QRectF(left, top, max(1.0, width - 1), _BAR_SHARE * self._row)))
            left += width
        return pieces

    def _told_at(self, place: QPoint) -> str:
        at = int(place.y() // self._row)
        if not 0 <= at < len(self._measured):
            return ""
        measured = self._measured[at]
        for part, piece in self._pieces(measured, at):
            if piece.adjusted(-1, 0, 1, 0).contains(place.toPointF()):
                amount = measured.gas.parts[part]
                share = percent_text(100 * amount / measured.gas.gas_used, 1)
                return listed([labelled_text(words.part_name(part), number_text(amount)), share])
        return ""


_NAME, _VALUE = Size.FACT_NAME, ColumnWidth.S


def _paid(measured: Measurement) -> int:
    return sum(measured.gas.parts.get(part, 0) for part in PAID_PARTS)
