"""Joins the stage to the window: the scenes of the program, and who may play them."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import EnvironmentChanged, SessionChanged
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Scene
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.stage.presenter import StagePlace, StagePresenter
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line, error_sentence
from ipnft_desktop.ui.widgets.toast import ToastStack

_READ = "stage scenes"


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
    ) -> None:
        super().__init__(view)
        self._view = view
        self._core = core
        self._access = access
        self._toasts = toasts
        self._is_ready = False
        self._tasks = PageTasks(lambda error: toasts.show_toast(str(error), Tone.ERROR))
        self.presenter: StagePresenter | None = None
        if core.stage is not None:
            self.presenter = StagePresenter(view, core.stage.director, core.register, pictures)
            self.presenter.notice.connect(toasts.show_toast)
            events.mint_advanced.connect(self.presenter.hear)
            if not core.stage.director.scenes:
                self._tasks.start(self._give(), _READ)
        events.environment_changed.connect(self._on_environment)
        access.changed.connect(self._refresh)
        events.session_changed.connect(self._on_session)
        self._refresh()

    @property
    def is_working(self) -> bool:
        """Whether a step is under way."""
        return self.presenter is not None and self.presenter.is_working

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
        if self.presenter is not None:
            await self.presenter.close()

    async def _give(self) -> None:
        assert self._core.stage is not None
        try:
            self._core.stage.director.give(await asyncio.to_thread(scenes_of_the_program))
        except IpnftError as error:
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
        return bool(director.faults) or (director.show is not None and director.show.view is not None)


def scenes_of_the_program() -> tuple[Scene, ...]:
    """Those that come with it, in the order of their files. Raises SceneInvalid."""
    return tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))
