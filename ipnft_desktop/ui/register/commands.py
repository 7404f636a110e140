"""What can be done on the Register page: for its keys, its menus and the command palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractButton

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.minting import EDITABLE_STATES
from ipnft_desktop.ui.commands.command import Command, Group, Keys, button_command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.models.chosen_assets import minted_of
from ipnft_desktop.ui.register.mint_actions import KEYS, STATES, MintWish, title_of
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.asset_words import token_text

if TYPE_CHECKING:
    from ipnft_desktop.ui.register.view import RegisterView

_WISH_ICONS = {MintWish.CANCEL: Icon.X, MintWish.RETRY: Icon.ROTATE, MintWish.RESET: Icon.PENCIL}
_KEY = QKeySequence.StandardKey


class RegisterCommands:
    """Those of the page, of the list, and of the row in focus with what is selected."""

    def __init__(self, view: RegisterView) -> None:
        self._view = view
        self._add_those_of_the_list()
        self._button("new asset", view.new_button, "Ctrl+N", icon=Icon.PLUS)
        self.importing = self._add(
            "import spreadsheet csv xlsx",
            _tr("Import from a spreadsheet…"),
            view.import_requested.emit,
            "Ctrl+I",
            icon=Icon.UPLOAD,
            refusal=lambda: view.new_button.refusal,
        )
        self.exporting = self._add(
            "export spreadsheet csv xlsx",
            _tr("Export what is in view…"),
            view.export_requested.emit,
            "Ctrl+E",
            icon=Icon.DOWNLOAD,
        )
        self.of_row = (self._mint_commands(), self._edit_commands(), self._copy_commands())
        """What the menu of a row shows, in three parts."""
        self._button("recently deleted bin restore", view.deleted_button, "Ctrl+Shift+D", icon=Icon.TRASH)
        self._button("columns", view.columns_button, "Ctrl+Shift+C", icon=Icon.LAYOUT_GRID)
        Jump(view, self._offer_search, self._search)

    def _add_those_of_the_list(self) -> None:
        view, bar = self._view, self._view.filter_bar
        self._add("find search", _tr("Search the register"), self._find, _KEY.Find, icon=Icon.SEARCH)
        self._button(
            "filter",
            bar.filter_button,
            "Ctrl+Shift+F",
            title=_tr("Narrow the list by type, owner, day…"),
            icon=Icon.FUNNEL,
        )
        saved = bar.manage_requested.emit
        self._add("saved filters", _tr("Save or change filters…"), saved, "Ctrl+Shift+S", icon=Icon.FUNNEL)
        self._add(
            "show all clear filter",
            _tr("Show every asset"),
            view.clear_filter,
            "Ctrl+0",
            icon=Icon.X,
            refusal=lambda: "" if view.query.is_narrowed else _tr("Nothing narrows the list."),
        )
        self._add("reload refresh", _tr("Reload the list"), view.reload_requested.emit, "F5", icon=Icon.REFRESH)
        back, only_there = _tr("From the search back to the list"), Qt.ShortcutContext.WidgetShortcut
        Command(
            view.search,
            "register.to list",
            back,
            view.table.setFocus,
            Qt.Key.Key_Escape,
            context=only_there,
            is_key_only=True,
        )

    def _mint_commands(self) -> tuple[Command, ...]:
        view, panel = self._view, self._view.panel
        opened = self._of_row("open", _tr("Open"), view.open_requested.emit, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        mint = self._button(
            "mint nft",
            view.mint_button,
            "M",
            title=_tr("Mint"),
            icon=Icon.STAMP,
            group=Group.MINT,
            why_not=self._no_mint,
        )
        wishes = [
            self._add(
                f"{wish} mint",
                title_of(wish),
                partial(self._wish, wish),
                KEYS[wish],
                icon=_WISH_ICONS[wish],
                group=Group.MINT,
                refusal=partial(self._no_wish, wish),
            )
            for wish in MintWish
        ]
        for name, button in (
            ("watch progress", panel.watch_button),
            ("nft card", panel.card_button),
            ("metadata", panel.metadata_button),
        ):
            self._button(name, button, group=Group.MINT, why_not=self._no_row_or_state)
        verify = self._of_row(
            "verify selected",
            _tr("Verify…"),
            lambda _row: view.verify_selection_requested.emit(),
            "Ctrl+Shift+V",
            refusal=self._no_verification,
        )
        return opened, mint, *wishes, verify

    def _edit_commands(self) -> tuple[Command, ...]:
        view = self._view
        edit = self._of_row(
            "edit", _tr("Edit"), lambda row: view.edit_requested.emit(row.asset_id), "F2", refusal=self._no_edit
        )
        duplicate = self._of_row(
            "duplicate",
            _tr("Duplicate"),
            lambda row: view.duplicate_requested.emit(row.asset_id),
            "Ctrl+D",
            refusal=lambda _row: view.new_button.refusal,
        )
        delete = self._of_row("delete", _tr("Delete…"), self._delete, _KEY.Delete, refusal=self._no_delete)
        return edit, duplicate, delete

    def _copy_commands(self) -> tuple[Command, ...]:
        view = self._view
        return (
            self._of_row("copy rows", _tr("Copy rows"), lambda _row: view.copy_selection_requested.emit(), _KEY.Copy),
            self._of_row("copy asset id", _tr("Copy asset id"), lambda row: _copy(str(row.asset_id)), "Ctrl+Alt+C"),
            self._of_row(
                "copy token id",
                _tr("Copy token id"),
                lambda row: _copy(token_text(row.token_id or 0)),
                "Ctrl+Alt+T",
                refusal=lambda row: _tr("It has no token.") if row.token_id is None else "",
            ),
        )

    def _add(
        self,
        name: str,
        title: str,
        act: Callable[[], object],
        *keys: Keys,
        icon: Icon | None = None,
        group: Group | None = None,
        refusal: Callable[[], str] = str,
    ) -> Command:
        """A command of the page; while there is no register nobody is told more than that."""

        def why_not() -> str:
            return self._view.closed_reason or refusal()

        return Command(self._view, f"register.{name}", title, act, *keys, icon=icon, group=group, refusal=why_not)

    def _button(
        self,
        name: str,
        button: QAbstractButton,
        *keys: Keys,
        title: str = "",
        icon: Icon | None = None,
        group: Group | None = None,
        why_not: Callable[[], str] = str,
    ) -> Command:
        return button_command(
            self._view,
            f"register.{name}",
            button,
            *keys,
            title=title,
            icon=icon,
            group=group,
            why_not=lambda: self._view.closed_reason or why_not(),
        )

    def _of_row(
        self,
        name: str,
        title: str,
        act: Callable[[AssetRow], object],
        *keys: Keys,
        refusal: Callable[[AssetRow], str] = lambda _row: "",
    ) -> Command:
        """A command about the row in focus; its keys are those of the table alone."""
        table = self._view.table

        def why_not() -> str:
            row = table.current_row()
            return self._view.closed_reason or (self._no_row() if row is None else refusal(row))

        def run() -> None:
            row = table.current_row()
            if row is not None:
                act(row)

        only_there = Qt.ShortcutContext.WidgetShortcut
        return Command(table, f"register.{name}", title, run, *keys, refusal=why_not, context=only_there)

    def _no_row(self) -> str:
        return "" if self._view.table.current_row() is not None else _tr("Select an asset first.")

    def _no_row_or_state(self) -> str:
        return self._no_row() or _tr("The asset's state does not allow it.")

    def _no_mint(self) -> str:
        return self._no_row() or _tr("Nothing selected can be minted.")

    def _no_wish(self, wish: MintWish) -> str:
        row = self._view.table.current_row()
        is_possible = row is not None and row.state in STATES[wish]
        return self._view.panel.refusals[wish] or ("" if is_possible else self._no_row_or_state())

    def _no_verification(self, _row: AssetRow) -> str:
        """Of a huge selection, and of what is not loaded, the service finds out."""
        spans = self._view.table.selected_spans()
        return "" if minted_of(self._view.model, spans).count else _tr("Nothing selected is minted.")

    def _wish(self, wish: MintWish) -> None:
        row = self._view.table.current_row()
        if row is not None:
            self._view.wish_signals[wish].emit(row.asset_id)

    def _no_edit(self, row: AssetRow) -> str:
        return self._view.edit_refusal(row) or ("" if row.state in EDITABLE_STATES else self._no_row_or_state())

    def _no_delete(self, _row: AssetRow) -> str:
        deletable = self._deletable()
        return self._view.edit_refusal(*deletable) if deletable else _tr("Nothing selected can be deleted.")

    def _delete(self, _row: AssetRow) -> None:
        self._view.ask_delete(self._deletable())

    def _deletable(self) -> tuple[AssetRow, ...]:
        return tuple(row for row in self._view.chosen_rows() if row.state in EDITABLE_STATES)

    def _find(self) -> None:
        self._view.search.setFocus()
        self._view.search.selectAll()

    def _offer_search(self, text: str) -> str:
        return "" if self._view.closed_reason else _tr("Search the register for “{0}”").format(text)

    def _search(self, text: str) -> None:
        self._view.search.setText(text)
        self._view.table.setFocus()


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RegisterCommands", text)
