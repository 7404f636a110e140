"""Before the show and where it fails: the rehearsal, the question whether all is ready, the result and the picture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.scenes import Scene, Show, StepState, StepView, opened
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, RegisterFigures
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.readiness import Readiness, Surroundings
from ipnft_desktop.services.stage.rehearsal import OnProgress, PictureOf, Progress
from ipnft_desktop.services.stage.rehearsal_record import Rehearsed
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.stage.pictures import PictureCover, picture_of, surroundings_of
from ipnft_desktop.ui.stage.presenter import StagePresenter
from ipnft_desktop.ui.stage.rehearsal_presenter import RehearsalPresenter
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter
from tests.gui.support.stage import NoRegister
from tests.gui.support.waiting import settled, turns
from tests.support import samples
from tests.support.views.stage import SCENES, in_view
from tests.support.views.stage_dialogs import rehearsed

KEPT = Checkpoint(
    "1", "Rehearsed: One & all", samples.NOW, CheckpointReason.BY_HAND, RegisterFigures(), 1, 1, "0001", ""
)


@dataclass
class Troupe:
    """Director, rehearsal, stand-by, readiness and checkpoints in one, all scripted."""

    show: Show
    picture_file: Path | None = None
    is_skippable: bool = True
    error: IpnftError | None = None
    is_running: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    done: list[str] = field(default_factory=list[str])
    faults: frozenset[Any] = frozenset()
    scenes: tuple[Scene, ...] = SCENES
    begun_at_s: float | None = None
    are_possible: bool = True
    hearers: list[Any] = field(default_factory=list[Any])
    pictures: list[bytes] = field(default_factory=list[bytes])

    def show_of(self, scene: Scene) -> Show:
        return self.show if scene is self.show.scene else opened(scene)

    def cast_of(self, scene: Scene) -> Cast:
        return Cast()

    def observe(self, hear: Any) -> Any:
        self.hearers.append(hear)
        return lambda: self.hearers.remove(hear)

    def tell(self, show: Show) -> None:
        self.show = show
        for hear in self.hearers:
            hear()

    def back(self) -> None: ...
    def on(self) -> None: ...
    def again(self) -> None: ...

    async def run(
        self, scenes: Sequence[Scene], picture_of: PictureOf, on_progress: OnProgress = print, language: str = ""
    ) -> Rehearsed:
        on_progress(Progress(3, 26, scenes[1]))
        self.pictures.append(await picture_of(in_view(opened(scenes[0]), 0, StepView(scenes[0].steps[0])), 1))
        await self.go_on.wait()
        if self.error is not None:
            raise self.error
        if "cancel" in self.done:
            raise WorkCancelled
        return rehearsed()

    async def cancel(self) -> None:
        self.done.append("cancel")
        self.go_on.set()

    async def refresh(self) -> None:
        self.done.append("refresh")

    def can_skip(self, show: Show) -> bool:
        return self.is_skippable

    def picture_of(self, show: Show) -> str:
        return "1.png" if self.picture_file is not None else ""

    async def picture(self, show: Show) -> Path | None:
        return self.picture_file

    def show_picture(self) -> None:
        self.tell(_failed(StepState.SHOWN))

    async def skip(self, work: LongWork) -> None:
        self.done.append("skip")
        if self.error is not None:
            raise self.error
        self.tell(_failed(StepState.SKIPPED))

    async def look(self, scenes: Sequence[Scene], surroundings: Surroundings | None) -> Readiness:
        assert surroundings is not None
        self.done.append("look")
        return Readiness(())

    async def list(self) -> Sequence[Checkpoint]:
        return [KEPT]


def _failed(state: StepState = StepState.FAILED) -> Show:
    error = EnvironmentFault(ErrorCode.NODE_UNREACHABLE) if state is StepState.FAILED else None
    return in_view(opened(SCENES[1]), 1, StepView(SCENES[1].steps[1], state, 1.0, 2.0, (), error))


@dataclass
class Hall:
    view: StageView
    troupe: Troupe
    rehearsal: RehearsalPresenter
    presenter: StagePresenter
    notices: list[str] = field(default_factory=list[str])


@pytest.fixture
async def hall(qapp: QApplication) -> AsyncIterator[Hall]:
    view, troupe = StageView(), Troupe(_failed())
    view.resize(1280, 800)
    view.show_stage(is_ready=True)
    view.show()
    desk = CheckpointsPresenter(view, cast("Any", troupe), lambda: None, stays_signed_in=True)
    rehearsal = RehearsalPresenter(view, troupe, troupe, troupe, troupe, desk)
    pictures = PictureStore(cast("Any", None))
    presenter = StagePresenter(view, cast("Any", troupe), NoRegister(), pictures, rehearsal)
    rehearsal.changed.connect(presenter.refresh)
    made = Hall(view, troupe, rehearsal, presenter)

    def note(text: str, _tone: object) -> None:
        made.notices.append(text)

    rehearsal.notice.connect(note)
    yield made
    await presenter.close()
    await rehearsal.close()
    await pictures.close()
    view.close()
    view.deleteLater()


async def read(hall: Hall) -> None:
    """Until what changed was read anew and shown."""
    await settled(lambda: "refresh" in hall.troupe.done)
    await turns()


async def test_a_rehearsal_is_followed_and_its_report_shown(hall: Hall) -> None:
    hall.view.preparation.rehearse_button.click()
    dialog = hall.rehearsal.dialog
    assert dialog is not None
    assert hall.rehearsal.is_working
    await settled(lambda: bool(hall.troupe.pictures))
    assert QImage.fromData(hall.troupe.pictures[0]).size().width() == 1440
    hall.view.preparation.rehearse_button.click()
    assert hall.notices, "one at a time"
    hall.troupe.go_on.set()
    await settled(lambda: not dialog.is_busy)
    assert "1" in dialog.verdict.text()
    dialog.close_button.click()
    await settled(lambda: hall.rehearsal.dialog is None)
    await read(hall)


async def test_escape_stops_it_and_says_that_all_is_as_before(hall: Hall) -> None:
    hall.view.preparation.rehearse_button.click()
    dialog = hall.rehearsal.dialog
    assert dialog is not None
    dialog.reject()
    await settled(lambda: hall.rehearsal.dialog is None)
    assert "cancel" in hall.troupe.done
    assert "as it was before" in hall.notices[-1]
    await read(hall)


async def test_why_it_did_not_go_through_is_said_in_the_dialog(hall: Hall) -> None:
    hall.troupe.error = EnvironmentFault(ErrorCode.DISK_FULL)
    hall.troupe.go_on.set()
    hall.view.preparation.rehearse_button.click()
    dialog = hall.rehearsal.dialog
    assert dialog is not None
    await settled(lambda: not dialog.is_busy)
    assert dialog.error_panel.code == "DISK_FULL"
    await read(hall)


async def test_ready_is_looked_at_and_looked_at_again(hall: Hall) -> None:
    hall.view.preparation.ready_button.click()
    dialog = hall.rehearsal.ready_dialog
    assert dialog is not None
    await settled(dialog.again_button.isEnabled)
    assert dialog.verdict.text() == "Ready."
    dialog.again_button.click()
    await settled(lambda: hall.troupe.done.count("look") == 2)


async def test_a_failed_step_offers_its_result_and_goes_there(hall: Hall) -> None:
    slide = hall.view.slide
    assert slide.skip_button.isVisible()
    slide.skip_button.click()
    assert hall.rehearsal.is_working
    assert not hall.rehearsal.can_skip(hall.troupe.show), "it is on its way already"
    await settled(lambda: not hall.rehearsal.is_working)
    await read(hall)
    view = hall.troupe.show.view
    assert view is not None
    assert view.state is StepState.SKIPPED
    hall.troupe.is_skippable = False
    hall.troupe.tell(_failed())
    assert not slide.skip_button.isVisible()


async def test_why_the_result_cannot_be_reached_is_said(hall: Hall) -> None:
    hall.troupe.error = EnvironmentFault(ErrorCode.CHECKPOINT_UNUSABLE)
    hall.view.slide.skip_button.click()
    await settled(lambda: not hall.rehearsal.is_working)
    await read(hall)
    assert len(hall.notices) == 2


async def test_the_recorded_picture_covers_the_slide_until_another_step_is_in_view(hall: Hall, tmp_path: Path) -> None:
    assert not hall.view.slide.picture_button.isVisible()
    hall.troupe.picture_file = tmp_path / "1.png"
    hall.troupe.picture_file.write_bytes(await picture_of(_failed(StepState.DONE), 2))
    hall.troupe.tell(_failed())
    hall.view.slide.picture_button.click()
    await settled(lambda: bool(hall.view.slide.findChildren(PictureCover)))
    (cover,) = hall.view.slide.findChildren(PictureCover)
    assert cover.isVisible()
    assert cover.size() == hall.view.slide.size()
    hall.troupe.tell(replace(hall.troupe.show, at=0))
    assert not cover.isVisible()


async def test_a_picture_that_is_gone_is_said_and_the_step_stays_failed(hall: Hall, tmp_path: Path) -> None:
    hall.troupe.picture_file = tmp_path / "gone.png"
    hall.troupe.tell(_failed())
    hall.view.slide.picture_button.click()
    await settled(lambda: bool(hall.notices))
    view = hall.troupe.show.view
    assert view is not None
    assert view.state is StepState.FAILED


async def test_checkpoints_are_offered_in_the_menu(hall: Hall) -> None:
    hall.rehearsal.reload()
    await settled(lambda: "refresh" in hall.troupe.done)
    menu = hall.view.preparation.menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    await turns()
    assert len(texts) == 2
    assert "Rehearsed: One && all" in texts[1]
    menu.deleteLater()


def test_the_fonts_that_come_with_the_program_draw_every_caption(qapp: QApplication) -> None:
    found = surroundings_of(SCENES)
    assert found.missing_letters == ""
    assert found.screens
