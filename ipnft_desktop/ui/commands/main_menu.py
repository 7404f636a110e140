"""The menu of the whole program: every command with its keys, in the menus people look for them."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.ui.commands.command import Command, Group
from ipnft_desktop.ui.commands.registry import carry_out, commands_of, place_of
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line


def main_menu(window: QWidget) -> QMenu:
    """File, one menu for each page, Mint, View and Help; goes by itself when it is closed."""
    menu = Menu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    commands = [each for each in commands_of(window) if not each.is_key_only]
    pages = list(dict.fromkeys(_page(each) for each in commands if each.group is None))
    _add(menu, _title(Group.FILE), [each for each in commands if each.group is Group.FILE])
    for page in pages:
        _add(menu, page, [each for each in commands if each.group is None and _page(each) == page])
        if page == pages[0]:
            _add(menu, _title(Group.MINT), [each for each in commands if each.group is Group.MINT])
    for group in (Group.VIEW, Group.HELP):
        _add(menu, _title(group), [each for each in commands if each.group is group])
    return menu


def add_command(menu: QMenu, command: Command, title: str = "") -> None:
    """A line that does the command as it stands now, under its own title or another one."""
    shown = (title or command.title).replace("&", "&&")
    add_line(menu, shown, lambda: carry_out(command), command.shortcut(), refusal=command.refusal())


def _add(menu: QMenu, title: str, commands: list[Command]) -> None:
    if not commands:
        return
    inner = menu.addMenu(title)
    for at, (_place, some) in enumerate(groupby(commands, place_of)):
        if at:
            inner.addSeparator()
        for command in some:
            add_command(inner, command)


def _page(command: Command) -> str:
    return next(iter(place_of(command)), _title(Group.FILE))


def _title(group: Group) -> str:
    translate = QCoreApplication.translate
    return {
        Group.FILE: translate("MainMenu", "File"),
        Group.MINT: translate("MainMenu", "Mint"),
        Group.VIEW: translate("MainMenu", "View"),
        Group.HELP: translate("MainMenu", "Help"),
    }[group]
