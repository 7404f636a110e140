"""Runs the stage: presses go to the director, and what becomes of the show goes to page, screen and notes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.domain.scenes import Show, StageFault, StepState
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.stage.clicker import Clicker
from ipnft_desktop.ui.stage.notes import PresenterNotes
from ipnft_desktop.ui.stage.ports import Director, StandIn, Works
from ipnft_desktop.ui.stage.screen import StageScreen
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.stage.works import MOST_WORKS, Work
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line

_TICK_MS = 500
_BREAK, _HEAL, _GIVE_UP, _WORKS = "stage break", "stage heal", "stage give up", "stage works"


@dataclass(frozen=True, slots=True)
class StagePlace:
    """What of the stage is in view beside the show itself, which is the director's."""

    is_on_screen: bool
    has_notes: bool


class StagePresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(
        self,
        view: StageView,
        director: Director,
        works: Works,
        pictures: PictureStore,
        stand_in: StandIn | None = None,
    ) -> None:
        """Without a `stand_in` a step that failed can only be tried again."""
        super().__init__(view)
        self._view = view
        self._director = director
        self._register = works
        self._pictures = pictures
        self._stand_in = stand_in
        self.screen: StageScreen | None = None
        self.notes: PresenterNotes | None = None
        self._asset_ids: tuple[UUID, ...] = ()
        self._works: tuple[Work, ...] = ()
        self._mints: dict[UUID, MintProgress] = {}
        self._tasks = PageTasks(self._on_unexpected)
        self._end = director.observe(self.refresh)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self.refresh)
        view.on_requested.connect(director.on)
        view.back_requested.connect(director.back)
        view.full_screen_requested.connect(self._on_full_screen)
        view.black_requested.connect(self._on_black)
        view.fault_requested.connect(self._on_fault)
        view.notes_button.toggled.connect(self.refresh)
        view.scenes.scene_chosen.connect(self._on_chosen)
        view.scenes.again_requested.connect(self._on_play_again)
        self._follow_slide(view.slide)
        self.refresh()

    @property
    def is_working(self) -> bool:
        """Whether a step is under way."""
        return self._director.is_running

    @property
    def place(self) -> StagePlace:
        """What is in view."""
        return StagePlace(self.screen is not None, self._view.notes_button.isChecked())

    def go_to(self, place: StagePlace) -> None:
        """Bring it back into view."""
        self._view.notes_button.setChecked(place.has_notes)
        if place.is_on_screen and self.screen is None:
            self._on_full_screen()

    def refresh(self) -> None:
        """Show how the show stands."""
        director, show = self._director, self._director.show
        shows = [director.show_of(scene) for scene in director.scenes]
        self._view.scenes.show_scenes(shows, show.scene.scene_id if show else "")
        self._view.show_faults(director.faults)
        self._follow_works(show)
        now = asyncio.get_running_loop().time()
        running_s = _running_s(show, now)
        self._show_slides(show, running_s)
        self._show_notes(show, now, running_s)
        has_notes = self.notes is not None or self._view.notes_button.isChecked()
        if director.is_running or (has_notes and director.begun_at_s is not None):
            if not self._ticking.isActive():
                self._ticking.start()
        else:
            self._ticking.stop()

    def hear(self, event: MintAdvanced) -> None:
        """A mint moved on; those of the step in view are followed on the slide."""
        if not set(event.progress.asset_ids).isdisjoint(self._asset_ids):
            self._mints[event.progress.job_id] = event.progress
            self.refresh()

    def leave_screens(self) -> None:
        """Leave the full screen and close the notes; the show goes on on the page."""
        screen, self.screen = self.screen, None
        notes, self.notes = self.notes, None
        self._view.has_screen = False
        for window in (screen, notes):
            if window is not None:
                window.hide()
                window.deleteLater()

    def forget_works(self) -> None:
        """Somebody else is signed in, or nobody: what the register holds goes at once, and is read anew."""
        self._asset_ids, self._works = (), ()
        self._mints.clear()
        for slide in (self._view.slide, self.screen.slide if self.screen else None):
            if slide is not None:
                slide.show_works((), None)

    async def close(self) -> None:
        """Leave the full screen; a step that runs belongs to the director."""
        self._end()
        self._ticking.stop()
        self.leave_screens()
        await self._tasks.close()

    # --- showing ----------------------------------------------------------------------------------------------

    def _show_slides(self, show: Show | None, running_s: float) -> None:
        director = self._director
        number = director.scenes.index(show.scene) + 1 if show else 0
        is_running = show is not None and show.view is not None and show.view.state is StepState.RUNNING
        slowest = min(self._mints.values(), key=lambda each: each.percent, default=None) if is_running else None
        for slide in (self._view.slide, self.screen.slide if self.screen else None):
            if slide is not None:
                slide.show_works(self._works, slowest)
                self._show_on(slide, show, number, running_s)

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

    def _show_notes(self, show: Show | None, now: float, running_s: float) -> None:
        scenes, begun_at_s = self._director.scenes, self._director.begun_at_s
        elapsed_s = now - begun_at_s if begun_at_s is not None else 0.0
        following = scenes[scenes.index(show.scene) + 1 :] if show is not None else ()
        after = following[0].title.of(language().current.value) if following else ""
        for panel in (self._view.notes, self.notes.panel if self.notes else None):
            if panel is not None:
                panel.show_step(show, after, elapsed_s, running_s)

    def _follow_works(self, show: Show | None) -> None:
        """Another step may be about other works; their names and pictures are read once."""
        view = show.view if show is not None else None
        subjects = self._director.cast_of(show.scene).subjects if show is not None else {}
        asset_ids = subjects.get(view.step.subject, ())[:MOST_WORKS] if view is not None else ()
        if asset_ids == self._asset_ids:
            return
        self._asset_ids, self._works = asset_ids, ()
        self._mints.clear()
        if asset_ids:
            self._tasks.start(self._read_works(asset_ids), _WORKS)

    async def _read_works(self, asset_ids: tuple[UUID, ...]) -> None:
        try:
            rows = [await self._register.row(asset_id) for asset_id in asset_ids]
        except IpnftError:
            return  # nobody is signed in any more, or a checkpoint took them away: the step tells without them
        if asset_ids == self._asset_ids:
            self._works = tuple(Work(row.asset_id, row.name, row.image_cid) for row in rows)
            self.refresh()

    # --- presses ----------------------------------------------------------------------------------------------

    def _follow_slide(self, slide: Slide) -> None:
        slide.works.use_pictures(self._pictures)
        slide.on_requested.connect(self._director.on)
        slide.again_requested.connect(self._director.again)
        if self._stand_in is not None:
            slide.skip_requested.connect(self._stand_in.skip)
            slide.picture_requested.connect(self._stand_in.show_picture)
        slide.give_up_requested.connect(lambda: self._do(self._director.give_up(), _GIVE_UP))
        slide.heal_requested.connect(self._on_heal)

    def _follow_clicker(self, clicker: Clicker) -> None:
        clicker.on.connect(self._on_next)
        clicker.back.connect(self._director.back)
        clicker.black.connect(self._on_black)
        clicker.leave.connect(self.leave_screens)
        clicker.heal.connect(self._on_heal)
        clicker.again.connect(self._director.again)
        clicker.fault.connect(self._on_fault)

    def _on_next(self) -> None:
        """The first press lifts the curtain."""
        if self.screen is not None and self.screen.is_black:
            self.screen.toggle_curtain()
        else:
            self._director.on()

    def _on_black(self) -> None:
        if self.screen is not None:
            self.screen.toggle_curtain()

    def _on_heal(self) -> None:
        self._do(self._director.heal(), _HEAL)

    def _on_chosen(self, at: int) -> None:
        self._director.choose(self._director.scenes[at])

    def _on_play_again(self, at: int) -> None:
        self._director.begin_again(self._director.scenes[at])

    def _on_full_screen(self) -> None:
        if self.screen is not None:
            self.leave_screens()
            return
        here = self._view.window().screen()
        other = next((screen for screen in QGuiApplication.screens() if screen is not here), None)
        stage = self.screen = StageScreen(self._view.window())
        self._view.has_screen = True
        stage.closed.connect(self.leave_screens)
        self._follow_clicker(stage.clicker)
        self._follow_slide(stage.slide)
        stage.setGeometry((other or here).geometry())
        stage.showFullScreen()
        if other is not None:
            self._open_notes()
        # The keys go to the hall's screen, until somebody presses on another window of the show.
        stage.activateWindow()
        stage.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.refresh()

    def _open_notes(self) -> None:
        """Only where the hall does not see them: beside another screen."""
        notes = self.notes = PresenterNotes(self._view.window())
        notes.closed.connect(self.leave_screens)
        self._follow_clicker(notes.clicker)
        notes.show()

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


def _running_s(show: Show | None, now: float) -> float:
    """How long the step in view runs; none that does not."""
    view = show.view if show else None
    is_timed = view is not None and view.begun_at_s is not None and view.seconds is None
    return now - (view.begun_at_s or 0.0) if view is not None and is_timed else 0.0
