"""All mints as a table: pages are appended as the view reaches the end, rows change in place as mints go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import IntEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor

from ipnft_desktop.domain.mint_activity import BY_STATE, JobAnchor, JobPage, JobQuery, JobRow, JobSort
from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.ui.models.cell_look import CellLook
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets import job_words as words
from ipnft_desktop.ui.widgets.measures import local_time, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten

FRAME_MS = 33
"""Changes are told to the view once a frame: hundreds of mints bring more of them than can be painted."""

_Index = QModelIndex | QPersistentModelIndex
_Key = tuple[int, datetime, UUID]
_NO_INDEX = QModelIndex()


class JobColumn(IntEnum):
    """Columns of the list."""

    SUBJECT = 0
    STATE = 1
    TRIES = 2
    TRANSACTION = 3
    GAS = 4
    FEE = 5
    ASKED_BY = 6
    WHEN = 7


_COLUMNS = tuple(JobColumn)
_RIGHT = frozenset({JobColumn.GAS, JobColumn.FEE, JobColumn.WHEN})
_MONO = frozenset({JobColumn.TRIES, JobColumn.TRANSACTION})
_LEAVING_AT_ONCE = 100
"""Stretches of rows that leave the list in one frame; the others in the next ones."""
SORT_KEYS = {JobColumn.STATE: JobSort.STATE, JobColumn.WHEN: JobSort.TIME}
"""What a click on a header sorts by; the other columns are in no index."""


class JobModel(QAbstractTableModel):
    """Rows as far as they were read. `more_wanted` asks for those behind the last one; answer with `add_page`.

    A row that no longer belongs into the list leaves it at the next frame, but for the one that is `held`: what
    somebody looks at stays until they look elsewhere. `count_changed` tells once that rows came or left.
    """

    more_wanted = Signal()
    count_changed = Signal()
    look: CellLook = CellLook(muted=_RIGHT | _MONO, right=_RIGHT, mono=_MONO)

    def __init__(self, now: Callable[[], datetime] = words.utc_now, parent: Any = None) -> None:
        super().__init__(parent)
        self.query = JobQuery()
        self.held: UUID | None = None
        self._now = now
        self._rows: list[JobRow] = []
        self._keys: list[_Key] = []
        """What each row was put in order by; it stays while the state that it tells goes on."""
        self._key_of: dict[UUID, _Key] = {}
        self._anchor: JobAnchor | None = None
        self._is_asked = False
        self._untold: set[UUID] = set()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self.settle)
        self._mono = mono_font()

    @property
    def is_whole(self) -> bool:
        """Whether every job that matches is here."""
        return self._anchor is None

    @property
    def anchor(self) -> JobAnchor | None:
        """Behind which to read on."""
        return self._anchor

    def reset(self, query: JobQuery, page: JobPage) -> None:
        """Other rows, from the first on."""
        self._frame.stop()
        self._untold.clear()
        self.beginResetModel()
        self.query = query
        self._rows = list(page.rows)
        self._keys = [self._key(row) for row in self._rows]
        self._key_of = dict(zip((row.job_id for row in self._rows), self._keys, strict=True))
        self._anchor, self._is_asked = page.next_anchor, False
        self.endResetModel()

    def add_page(self, page: JobPage) -> None:
        """The rows behind the last one; what came into the list meanwhile is not listed twice."""
        self._anchor, self._is_asked = page.next_anchor, False
        rows = [row for row in page.rows if row.job_id not in self._key_of]
        if rows:
            first = len(self._rows)
            keys = [self._key(row) for row in rows]
            self.beginInsertRows(_NO_INDEX, first, first + len(rows) - 1)
            self._rows += rows
            self._keys += keys
            self._key_of.update(zip((row.job_id for row in rows), keys, strict=True))
            self.endInsertRows()
            self.count_changed.emit()

    def give_up(self) -> None:
        """They could not be read; scrolling asks again."""
        self._is_asked = False

    def row_at(self, at: int) -> JobRow | None:
        """The job in a row of the table; None where there is none."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def position(self, job_id: UUID | None) -> int | None:
        """The row of a job, if it is here."""
        key = self._key_of.get(job_id) if job_id is not None else None
        if key is None:
            return None
        at = self._place_of(key)
        # Behind a page that was read later than the last one changed, an order by state has a few rows out of place.
        return at if at < len(self._keys) and self._keys[at] == key else self._keys.index(key)

    def belongs_here(self, progress: MintProgress) -> bool:
        """Whether a job that is not listed may be missed: it could be of the group, and is not further down."""
        if not self.is_whole and self.query.sort is JobSort.TIME:
            assert self._anchor is not None
            is_newer = progress.times.requested_at > self._anchor.requested_at
            return is_newer if self.query.descending else not is_newer
        return True

    def apply(self, progress: MintProgress) -> bool:
        """Follow a running job; False if it is not listed."""
        at = self.position(progress.job_id)
        if at is not None:
            self._put(at, self._rows[at].after(progress))
        return at is not None

    def put(self, rows: Iterable[JobRow]) -> None:
        """Rows that were read anew: known ones change, others enter in order where they belong into the list."""
        entering: list[JobRow] = []
        for row in rows:
            at = self.position(row.job_id)
            if at is not None:
                self._put(at, row)
            elif row.is_in(self.query.group):
                entering.append(row)
        if entering:
            self.settle()
            for row in sorted(entering, key=self._key, reverse=self.query.descending):
                self._enter(row)
            self.count_changed.emit()

    def settle(self) -> None:
        """Tell the view what changed, and let go what no longer belongs here."""
        self._frame.stop()
        changed = sorted(at for job_id in self._untold if (at := self.position(job_id)) is not None)
        self._untold.clear()
        last = len(JobColumn) - 1
        for first, final in _stretches(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(final, last))
        leaving = list(_stretches([at for at in changed if not self._stays(self._rows[at])]))
        for first, final in leaving[_LEAVING_AT_ONCE:]:
            self._untold.update(row.job_id for row in self._rows[first : final + 1])
            self._start_frame()
        for first, final in reversed(leaving[:_LEAVING_AT_ONCE]):
            self._remove(first, final)
        if leaving:
            self.count_changed.emit()

    def hold(self, job_id: UUID | None) -> None:
        """Somebody looks at this job now, and no longer at the one before."""
        before, self.held = self.held, job_id
        if before is not None and before != job_id and before in self._key_of:
            self._untold.add(before)
            self._start_frame()

    def tick(self, first: int, last: int) -> None:
        """A second passed: the elapsed times in these rows are others now."""
        if any(row.is_open for row in self._rows[first : last + 1]):
            self.dataChanged.emit(self.index(first, JobColumn.STATE), self.index(last, JobColumn.STATE))

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether more rows are to be read."""
        return not parent.isValid() and not self.is_whole and not self._is_asked

    def fetchMore(self, parent: _Index) -> None:
        """The view reached the end."""
        if not self._is_asked:
            self._is_asked = True
            self.more_wanted.emit()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """A flat table."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(JobColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(JobColumn):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(JobColumn(section))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            JobColumn.SUBJECT: self.tr("What"),
            JobColumn.STATE: self.tr("State"),
            JobColumn.TRIES: self.tr("Attempt"),
            JobColumn.TRANSACTION: self.tr("Transaction"),
            JobColumn.GAS: self.tr("Gas used"),
            JobColumn.FEE: self.tr("Fee"),
            JobColumn.ASKED_BY: self.tr("Asked by"),
            JobColumn.WHEN: self.tr("Requested"),
        }[JobColumn(section)]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell, made harmless."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = _COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(self._hint(row, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole:
                return self._mono if column in _MONO else None
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme().tokens.muted) if column in self.look.muted else None
            case _:
                return None

    def text_at(self, at: int, column: int) -> str:
        """What stands in a cell, for a delegate that paints it."""
        row = self.row_at(at)
        return "" if row is None else self._text(row, _COLUMNS[column])

    def _text(self, row: JobRow, column: JobColumn) -> str:
        match column:
            case JobColumn.SUBJECT:
                return words.subject(row).replace("\n", " ")
            case JobColumn.STATE:
                return f"{words.state_tag(row)[0]} {words.state_detail(row, self._now())}".strip()
            case JobColumn.TRIES:
                return words.tries(row)
            case JobColumn.TRANSACTION:
                return shorten(row.tx_hash) if row.tx_hash else words.DASH
            case JobColumn.GAS:
                return words.gas(row)
            case JobColumn.FEE:
                return words.fee(row) or words.DASH
            case JobColumn.ASKED_BY:
                return words.asked_by(row)
            case JobColumn.WHEN:
                return words.when(row, self._now())

    def _hint(self, row: JobRow, column: JobColumn) -> str:
        match column:
            case JobColumn.TRANSACTION:
                return row.tx_hash or ""
            case JobColumn.GAS:
                return words.fee(row)
            case JobColumn.WHEN:
                return f"{local_time(row.times.requested_at)}\n{utc_time(row.times.requested_at)}"
            case JobColumn.SUBJECT | JobColumn.STATE | JobColumn.ASKED_BY:
                return self._text(row, column)
            case _:
                return ""

    def state_of(self, at: int) -> tuple[JobRow, str] | None:
        """A row with what stands behind its tag, for the delegate that paints it."""
        row = self.row_at(at)
        return None if row is None else (row, words.state_detail(row, self._now()))

    def _stays(self, row: JobRow) -> bool:
        return row.job_id == self.held or row.is_in(self.query.group)

    def _put(self, at: int, row: JobRow) -> None:
        if self._rows[at] != row:
            self._rows[at] = row
            self._untold.add(row.job_id)
            self._start_frame()

    def _start_frame(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _enter(self, row: JobRow) -> None:
        key = self._key(row)
        at = self._place_of(key)
        if at == len(self._rows) and not self.is_whole:
            return  # it comes with its page
        self.beginInsertRows(_NO_INDEX, at, at)
        self._rows.insert(at, row)
        self._keys.insert(at, key)
        self._key_of[row.job_id] = key
        self.endInsertRows()

    def _remove(self, first: int, final: int) -> None:
        self.beginRemoveRows(_NO_INDEX, first, final)
        for row in self._rows[first : final + 1]:
            del self._key_of[row.job_id]
        del self._rows[first : final + 1]
        del self._keys[first : final + 1]
        self.endRemoveRows()

    def _key(self, row: JobRow) -> _Key:
        rank = -BY_STATE.index(row.stage) if self.query.sort is JobSort.STATE else 0
        return rank, row.times.requested_at, row.job_id

    def _place_of(self, key: _Key) -> int:
        """The first row that does not come before this key."""
        descends, keys = self.query.descending, self._keys
        low, high = 0, len(keys)
        while low < high:
            middle = (low + high) // 2
            if (keys[middle] > key) if descends else (keys[middle] < key):
                low = middle + 1
            else:
                high = middle
        return low


def _stretches(rows: list[int]) -> Iterable[tuple[int, int]]:
    """First and last of each run of neighbours."""
    for _, run in groupby(enumerate(rows), lambda numbered: numbered[1] - numbered[0]):
        neighbours = [row for _, row in run]
        yield neighbours[0], neighbours[-1]


def _alignment(column: JobColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
