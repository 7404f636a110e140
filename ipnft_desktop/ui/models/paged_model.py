"""Records of a long list in the order they are read in: pages are appended as the view reaches the end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ipnft_desktop.ui.models.record_model import RecordColumn, RecordModel

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

R = TypeVar("R")


class PagedModel(RecordModel[R]):
    """Records as far as they were read. `more_wanted` asks for those behind the last one; answer with `add_page`. What
    is searched for and in which order is decided where the pages come from."""

    more_wanted = Signal()

    def __init__(
        self, columns: Sequence[RecordColumn[R]], key: Callable[[R], Hashable], parent: QObject | None = None
    ) -> None:
        """`key` tells records apart."""
        super().__init__(columns, key, lambda _record: "", parent)
        self._is_whole = True
        self._is_asked = False

    @property
    def is_whole(self) -> bool:
        """Whether the last record of all is here."""
        return self._is_whole

    @property
    def last(self) -> R | None:
        """The record behind which to read on."""
        return self.record_at(self.rowCount() - 1)

    def reset(self, records: Sequence[R], *, is_whole: bool) -> None:
        """Others, from the first on."""
        self._is_whole, self._is_asked = is_whole, False
        self.set_records(records)

    def add_page(self, records: Sequence[R], *, is_whole: bool) -> None:
        """Those behind the last one."""
        self._is_whole, self._is_asked = is_whole, False
        self._insert(self.rowCount(), records)

    def put_first(self, records: Sequence[R]) -> None:
        """New ones before the first one: what is in focus stays in focus."""
        self._insert(0, records)

    def renew(self, records: Sequence[R]) -> None:
        """Put newer versions into the lines of those that are here; others are left out."""
        newer = {self._key(record): record for record in records}
        for at, record in enumerate(self._shown):
            renewed = newer.get(self._key(record), record)
            if renewed != record:
                self._shown[at] = renewed
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))

    def rest(self) -> None:
        """There is more, but it is far: a view that has room asks for it no more by itself, until another page came."""
        self._is_asked = True

    def give_up(self) -> None:
        """They could not be read; scrolling asks again."""
        self._is_asked = False

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether more are to be read."""
        return not parent.isValid() and not self._is_whole and not self._is_asked

    def fetchMore(self, parent: _Index) -> None:
        """The view reached the end."""
        if self.canFetchMore(parent):
            self._is_asked = True
            self.more_wanted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Nothing: pages come in one order."""

    def _in_order(self, records: Sequence[R]) -> list[R]:
        self._all = shown = list(records)
        return shown

    def _insert(self, at: int, records: Sequence[R]) -> None:
        if records:
            self.beginInsertRows(_ROOT, at, at + len(records) - 1)
            self._shown[at:at] = records
            self.endInsertRows()
