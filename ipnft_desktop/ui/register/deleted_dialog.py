"""What was deleted, by whom and when: to bring it back, or to delete it for good."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.table import style_table
from ipnft_desktop.ui.widgets.text import Text


class DeletedDialog(Dialog):
    """`restore_requested` and `delete_for_good_requested` carry a tuple of asset ids."""

    restore_requested = Signal(object)
    delete_for_good_requested = Signal(object)

    def __init__(self, *, may_delete_for_good: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Recently deleted")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.L, DialogHeight.L)
        self._lines: tuple[DeletedAsset, ...] = ()
        self.search = SearchField(self.tr("Name or person…"))
        self.table = QTableWidget(0, 3)
        self.empty = EmptyState(
            Icon.TRASH, self.tr("Nothing here"), self.tr("What is deleted on the Register page can be restored here.")
        )
        self.error_panel = ErrorPanel()
        self.question = QuestionBar(self.tr("Delete for good"), self.tr("Keep"))
        self.restore_button = PrimaryButton(self.tr("Restore"))
        self.purge_button = DangerButton(self.tr("Delete for good…"))
        self.purge_button.setVisible(may_delete_for_good)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._stack = QStackedWidget()
        self._lay_out(title)
        self._connect()
        self._refresh_buttons()

    @property
    def chosen(self) -> tuple[DeletedAsset, ...]:
        """The lines that are selected."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return tuple(self._lines[row] for row in rows if not self.table.isRowHidden(row))

    def show_lines(self, lines: Sequence[DeletedAsset]) -> None:
        """Show what can be restored, newest first."""
        self._lines = tuple(lines)
        self.error_panel.clear()
        self.table.setRowCount(len(self._lines))
        for row, line in enumerate(self._lines):
            texts = (line.name, line.deleted_by, local_time(line.deleted_at))
            hints = (line.name, line.deleted_by, utc_time(line.deleted_at))
            for column, (text, hint) in enumerate(zip(texts, hints, strict=True)):
                item = QTableWidgetItem(visible(text))
                item.setToolTip(plain_tooltip(hint))
                self.table.setItem(row, column, item)
        self._stack.setCurrentWidget(self.empty if not self._lines else self._card)
        self._on_search(self.search.text())
        self._select_first()
        self.table.setFocus()
        self._refresh_buttons()

    def show_error(self, error: IpnftError) -> None:
        """Nothing was changed, and why."""
        self.error_panel.show_error(error)

    def leave(self) -> None:
        """Close, whatever was asked."""
        super().reject()

    def reject(self) -> None:
        """Escape answers an open question first."""
        if self.question.isVisible():
            self.question.decline()
        else:
            super().reject()

    def _lay_out(self, title: str) -> None:
        style_table(self.table)
        self.table.setAccessibleName(title)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Deleted by"), self.tr("Deleted at")])
        columns = self.table.horizontalHeader()
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._card = Card(flush=True)
        self._card.body.addWidget(self.table)
        for page in (self._card, self.empty):
            self._stack.addWidget(page)
        head = QHBoxLayout()
        head.addWidget(Text(title, TextSize.TITLE, Weight.BOLD), 1)
        head.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        hint = self.tr("Restored assets are drafts with their files.")
        foot.addWidget(Text(hint, TextSize.CAPTION, ink=Ink.MUTED), 1)
        for button in (self.purge_button, self.close_button, self.restore_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addLayout(head)
        box.addWidget(self._stack, 1)
        for part in (self.error_panel, self.question):
            box.addWidget(part)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.table.itemSelectionChanged.connect(self._refresh_buttons)
        self.table.doubleClicked.connect(self.restore_button.click)
        self.restore_button.clicked.connect(lambda: self.restore_requested.emit(self._chosen_ids()))
        self.purge_button.clicked.connect(self._on_purge)
        self.question.confirmed.connect(lambda: self.delete_for_good_requested.emit(self._chosen_ids()))
        self.question.declined.connect(self.table.setFocus)
        self.close_button.clicked.connect(self.reject)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(self.search.setFocus)
        for keys, button in (("Return", self.restore_button), ("Del", self.purge_button)):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)

    def _chosen_ids(self) -> tuple[UUID, ...]:
        return tuple(line.asset_id for line in self.chosen)

    def _select_first(self) -> None:
        first = next((row for row in range(len(self._lines)) if not self.table.isRowHidden(row)), None)
        if first is not None:
            select = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.table.model().index(first, 0), select)

    def _refresh_buttons(self) -> None:
        count = len(self.chosen)
        self.restore_button.setEnabled(bool(count))
        self.purge_button.setEnabled(bool(count))
        self.restore_button.setText(
            self.tr("Restore") if count < 2 else self.tr("Restore {0}").format(number_text(count))
        )

    def _on_search(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row, line in enumerate(self._lines):
            self.table.setRowHidden(row, wanted not in f"{line.name}\n{line.deleted_by}".casefold())
        self._refresh_buttons()

    def _on_purge(self) -> None:
        chosen = self.chosen
        if len(chosen) == 1:
            self.question.ask(self.tr("Delete “{0}” for good? It cannot be restored.").format(chosen[0].name))
        elif chosen:
            self.question.ask(self.tr("Delete %Ln assets for good? They cannot be restored.", "", len(chosen)))
