"""Joins the stage to the window: the scenes of the program, and who may play them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from ipnft_desktop.adapters.scene_files import find_scenes
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.stage.presenter import StagePresenter
from ipnft_desktop.ui.stage.recording_presenter import RecordingPresenter
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.stage.wording import left_out_text
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_sentence
from ipnft_desktop.ui.widgets.toast import ToastStack

_READ = "stage scenes"
SCENES_OF_THE_PROGRAM = RESOURCES / "scenes"
SCENES_FOLDER = "scenes"
"""In the profile: a person's own."""


class StageInWindow(QObject):
    """The page shows why where there is no stage: a chain of others, or somebody who may not control the chain."""

    def __init__(
        self,
        view: StageView,
        core: Core,
        access: Access,
        events: AppEvents,
        toasts: ToastStack,
        open_folder: Callable[[Path], object],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._core = core
        self._access = access
        self._toasts = toasts
        self._open_folder = open_folder
        self._is_ready = False
        self._tasks = PageTasks(lambda error: toasts.show_toast(str(error), Tone.ERROR))
        self.presenter: StagePresenter | None = None
        self.recording: RecordingPresenter | None = None
        if core.stage is not None:
            self.presenter = StagePresenter(view, core.stage.director)
            self.presenter.notice.connect(toasts.show_toast)
            self.recording = RecordingPresenter(view, core.stage.director, core.stage.reports)
            self.recording.notice.connect(toasts.show_toast)
            self.recording.written.connect(self._on_written)
            if not core.stage.director.scenes:
                self._tasks.start(self._give(), _READ)
            view.left_out_bar.action_requested.connect(self._on_read_again)
        events.environment_changed.connect(self._on_environment)
        for changed in (events.session_changed, access.changed):
            changed.connect(self._refresh)
        self._refresh()

    @property
    def is_working(self) -> bool:
        """Whether a step is under way."""
        return self.presenter is not None and self.presenter.is_working

    async def close(self) -> None:
        """Leave the full screen; a step under way goes on."""
        await self._tasks.close()
        if self.recording is not None:
            await self.recording.close()
        if self.presenter is not None:
            await self.presenter.close()

    async def _give(self) -> None:
        """Bring the scenes on stage, and tell of those that are left out."""
        assert self._core.stage is not None
        folders = (SCENES_OF_THE_PROGRAM, self._core.profile / SCENES_FOLDER)
        found = await asyncio.to_thread(find_scenes, folders)
        self._core.stage.director.give(found.scenes)
        self._view.left_out_bar.tell(left_out_text(found.broken))

    def _on_read_again(self) -> None:
        if not self.is_working and not self._tasks.is_running(_READ):
            self._tasks.start(self._give(), _READ)

    def _on_written(self, told: str, folder: Path) -> None:
        self._toasts.show_toast(told, Tone.OK, self.tr("Show folder"), lambda: self._open_folder(folder))

    def _on_environment(self, event: EnvironmentChanged) -> None:
        self._is_ready = event.is_ready
        self._refresh()

    def _refresh(self) -> None:
        refusal = self._access.refusal(Permission.MANAGE_CHAIN)
        if self._core.stage is None:
            refusal = error_sentence(UserError(ErrorCode.KEPT_BY_OTHERS))
        # A node that is killed on stage is part of the show: the page stays.
        is_played = self.presenter is not None and bool(self._core.stage and self._core.stage.director.faults)
        is_on_stage = self._view.is_on and self.is_working
        self._view.show_stage(is_ready=self._is_ready or is_played or is_on_stage, refusal=refusal)
