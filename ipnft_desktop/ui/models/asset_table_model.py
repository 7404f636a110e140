"""The register as a table of any length: rows come page by page, and nothing here ever waits for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import IntEnum
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetRow, SortKey
from ipnft_desktop.domain.minting import CLOSED_STAGES, MintProgress
from ipnft_desktop.domain.searching import LISTED_MAX
from ipnft_desktop.ui.models.asset_pages import KEPT_PAGES, AssetPages, OutOfStep, PageRequest
from ipnft_desktop.ui.models.cell_look import ON_THE_WAY, CellLook
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.asset_words import (
    legal_status_name,
    short_token,
    stage_text,
    state_name,
    token_text,
    type_name,
)
from ipnft_desktop.ui.widgets.measures import day_text, local_day, local_time, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The whole `AssetRow`, for delegates; None while it is not loaded."""
_ALIGN_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
NOT_COUNTED = -1
"""Instead of a number of rows: there are more than one page, and they are being counted."""
FRAME_MS = 33
"""Changes in place are told to the views once a frame: hundreds of mints bring more of them than can be painted."""
AHEAD_ROWS = 60
"""So near to a page it is asked for, that it is here when it comes into view."""
_WANTED_PAGES = 2
"""Pages asked for at a time: a view shows parts of two at most, and older wishes are out of sight."""

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class Column(IntEnum):
    """Columns of the register."""

    NAME = 0
    TYPE = 1
    ENTERPRISE = 2
    STATUS = 3
    TOKEN = 4
    CREATED = 5
    APPLICATION_NUMBER = 6
    CREATOR = 7
    LEGAL_STATUS = 8
    CREATION_DATE = 9
    UPDATED = 10


_COLUMNS = tuple(Column)

SORT_KEYS = {
    Column.NAME: SortKey.NAME,
    Column.TYPE: SortKey.ASSET_TYPE,
    Column.ENTERPRISE: SortKey.ENTERPRISE,
    Column.STATUS: SortKey.STATE,
    Column.TOKEN: SortKey.TOKEN,
    Column.CREATED: SortKey.CREATED,
    Column.APPLICATION_NUMBER: SortKey.APPLICATION_NUMBER,
    Column.CREATOR: SortKey.CREATOR,
    Column.LEGAL_STATUS: SortKey.LEGAL_STATUS,
    Column.CREATION_DATE: SortKey.CREATION_DATE,
    Column.UPDATED: SortKey.UPDATED,
}
"""What a click on each column's header sorts by."""

RIGHT_COLUMNS = frozenset({Column.CREATED, Column.CREATION_DATE, Column.UPDATED})
"""Columns whose texts end at the right edge."""
MUTED_COLUMNS = RIGHT_COLUMNS | {Column.TYPE, Column.TOKEN, Column.LEGAL_STATUS}
"""Columns whose texts stand back behind the others."""
_MINT_COLUMNS = (Column.STATUS, Column.TOKEN)
"""First and last of the columns that a mint changes: painting the others again would cost four times as much."""
_ORDERED_BY: dict[SortKey, Callable[[AssetRow], object]] = {
    SortKey.NAME: lambda row: row.name,
    SortKey.ASSET_TYPE: lambda row: row.asset_type,
    SortKey.ENTERPRISE: lambda row: row.enterprise_name,
    SortKey.STATE: lambda row: row.state,
    SortKey.CREATED: lambda row: row.created_at,
    SortKey.APPLICATION_NUMBER: lambda row: row.application_number,
    SortKey.CREATOR: lambda row: row.creator_name,
    SortKey.LEGAL_STATUS: lambda row: row.legal_status,
    SortKey.CREATION_DATE: lambda row: row.creation_date,
    SortKey.UPDATED: lambda row: row.updated_at,
    SortKey.TOKEN: lambda row: row.asset_id,
}


