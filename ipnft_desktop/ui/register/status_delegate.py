"""Draws an asset's state as a tag, with the stage of a running mint behind it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import CELL_INSET, Space, TextSize
from ipnft_desktop.ui.widgets.asset_words import stage_text, state_name, state_tone
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.laid_out_texts import LaidOutTexts
from ipnft_desktop.ui.widgets.status_tag import paint_tag


class StatusDelegate(CellDelegate):
    """For the column of states."""

    def __init__(self, assets: AssetTableModel, parent: QObject | None = None) -> None:
        super().__init__(assets, parent)
        self._assets = assets
        self._stages = LaidOutTexts(text_font(TextSize.CAPTION))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell."""
        inks = self.paint_ground(painter, option.rect, option.state.value)
        row = self._assets.row_in_view(index.row())
        if row is None:
            return
        cell = QRectF(option.rect).adjusted(CELL_INSET, 0, -Space.XS, 0)
        pill = paint_tag(painter, cell, state_name(row.state), state_tone(row.state))
        stage = stage_text(row)
        if stage:
            painter.setPen(inks.muted)
            left = pill.right() + Space.S
            self._stages.paint(painter, stage, (left, cell.top(), cell.right() - left, cell.height()))
