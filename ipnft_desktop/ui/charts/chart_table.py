"""The points of a chart as a table: a line for each x, a column for each series."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ipnft_desktop.ui.charts.chart import Axis, Chart
from ipnft_desktop.ui.charts.points import all_xs
from ipnft_desktop.ui.charts.wording import axis_words, x_words
from ipnft_desktop.ui.theme.tokens import ColumnWidth
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.table import style_table

_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class ChartTableModel(QAbstractTableModel):
    """Reads the chart when a cell is asked for: a hundred thousand points are there at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chart = Chart("", Axis(""), Axis(""))
        self._xs = all_xs(())

    def show_chart(self, chart: Chart) -> None:
        """Another one, also the series that the legend hides."""
        self.beginResetModel()
        self._chart, self._xs = chart, all_xs(chart.series)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """One for each x."""
        return 0 if parent.isValid() else len(self._xs)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """The x and every series."""
        return 0 if parent.isValid() else 1 + len(self._chart.series)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title of the axis, the names of the series."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return axis_words(self._chart.x) if section == 0 else visible(self._chart.series[section - 1].name)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A value as people read it, nothing where a series has no point."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        x = float(self._xs[index.row()])
        if index.column() == 0:
            return x_words(self._chart.x, x)
        value = self._chart.series[index.column() - 1].at(x)
        return "" if value is None else self._chart.y.text(value)


class ChartTable(QTableView):
    """Cells are selected with mouse or keyboard; Ctrl+C copies them, or all if none is, separated by tabs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = ChartTableModel(self)
        self.setModel(self.points)
        style_table(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.horizontalHeader().setMinimumSectionSize(ColumnWidth.S)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def show_chart(self, chart: Chart) -> None:
        """Another one."""
        self.setAccessibleName(visible(chart.title))
        self.points.show_chart(chart)

    def copy(self) -> None:
        """Copy the selected cells, or the whole table with its titles."""
        chosen = sorted((index.row(), index.column()) for index in self.selectionModel().selectedIndexes())
        columns = range(self.points.columnCount())
        lines: dict[int, list[str]] = {}
        if not chosen:
            lines[-1] = [str(self.points.headerData(each, Qt.Orientation.Horizontal)) for each in columns]
            chosen = [(row, column) for row in range(self.points.rowCount()) for column in columns]
        for row, column in chosen:
            lines.setdefault(row, []).append(str(self.points.data(self.points.index(row, column))))
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with the usual keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: Any) -> None:
        """Nothing: figures are not searched by their first digit."""
