"""The lines of a batch: one asset each, before and after the mint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size, Space, Tone
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.status_tag import paint_tag
from ipnft_desktop.ui.widgets.table import style_table

_SHOWN_ROWS = 5
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class MintLine:
    """One row: a name, a short hash with its full form, and a tag or a plain third column."""

    asset_id: UUID
    name: str
    hash_short: str
    hash_full: str
    tag: str
    tone: Tone = Tone.NEUTRAL


class _LinesModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[MintLine, ...] = ()
        self._headers: tuple[str, ...] = ("", "", "")

    def show(self, headers: tuple[str, str, str], lines: Sequence[MintLine]) -> None:
        self.beginResetModel()
        self.lines, self._headers = tuple(lines), headers
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not self.hasIndex(index.row(), index.column()):
            return None
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return visible((line.name, line.hash_short, line.tag)[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip((line.name, line.hash_full, line.tag)[column])
        if role == Qt.ItemDataRole.FontRole and column == 1:
            return mono_font()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_name = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headers[section] if is_name and 0 <= section < len(self._headers) else None


class _TagDelegate(QStyledItemDelegate):
    """Draws the cell's ground and line, and the tag in place of its text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, _LinesModel)
        line = model.lines[index.row()]
        paint_tag(painter, QRectF(option.rect).adjusted(Space.M, 0, -Space.XS, 0), line.tag, line.tone)


class MintLines(Card):
    """A short table of the assets of one transaction; `chosen` carries the id of a row that was double-clicked or
    opened with Enter."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, with_hashes: bool = True) -> None:
        """`with_hashes` shows the second column; without it there is room for the names beside a list."""
        super().__init__(parent, flush=True)
        self._model = _LinesModel(self)
        self._table = QTableView()
        self._table.setModel(self._model)
        self._table.setAccessibleName(name)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        style_table(self._table)
        self._table.setItemDelegateForColumn(2, _TagDelegate(self))
        columns = self._table.horizontalHeader()
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        columns.resizeSection(1, ColumnWidth.L)
        columns.resizeSection(2, ColumnWidth.M)
        self._table.setColumnHidden(1, not with_hashes)
        self._table.activated.connect(self._on_activated)
        self.body.addWidget(self._table)

    @property
    def lines(self) -> tuple[MintLine, ...]:
        """What is shown."""
        return self._model.lines

    @property
    def current(self) -> UUID | None:
        """The selected row's asset, the first one without a selection."""
        if not self.lines:
            return None
        return self.lines[max(self._table.currentIndex().row(), 0)].asset_id

    def show_lines(self, headers: tuple[str, str, str], lines: Sequence[MintLine]) -> None:
        """Show other rows; as high as they need, up to five."""
        self._model.show(headers, lines)
        shown = min(len(lines), _SHOWN_ROWS)
        self.setFixedHeight(Size.TABLE_HEADER + shown * Size.TABLE_ROW + Space.XS)

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self.lines[index.row()].asset_id)
