"""The Stage page with sample data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Fact, FactReading, Show, StageFault, StepState, StepView, opened
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.widgets.page import Page

SCENES = tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))


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


def stage_cut() -> StageView:
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
    show = in_view(played(opened(scene), 1), 1, cut)
    view = _view(show)
    view.slide.show_step(show, 2, frozenset({StageFault.CUT}), 0.0)
    return view


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
    "stage-cut": stage_cut,
    "stage-failed": stage_failed,
    "stage-hanging": stage_hanging,
}
