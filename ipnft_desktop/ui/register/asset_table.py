"""The table of the register: selection by row, sorting by a click on a header."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain, islice
from uuid import UUID

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ipnft_desktop.domain.assets import AssetRow, SortKey
from ipnft_desktop.ui.models.asset_table_model import SORT_KEYS, AssetTableModel, Column
from ipnft_desktop.ui.models.chosen_assets import spans_of
from ipnft_desktop.ui.register.status_delegate import StatusDelegate
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.table import style_table

_FIXED_WIDTHS = {
    Column.TYPE: ColumnWidth.M,
    Column.TOKEN: ColumnWidth.M,
    Column.CREATED: ColumnWidth.M,
    Column.APPLICATION_NUMBER: ColumnWidth.L,
    Column.CREATOR: ColumnWidth.L,
    Column.LEGAL_STATUS: ColumnWidth.M,
    Column.CREATION_DATE: ColumnWidth.M,
    Column.UPDATED: ColumnWidth.M,
}
_ORDER = (
    Column.NAME,
    Column.TYPE,
    Column.APPLICATION_NUMBER,
    Column.ENTERPRISE,
    Column.CREATOR,
    Column.LEGAL_STATUS,
    Column.STATUS,
    Column.TOKEN,
    Column.CREATION_DATE,
    Column.CREATED,
    Column.UPDATED,
)
"""From left to right."""
_SHOWN_AT_FIRST = frozenset({Column.NAME, Column.TYPE, Column.ENTERPRISE, Column.STATUS, Column.TOKEN, Column.CREATED})
_STATUS_SHARE, _STATUS_WIDTHS = 0.18, (ColumnWidth.L, Size.FIELD)
_ENTERPRISE_SHARE, _ENTERPRISE_WIDTHS = 0.15, (ColumnWidth.M, ColumnWidth.XXL)
_NAME_WIDTH = ColumnWidth.XL
_NARROW = Size.TABLE_NARROW
"""Below this width the token gives way to the name, until columns are chosen; the panel beside the table tells it."""
_Flag = QItemSelectionModel.SelectionFlag


class AssetTable(QTableView):
    """Signals say what the person wants of the rows selected; `current_changed` carries the `AssetRow` in focus,
    `columns_chosen` the names of the columns that are to be shown from now on, for `choose_columns`."""

    opened = Signal()
    menu_requested = Signal(QPoint)
    selection_changed = Signal()
    current_changed = Signal(object)
    sort_changed = Signal(object, bool)
    columns_chosen = Signal(object)

    def __init__(self, model: AssetTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assets = model
        self._shown = _SHOWN_AT_FIRST
        self._is_chosen = False
        style_table(self)
        self.setModel(model)
        self.setAccessibleName(self.tr("Assets"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(CellDelegate(model, self))
        self.setItemDelegateForColumn(Column.STATUS, StatusDelegate(model, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_up_header()
        self._share_width()
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)

    @property
    def selected_count(self) -> int:
        """Selected rows, loaded or not."""
        return sum(last - first + 1 for first, last in self.selected_spans())

    def selected_spans(self) -> list[tuple[int, int]]:
        """First and last row of each stretch of the selection; never one index a row, for there may be a million."""
        return spans_of(self.selectionModel())

    def selected_rows(self, most: int) -> tuple[AssetRow, ...]:
        """The loaded ones among the first `most` rows of the selection."""
        selected = chain.from_iterable(range(first, last + 1) for first, last in self.selected_spans())
        rows = map(self._assets.row_at, islice(selected, most))
        return tuple(row for row in rows if row is not None)

    def current_row(self) -> AssetRow | None:
        """The row in focus if it is loaded."""
        return self._assets.row_at(self.currentIndex().row())

    def select_asset(self, asset_id: UUID) -> bool:
        """Select one asset alone and bring it into view; False if its row is not loaded."""
        at = self._assets.position(asset_id)
        if at is None:
            return False
        index = self._assets.index(at, 0)
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
        self.scrollTo(index)
        return True

    def select_assets(self, asset_ids: list[UUID], current: UUID | None) -> None:
        """Select the loaded ones of these again, as after a new layout of the list."""
        chosen = QItemSelection()
        last = len(Column) - 1
        for asset_id in asset_ids:
            at = self._assets.position(asset_id)
            if at is not None:
                chosen.select(self._assets.index(at, 0), self._assets.index(at, last))
        focus = self._assets.position(current) if current is not None else None
        if focus is not None:
            self.selectionModel().setCurrentIndex(self._assets.index(focus, 0), _Flag.NoUpdate)
        self.selectionModel().select(chosen, _Flag.ClearAndSelect)

    def show_sorting(self, sort: SortKey, descending: bool) -> None:
        """Show the order without reporting it back."""
        column = next(column for column, key in SORT_KEYS.items() if key is sort)
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSortIndicator(
            int(column), Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        )
        header.blockSignals(False)
        header.viewport().update()

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show the columns of these names and no others but the name of the asset; unknown ones are left out. Without
        any, the usual ones stay."""
        known = {column.name.lower(): column for column in Column}
        chosen = {known[name] for name in names if name in known}
        if chosen:
            self._shown = frozenset({*chosen, Column.NAME})
            self._is_chosen = True
            self._share_width()

    def columns_menu(self) -> QMenu:
        """Which columns are shown, each to be ticked; goes by itself when it is closed."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in _ORDER[1:]:
            action = menu.addAction(str(self._assets.headerData(column, Qt.Orientation.Horizontal)))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(partial(self._on_column_ticked, column))
        return menu

    def _on_column_ticked(self, column: Column, shown: bool) -> None:
        """What is in view is what was chosen from now on, also a token that had given way."""
        in_view = {each for each in _ORDER if not self.isColumnHidden(each)}
        chosen = in_view | {column} if shown else in_view - {column}
        names = tuple(each.name.lower() for each in _ORDER if each in chosen)
        self.choose_columns(names)
        self.columns_chosen.emit(names)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: Qt would step through every row of the list; Ctrl+F searches instead."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width: the name takes what the others leave."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        width = self.viewport().width()
        for column in Column:
            gives_way = column is Column.TOKEN and width < _NARROW and not self._is_chosen
            self.setColumnHidden(column, column not in self._shown or gives_way)
        self.setColumnWidth(Column.STATUS, _share(width, _STATUS_SHARE, _STATUS_WIDTHS))
        self.setColumnWidth(Column.ENTERPRISE, _share(width, _ENTERPRISE_SHARE, _ENTERPRISE_WIDTHS))
        others = sum(self.columnWidth(column) for column in Column if column is not Column.NAME)
        # With many columns the table is wider than its place rather than the name unreadable.
        is_wide = width - others < _NAME_WIDTH
        modes = QHeaderView.ResizeMode
        self.horizontalHeader().setSectionResizeMode(Column.NAME, modes.Interactive if is_wide else modes.Stretch)
        if is_wide:
            self.setColumnWidth(Column.NAME, _NAME_WIDTH)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        # With the table's own selection it would look through every row to find out whether a column is selected:
        # 20 s for a million rows.
        header.setSelectionModel(QItemSelectionModel(self._assets, header))
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(ColumnWidth.S)
        for place, column in enumerate(_ORDER):
            header.moveSection(header.visualIndex(column), place)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu)
        for column, width in _FIXED_WIDTHS.items():
            self.setColumnWidth(column, width)
        header.sortIndicatorChanged.connect(self._on_sort_indicator)

    def _on_sort_indicator(self, section: int, order: Qt.SortOrder) -> None:
        key = SORT_KEYS.get(Column(section))
        if key is not None:
            self.sort_changed.emit(key, order == Qt.SortOrder.DescendingOrder)
        else:
            self.show_sorting(self._assets.query.sort, self._assets.query.descending)

    def _on_header_menu(self, at: QPoint) -> None:
        self.columns_menu().popup(self.horizontalHeader().mapToGlobal(at))

    def _on_current_changed(self, current: QModelIndex) -> None:
        self.current_changed.emit(self._assets.row_at(current.row()))

    def _on_double_clicked(self) -> None:
        self.opened.emit()

    def _on_menu(self, at: QPoint) -> None:
        if self.indexAt(at).isValid():
            self.menu_requested.emit(self.viewport().mapToGlobal(at))


def _share(width: int, share: float, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(bounds[1], round(width * share)))
