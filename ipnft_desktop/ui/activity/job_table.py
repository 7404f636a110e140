"""The table of all mints: one line a job, its state as a tag with the stage behind it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ipnft_desktop.domain.mint_activity import JobRow, JobSort
from ipnft_desktop.ui.models.job_model import SORT_KEYS, JobColumn, JobModel
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import CELL_INSET, ColumnWidth, Size, Space, TextSize
from ipnft_desktop.ui.widgets import job_words as words
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.laid_out_texts import LaidOutTexts
from ipnft_desktop.ui.widgets.status_tag import paint_tag
from ipnft_desktop.ui.widgets.table import style_table

_WIDTHS = {
    JobColumn.TRIES: ColumnWidth.M,
    JobColumn.TRANSACTION: ColumnWidth.M,
    JobColumn.GAS: ColumnWidth.M,
    JobColumn.FEE: ColumnWidth.L,
    JobColumn.ASKED_BY: ColumnWidth.M,
    JobColumn.WHEN: ColumnWidth.M,
}
_STATE_SHARE, _STATE_WIDTHS = 0.3, (Size.FIELD, ColumnWidth.XXL)
_LEAST_WIDTHS = {
    JobColumn.TRIES: Size.TABLE_NARROW - ColumnWidth.L,
    JobColumn.GAS: Size.TABLE_NARROW,
    JobColumn.ASKED_BY: Size.TABLE_NARROW + ColumnWidth.XL,
    JobColumn.FEE: Size.TABLE_NARROW + 2 * ColumnWidth.XL,
}
"""In a narrower table these give way to the name; the panel beside it tells them."""

_Flag = QItemSelectionModel.SelectionFlag


class _StateDelegate(CellDelegate):
    """Draws the tag in place of the text, and the stage behind it."""

    def __init__(self, jobs: JobModel, parent: QWidget) -> None:
        super().__init__(jobs, parent)
        self._jobs = jobs
        self._details = LaidOutTexts(text_font(TextSize.CAPTION))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        inks = self.paint_ground(painter, option.rect, option.state.value)
        found = self._jobs.state_of(index.row())
        if found is None:
            return
        row, detail = found
        cell = QRectF(option.rect).adjusted(CELL_INSET, 0, -Space.S, 0)
        pill = paint_tag(painter, cell, *words.state_tag(row))
        if detail:
            painter.setPen(inks.muted)
            left = pill.right() + Space.S
            self._details.paint(painter, detail, (left, cell.top(), max(cell.right() - left, 0.0), cell.height()))


class JobTable(QTableView):
    """`current_changed` carries the `JobRow` in focus, or None; the others say what the person wants of it."""

    current_changed = Signal(object)
    opened = Signal()
    menu_requested = Signal(QPoint)
    sort_changed = Signal(object, bool)

    def __init__(self, model: JobModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = model
        self._sorted_by = (int(JobColumn.WHEN), Qt.SortOrder.DescendingOrder)
        style_table(self)
        self.setModel(model)
        self.setAccessibleName(self.tr("Mints and batches"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(CellDelegate(model, self))
        self.setItemDelegateForColumn(JobColumn.STATE, _StateDelegate(model, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_up_header()
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)

    @property
    def current_row(self) -> JobRow | None:
        """The job in focus."""
        return self._jobs.row_at(self.currentIndex().row())

    def choose(self, at: int) -> None:
        """Bring a row into focus and into view."""
        index = self._jobs.index(at, 0)
        # A table that has the focus makes its first row the current one, but selects nothing.
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
        self.scrollTo(index)

    def rows_in_view(self) -> tuple[int, int]:
        """First and last row that can be seen; the last is before the first where there is none."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return 0, -1
        return first, last if last >= 0 else self._jobs.rowCount() - 1

    def show_sorting(self, sort: JobSort, descending: bool) -> None:
        """Show by which column the list is sorted."""
        column = next(column for column, key in SORT_KEYS.items() if key is sort)
        # The arrow tells what a click turns round: by state the other way up, for its front is not the newest.
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._sorted_by = (int(column), order)
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSortIndicator(*self._sorted_by)
        header.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way to the name where there is no room for all."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for column, least in _LEAST_WIDTHS.items():
            self.setColumnHidden(column, width < least)
        narrowest, widest = _STATE_WIDTHS
        self.setColumnWidth(JobColumn.STATE, max(narrowest, min(widest, round(width * _STATE_SHARE))))

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        # With the table's own selection it would look through every row to find out whether a column is selected.
        header.setSelectionModel(QItemSelectionModel(self._jobs, header))
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(*self._sorted_by)
        header.setSectionResizeMode(JobColumn.SUBJECT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        header.sortIndicatorChanged.connect(self._on_sort)

    def _on_sort(self, column: int, order: Qt.SortOrder) -> None:
        sort = SORT_KEYS.get(JobColumn(column))
        if sort is None:
            self.horizontalHeader().setSortIndicator(*self._sorted_by)
        elif (column, order) != self._sorted_by:
            is_other = column != self._sorted_by[0]
            descending = is_other or order == Qt.SortOrder.DescendingOrder
            self.show_sorting(sort, descending)
            self.sort_changed.emit(sort, descending)

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit(self._jobs.row_at(current.row()))

    def _on_double_clicked(self) -> None:
        self.opened.emit()

    def _on_menu(self, at: QPoint) -> None:
        if self.indexAt(at).isValid():
            self.menu_requested.emit(self.viewport().mapToGlobal(at))
