"""The register's table with a box before each name, for what can be minted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.minting import MINTABLE_STATES
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel, Column
from ipnft_desktop.ui.models.ticks import Ticks

_Index = QModelIndex | QPersistentModelIndex
_CHECK = Qt.ItemDataRole.CheckStateRole


class TickedAssets(AssetTableModel):
    """`ticks` may hold assets that are not listed, or not loaded."""

    def __init__(self, ticks: Ticks, parent: Any = None) -> None:
        super().__init__(parent)
        self.ticks = ticks
        self.may_tick = True
        """Whether the person may mint at all."""

    def is_ticked(self, row: AssetRow) -> bool:
        """Whether its box has a tick."""
        return row.asset_id in self.ticks

    def can_tick(self, row: AssetRow) -> bool:
        """Whether it could be minted; what is minted has no tick to give."""
        return self.may_tick and row.state in MINTABLE_STATES

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A box that can be ticked says so, to screen readers as well."""
        row = self.row_at(index.row())
        flags = super().flags(index)
        if index.column() == Column.NAME and row is not None and self.can_tick(row):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As the register tells it, and whether the box has a tick."""
        if role != _CHECK or index.column() != Column.NAME:
            return super().data(index, role)
        row = self.row_at(index.row())
        if row is None:
            return None
        return Qt.CheckState.Checked if self.is_ticked(row) else Qt.CheckState.Unchecked

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick the box of a row; answers whether it could be."""
        row = self.row_at(index.row())
        if role != _CHECK or index.column() != Column.NAME or row is None or not self.can_tick(row):
            return False
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self.ticks.add((row.asset_id,))
        else:
            self.ticks.take_away((row.asset_id,))
        return True
