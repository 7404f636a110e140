"""A small table of plain text to read and to copy from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.table import style_table

_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class _Lines(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.headers: tuple[str, ...] = ()
        self.lines: tuple[tuple[str, ...], ...] = ()

    def show(self, headers: Sequence[str], lines: Sequence[tuple[str, ...]]) -> None:
        self.beginResetModel()
        self.headers, self.lines = tuple(headers), tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.headers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self.lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(text)
        return visible(" ".join(text.split("\n")))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self.headers[section]
        return None


class TextTable(QTableView):
    """Lines of text; Ctrl+C copies those that are selected, or all, separated by tabs."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setAccessibleName(name)
        style_table(self)

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """What is shown."""
        return self._lines.lines

    def show_lines(self, headers: Sequence[str], lines: Sequence[tuple[str, ...]], *, widest: int) -> None:
        """Show other lines; the column `widest` takes what the others leave."""
        self._lines.show(headers, lines)
        columns = self.horizontalHeader()
        self.resizeColumnsToContents()
        columns.setStretchLastSection(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)
        self.scrollToTop()

    def copy(self) -> int:
        """Copy the selected lines, or all if none is; returns how many."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        chosen = [self.lines[row] for row in rows] or list(self.lines)
        texts = ["\t".join(visible(" ".join(cell.split())) for cell in line) for line in chosen]
        QGuiApplication.clipboard().setText("\n".join(texts))
        return len(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with the usual keys."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
