"""Runs the stage: presses go to the director, and what becomes of the show goes to page, screen and notes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.scenes import Scene, Show, StageFault
from ipnft_desktop.ui.stage.screen import PresenterNotes, StageScreen
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line

_TICK_MS = 500
_BREAK, _HEAL, _GIVE_UP = "stage break", "stage heal", "stage give up"


class Director(Protocol):
    """What is needed of `services.stage.director.Director`."""

    @property
    def scenes(self) -> tuple[Scene, ...]: ...
    @property
    def show(self) -> Show | None: ...
    @property
    def faults(self) -> frozenset[StageFault]: ...
    @property
    def is_running(self) -> bool: ...
    def show_of(self, scene: Scene) -> Show: ...
    def observe(self, hear: Callable[[], None]) -> Callable[[], None]: ...
    def give(self, scenes: Sequence[Scene]) -> None: ...
    def choose(self, scene: Scene) -> None: ...
    def begin_again(self, scene: Scene) -> None: ...
    def on(self) -> None: ...
    def back(self) -> None: ...
    def again(self) -> None: ...
    async def give_up(self) -> None: ...
    async def break_now(self, fault: StageFault) -> None: ...
    async def heal(self) -> None: ...


class StandIn(Protocol):
    """What helps where a step failed, see `rehearsal_presenter.py`."""

    def can_skip(self, show: Show) -> bool: ...
    def has_picture(self, show: Show) -> bool: ...
    def dress(self, slide: Slide, show: Show | None) -> None: ...
    def skip(self) -> None: ...
    def show_picture(self) -> None: ...


class StagePresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, view: StageView, director: Director, stand_in: StandIn | None = None) -> None:
        super().__init__(view)
        self._stand_in = stand_in
        self._view = view
        self._director = director
        self.screen: StageScreen | None = None
        self.notes: PresenterNotes | None = None
        self._begun_at_s: float | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._end = director.observe(self.refresh)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self.refresh)
        view.on_requested.connect(self._on_next)
        view.back_requested.connect(director.back)
        view.full_screen_requested.connect(self._on_full_screen)
        view.fault_requested.connect(self._on_fault)
        view.scenes.scene_chosen.connect(self._on_chosen)
        view.scenes.again_requested.connect(self._on_play_again)
        self._follow_slide(view.slide)
        self.refresh()

    @property
    def is_working(self) -> bool:
        """Whether a step is under way."""
        return self._director.is_running

    def refresh(self) -> None:
        """Show how the show stands."""
        director, show = self._director, self._director.show
        shows = [director.show_of(scene) for scene in director.scenes]
        self._view.scenes.show_scenes(shows, show.scene.scene_id if show else "")
        number = director.scenes.index(show.scene) + 1 if show else 0
        now = asyncio.get_running_loop().time()
        view = show.view if show else None
        running_s = now - view.begun_at_s if view and view.begun_at_s is not None and view.seconds is None else 0.0
        for slide in (self._view.slide, self.screen.slide if self.screen else None):
            if slide is not None:
                self._show_on(slide, show, number, running_s)
        if self.notes is not None:
            self.notes.show_step(show, now - self._begun_at_s if self._begun_at_s is not None else 0.0)
        if director.is_running or self.notes is not None:
            if not self._ticking.isActive():
                self._ticking.start()
        else:
            self._ticking.stop()

    async def close(self) -> None:
        """Leave the full screen; a step that runs belongs to the director."""
        self._end()
        self._ticking.stop()
        self._leave_screens()
        await self._tasks.close()

    def _show_on(self, slide: Slide, show: Show | None, number: int, running_s: float) -> None:
        stand_in = self._stand_in
        slide.show_step(
            show,
            number,
            self._director.faults,
            running_s,
            can_skip=stand_in is not None and show is not None and stand_in.can_skip(show),
            has_picture=stand_in is not None and show is not None and stand_in.has_picture(show),
        )
        if stand_in is not None:
            stand_in.dress(slide, show)

    def _follow_slide(self, slide: Slide) -> None:
        if self._stand_in is not None:
            slide.skip_requested.connect(self._stand_in.skip)
            slide.picture_requested.connect(self._stand_in.show_picture)
        slide.again_requested.connect(self._director.again)
        slide.give_up_requested.connect(lambda: self._do(self._director.give_up(), _GIVE_UP))
        slide.heal_requested.connect(lambda: self._do(self._director.heal(), _HEAL))

    def _on_next(self) -> None:
        if self._begun_at_s is None:
            self._begun_at_s = asyncio.get_running_loop().time()
        self._director.on()

    def _on_chosen(self, at: int) -> None:
        self._director.choose(self._director.scenes[at])

    def _on_play_again(self, at: int) -> None:
        self._director.begin_again(self._director.scenes[at])

    def _on_full_screen(self) -> None:
        if self.screen is not None:
            self.screen.close()
            return
        screens = QGuiApplication.screens()
        here = self._view.window().screen()
        other = next((screen for screen in screens if screen is not here), None)
        stage = self.screen = StageScreen(self._view.window())
        stage.on_requested.connect(self._on_next)
        stage.back_requested.connect(self._director.back)
        stage.closed.connect(self._leave_screens)
        self._follow_slide(stage.slide)
        stage.setGeometry((other or here).geometry())
        stage.showFullScreen()
        if other is not None:
            notes = self.notes = PresenterNotes(self._view.window())
            notes.on_requested.connect(self._on_next)
            notes.back_requested.connect(self._director.back)
            notes.show()
        self.refresh()

    def _leave_screens(self) -> None:
        screen, self.screen = self.screen, None
        notes, self.notes = self.notes, None
        for window in (screen, notes):
            if window is not None:
                window.hide()
                window.deleteLater()

    def _on_fault(self, fault: StageFault) -> None:
        self._do(self._director.break_now(fault), _BREAK)

    def _do(self, work: Coroutine[Any, Any, None], name: str) -> None:
        async def guarded() -> None:
            try:
                await work
            except IpnftError as error:
                self.notice.emit(error_line(error), Tone.ERROR)

        if self._tasks.is_running(name):
            work.close()
        else:
            self._tasks.start(guarded(), name)

    def _on_unexpected(self, error: Exception) -> None:
        self.notice.emit(error_line(with_code(error)), Tone.ERROR)
