"""What can be done on the Settings page: for its keys, its menu and the command palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.theme.icons import Icon

if TYPE_CHECKING:
    from ipnft_desktop.ui.settings.view import SettingsView


def add_settings_commands(view: SettingsView) -> tuple[Command, ...]:
    """Give the page its commands; answers those of its menu."""
    find = QKeySequence.StandardKey.Find
    Command(view, "settings.search find", _tr("Search settings"), view.start_search, find, icon=Icon.SEARCH)
    back = _tr("Leave the search")
    Command(view.search, "settings.leave search", back, view.leave_search, Qt.Key.Key_Escape, is_key_only=True)
    button_command(view, "settings.changed only", view.changed_box, title=_tr("Only what was changed, or everything"))
    restart = view.pending_bar.button
    nothing = _tr("Nothing waits for a restart.")
    button_command(view, "settings.restart apply", restart, icon=Icon.ROTATE, why_not=lambda: nothing)
    export = Command(view, "settings.export", _tr("Export settings…"), view.export_requested.emit, icon=Icon.DOWNLOAD)
    bring_in = Command(view, "settings.import", _tr("Import settings…"), view.import_requested.emit, icon=Icon.UPLOAD)
    folder = _tr("Open the profile folder")
    show = Command(view, "settings.open folder profile", folder, view.folder_requested.emit, icon=Icon.FOLDER_OPEN)
    reset = Command(view, "settings.reset all defaults", _tr("Reset all settings…"), view.reset_all_wanted.emit)
    return export, bring_in, show, reset


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingsCommands", text)
