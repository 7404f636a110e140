"""Draws an asset's state as a tag, with the stage of a running mint behind it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.ui.models.asset_table_model import ROW_ROLE
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space, TextSize
from ipnft_desktop.ui.widgets.asset_words import stage_text, state_tone
from ipnft_desktop.ui.widgets.status_tag import paint_tag


class StatusDelegate(QStyledItemDelegate):
    """For the column whose `ROW_ROLE` answers an `AssetRow`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = text_font(TextSize.CAPTION)
        self._metrics = QFontMetricsF(self._font)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The ground of the cell only: the text is drawn as a tag."""
        super().initStyleOption(option, index)
        setattr(option, "text", "")  # noqa: B010 - the stubs leave the field out

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell."""
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if not isinstance(row, AssetRow):
            return
        cell = QRectF(getattr(option, "rect")).adjusted(Space.M + 3, 0, -Space.XS, 0)  # noqa: B009
        pill = paint_tag(painter, cell, row.state, state_tone(row.state))
        stage = stage_text(row)
        if not stage:
            return
        rest = QRectF(cell)
        rest.setLeft(pill.right() + Space.S)
        painter.save()
        painter.setFont(self._font)
        painter.setPen(QColor(theme().tokens.muted))
        shown = self._metrics.elidedText(stage, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()
