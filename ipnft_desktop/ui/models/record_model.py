"""A short list of records as a table model: shown, searched and sorted in memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ipnft_desktop.ui.models.cell_look import CellLook
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import TextSize, Tone
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

TAG_ROLE = Qt.ItemDataRole.UserRole
"""Answers the `Tone` of a cell that is drawn as a tag."""
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RecordColumn(Generic[R]):
    """One column of a table of records.

    `order` is what it is sorted by, the text with its case folded if it is left out. `hover` is told in full on hover,
    `copy` goes to the clipboard at a click on the cell. `width_px` is fixed; a column without one shares what is left.
    """

    title: str
    text: Callable[[R], str]
    width_px: int | None = None
    order: Callable[[R], Any] | None = None
    hover: Callable[[R], str] | None = None
    copy: Callable[[R], str] | None = None
    tone: Callable[[R], Tone] | None = None
    is_mono: bool = False
    is_number: bool = False


class RecordModel(QAbstractTableModel, Generic[R]):
    """Records in the order of a column, as far as they contain what is searched for."""

    def __init__(
        self,
        columns: Sequence[RecordColumn[R]],
        key: Callable[[R], Hashable],
        sought: Callable[[R], str],
        parent: QObject | None = None,
    ) -> None:
        """`key` tells records apart; `sought` is the text of a record that a search looks through."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._sought = sought
        self._all: Sequence[R] = ()
        self._shown: list[R] = []
        self._words: tuple[str, ...] = ()
        self._column, self._descending = 0, False
        self._mono = mono_font(TextSize.CAPTION)
        self.look = CellLook(
            muted=frozenset(),
            right=frozenset(at for at, column in enumerate(self.columns) if column.is_number),
            mono=frozenset(at for at, column in enumerate(self.columns) if column.is_mono),
        )

    @property
    def count(self) -> int:
        """All records, in view or not."""
        return len(self._all)

    @property
    def records(self) -> tuple[R, ...]:
        """All of them, in view or not."""
        return tuple(self._all)

    def column_changed(self, column: int) -> None:
        """What stands in a column is different although the records are not: a time that is left."""
        if self._shown:
            self.dataChanged.emit(self.index(0, column), self.index(len(self._shown) - 1, column))

    def set_records(self, records: Sequence[R]) -> None:
        """Show others."""
        self._all = tuple(records)
        self._refresh()

    def add_records(self, records: Sequence[R]) -> None:
        """Show more than before, each in its place: what is there is neither read nor sorted anew."""
        self._all = (*self._all, *records)
        for record in records:
            if self._words and not self._contains(record, self._words):
                continue
            at = self._place_of(record)
            self.beginInsertRows(_ROOT, at, at)
            self._shown.insert(at, record)
            self.endInsertRows()

    def renew_records(self, records: Sequence[R]) -> None:
        """Show the same records with something of them changed: where all are there and none comes or goes, in their
        lines; that leaves alone whatever is pressed or in focus."""
        renewed = {self._key(record): record for record in records}
        if self._words or [*renewed] != [self._key(record) for record in self._all]:
            self.set_records(records)
            return
        self._all = tuple(records)
        self._shown = [renewed[self._key(record)] for record in self._shown]
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self.columns) - 1))

    def search(self, text: str) -> None:
        """Show only what contains every word of the text, whatever its case."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self._refresh()

    def record_at(self, row: int) -> R | None:
        """The record of a row, None where there is no such row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def key_at(self, row: int) -> Hashable | None:
        """What tells the record of a row from the others."""
        record = self.record_at(row)
        return None if record is None else self._key(record)

    def row_of(self, key: Hashable) -> int | None:
        """Where the record with this key is in view."""
        return next((at for at, record in enumerate(self._shown) if self._key(record) == key), None)

    def text_at(self, at: int, column: int) -> str:
        """What stands in a cell, for a delegate that paints it."""
        record = self.record_at(at)
        return "" if record is None else visible(self.columns[column].text(record)).replace("\n", " ")

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """A flat table."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """As many as were named."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return self._alignment(self.columns[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell, made harmless."""
        record = self.record_at(index.row()) if index.isValid() else None
        if record is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(column.text(record)).replace("\n", " ")
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(column.hover(record)) if column.hover else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.FontRole:
                return self._mono if column.is_mono else None
            case _ if role == TAG_ROLE:
                return column.tone(record) if column.tone else None
            case _:
                return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Another order."""
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._refresh()

    def _refresh(self) -> None:
        self.beginResetModel()
        words = self._words
        found = [record for record in self._all if self._contains(record, words)] if words else self._all
        self._shown = self._in_order(found)
        self.endResetModel()

    def _in_order(self, records: Sequence[R]) -> list[R]:
        return self._order()(records)

    def _order(self) -> Callable[[Sequence[R]], list[R]]:
        """Puts records into the order that is wished for now."""
        key, descending = self._sort_key(), self._descending
        return lambda records: sorted(records, key=key, reverse=descending)

    def _place_of(self, record: R) -> int:
        """Where a record belongs, behind those that are equal, as `_in_order` has it."""
        key = self._sort_key()
        value = key(record)
        if self._descending:
            return len(self._shown) - bisect_left(self._shown[::-1], value, key=key)
        return bisect_right(self._shown, value, key=key)

    def _sort_key(self) -> Callable[[R], Any]:
        column = self.columns[self._column]

        def folded(record: R) -> str:
            return column.text(record).casefold()

        return column.order or folded

    def _contains(self, record: R, words: Sequence[str]) -> bool:
        text = self._sought(record).casefold()
        return all(word in text for word in words)

    @staticmethod
    def _alignment(column: RecordColumn[R]) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
