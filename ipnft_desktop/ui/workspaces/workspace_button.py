"""The button that names the open workspace, and the menu in which another one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.domain.workspaces import Checkpoint, Workspace
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.workspaces.words import checkpoint_name, workspace_name

_MOST = 8
"""Lines of each kind; the dialog has them all."""
_NAME_MAX_CHARS = 28


class WorkspaceButton(SecondaryButton):
    """`open_requested` carries a `Workspace`, `return_requested` a `Checkpoint`."""

    open_requested = Signal(object)
    return_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Workspaces"), Icon.DATABASE, parent=parent)
        self._workspaces: tuple[Workspace, ...] = ()
        self._checkpoints: tuple[Checkpoint, ...] = ()
        self._open_id = ""
        self._open_refusal = self._return_refusal = ""
        self._commands: tuple[Command, Command, Command] | None = None
        self.menu_shown = Menu(self)
        self.menu_shown.aboutToShow.connect(self._fill)
        self.setMenu(self.menu_shown)
        self._name()

    def show_workspaces(self, workspaces: Sequence[Workspace], open_id: str) -> None:
        """Which there are, and which of them is open."""
        self._workspaces, self._open_id = tuple(workspaces), open_id
        self._name()

    def show_checkpoints(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Those of the open one, newest first."""
        self._checkpoints = tuple(checkpoints)

    def use_commands(self, new: Command, manage: Command, checkpoint: Command) -> None:
        """What the menu offers beside the workspaces themselves."""
        self._commands = new, manage, checkpoint

    def refuse_lines(self, *, others: str, checkpoints: str) -> None:
        """Why nobody may open another one, or return to a checkpoint now; empty where they may."""
        self._open_refusal, self._return_refusal = others, checkpoints

    def _name(self) -> None:
        opened = next((each for each in self._workspaces if each.workspace_id == self._open_id), None)
        name = workspace_name(opened) if opened else ""
        short = name if len(name) <= _NAME_MAX_CHARS else f"{name[: _NAME_MAX_CHARS - 1]}…"
        told = self.tr("Workspace: {0}").format(visible(short)) if name else self.tr("Workspaces")
        self.setText(told.replace("&", "&&"))
        self.setAccessibleName(self.tr("Workspace: {0}").format(visible(name)) if name else told)

    def _fill(self) -> None:
        menu = self.menu_shown
        menu.clear()
        for workspace in self._recent():
            is_open = workspace.workspace_id == self._open_id
            line = add_line(
                menu,
                _line_text(workspace_name(workspace)),
                lambda workspace=workspace: self._on_chosen(workspace),
                refusal="" if is_open else self._open_refusal,
            )
            line.setCheckable(True)
            line.setChecked(is_open)
        if self._commands is None:
            return
        new, manage, checkpoint = self._commands
        menu.addSeparator()
        add_command(menu, new)
        add_command(menu, manage)
        menu.addSeparator()
        add_command(menu, checkpoint)
        self._fill_returns(menu.addMenu(self.tr("Return to checkpoint")), manage)

    def _fill_returns(self, menu: QMenu, manage: Command) -> None:
        menu.setEnabled(bool(self._checkpoints) and not self._return_refusal)
        for checkpoint in self._checkpoints[:_MOST]:
            text = self.tr("{0}, {1}").format(_line_text(checkpoint_name(checkpoint)), local_time(checkpoint.at))
            add_line(menu, f"{text}…", lambda checkpoint=checkpoint: self.return_requested.emit(checkpoint))
        if len(self._checkpoints) > _MOST:
            add_command(menu, manage, self.tr("All checkpoints…"))

    def _recent(self) -> list[Workspace]:
        """The open one first, then by when they were opened last."""

        def rank(workspace: Workspace) -> tuple[bool, float]:
            opened = workspace.last_opened_at
            return workspace.workspace_id != self._open_id, -(opened.timestamp() if opened else 0)

        return sorted(self._workspaces, key=rank)[:_MOST]

    def _on_chosen(self, workspace: Workspace) -> None:
        if workspace.workspace_id != self._open_id:
            self.open_requested.emit(workspace)


def _line_text(name: str) -> str:
    return visible(name).replace("&", "&&")
