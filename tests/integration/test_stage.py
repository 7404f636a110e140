"""The four scenes on a real node, with the chain as oracle: one token for each work, whatever is broken on the way."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.bootstrap.stage_parts import Stage
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import ENDED, Fact, Scene, Show, StageFault, StepState, StepView
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.settings import Settings
from tests.support.node_oracle import mints_of
from tests.support.signed_in import signed_in

PATIENCE_S = 30
SCENES = tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = signed_in(build_core(tmp_path, Settings(demo_data=True)))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


def stage_in(core: Core) -> Stage:
    assert core.stage is not None
    return core.stage


async def played(core: Core, scene: Scene) -> Show:
    """The scene, pressed through to its end."""
    director = stage_in(core).director
    director.choose(scene)
    for _ in scene.steps:
        await pressed(core)
    return director.show_of(scene)


async def pressed(core: Core) -> None:
    director = stage_in(core).director
    director.on()
    async with asyncio.timeout(PATIENCE_S):
        await director.ended()


async def tokens_of(core: Core, scene: Scene) -> list[int]:
    """How many tokens each work of a scene has, as the node says."""
    ready = core.environment.ready
    status = await core.adapters.node.status()
    assert ready is not None
    assert status is not None
    works = stage_in(core).director.cast_of(scene).asset_ids
    address = ready.identity.contract_address
    return [len(await asyncio.to_thread(mints_of, status.rpc_url, address, work)) for work in works]


def readings_of(show: Show, step_id: str) -> dict[Fact, object]:
    view = next(each for each in show.steps if each.step.step_id == step_id)
    return {reading.fact: reading.value for reading in view.readings}


async def test_the_four_scenes_end_with_one_token_each(core: Core) -> None:
    director = stage_in(core).director
    director.give(SCENES)
    for scene in SCENES:
        show = await played(core, scene)
        assert [(view.step.step_id, view.state) for view in show.steps] == [
            (step.step_id, StepState.DONE) for step in scene.steps
        ], [view.error for view in show.steps]
        assert set(await tokens_of(core, scene)) == {1}
        assert director.faults == frozenset()

    recover = director.show_of(SCENES[1])
    assert readings_of(recover, "cut")[Fact.TOKENS_ON_CHAIN] == 1, "the node has it, the program cannot know"
    restored = readings_of(recover, "restore")
    assert (restored[Fact.ATTEMPTS], restored[Fact.TOKENS_ON_CHAIN], restored[Fact.SAME_TRANSACTION]) == (2, 1, True)
    agreeing = next(view for view in director.show_of(SCENES[2]).steps if view.step.step_id == "compare").readings[0]
    assert agreeing.value == agreeing.of
    assert float(str(readings_of(director.show_of(SCENES[3]), "together")[Fact.GAS_SAVED])) > 40


async def test_the_node_killed_in_every_step_of_every_scene_ends_with_the_scene_finished(core: Core) -> None:
    director = stage_in(core).director
    director.give(SCENES)
    for scene in SCENES:
        director.choose(scene)
        for _ in scene.steps:
            director.on()
            await _killed(core)
            async with asyncio.timeout(PATIENCE_S):
                await director.ended()
                while (view := _in_view(core)).state is StepState.FAILED:
                    assert view.error is not None, "an honest offer says why"
                    if view.error.code is ErrorCode.MINT_INVALID_STATE:
                        director.pass_over(StepState.SHOWN)  # minted before the fault of the step could strike
                    else:
                        director.again()
                    await director.ended()
            assert view.state in ENDED
        await stage_in(core).faults.heal()
        assert set(await tokens_of(core, scene)) == {1}


@pytest.mark.parametrize("fault", list(StageFault))
async def test_each_fault_by_hand_is_undone_by_one_call(core: Core, fault: StageFault) -> None:
    director = stage_in(core).director
    scene = SCENES[0]
    director.give([scene])
    director.choose(scene)
    await pressed(core)
    await director.break_now(fault)
    assert director.faults == {fault}
    director.on()
    await _told(core)
    await director.heal()
    assert director.faults == frozenset()
    async with asyncio.timeout(PATIENCE_S):
        await director.ended()
        while _in_view(core).state is StepState.FAILED:
            director.again()
            await director.ended()
    await pressed(core)
    assert director.show_of(scene).is_played
    assert await tokens_of(core, scene) == [1]


async def test_a_step_that_hangs_can_be_given_up_and_passed_over(core: Core) -> None:
    director = stage_in(core).director
    director.give([SCENES[0]])
    director.choose(SCENES[0])
    await pressed(core)
    await director.break_now(StageFault.CUT)
    director.on()
    await _told(core)
    await director.give_up()
    view = _in_view(core)
    assert (view.state, view.error and view.error.code) == (StepState.FAILED, ErrorCode.STEP_GIVEN_UP)
    director.pass_over(StepState.SHOWN)
    await director.heal()
    await pressed(core)
    director.back()
    assert _in_view(core).state is StepState.SHOWN
    show = director.show
    assert show is not None
    assert show.is_played
    assert await tokens_of(core, SCENES[0]) == [1], "what was asked for went on"


def _in_view(core: Core) -> StepView:
    show = stage_in(core).director.show
    assert show is not None
    assert show.view is not None
    return show.view


async def _killed(core: Core) -> None:
    status = await core.adapters.node.status()
    if status is not None and status.pid is not None:
        with contextlib.suppress(ProcessLookupError):  # the step itself may have killed it a moment ago
            os.kill(status.pid, signal.SIGKILL)


async def _told(core: Core) -> None:
    """Until the step in view ended, or its mint is in trouble."""
    director, news = stage_in(core).director, asyncio.Event()
    end = core.events.subscribe(lambda _event: news.set())
    stop = director.observe(news.set)
    async with asyncio.timeout(PATIENCE_S):
        while director.is_running and not core.desk.troubles:
            news.clear()
            await news.wait()
    end()
    stop()