class AssetTableModel(QAbstractTableModel):
    """One query's rows, always up to date; the views hear of rows that changed in place once a frame.

    `page_wanted` carries a page that came into view unloaded; answer it by asking for `next_request` and handing the
    result to `accept` until there is no more. `reload_wanted` says that the register no longer holds what is laid out
    here, so that the list has to be asked for again.
    """

    page_wanted = Signal(int)
    reload_wanted = Signal()
    look: CellLook = CellLook(muted=MUTED_COLUMNS, right=RIGHT_COLUMNS, mono=frozenset({Column.TOKEN}))

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._pages = AssetPages(AssetQuery(), 0)
        self.is_counting = False
        self._wanted: list[int] = []
        self._untold: set[int] = set()
        self._untold_columns = _MINT_COLUMNS
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._tell_changes)
        self._mono = mono_font()

    @property
    def query(self) -> AssetQuery:
        """What is listed."""
        return self._pages.query

    @property
    def is_cut(self) -> bool:
        """Whether more rows match than are listed."""
        return self._pages.is_cut

    def reset(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        """Lay out another list of `count` rows, of which the first page is known.

        Of a search or a filter at most `LISTED_MAX` rows are listed; a higher count says that there are more. While
        it is `NOT_COUNTED` the list is as long as it may become, and the same query is laid out again with its number.
        """
        self.is_counting = count == NOT_COUNTED
        self._untold.clear()
        self._frame.stop()
        self.beginResetModel()
        is_cut = self.is_counting or (count > LISTED_MAX and bool(query.text or query.is_filtered))
        self._pages = AssetPages(query, LISTED_MAX if is_cut else count, is_cut=is_cut)
        self._wanted.clear()
        request = self._pages.request_toward(0)
        try:
            if request is not None and count:
                self._pages.accept(request, first)
        except OutOfStep:
            self.reload_wanted.emit()
        self.endResetModel()

    def next_request(self) -> PageRequest | None:
        """The next query on the way to the rows in view; None when all are here."""
        while self._wanted:
            request = self._pages.request_toward(self._wanted[-1])
            if request is not None:
                return request
            self._wanted.pop()
        return None

    def accept(self, request: PageRequest, answer: AssetPage) -> None:
        """Take in the answer to a request; one that came too late changes nothing."""
        try:
            page = self._pages.accept(request, answer)
        except OutOfStep:
            self._wanted.clear()
            self.reload_wanted.emit()
            return
        if page is not None:
            first, last = self._pages.rows_of(page)
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def row_at(self, row: int) -> AssetRow | None:
        """A row if it is loaded."""
        return self._pages.row(row) if 0 <= row < self._pages.count else None

    def position(self, asset_id: UUID) -> int | None:
        """The number of an asset's row if it is loaded."""
        return self._pages.position(asset_id)

    def want_rows(self, spans: Sequence[tuple[int, int]]) -> bool | None:
        """Ask for the rows of spans (first and last row each).

        True if all are loaded, False if some are still wanted, None if they are more than can be kept at a time.
        """
        pages = {
            page
            for first, last in spans
            for page in range(self._pages.page_of_row(first), self._pages.page_of_row(last) + 1)
        }
        if len(pages) > KEPT_PAGES:
            return None
        missing = sorted(page for page in pages if not self._pages.is_loaded(page))
        if missing:
            self._want(missing[0])
        return not missing

    def apply_created(self, row: AssetRow) -> None:
        """An asset entered the register. In the order of creation the place of a new one is known; otherwise, and for
        one that came back, it is asked for."""
        query = self.query
        if query.states and row.state not in query.states:
            return
        is_placed = query.sort is SortKey.CREATED and not query.text and not query.is_filtered
        if not is_placed or self.position(row.asset_id) is not None:
            self.reload_wanted.emit()
            return
        at = 0 if query.descending else self._pages.count
        newest = self.row_at(0 if query.descending else self._pages.count - 1)
        if newest is not None and newest.created_at > row.created_at:
            self.reload_wanted.emit()
            return
        self._tell_changes()
        self.beginInsertRows(QModelIndex(), at, at)
        self._pages.insert(row, at_end=not query.descending)
        self.endInsertRows()

    def apply_changed(self, row: AssetRow) -> None:
        """An asset's row is different now."""
        at = self.position(row.asset_id)
        matches = not self.query.states or row.state in self.query.states
        if at is None:
            if (self.query.is_narrowed and matches) or self.query.sort is not SortKey.CREATED:
                self.reload_wanted.emit()
        elif not matches:
            self._take_out(row.asset_id, at)
        elif self._keeps_its_place(row, at):
            self._put(row)
        else:
            self._put(row)
            self.reload_wanted.emit()

    def apply_progress(self, progress: MintProgress) -> None:
        """A mint moved on; what ended is told by `apply_changed`."""
        if progress.stage in CLOSED_STAGES:
            return
        stage, confirmed, required = progress.stage, progress.confirmations, progress.required_confirmations
        for asset_id in progress.asset_ids:
            at = self.position(asset_id)
            row = self.row_at(at) if at is not None else None
            if at is None or row is None:
                continue
            if (row.stage, row.confirmations, row.required_confirmations) != (stage, confirmed, required):
                self._pages.replace(replace(row, stage=stage, confirmations=confirmed, required_confirmations=required))
                self._tell_soon(at)

    def apply_deleted(self, asset_id: UUID) -> None:
        """An asset left the register."""
        at = self.position(asset_id)
        if at is None:
            self.reload_wanted.emit()
        else:
            self._take_out(asset_id, at)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """Rows of the whole list, loaded or not."""
        return 0 if parent.isValid() else self._pages.count

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        """Always the same columns."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell; a dot leader while its row is on the way."""
        answer = self._ANSWERS.get(role)
        if answer is None or not index.isValid() or index.row() >= self._pages.count:
            return None
        return answer(self, self.row_in_view(index.row()), _COLUMNS[index.column()])

    def row_in_view(self, at: int) -> AssetRow | None:
        """A row that is looked at; if it is not loaded it is asked for, otherwise what may come into view next is."""
        row = self._pages.row(at)
        if row is None:
            self._want(self._pages.page_of_row(at))
        elif not self._wanted:
            self._look_ahead(at)
        return row

    def text_at(self, at: int, column: int) -> str:
        """What stands in a cell, for a delegate that paints it: one call in place of one for each role."""
        return self._text(self.row_in_view(at), _COLUMNS[column])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return self._title(Column(section)) if role == Qt.ItemDataRole.DisplayRole else None

    def _title(self, column: Column) -> str:
        match column:
            case Column.NAME:
                return self.tr("Name")
            case Column.TYPE:
                return self.tr("Type")
            case Column.ENTERPRISE:
                return self.tr("Enterprise")
            case Column.STATUS:
                return self.tr("Status")
            case Column.TOKEN:
                return self.tr("Token")
            case Column.CREATED:
                return self.tr("Created")
            case Column.APPLICATION_NUMBER:
                return self.tr("Number")
            case Column.CREATOR:
                return self.tr("Creator")
            case Column.LEGAL_STATUS:
                return self.tr("Legal status")
            case Column.CREATION_DATE:
                return self.tr("Made on")
            case Column.UPDATED:
                return self.tr("Changed")

    def _ink(self, row: AssetRow | None, column: Column) -> QColor | None:
        return QColor(theme().tokens.muted) if row is None or column in MUTED_COLUMNS else None

    def _font(self, _row: AssetRow | None, column: Column) -> QFont | None:
        return self._mono if column is Column.TOKEN else None

    def _text(self, row: AssetRow | None, column: Column) -> str:
        if row is None:
            return ON_THE_WAY if column is Column.NAME else ""
        match column:
            case Column.NAME:
                return visible(row.name)
            case Column.TYPE:
                return type_name(row.asset_type)
            case Column.ENTERPRISE:
                return visible(row.enterprise_name)
            case Column.STATUS:
                return f"{state_name(row.state)} {stage_text(row)}".strip()
            case Column.TOKEN:
                return short_token(row.token_id)
            case Column.CREATED:
                return local_day(row.created_at)
            case Column.APPLICATION_NUMBER:
                return visible(row.application_number)
            case Column.CREATOR:
                return visible(row.creator_name)
            case Column.LEGAL_STATUS:
                return legal_status_name(row.legal_status)
            case Column.CREATION_DATE:
                return day_text(row.creation_date)
            case Column.UPDATED:
                return local_day(row.updated_at)

    def _tooltip(self, row: AssetRow | None, column: Column) -> str | None:
        if row is None:
            return None
        match column:
            case Column.NAME | Column.ENTERPRISE | Column.APPLICATION_NUMBER | Column.CREATOR:
                return plain_tooltip(self._text(row, column))
            case Column.TOKEN if row.token_id is not None:
                return plain_tooltip(token_text(row.token_id))
            case Column.CREATED | Column.UPDATED:
                at = row.created_at if column is Column.CREATED else row.updated_at
                return plain_tooltip(f"{local_time(at)}\n{utc_time(at)}")
            case _:
                return None

    def _row(self, row: AssetRow | None, _column: Column) -> AssetRow | None:
        return row

    def _aligned(self, _row: AssetRow | None, column: Column) -> int:
        return _alignment(column)

    # A view asks for ten roles of each cell it paints: one that is not served must cost nothing.
    _ANSWERS: ClassVar[dict[int, Callable[[AssetTableModel, AssetRow | None, Column], Any]]] = {
        Qt.ItemDataRole.DisplayRole: _text,
        Qt.ItemDataRole.AccessibleTextRole: _text,
        Qt.ItemDataRole.ToolTipRole: _tooltip,
        Qt.ItemDataRole.ForegroundRole: _ink,
        Qt.ItemDataRole.FontRole: _font,
        Qt.ItemDataRole.TextAlignmentRole: _aligned,
        ROW_ROLE: _row,
    }

    def _look_ahead(self, at: int) -> None:
        for near in (at + AHEAD_ROWS, at - AHEAD_ROWS):
            page = self._pages.page_of_row(max(near, 0))
            if not self._pages.is_loaded(page):
                self._want(page)

    def _want(self, page: int) -> None:
        if page in self._wanted:
            return
        self._wanted = [*self._wanted[1 - _WANTED_PAGES :], page]
        self.page_wanted.emit(page)

    def _put(self, row: AssetRow) -> None:
        at = self.position(row.asset_id)
        old = self.row_at(at) if at is not None else None
        if at is None or old is None or old == row:
            return
        self._pages.replace(row)
        if not _differ_by_mint_only(old, row):
            self._untold_columns = (_COLUMNS[0], _COLUMNS[-1])
        self._tell_soon(at)

    def _tell_soon(self, at: int) -> None:
        self._untold.add(at)
        if not self._frame.isActive():
            self._frame.start()

    def _tell_changes(self) -> None:
        """Tell the views, one stretch of neighbours at a time; call it before rows get other numbers."""
        self._frame.stop()
        rows, self._untold = sorted(self._untold), set()
        columns, self._untold_columns = self._untold_columns, _MINT_COLUMNS
        for _, stretch in groupby(enumerate(rows), lambda numbered: numbered[1] - numbered[0]):
            neighbours = [row for _, row in stretch]
            self.dataChanged.emit(self.index(neighbours[0], columns[0]), self.index(neighbours[-1], columns[1]))

    def _take_out(self, asset_id: UUID, at: int) -> None:
        if not self._pages.can_remove(asset_id):
            self.reload_wanted.emit()
            return
        self._tell_changes()
        self.beginRemoveRows(QModelIndex(), at, at)
        self._pages.remove(asset_id)
        self.endRemoveRows()

    def _keeps_its_place(self, row: AssetRow, at: int) -> bool:
        old = self.row_at(at)
        assert old is not None
        ordered_by = _ORDERED_BY[self.query.sort]
        if ordered_by(old) != ordered_by(row):
            return False
        # Whether it still matches only the register knows: a row does not tell its description.
        return not (self.query.text or self.query.is_filtered) or old.updated_at == row.updated_at


def _differ_by_mint_only(old: AssetRow, row: AssetRow) -> bool:
    return row == replace(
        old,
        state=row.state,
        stage=row.stage,
        confirmations=row.confirmations,
        required_confirmations=row.required_confirmations,
        token_id=row.token_id,
    )


def _alignment(column: Column) -> int:
    return _ALIGN_RIGHT if column in RIGHT_COLUMNS else _ALIGN_LEFT
