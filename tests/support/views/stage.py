"""The Stage page with sample data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import MintProgress, MintStage, MintTimes
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Fact, FactReading, Show, StageFault, StepState, StepView, opened
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.ui.stage.notes import PresenterNotes
from ipnft_desktop.ui.stage.screen import StageScreen
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.stage.works import Work
from ipnft_desktop.ui.widgets.page import Page
from tests.support.views.no_pictures import no_pictures

SCENES = tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))
CONFIRMING = MintProgress(
    UUID(int=1),
    (UUID(int=1),),
    MintStage.CONFIRMING,
    60,
    MintTimes(datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
    1,
)


def played(show: Show, steps: int) -> Show:
    """Its first steps done."""
    views = [replace(each, state=StepState.DONE, seconds=4.0) for each in show.steps[:steps]]
    return replace(show, at=steps - 1, steps=(*views, *show.steps[steps:]))


def in_view(show: Show, at: int, view: StepView) -> Show:
    """Another step in view."""
    steps = [view if number == at else each for number, each in enumerate(show.steps)]
    return replace(show, at=at, steps=tuple(steps))


def _view(show: Show) -> StageView:
    view = StageView()
    view.show_stage(is_ready=True)
    shows = [played(opened(SCENES[0]), 3), show, opened(SCENES[2]), opened(SCENES[3])]
    view.scenes.show_scenes(shows, show.scene.scene_id)
    return view


def stage_title() -> StageView:
    show = opened(SCENES[1])
    view = _view(show)
    view.slide.show_step(show, 2, frozenset(), 0.0)
    return view


def stage_cut_show() -> Show:
    """The step in which the connection is cut, as it ended."""
    scene = SCENES[1]
    cut = StepView(
        scene.steps[1],
        StepState.DONE,
        1.0,
        1.2,
        (
            FactReading(Fact.ATTEMPTS, 1),
            FactReading(Fact.TOKENS_ON_CHAIN, 1, 1),
            FactReading(Fact.TRANSACTION, "0x" + "9c" * 32),
        ),
        EnvironmentFault(ErrorCode.NODE_UNREACHABLE),
    )
    return in_view(played(opened(scene), 1), 1, cut)


def stage_cut() -> StageView:
    show = stage_cut_show()
    view = _view(show)
    view.slide.show_step(show, 2, frozenset({StageFault.CUT}), 0.0)
    return view


def stage_minting() -> StageView:
    """A mint on its way: its stages, and the work with its name."""
    scene = SCENES[0]
    show = in_view(played(opened(scene), 1), 1, StepView(scene.steps[1], StepState.RUNNING, 1.0))
    view = StageView()
    view.show_stage(is_ready=True)
    view.scenes.show_scenes([show, *map(opened, SCENES[1:])], show.scene.scene_id)
    view.slide.works.use_pictures(no_pictures())
    work = Work(UUID(int=1), "Dunhuang flying apsaras, line study · 1", None)
    view.slide.show_works((work,), CONFIRMING)
    view.slide.show_step(show, 1, frozenset(), 0.4)
    return view


def stage_batch() -> StageView:
    """Five works side by side, and the presenter's notes under the scenes."""
    scene = SCENES[3]
    minted = StepView(
        scene.steps[3],
        StepState.DONE,
        1.0,
        2.4,
        (
            FactReading(Fact.ASSETS, 5),
            FactReading(Fact.GAS_EACH, 62_144.2),
            FactReading(Fact.GAS_SAVED, 61.3),
            FactReading(Fact.DURATION, 2.4),
        ),
    )
    show = in_view(played(opened(scene), 3), 3, minted)
    view = StageView()
    view.show_stage(is_ready=True)
    view.scenes.show_scenes([*(played(opened(each), len(each.steps)) for each in SCENES[:3]), show], "batch")
    view.slide.works.use_pictures(no_pictures())
    names = ("Moon gate", "Bronze ding", "Plum blossom", "Silk road map", "Blue kiln vase")
    view.slide.show_works([Work(UUID(int=at), name, None) for at, name in enumerate(names)], None)
    view.slide.show_step(show, 4, frozenset(), 0.0)
    view.notes_button.setChecked(True)
    view.notes.show_step(show, "", 754.0, 0.0)
    return view


def stage_refused() -> StageView:
    view = StageView()
    view.show_stage(is_ready=True, refusal=view.tr("Sign in first."), may_sign_in=True)
    return view


def stage_screen() -> StageScreen:
    """What the hall sees."""
    view = stage_cut_show()
    screen = StageScreen()
    screen.slide.show_step(view, 2, frozenset({StageFault.CUT}), 0.0)
    return screen


def presenter_notes() -> PresenterNotes:
    """The presenter's own screen."""
    notes = PresenterNotes()
    notes.panel.show_step(stage_cut_show(), "", 192.0, 0.0)
    return notes


def stage_failed() -> StageView:
    scene = SCENES[1]
    failed = StepView(scene.steps[5], StepState.FAILED, 1.0, 4.0, (), EnvironmentFault(ErrorCode.NODE_START_FAILED))
    show = in_view(played(opened(scene), 5), 5, failed)
    view = _view(show)
    view.slide.show_step(show, 2, frozenset(), 0.0, can_skip=True, has_picture=True)
    return view


def stage_hanging() -> StageView:
    scene = SCENES[1]
    show = in_view(played(opened(scene), 5), 5, StepView(scene.steps[5], StepState.RUNNING, 1.0))
    view = _view(show)
    view.slide.show_step(show, 2, frozenset(), 7.0)
    return view


STAGE_PAGES: dict[str, Callable[[], Page]] = {
    "stage-absent": StageView,
    "stage-title": stage_title,
    "stage-refused": stage_refused,
    "stage-minting": stage_minting,
    "stage-batch": stage_batch,
    "stage-cut": stage_cut,
    "stage-failed": stage_failed,
    "stage-hanging": stage_hanging,
}

STAGE_SCREENS: dict[str, Callable[[], QWidget]] = {"screen": stage_screen, "notes": presenter_notes}
"""Windows of their own, beside the main one."""
