"""What the tabs of the Admin page share: a search field and actions over a table of records, and its empty faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import Button
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text

R = TypeVar("R")


class RecordTab(QWidget, Generic[R]):
    """A page adds its actions, the primary one last; the menu of a row has the same. `reload_requested` asks for the
    records, when the tab comes into view and once more whenever the person wishes.

    Ctrl+F goes to the search field, Escape back to the table, F5 reloads; the keys of the table are its own.
    """

    reload_requested = Signal()

    def __init__(
        self, table: RecordTable[R], empty: EmptyState, search: str, hints: str, parent: QWidget | None = None
    ) -> None:
        """`search` says what can be looked for, `hints` names the keys."""
        super().__init__(parent)
        theme().dress(self)
        self.table = table
        self.empty = empty
        self.search = SearchField(search)
        self.no_match = EmptyState(
            Icon.SEARCH,
            self.tr("Nothing matches"),
            self.tr("Look for less, or for something else."),
            self.tr("Show all"),
        )
        self.error_panel = ErrorPanel()
        self._again = self.error_panel.add_button(self.tr("Reload the list"))
        self._toolbar = QHBoxLayout()
        self._commands: dict[Button, Command] = {}
        self._count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._faces = QStackedWidget()
        self._lay_out(hints)
        self._connect()
        self._refresh()

    @property
    def current(self) -> R | None:
        """The record in focus."""
        return self.table.current

    @property
    def face(self) -> QWidget | None:
        """The table, or what stands in its place."""
        return self._faces.currentWidget()

    def show_records(self, records: Sequence[R]) -> None:
        """Show these."""
        self.error_panel.clear()
        self.table.show_records(records)
        self._refresh()

    def show_error(self, error: IpnftError) -> None:
        """Say what could not be read or done."""
        self.error_panel.show_error(error)

    def offer(self, name: str, button: Button, act: Callable[[], object], *keys: str) -> None:
        """Add a button at the right end of the line over the table, and the command of this name that presses it."""
        button.clicked.connect(lambda _=False: act())
        self._toolbar.addWidget(button)
        follow(next(reversed(self._commands), self.search), (button,))
        self._commands[button] = button_command(self, f"admin.{name}", button, *keys, why_not=self._no_record)

    def menu(self) -> QMenu | None:
        """What can be done with the record in focus; None where there is none."""
        if self.current is None:
            return None
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, command in self._commands.items():
            if not button.isHidden():
                add_command(menu, command)
        return menu

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into view is read anew."""
        super().showEvent(event)
        self.reload_requested.emit()

    def _lay_out(self, hints: str) -> None:
        self._toolbar.setSpacing(Space.S)
        self._toolbar.addWidget(self.search)
        self._toolbar.addStretch(1)
        for face in (self.empty, self.no_match):
            self._faces.addWidget(face)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addLayout(self._toolbar)
        box.addWidget(ListCard(self._faces, (self.error_panel,), (self._count,), hints), 1)
        self._faces.insertWidget(0, self.table)  # last: a table is dressed anew with all that is put around it
        follow(self._faces, (self.table,))

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.no_match.action_requested.connect(self._on_show_all)
        self._again.clicked.connect(self.reload_requested)
        self.table.menu_requested.connect(self._on_menu)
        find, reload, back = self.tr("Search the list"), self.tr("Reload the list"), self.tr("Back to the list")
        Command(self, "admin.find search", find, self._on_find, QKeySequence.StandardKey.Find, icon=Icon.SEARCH)
        Command(self, "admin.reload refresh", reload, self.reload_requested.emit, "F5", icon=Icon.REFRESH)
        Command(self.search, "admin.to list", back, self.table.setFocus, Qt.Key.Key_Escape, is_key_only=True)

    def _no_record(self) -> str:
        return "" if self.current is not None else self.tr("No line is in focus.")

    def _refresh(self) -> None:
        shown, total = self.table.records.rowCount(), self.table.records.count
        face = self.table if shown else self.no_match if total else self.empty
        self._faces.setCurrentWidget(face)
        # Of this class and not of the tab's own: `tr` finds a plural only under the name of the object's class.
        translate = QCoreApplication.translate
        told = translate("RecordTab", "%Ln entries", "", total)
        if shown != total:
            told = translate("RecordTab", "{0} of %Ln entries", "", total).format(number_text(shown))
        self._count.setText(told)

    def _on_search(self, text: str) -> None:
        self.table.search(text)
        self._refresh()

    def _on_show_all(self) -> None:
        self.search.clear()
        self._on_search("")

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_menu(self, at: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(at)
