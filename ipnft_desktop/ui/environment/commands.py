"""What can be done on the Environment page: for its keys, the menu and the command palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.ui.commands.command import button_command
from ipnft_desktop.ui.theme.icons import Icon

if TYPE_CHECKING:
    from ipnft_desktop.ui.environment.view import EnvironmentView


def add_environment_commands(view: EnvironmentView) -> None:
    """Give the page its commands; those of the cards that are added to it later are the cards' own."""
    node, backups = view.node_card, view.backups_card

    def no_node() -> str:
        return _tr("No node is running.")

    for name, title, button, keys, icon, why_not in (
        ("start restart everything", _tr("Start or restart everything"), view.start_button, "Ctrl+R", Icon.PLAY, str),
        ("cancel start", _tr("Cancel the start"), view.cancel_button, "", Icon.X, lambda: _tr("Nothing is starting.")),
        ("stop node", _tr("Stop the node"), node.stop_button, "", Icon.SQUARE, no_node),
        ("restart node", _tr("Restart the node"), node.restart_button, "", Icon.ROTATE, no_node),
        ("crash simulate", _tr("Simulate a crash of the node"), node.crash_button, "", Icon.TRIANGLE_ALERT, no_node),
        (
            "new chain",
            _tr("Start a new chain…"),
            view.new_chain_button,
            "",
            Icon.LINK,
            lambda: _tr("The chain is not lost."),
        ),
        ("backup", _tr("Back up the register now"), backups.backup_button, "Ctrl+B", Icon.DATABASE, str),
        ("autostart", _tr("Start with the program, or not"), view.autostart_box, "", Icon.POWER, str),
    ):
        wanted = (keys,) if keys else ()
        button_command(view, f"environment.{name}", button, *wanted, title=title, icon=icon, why_not=why_not)


def _tr(text: str) -> str:
    return QCoreApplication.translate("EnvironmentCommands", text)
