"""What can be done with workspaces from anywhere in the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command, Group
from ipnft_desktop.ui.theme.icons import Icon

Act = Callable[[], object]
Refusal = Callable[[], str]


class WorkspaceCommands:
    """Belong to the window, which stays when another workspace is opened: `close` ends them."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._made: list[Command] = []

    def add_manage(self, act: Act) -> Command:
        """The dialog of all."""
        return self._add("file.manage workspaces", _tr("Manage workspaces…"), act, "Ctrl+Shift+W", icon=Icon.DATABASE)

    def add_new(self, act: Act, refusal: Refusal) -> Command:
        """A new one."""
        return self._add("file.new workspace", _tr("New workspace…"), act, icon=Icon.PLUS, refusal=refusal)

    def add_checkpoint(self, act: Act, refusal: Refusal) -> Command:
        """A checkpoint of the open one."""
        title = _tr("Checkpoint now…")
        return self._add("file.checkpoint snapshot", title, act, "Ctrl+Shift+K", icon=Icon.CLOCK, refusal=refusal)

    def add_return(self, act: Act, refusal: Refusal) -> Command:
        """Back to the newest one."""
        title = _tr("Return to the newest checkpoint…")
        return self._add("file.return to checkpoint", title, act, icon=Icon.ROTATE, refusal=refusal)

    def close(self) -> None:
        """They are no commands any more."""
        for command in self._made:
            command.dispose()
        self._made = []

    def _add(self, key: str, title: str, act: Act, *keys: str, icon: Icon, refusal: Refusal = str) -> Command:
        context = Qt.ShortcutContext.WindowShortcut
        made = Command(
            self._window, key, title, act, *keys, icon=icon, group=Group.FILE, refusal=refusal, context=context
        )
        self._made.append(made)
        return made


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workspaces", text)
