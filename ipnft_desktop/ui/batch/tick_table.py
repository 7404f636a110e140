"""The list of what can be minted, with a box to tick before each name."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ipnft_desktop.ui.models.asset_table_model import Column
from ipnft_desktop.ui.models.ticked_assets import TickedAssets
from ipnft_desktop.ui.register.asset_table import AssetTable
from ipnft_desktop.ui.theme.tokens import CELL_INSET, Size, Space
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.check_box import paint_check

_INDENT_PX = Size.ICON + Space.M
_COLUMNS = ("type", "enterprise", "status")
_TICKED_AT_ONCE = 10_000
"""Rows of a selection that are ticked by one key."""
_Index = QModelIndex | QPersistentModelIndex


class _TickDelegate(CellDelegate):
    """Draws the box before the name, and hears the click on it."""

    def __init__(self, assets: TickedAssets, parent: QObject) -> None:
        super().__init__(assets, parent)
        self._assets = assets

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        state: int = option.state.value
        self.paint_ground(painter, option.rect, state)
        row = self._assets.row_in_view(index.row())
        if row is not None:
            corner = QPointF(option.rect.left() + CELL_INSET, option.rect.center().y() - Size.ICON / 2)
            can_tick, is_ticked = self._assets.can_tick(row), self._assets.is_ticked(row)
            paint_check(painter, corner, checked=is_ticked, enabled=can_tick)
        text = " ".join(self._assets.text_at(index.row(), index.column()).split("\n"))
        self.paint_text(painter, text, option.rect, index.column(), state, _INDENT_PX)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        is_on_box = event.position().x() < option.rect.left() + CELL_INSET + _INDENT_PX
        if not is_on_box:
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
            wanted = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
            model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
        # A double click on the box ticks and unticks; it opens nothing.
        return event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class TickTable(AssetTable):
    """Space ticks what is selected."""

    def __init__(self, model: TickedAssets, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._ticked = model
        self.setAccessibleName(self.tr("Assets to tick"))
        self.setItemDelegateForColumn(Column.NAME, _TickDelegate(model, self))
        self.choose_columns(_COLUMNS)
        model.ticks.changed.connect(self.viewport().update)

    def toggle_selected(self) -> None:
        """Tick all that is selected and loaded, or untick it where all of it is ticked."""
        rows = [row for row in self.selected_rows(_TICKED_AT_ONCE) if self._ticked.can_tick(row)]
        asset_ids = [row.asset_id for row in rows]
        if all(map(self._ticked.is_ticked, rows)):
            self._ticked.ticks.take_away(asset_ids)
        else:
            self._ticked.ticks.add(asset_ids)
