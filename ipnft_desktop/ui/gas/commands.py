"""What can be done in the laboratory: for its keys, its menus and the command palette."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeySequence

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.gas.result_panel import Part
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.menu import Menu

if TYPE_CHECKING:
    from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab


class LaboratoryCommands:
    """Those of the tab, and of the result in focus."""

    def __init__(self, tab: LaboratoryTab) -> None:
        self._tab = tab
        form, panel = tab.form, tab.panel
        idle, busy = _tr("No experiment is under way."), _tr("An experiment is under way.")
        button_command(
            tab,
            "gas.run experiment laboratory measure",
            form.run_button,
            "Ctrl+Return",
            title=_tr("Run the experiment"),
            icon=Icon.PLAY,
            why_not=lambda: busy,
        )
        button_command(
            tab,
            "gas.cancel stop experiment",
            form.cancel_button,
            title=_tr("Cancel the experiment"),
            icon=Icon.SQUARE,
            why_not=lambda: idle,
        )
        self._export = button_command(
            tab,
            "gas.export result spreadsheet csv xlsx",
            panel.export_button,
            "Ctrl+E",
            title=_tr("Export the measurements…"),
            icon=Icon.DOWNLOAD,
            why_not=self._no_result,
        )
        Command(
            tab, "gas.reload refresh", _tr("Reload the results"), tab.reload_requested.emit, "F5", icon=Icon.REFRESH
        )
        only_there = Qt.ShortcutContext.WidgetShortcut
        self._tick = Command(
            tab.list,
            "gas.compare tick result",
            _tr("Tick the result for a comparison"),
            tab.list.toggle_current,
            icon=Icon.CHECK,
            refusal=self._no_result,
        )
        self._delete = Command(
            tab.list,
            "gas.delete remove result",
            _tr("Delete the result in focus…"),
            tab.ask_delete,
            QKeySequence.StandardKey.Delete,
            icon=Icon.TRASH,
            refusal=lambda: tab.delete_button.refusal or self._no_result(),
            context=only_there,
        )
        for part, name, title in (
            (Part.SAVINGS, "savings", _tr("Show what a batch saves")),
            (Part.GAS, "gas per token", _tr("Show the gas per token")),
            (Part.PARTS, "where gas went parts", _tr("Show where the gas went")),
            (Part.TABLE, "measurements table", _tr("Show all measurements")),
        ):
            Command(tab, f"gas.show {name}", title, partial(panel.show_part_of_result, part), refusal=self._no_result)
        tab.list.customContextMenuRequested.connect(self._on_menu)

    def _no_result(self) -> str:
        return "" if self._tab.list.current is not None else _tr("Nothing was measured yet.")

    def _on_menu(self, at: QPoint) -> None:
        tab = self._tab
        if not tab.list.indexAt(at).isValid():
            return
        menu = Menu(tab)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in (self._tick, self._export, self._delete):
            add_command(menu, command)
        menu.popup(tab.list.viewport().mapToGlobal(at))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gas", text)
