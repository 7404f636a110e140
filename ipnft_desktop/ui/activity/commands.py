"""What can be done on the Activity page: for its keys, its menus and the command palette."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence

from ipnft_desktop.domain.mint_activity import JobRow
from ipnft_desktop.ui.activity.actions import JobWish, is_retryable
from ipnft_desktop.ui.commands.command import Command, Group, Keys, button_command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets import job_words as words

if TYPE_CHECKING:
    from ipnft_desktop.ui.activity.view import ActivityView

_TX_HASH = re.compile("0x[0-9a-f]{64}", re.IGNORECASE)


class ActivityCommands:
    """Those of the page, and of the mint in focus."""

    def __init__(self, view: ActivityView) -> None:
        self._view = view
        self._add_those_of_the_list()
        self.of_row = (self._mint_commands(), self._copy_commands())
        """What the menu of a row shows, in two parts."""
        Jump(view, self._offer_search, self._search)
        Jump(view, self._offer_hash, self._search, is_exact=True)

    def _add_those_of_the_list(self) -> None:
        view = self._view
        self._add("find search", _tr("Search the mints"), self._find, QKeySequence.StandardKey.Find, icon=Icon.SEARCH)
        self._add(
            "show all clear filter",
            _tr("Show every mint"),
            view.show_all,
            "Ctrl+0",
            icon=Icon.X,
            refusal=lambda: "" if view.query.is_narrowed else _tr("Nothing narrows the list."),
        )
        self._add("reload refresh", _tr("Reload the list"), view.reload_requested.emit, "F5", icon=Icon.REFRESH)
        button_command(
            view,
            "activity.export spreadsheet csv xlsx",
            view.export_button,
            "Ctrl+E",
            title=_tr("Export the mints in view…"),
            icon=Icon.DOWNLOAD,
            why_not=lambda: self._view.closed_reason or _tr("Nothing is in view."),
        )
        button_command(
            view,
            "activity.retry failed mints",
            view.retry_all_button,
            "Shift+R",
            title=_tr("Retry the failed mints in view…"),
            icon=Icon.ROTATE,
            group=Group.MINT,
            why_not=lambda: self._view.closed_reason or _tr("No failed mint in view can be tried again."),
        )
        Command(
            view.search,
            "activity.to list",
            _tr("From the search back to the list"),
            view.table.setFocus,
            Qt.Key.Key_Escape,
            context=Qt.ShortcutContext.WidgetShortcut,
            is_key_only=True,
        )

    def _mint_commands(self) -> tuple[Command, ...]:
        return (
            self._wish("open watch card", _tr("Open"), JobWish.OPEN, Qt.Key.Key_Return, Qt.Key.Key_Enter),
            self._wish("retry", _tr("Retry"), JobWish.RETRY, "R", refusal=self._no_retry),
            self._wish(
                "cancel",
                _tr("Cancel mint…"),
                JobWish.CANCEL,
                QKeySequence.StandardKey.Delete,
                "X",
                refusal=self._no_cancel,
            ),
            self._wish("open asset", _tr("Open asset in the register"), JobWish.OPEN_ASSET, "Ctrl+Return"),
            self._of_row(
                "show on chain transaction block",
                _tr("Show on chain"),
                lambda row: self._view.chain_requested.emit(row.tx_hash or ""),
                "Ctrl+Shift+B",
                refusal=lambda row: "" if row.block_number is not None else _tr("No block has it yet."),
            ),
        )

    def _copy_commands(self) -> tuple[Command, ...]:
        return (
            self._of_row("copy row", _tr("Copy row"), self._copy_row, QKeySequence.StandardKey.Copy),
            self._of_row(
                "copy transaction hash",
                _tr("Copy transaction hash"),
                lambda row: _copy(row.tx_hash or ""),
                "Ctrl+Alt+C",
                refusal=lambda row: "" if row.tx_hash else _tr("Nothing is signed yet."),
            ),
            self._of_row("copy recipient", _tr("Copy recipient"), lambda row: _copy(row.recipient)),
            self._of_row("copy job id", _tr("Copy job id"), lambda row: _copy(str(row.job_id))),
        )

    def _add(
        self,
        name: str,
        title: str,
        act: Callable[[], object],
        *keys: Keys,
        icon: Icon | None = None,
        refusal: Callable[[], str] = str,
    ) -> None:
        def why_not() -> str:
            return self._view.closed_reason or refusal()

        Command(self._view, f"activity.{name}", title, act, *keys, icon=icon, refusal=why_not)

    def _wish(
        self,
        name: str,
        title: str,
        wish: JobWish,
        *keys: Keys,
        refusal: Callable[[JobRow], str] = lambda _row: "",
    ) -> Command:
        return self._of_row(name, title, lambda _row: self._view.wished.emit(wish), *keys, refusal=refusal)

    def _of_row(
        self,
        name: str,
        title: str,
        act: Callable[[JobRow], object],
        *keys: Keys,
        refusal: Callable[[JobRow], str] = lambda _row: "",
    ) -> Command:
        """A command about the mint in focus; its keys are those of the table alone."""
        view = self._view

        def why_not() -> str:
            row = view.panel.row
            return self._view.closed_reason or (_tr("Select a mint first.") if row is None else refusal(row))

        def run() -> None:
            row = view.panel.row
            if row is not None:
                act(row)

        only_there = Qt.ShortcutContext.WidgetShortcut
        return Command(view.table, f"activity.{name}", title, run, *keys, refusal=why_not, context=only_there)

    def _no_retry(self, row: JobRow) -> str:
        if not is_retryable(row):
            return _tr("Only a mint that failed or is held up can be tried again.")
        return self._view.panel.retry_button.refusal

    def _no_cancel(self, row: JobRow) -> str:
        return (
            self._view.panel.cancel_button.refusal if row.may_cancel else _tr("The mint cannot be cancelled any more.")
        )

    def _copy_row(self, row: JobRow) -> None:
        _copy(words.copied(row, words.utc_now()))

    def _find(self) -> None:
        self._view.search.setFocus()
        self._view.search.selectAll()

    def _offer_search(self, text: str) -> str:
        is_hash = _TX_HASH.fullmatch(text) is not None
        return "" if self._view.closed_reason or is_hash else _tr("Search the mints for “{0}”").format(text)

    def _offer_hash(self, text: str) -> str:
        is_hash = _TX_HASH.fullmatch(text) is not None
        return _tr("Show the mint of this transaction") if is_hash and not self._view.closed_reason else ""

    def _search(self, text: str) -> None:
        self._view.show_all()
        self._view.search.setText(text)
        self._view.table.setFocus()


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ActivityCommands", text)
