"""The Settings page: every setting in its group, searched, narrowed to what was changed, and what is done to all."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.setting_specs import Group, SettingSpec
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.settings.commands import add_settings_commands
from ipnft_desktop.ui.settings.row import SettingRow
from ipnft_desktop.ui.settings.texts import group_title
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.card import Card, Rule
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.notice_bar import NoticeBar
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text

_NAVIGATION = 2 * Size.RAIL


class _GroupCard(Card):
    """The settings of one group under its title."""

    def __init__(self, group: Group) -> None:
        super().__init__(padding=Space.XL)
        self.group = group
        self.rows: list[SettingRow] = []
        self._rules: list[Rule] = []
        self.body.addWidget(Text(group_title(group), TextSize.LEAD, Weight.SEMIBOLD))

    def add(self, row: SettingRow) -> None:
        """Add a setting at the end."""
        rule = Rule()
        self._rules.append(rule)
        self.rows.append(row)
        self.body.addWidget(rule)
        self.body.addWidget(row)

    def show_rows(self, wanted: set[str]) -> None:
        """Show the rows of these settings only, and itself if there are any."""
        for row, rule in zip(self.rows, self._rules, strict=True):
            row.setVisible(row.spec.name in wanted)
            rule.setVisible(row.spec.name in wanted)
        self.setVisible(any(row.spec.name in wanted for row in self.rows))


class SettingsView(Page):
    """Signals say what the person wants; `change_wanted` carries name and value, `reset_wanted` the name."""

    change_wanted = Signal(str, object)
    reset_wanted = Signal(str)
    reset_all_wanted = Signal()
    reset_all_confirmed = Signal()
    restart_requested = Signal()
    sign_in_requested = Signal()
    export_requested = Signal()
    import_requested = Signal()
    folder_requested = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.header.set_title(self.tr("Settings"), self.tr("What the program does is yours to choose"))
        self.rows: dict[str, SettingRow] = {}
        self._cards: dict[Group, _GroupCard] = {}
        self.search = SearchField(self.tr("Search settings"))
        self.changed_box = CheckBox(self.tr("Changed only"))
        self.more_button = IconButton(Icon.ELLIPSIS, self.tr("More about settings"))
        self.closed_bar = NoticeBar(Tone.ACCENT, self.tr("Sign in"))
        self.pending_bar = NoticeBar(Tone.WARN, self.tr("Restart the environment"))
        self.question = QuestionBar(self.tr("Reset all"), self.tr("Keep them"))
        self.error_panel = ErrorPanel()
        self.groups = QListWidget()
        self.no_match = EmptyState(
            Icon.SEARCH,
            self.tr("No setting matches"),
            self.tr("Search looks in titles, sentences and names."),
            self.tr("Show all"),
        )
        self._scroll = ScrollingColumn()
        strays = (self.groups, self.closed_bar, self.pending_bar, self.question, self.error_panel, self.no_match)
        theme().dress(*strays)
        for part in (self.groups, self._scroll):
            part.hide()  # until what holds is known: rows without it would say something else for a moment
        self._lay_out()
        self._connect()
        self.commands = add_settings_commands(self)

    @property
    def is_filled(self) -> bool:
        """Whether what holds is shown."""
        return not self._scroll.isHidden()

    @property
    def found(self) -> tuple[str, ...]:
        """Names of the settings in view."""
        return tuple(name for name, row in self.rows.items() if not row.isHidden())

    def add_group(self, group: Group, specs: tuple[SettingSpec, ...]) -> Iterator[None]:
        """Add a group at the end, one setting a step; it shows once it is whole."""
        card = self._cards[group] = _GroupCard(group)
        card.hide()
        self._column.insertWidget(self._column.count() - 1, card)
        for spec in specs:
            row = self.rows[spec.name] = SettingRow(spec)
            row.changed.connect(self.change_wanted)
            row.reset_requested.connect(self.reset_wanted)
            card.add(row)
            yield
        card.show()
        item = QListWidgetItem(group_title(group))
        item.setData(Qt.ItemDataRole.UserRole, group)
        self.groups.addItem(item)
        if self.groups.currentRow() < 0:
            self.groups.setCurrentRow(0)

    def narrow(self) -> None:
        """Show what fits the words searched for, and was changed if only that is wanted."""
        words = tuple(self.search.text().casefold().split())
        only_changed = self.changed_box.isChecked()
        wanted = {
            name for name, row in self.rows.items() if row.look_for(words) and (row.is_changed or not only_changed)
        }
        for at, card in enumerate(self._cards.values()):
            card.show_rows(wanted)
            self.groups.item(at).setHidden(card.isHidden())
        for part in (self.groups, self._scroll):
            part.show()
        self._follow_scroll()
        self.no_match.setVisible(not wanted and bool(self.rows))

    def show_group(self, group: Group) -> None:
        """Bring a group into view."""
        card = self._cards[group]
        self._scroll.verticalScrollBar().setValue(card.y())

    def menu(self) -> QMenu:
        """What is done rarely."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in self.commands:
            add_command(menu, command)
        return menu

    def showEvent(self, event: QShowEvent) -> None:
        """Something may have been changed outside."""
        super().showEvent(event)
        self.shown.emit()

    def _lay_out(self) -> None:
        for part in (self.search, self.changed_box, self.more_button):
            self.header.add_action(part)
        self.groups.setAccessibleName(self.tr("Groups of settings"))
        self.groups.setFont(text_font(TextSize.BODY, Weight.MEDIUM))
        self.groups.setProperty("navigation", True)
        self.groups.setFixedWidth(_NAVIGATION)
        self.groups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = self._scroll.column
        self._column.setSpacing(Space.L)
        self._column.addWidget(self.no_match)
        self._column.addStretch(1)
        self.no_match.hide()
        self.notice_ground = self._scroll
        side = QVBoxLayout()
        side.setSpacing(Space.S)
        for part in (self.closed_bar, self.pending_bar, self.question, self.error_panel):
            side.addWidget(part)
        side.addWidget(self._scroll, 1)
        line = QHBoxLayout()
        line.setSpacing(Space.L)
        line.addWidget(self.groups)
        line.addLayout(side, 1)
        self.body.addLayout(line, 1)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.narrow)
        self.changed_box.toggled.connect(self.narrow)
        self.no_match.action_requested.connect(self._on_show_all)
        self.more_button.clicked.connect(self._on_more)
        self.closed_bar.action_requested.connect(self.sign_in_requested)
        self.pending_bar.action_requested.connect(self.restart_requested)
        self.question.confirmed.connect(self.reset_all_confirmed)
        self.groups.currentItemChanged.connect(self._on_group)
        self.groups.itemClicked.connect(self._on_group)
        self._scroll.verticalScrollBar().valueChanged.connect(self._follow_scroll)

    def start_search(self) -> None:
        """Search; what was searched for is replaced by what is typed."""
        self.search.setFocus()
        self.search.selectAll()

    def leave_search(self) -> None:
        """Show all again, and go to the groups."""
        self.search.clear()
        self.narrow()
        self.groups.setFocus()

    def _on_show_all(self) -> None:
        self.changed_box.setChecked(False)
        self.search.clear()
        self.narrow()

    def _on_more(self) -> None:
        self.menu().popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _on_group(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_group(item.data(Qt.ItemDataRole.UserRole))

    def _follow_scroll(self) -> None:
        """The list at the left names the group at the top, unless scrolling came from there."""
        self._column.activate()  # where the cards stand is not known before
        shown = [at for at, card in enumerate(self._cards.values()) if not card.isHidden()]
        if self.groups.hasFocus() and self.groups.currentRow() in shown:
            return
        top = self._scroll.verticalScrollBar().value() + 1
        passed = [at for at in shown if list(self._cards.values())[at].y() <= top]
        self.groups.blockSignals(True)
        self.groups.setCurrentRow(passed[-1] if passed else shown[0] if shown else -1)
        self.groups.blockSignals(False)
