"""Joins the stage to the window: the scenes of the program, and who may play them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from ipnft_desktop.adapters.scene_files import find_scenes
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import EnvironmentChanged, SessionChanged
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.stage.presenter import StagePlace, StagePresenter
from ipnft_desktop.ui.stage.recording_presenter import RecordingPresenter
from ipnft_desktop.ui.stage.rehearsal_presenter import RehearsalPresenter
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.stage.wording import left_out_text
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line, error_sentence
from ipnft_desktop.ui.widgets.toast import ToastStack
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter

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
        pictures: PictureStore,
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
        self.rehearsal: RehearsalPresenter | None = None
        self.recording: RecordingPresenter | None = None
        if (stage := core.stage) is not None:
            checkpoints = CheckpointsPresenter(view, stage.checkpoints, lambda: None, stays_signed_in=True)
            checkpoints.refused.connect(self._on_refused)
            self.rehearsal = RehearsalPresenter(
                view, stage.director, stage.rehearsal, stage.standby, stage.readiness, checkpoints
            )
            self.presenter = StagePresenter(view, stage.director, core.register, pictures, self.rehearsal)
            events.mint_advanced.connect(self.presenter.hear)
            self.rehearsal.changed.connect(self.presenter.refresh)
            self.recording = RecordingPresenter(view, stage.director, stage.reports)
            self.recording.written.connect(self._on_written)
            for presenter in (self.presenter, self.rehearsal, self.recording):
                presenter.notice.connect(toasts.show_toast)
            events.session_changed.connect(self.rehearsal.reload)
            events.register_opened.connect(self.rehearsal.reload)
            if not stage.director.scenes:
                self._tasks.start(self._give(), _READ)
            view.left_out_bar.action_requested.connect(self._on_read_again)
        events.environment_changed.connect(self._on_environment)
        access.changed.connect(self._refresh)
        events.session_changed.connect(self._on_session)
        self._refresh()

    @property
    def is_working(self) -> bool:
        """Whether a step or a rehearsal is under way."""
        parts = (self.presenter, self.rehearsal)
        return any(part is not None and part.is_working for part in parts)

    @property
    def place(self) -> StagePlace | None:
        """What of the stage is in view."""
        return self.presenter.place if self.presenter is not None else None

    def go_to(self, place: StagePlace) -> None:
        """Bring it back into view, where there is a stage."""
        if self.presenter is not None and self._view.is_on:
            self.presenter.go_to(place)

    async def close(self) -> None:
        """Leave the full screen; a step under way goes on."""
        await self._tasks.close()
        for part in (self.recording, self.presenter, self.rehearsal):
            if part is not None:
                await part.close()

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

    def _on_refused(self, error: IpnftError) -> None:
        self._toasts.show_toast(error_line(error), Tone.ERROR)

    def _on_environment(self, event: EnvironmentChanged) -> None:
        self._is_ready = event.is_ready
        self._refresh()

    def _on_session(self, _event: SessionChanged) -> None:
        if self.presenter is not None:  # somebody else may not see the same works
            self.presenter.forget_works()
        self._refresh()

    def _refresh(self) -> None:
        refusal = self._access.refusal(Permission.MANAGE_CHAIN)
        if self._core.stage is None:
            refusal = error_sentence(UserError(ErrorCode.KEPT_BY_OTHERS))
        # A node that is gone is part of the show: once a scene is on, the page stays, and the slide has the way back.
        is_ready = self._is_ready or (self._view.is_on and self._is_on_stage)
        self._view.show_stage(is_ready=is_ready, refusal=refusal, may_sign_in=self._core.session.user is None)
        if refusal and self.presenter is not None:
            self.presenter.leave_screens()
        elif self.presenter is not None:
            self.presenter.refresh()

    @property
    def _is_on_stage(self) -> bool:
        """Whether a step is in view, or something is broken on purpose."""
        if self._core.stage is None:
            return False
        director = self._core.stage.director
        is_in_view = director.show is not None and director.show.view is not None
        return is_in_view or bool(director.faults) or self.is_working  # a rehearsal restarts everything
