"""The context menu of the register's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.widgets.menu import Menu

if TYPE_CHECKING:
    from ipnft_desktop.ui.register.view import RegisterView


def row_menu(view: RegisterView) -> QMenu:
    """What can be done with the row in focus and with all that are chosen."""
    menu = Menu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for part in view.commands.of_row:
        if not menu.isEmpty():
            menu.addSeparator()
        for command in part:
            add_command(menu, command)
    return menu
