"""Joins workspaces and checkpoints with the window: the button on the Environment page, the dialogs, the notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.workspaces import Workspace
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.status_strip import StatusSegment
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter
from ipnft_desktop.ui.workspaces.presenter import WorkspacesPresenter
from ipnft_desktop.ui.workspaces.words import workspace_name
from ipnft_desktop.ui.workspaces.workspace_button import WorkspaceButton


class WorkspacesInWindow(QObject):
    """As long as the pages are over this core."""

    def __init__(
        self,
        window: MainWindow,
        environment_view: EnvironmentView,
        core: Core,
        access: Access,
        events: AppEvents,
        on_turned: Callable[[], object],
        on_open: Callable[[str], object],
    ) -> None:
        """`on_turned` starts everything again behind a return; `on_open` opens the workspace of this id instead."""
        super().__init__(window)
        self._window = window
        self._core = core
        self.button = WorkspaceButton()
        environment_view.header.add_action(self.button)
        self.checkpoints = CheckpointsPresenter(window, core.checkpoints, on_turned)
        self.presenter = WorkspacesPresenter(
            window,
            self.button,
            core.workspaces,
            self.checkpoints,
            access,
            has_checkpoints=core.checkpoints.are_possible,
        )
        self._on_open = on_open
        self.presenter.open_requested.connect(self._on_open_requested)
        self.presenter.opened_named.connect(self._on_named)
        self.presenter.undo_offered.connect(self._on_undo_offered)
        for presenter in (self.presenter, self.checkpoints):
            presenter.notice.connect(window.toasts.show_toast)
        events.session_changed.connect(self.presenter.reload)
        self.presenter.reload()

    @property
    def is_working(self) -> bool:
        """Whether something is under way that must not be given up."""
        return self.presenter.is_working or self.checkpoints.is_working

    async def close(self) -> None:
        """End what is under way; nothing can be undone any more by a notice."""
        self._window.toasts.clear()
        await self.presenter.close()
        await self.checkpoints.close()
        for lasting in (self.presenter, self.checkpoints, self):
            lasting.deleteLater()  # they belong to the window, which stays

    def _on_open_requested(self, workspace: Workspace) -> None:
        self._on_open(workspace.workspace_id)

    def _on_named(self, workspace: Workspace) -> None:
        """The profile's own goes without saying, as long as nobody named it."""
        name = workspace_name(workspace)
        self._window.name_workspace(name if workspace.name or not workspace.is_home else "")
        hint = self.tr("Workspace: {0}").format(name)
        self._window.hint_segment(StatusSegment.DATABASE, f"{hint}\n{self._core.workspace.folder}")

    def _on_undo_offered(self, text: str, undo: Callable[[], object], give_up: Callable[[], object]) -> None:
        self._window.toasts.show_toast(text, Tone.OK, self.tr("Undo"), undo, on_gone=give_up)
