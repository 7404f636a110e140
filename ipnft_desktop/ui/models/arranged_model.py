"""Thousands of records in memory: searched, narrowed and sorted aside from the event loop, then shown in one go."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.ui.models.record_model import RecordColumn, RecordModel

R = TypeVar("R")

ARRANGED_AT_ONCE = 200
"""Up to so many records are arranged on the spot: it takes less time than the way into a thread and back."""


@dataclass(frozen=True, slots=True)
class Arranged(Generic[R]):
    """What a thread made of a model's records."""

    records: list[R]
    rows: dict[Hashable, int]
    turn: int
    """Of the wish that it answers."""
    layout: object
    """Of the records that it was made of; others are none of its business."""


class ArrangedModel(RecordModel[R]):
    """`arrangement_wanted` says that what is shown is not what is wished for any more: run what `arrangement` gives in
    a thread, hand its outcome to `show`, and go on until `is_arranged`. What texts, orders and searches
    want of a record is asked for in that thread."""

    arrangement_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[RecordColumn[R]],
        key: Callable[[R], Hashable],
        sought: Callable[[R], str],
        parent: QObject | None = None,
    ) -> None:
        """As `RecordModel`."""
        super().__init__(columns, key, sought, parent)
        self._keep: Callable[[R], bool] | None = None
        self._rows: dict[Hashable, int] = {}
        self._layout = object()
        self._turn = self._shown_turn = 0

    @property
    def is_arranged(self) -> bool:
        """Whether what is shown is what was wished for last."""
        return self._turn == self._shown_turn

    def set_records(self, records: Sequence[R]) -> None:
        """Show others. What is shown of the former ones goes at once."""
        self._layout = object()
        self._all = tuple(records)
        if self._shown and len(self._all) > ARRANGED_AT_ONCE:
            self._swap([], {})
        self._refresh()

    def add_records(self, records: Sequence[R]) -> None:
        """Further ones, whose place the order decides."""
        self._all = (*self._all, *records)
        self._refresh()

    def narrow(self, keep: Callable[[R], bool] | None) -> None:
        """Show only those for which `keep` holds; all of them without it."""
        self._keep = keep
        self._refresh()

    def arrangement(self) -> Callable[[], Arranged[R]]:
        """What is to be run in a thread: of the records and the wishes of this moment."""
        records, keep, words, turn, layout = tuple(self._all), self._keep, self._words, self._turn, self._layout
        in_order, contains, key = self._order(), self._contains, self._key

        def arrange() -> Arranged[R]:
            kept = records if keep is None else [record for record in records if keep(record)]
            found = [record for record in kept if contains(record, words)] if words else kept
            shown = in_order(found)
            return Arranged(shown, {key(record): row for row, record in enumerate(shown)}, turn, layout)

        return arrange

    def show(self, arranged: Arranged[R]) -> None:
        """Show the outcome, unless it is of records that were replaced meanwhile."""
        if arranged.layout is self._layout:
            self._shown_turn = arranged.turn
            self._swap(arranged.records, arranged.rows)

    def row_of(self, key: Hashable) -> int | None:
        """Where the record with this key is in view."""
        return self._rows.get(key)

    def _refresh(self) -> None:
        self._turn += 1
        if len(self._all) <= ARRANGED_AT_ONCE:
            self.show(self.arrangement()())
        else:
            self.arrangement_wanted.emit()

    def _swap(self, records: list[R], rows: dict[Hashable, int]) -> None:
        self.beginResetModel()
        self._shown, self._rows = records, rows
        self.endResetModel()
