"""What can be done on the Batch page: for its keys, its menu and the command palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

from ipnft_desktop.ui.commands.command import Command, Group, Keys, button_command
from ipnft_desktop.ui.theme.icons import Icon

if TYPE_CHECKING:
    from ipnft_desktop.ui.batch.view import BatchView


class BatchCommands:
    """Those of the list, of the plan, and of the result."""

    def __init__(self, view: BatchView) -> None:
        self._view = view
        self._add_those_of_the_list()
        self._add_those_of_the_result()

    def _add_those_of_the_list(self) -> None:
        view = self._view
        self._add(
            "find search", _tr("Search what can be minted"), self._find, QKeySequence.StandardKey.Find, icon=Icon.SEARCH
        )
        self._add("reload refresh", _tr("Reload the list"), view.reload_requested.emit, "F5", icon=Icon.REFRESH)
        self._add("show all clear filter", _tr("List all that can be minted"), view.clear_filter, "Ctrl+0", icon=Icon.X)
        self._add("recipients address", _tr("Choose for whom it is minted"), view.plan.destination.setFocus)
        button_command(
            view,
            "batch.tick all select",
            view.tick_all_button,
            "Ctrl+Shift+T",
            title=_tr("Tick all that are listed"),
            icon=Icon.CHECK,
            why_not=lambda: view.closed_reason or _tr("Nothing is listed."),
        )
        button_command(
            view,
            "batch.untick none",
            view.untick_button,
            "Ctrl+Shift+U",
            title=_tr("Untick all"),
            icon=Icon.SQUARE,
            why_not=lambda: view.closed_reason or _tr("Nothing is ticked."),
        )
        button_command(
            view,
            "batch.mint ticked",
            view.mint_button,
            "Ctrl+Return",
            title=_tr("Mint what is ticked"),
            icon=Icon.STAMP,
            group=Group.MINT,
            why_not=lambda: view.closed_reason or _tr("Tick what can be minted first."),
        )
        button_command(view, "batch.waiting automatic", view.plan.waiting_button, title=_tr("What waits for others"))
        button_command(view, "batch.earlier runs results", view.runs_button, icon=Icon.CLOCK)
        only_there = Qt.ShortcutContext.WidgetShortcut
        table = view.table
        Command(
            table, "batch.tick", _tr("Tick what is selected"), view.toggle_requested.emit, "Space", context=only_there
        )
        Command(
            table,
            "batch.mint key",
            _tr("Mint what is ticked"),
            view.mint_button.click,
            "M",
            context=only_there,
            is_key_only=True,
        )
        Command(
            table,
            "batch.copy rows",
            _tr("Copy rows"),
            view.copy_requested.emit,
            QKeySequence.StandardKey.Copy,
            context=only_there,
        )
        Command(
            view.search,
            "batch.to list",
            _tr("From the search back to the list"),
            table.setFocus,
            Qt.Key.Key_Escape,
            context=only_there,
            is_key_only=True,
        )

    def _add_those_of_the_result(self) -> None:
        view, result = self._view, self._view.result

        def nothing() -> str:
            return view.closed_reason or _tr("No batch is shown.")

        for key, button, keys, title, icon in (
            ("retry failed", result.retry_button, "Shift+R", _tr("Retry what failed of the batch"), Icon.ROTATE),
            ("cancel rest", result.cancel_button, "Shift+X", _tr("Cancel the rest of the batch…"), Icon.SQUARE),
            ("export result csv xlsx", result.export_button, "Ctrl+E", _tr("Export the result…"), Icon.DOWNLOAD),
            ("close result", result.close_button, "", _tr("Close the result"), Icon.X),
            ("left out", view.plan.left_out_button, "", _tr("Show what is left out…"), Icon.INFO),
        ):
            named = (keys,) if keys else ()
            button_command(view, f"batch.{key}", button, *named, title=title, icon=icon, why_not=nothing)

    def _add(self, name: str, title: str, act: Callable[[], object], *keys: Keys, icon: Icon | None = None) -> None:
        Command(self._view, f"batch.{name}", title, act, *keys, icon=icon, refusal=lambda: self._view.closed_reason)

    def _find(self) -> None:
        self._view.search.setFocus()
        self._view.search.selectAll()


def _tr(text: str) -> str:
    return QCoreApplication.translate("BatchCommands", text)
