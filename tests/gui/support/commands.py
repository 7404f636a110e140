"""Commands by their names, as keys, menus and the palette run them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command


def command(owner: QWidget, key: str) -> Command:
    """The command of a page, or of a part of it, whose name begins like this ("register.delete")."""
    found = [each for each in owner.findChildren(Command) if each.key.startswith(key)]
    assert len(found) == 1, [each.key for each in found]
    return found[0]
