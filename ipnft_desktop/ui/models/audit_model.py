"""The audit log as a table: newest first, and older rows come when the view reaches the end."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ipnft_desktop.domain.audit import AuditEntry, AuditPage
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import TextSize
from ipnft_desktop.ui.widgets.measures import listed, local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.people_words import actor_name
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten, visible

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class AuditColumn(IntEnum):
    """Columns of the log."""

    ROW = 0
    TIME = 1
    ACTOR = 2
    ACTION = 3
    SUBJECT = 4
    WHAT = 5


_LONG = 30
"""From this many characters on a word is taken for a hash or an id, and shortened."""
_MONO = frozenset({AuditColumn.ROW, AuditColumn.ACTION, AuditColumn.SUBJECT})


class AuditModel(QAbstractTableModel):
    """Rows as far as they were read. `more_wanted` asks for those behind the last one; answer with `add_page`."""

    more_wanted = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._entries: list[AuditEntry] = []
        self._is_whole = True
        self._is_asked = False
        self._mono = mono_font(TextSize.CAPTION)
        self._titles = {
            AuditColumn.ROW: self.tr("Row"),
            AuditColumn.TIME: self.tr("Time"),
            AuditColumn.ACTOR: self.tr("Who"),
            AuditColumn.ACTION: self.tr("Action"),
            AuditColumn.SUBJECT: self.tr("Subject"),
            AuditColumn.WHAT: self.tr("What"),
        }

    @property
    def is_whole(self) -> bool:
        """Whether every row that matches is here."""
        return self._is_whole

    @property
    def oldest(self) -> int | None:
        """Number of the last row here, behind which to read on."""
        return self._entries[-1].audit_id if self._entries else None

    def reset(self, page: AuditPage) -> None:
        """Other rows, from the newest on."""
        self.beginResetModel()
        self._entries = list(page.entries)
        self._is_whole, self._is_asked = page.is_last, False
        self.endResetModel()

    def add_page(self, page: AuditPage) -> None:
        """The rows behind the last one."""
        self._is_whole, self._is_asked = page.is_last, False
        if page.entries:
            first = len(self._entries)
            self.beginInsertRows(_NO_INDEX, first, first + len(page.entries) - 1)
            self._entries += page.entries
            self.endInsertRows()

    def give_up(self) -> None:
        """They could not be read; scrolling asks again."""
        self._is_asked = False

    def entry_at(self, row: int) -> AuditEntry | None:
        """The row of the log in a row of the table; None where there is none."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, audit_id: int) -> int | None:
        """Where a row of the log is in the table, if it was read."""
        return next((at for at, entry in enumerate(self._entries) if entry.audit_id == audit_id), None)

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether older rows are to be read."""
        return not parent.isValid() and not self._is_whole and not self._is_asked

    def fetchMore(self, parent: _Index) -> None:
        """The view reached the end."""
        if self.canFetchMore(parent):
            self._is_asked = True
            self.more_wanted.emit()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """A flat table."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(AuditColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[AuditColumn(section)]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell, made harmless."""
        entry = self.entry_at(index.row()) if index.isValid() else None
        if entry is None:
            return None
        column = AuditColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(_text(entry, column)).replace("\n", " ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_full(entry, column))
        if role == Qt.ItemDataRole.FontRole and column in _MONO:
            return self._mono
        return None


def _text(entry: AuditEntry, column: AuditColumn) -> str:
    line = entry.line
    match column:
        case AuditColumn.ROW:
            return number_text(entry.audit_id)
        case AuditColumn.TIME:
            return local_time(line.at)
        case AuditColumn.ACTOR:
            return actor_name(line.actor)
        case AuditColumn.ACTION:
            return line.action
        case AuditColumn.SUBJECT:
            return shorten(line.subject, 8, 6)
        case AuditColumn.WHAT:
            return listed(line.changes) or " · ".join(_fact(line.facts))


def _full(entry: AuditEntry, column: AuditColumn) -> str:
    match column:
        case AuditColumn.TIME:
            return utc_time(entry.line.at)
        case AuditColumn.SUBJECT:
            return entry.line.subject
        case _:
            return ""


def _fact(facts: Any) -> list[str]:
    """The name first, where there is one; hashes shortened."""
    ordered = sorted(facts.items(), key=lambda fact: fact[0] != "name")
    return [f"{name} {_short(value)}" for name, value in ordered]


def _short(value: str) -> str:
    return shorten(value, 10, 6) if len(value) > _LONG and " " not in value else value
