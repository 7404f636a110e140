"""A table of records, copied by a click on a cell or by Ctrl+C; a short list, and one that
is arranged aside, is sorted by a click on a header."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QFontMetrics, QGuiApplication, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ipnft_desktop.ui.commands.command import Command, Keys
from ipnft_desktop.ui.models.arranged_model import Arranged, ArrangedModel
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import TAG_ROLE, RecordColumn, RecordModel
from ipnft_desktop.ui.theme.tokens import CELL_INSET, Space, Tone
from ipnft_desktop.ui.widgets.cell_delegate import CellDelegate
from ipnft_desktop.ui.widgets.status_tag import paint_tag
from ipnft_desktop.ui.widgets.table import style_table

R = TypeVar("R")


class _TagDelegate(QStyledItemDelegate):
    """Draws a cell with a tone as a tag."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        setattr(option, "text", "")  # noqa: B010 - the stubs leave the field out

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        tone = index.data(TAG_ROLE)
        if tone is not None:
            cell = QRectF(getattr(option, "rect")).adjusted(CELL_INSET, 0, -Space.XS, 0)  # noqa: B009
            paint_tag(painter, cell, str(index.data()), Tone(tone))


class _TagCellDelegate(CellDelegate):
    """The same in a long table, whose cells are painted without Qt's way of it."""

    def __init__(self, records: RecordModel[R], parent: QWidget) -> None:
        super().__init__(records, parent)
        self._records = records

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.paint_ground(painter, option.rect, option.state.value)
        record = self._records.record_at(index.row())
        column = self._records.columns[index.column()]
        if record is not None and column.tone:
            cell = QRectF(option.rect).adjusted(CELL_INSET, 0, -Space.XS, 0)
            paint_tag(painter, cell, self._records.text_at(index.row(), index.column()), column.tone(record))


