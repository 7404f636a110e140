"""The table of all runs: what was expected of each, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.models.run_model import RunColumn, RunModel
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size, Space
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.table import style_table

_MOST_ROWS = 8
_WIDTHS = {
    RunColumn.WHEN: ColumnWidth.XL,
    RunColumn.STRATEGY: ColumnWidth.M,
    RunColumn.CONGESTION: ColumnWidth.M,
    RunColumn.ITEMS: ColumnWidth.S + Space.L,
    RunColumn.ESTIMATED: ColumnWidth.M,
    RunColumn.USED: ColumnWidth.M,
    RunColumn.SINGLY: ColumnWidth.M,
    RunColumn.SAVED: ColumnWidth.M,
    RunColumn.PERCENT: ColumnWidth.S + Space.XL,
}
_LEAST_WIDTHS = {
    RunColumn.ESTIMATED: sum(_WIDTHS.values()) + ColumnWidth.S,
    RunColumn.CONGESTION: sum(_WIDTHS.values()) + ColumnWidth.S - ColumnWidth.M,
}
"""In a narrower table these give way; the file that is exported has them."""


class RunTable(QTableView):
    """As high as a few rows, with a bar of its own. Ctrl+C copies the rows that are selected, separated by tabs."""

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = model
        style_table(self)
        self.setModel(model)
        self.setAccessibleName(self.tr("Batches"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(CellDelegate(model, self))
        for changed in (model.modelReset, model.rowsInserted):
            changed.connect(self._fit)
        self._fit()
        header = self.horizontalHeader()
        # With the table's own selection it would look through every row to find out whether a column is selected.
        header.setSelectionModel(QItemSelectionModel(model, header))
        header.setSectionResizeMode(RunColumn.WHO, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        Command(
            self,
            "figures.copy batches",
            self.tr("Copy the selected batches"),
            self.copy,
            QKeySequence.StandardKey.Copy,
            refusal=self._no_copy,
            context=Qt.ShortcutContext.WidgetShortcut,
        )

    def copy(self) -> None:
        """Copy the rows that are selected, with the titles."""
        lines = [[self._runs.title(column) for column in RunColumn]]
        lines += [[self._runs.text_at(at, column) for column in RunColumn] for at in self._selected_rows()]
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way where there is no room for all."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for column, least in _LEAST_WIDTHS.items():
            self.setColumnHidden(column, width < least)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: times are not searched by their first digit."""

    def _fit(self) -> None:
        rows = max(1, min(self._runs.rowCount(), _MOST_ROWS))
        self.setFixedHeight(Size.TABLE_HEADER + rows * Size.TABLE_ROW + Space.XS)

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def _no_copy(self) -> str:
        return "" if self._selected_rows() else self.tr("No batch is selected.")
