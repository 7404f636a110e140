"""Draws a share of a whole as a bar with its percentage, in a cell of a table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ipnft_desktop.ui.models.record_model import TAG_ROLE
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import CELL_INSET, ColumnWidth, Size, Space, Tone

_WORDS_WIDTH = ColumnWidth.S


class ProgressDelegate(QStyledItemDelegate):
    """The cell's text stands behind the bar, its tone colours it; the text gives way."""

    def __init__(self, percent_at: Callable[[int], int], parent: QObject) -> None:
        """`percent_at` answers what is done of the row with this number, 0 to 100."""
        super().__init__(parent)
        self._percent_at = percent_at

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt draws the ground alone."""
        super().initStyleOption(option, index)
        setattr(option, "text", "")  # noqa: B010 - the stubs leave the field out

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell."""
        super().paint(painter, option, index)
        tokens = theme().tokens
        cell = QRectF(option.rect).adjusted(CELL_INSET, 0, -Space.S, 0)
        track = QRectF(cell.left(), cell.center().y() - Size.BAR / 2, cell.width() - _WORDS_WIDTH, Size.BAR)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(track, Size.BAR / 2, Size.BAR / 2)
        done = self._percent_at(index.row())
        if done > 0:
            filled = QRectF(track)
            filled.setWidth(max(float(Size.BAR), track.width() * done / 100))
            painter.setBrush(QColor(tokens.tone(Tone(index.data(TAG_ROLE) or Tone.ACCENT))[0]))
            painter.drawRoundedRect(filled, Size.BAR / 2, Size.BAR / 2)
        painter.setPen(QColor(tokens.muted))
        words = QRectF(track.right(), cell.top(), _WORDS_WIDTH, cell.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(index.data()))
        painter.restore()