class RecordTable(QTableView, Generic[R]):
    """`opened` is a double click or Enter, `remove_requested` the Delete key where `offer_removal` was called,
    `menu_requested` carries the place; `current_changed` tells that another record is in focus, or none."""

    opened = Signal()
    remove_requested = Signal()
    menu_requested = Signal(QPoint)
    current_changed = Signal()

    def __init__(
        self,
        name: str,
        columns: Sequence[RecordColumn[R]],
        key: Callable[[R], Hashable],
        sought: Callable[[R], str] = str,
        parent: QWidget | None = None,
        *,
        model: PagedModel[R] | ArrangedModel[R] | None = None,
        command: str = "list",
        copy_title: str = "",
        opens: bool = True,
    ) -> None:
        """`name` is told to screen readers; for the next three see `RecordModel`. A long list comes with a `model` of
        its own: a `PagedModel` in its order, or an `ArrangedModel`. `command` begins the names of its commands, and
        `copy_title` names that which copies, where a page has several tables; `opens` is whether there is anything to
        open."""
        super().__init__(parent)
        self._is_sorted_here = not isinstance(model, PagedModel)
        self._least_px: Mapping[int, int] = {}
        self.records: RecordModel[R] = model or RecordModel(columns, key, sought, self)
        self.setModel(self.records)
        style_table(self)
        if model is not None:
            self.setItemDelegate(CellDelegate(model, self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._command = command
        self._set_up_columns()
        self._connect(copy_title or self.tr("Copy the line in focus"), opens)

    @property
    def current(self) -> R | None:
        """The record in focus."""
        return self.records.record_at(self.currentIndex().row())

    def use_least_widths(self, least_px: Mapping[int, int]) -> None:
        """Hide columns, by their place, while the table is narrower than this: what matters less gives way."""
        self._least_px = least_px

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the columns there is room for."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for column, least in self._least_px.items():
            self.setColumnHidden(column, width < least)

    def show_records(self, records: Sequence[R]) -> None:
        """Show others; focus and place are kept as far as the record is still there."""
        self.keep_place(lambda: self.records.set_records(records))

    def show_arranged(self, arranged: Arranged[R]) -> None:
        """Show what was arranged aside of an `ArrangedModel`; focus and place are kept as above."""
        records = self.records
        assert isinstance(records, ArrangedModel)
        self.keep_place(lambda: records.show(arranged))

    def add_records(self, records: Sequence[R]) -> None:
        """Show more; focus and place stay as they are."""
        self.records.add_records(records)

    def fit_numbers(self) -> None:
        """Make each column of numbers as wide as it needs to be; for a few dozen lines."""
        titles = QFontMetrics(self.horizontalHeader().font())
        for at, column in enumerate(self.records.columns):
            if column.is_number:
                title_px = titles.horizontalAdvance(column.title) + 2 * CELL_INSET
                self.setColumnWidth(at, max(title_px, self.sizeHintForColumn(at)))

    def search(self, text: str) -> None:
        """Show what contains these words."""
        self.keep_place(lambda: self.records.search(text))

    def select(self, key: Hashable) -> bool:
        """Bring the record with this key into focus; False if it is not in view."""
        row = self.records.row_of(key)
        if row is None:
            return False
        self.setCurrentIndex(self.records.index(row, 0))
        self.scrollTo(self.currentIndex())
        return True

    def keyboardSearch(self, search: str) -> None:
        """Nothing: Ctrl+F searches instead."""

    def keep_place(self, change: Callable[[], object]) -> None:
        """Change the records; focus and place are kept as far as the record is still there."""
        before = self.currentIndex().row()
        key = self.records.key_at(before)
        place = self.verticalScrollBar().value()
        change()
        row = self.records.row_of(key) if key is not None else None
        last = self.records.rowCount() - 1
        self.setCurrentIndex(self.records.index(min(max(before, 0), last) if row is None else row, 0))
        self.verticalScrollBar().setValue(place)
        self.current_changed.emit()

    def _set_up_columns(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(self._is_sorted_here)
        header.setSortIndicatorShown(self._is_sorted_here)
        if self._is_sorted_here:
            header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        if isinstance(self.records, (PagedModel, ArrangedModel)):
            # With the table's own selection it would look through every row to find out whether a column is selected.
            header.setSelectionModel(QItemSelectionModel(self.records, header))
        for at, column in enumerate(self.records.columns):
            if column.tone:
                is_long = isinstance(self.records, ArrangedModel)
                tags = _TagCellDelegate(self.records, self) if is_long else _TagDelegate(self)
                self.setItemDelegateForColumn(at, tags)
            if column.width_px is not None:
                header.resizeSection(at, column.width_px)
        # Last: once a column shares what is left, each width that is set makes the header measure all titles anew.
        for at, column in enumerate(self.records.columns):
            if column.width_px is None:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)

    def _connect(self, copy_title: str, opens: bool) -> None:
        self.horizontalHeader().sortIndicatorChanged.connect(self._on_sort)
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(self._on_double_clicked)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentRowChanged.connect(self.current_changed)
        if opens:
            open_title = self.tr("Open the line in focus")
            self._add_command("open", open_title, self.opened.emit, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self._add_command("copy", copy_title, self._on_copy_row, QKeySequence.StandardKey.Copy)

    def offer_removal(self) -> None:
        """Let the Delete key ask for it from now on."""
        remove = self.tr("Remove the line in focus")
        self._add_command("remove delete", remove, self.remove_requested.emit, QKeySequence.StandardKey.Delete)

    def _add_command(self, name: str, title: str, act: Callable[[], object], *keys: Keys) -> None:
        def refusal() -> str:
            return "" if self.current is not None else self.tr("No line is in focus.")

        only_here = Qt.ShortcutContext.WidgetShortcut
        Command(self, f"{self._command}.{name}", title, act, *keys, refusal=refusal, context=only_here)

    def _on_sort(self, column: int, order: Qt.SortOrder) -> None:
        self.keep_place(lambda: self.records.sort(column, order))

    def _on_double_clicked(self) -> None:
        self.opened.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        record, column = self.current, self.records.columns[index.column()]
        if record is not None and column.copy and (text := column.copy(record)):
            QGuiApplication.clipboard().setText(text)
            QToolTip.showText(QCursor.pos(), self.tr("Copied"), self)

    def _on_copy_row(self) -> None:
        record = self.current
        if record is not None:
            cells = (column.copy or column.text for column in self.records.columns)
            QGuiApplication.clipboard().setText("\t".join(cell(record) for cell in cells))

    def _on_menu(self, at: QPoint) -> None:
        if self.indexAt(at).isValid():
            self.menu_requested.emit(self.viewport().mapToGlobal(at))
