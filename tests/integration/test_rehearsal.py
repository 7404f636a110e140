"""Rehearsals and what they prepare, on a real node: played, put back, and of use when a step fails on stage."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop.adapters.workspaces.pending_return import PendingReturn
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.bootstrap.stage_parts import Stage
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Goal, Show, StepState
from ipnft_desktop.domain.workspaces import CheckpointReason, Turned
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.people import DEMO_NAME
from ipnft_desktop.services.stage.readiness import ReadyKey
from ipnft_desktop.services.stage.rehearsal import Progress
from ipnft_desktop.settings import Settings
from tests.support.node_oracle import ask, mints_of

PATIENCE_S = 60
SCENES = tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))
MINT_ONE, RECOVER, VERIFY, _BATCH = SCENES


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = build_core(tmp_path, Settings(demo_data=True))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


def stage_in(core: Core) -> Stage:
    assert core.stage is not None
    return core.stage


async def drawn(show: Show, number: int) -> bytes:
    assert show.view is not None
    return f"{number} {show.view.step.step_id}".encode()


async def head(core: Core) -> str:
    status = await core.adapters.node.status()
    assert status is not None
    return (await asyncio.to_thread(ask, status.rpc_url, "eth_getBlockByNumber", "latest", False))["hash"]


async def tokens(core: Core, works: Sequence[UUID]) -> list[int]:
    ready, status = core.environment.ready, await core.adapters.node.status()
    assert ready is not None
    assert status is not None
    found = [await asyncio.to_thread(mints_of, status.rpc_url, ready.identity.contract_address, each) for each in works]
    return [len(each) for each in found]


async def pressed(core: Core, count: int = 1) -> None:
    for _ in range(count):
        stage_in(core).director.on()
        async with asyncio.timeout(PATIENCE_S):
            await stage_in(core).director.ended()


def shown(core: Core) -> Show:
    show = stage_in(core).director.show
    assert show is not None
    return show


async def names(core: Core) -> list[str]:
    return [each.name for each in await core.checkpoints.list()]


async def test_a_rehearsal_plays_all_scenes_and_leaves_checkpoints_pictures_and_nothing_else(core: Core) -> None:
    stage, told = stage_in(core), list[Progress]()
    before = await core.register.count(AssetQuery()), await head(core)
    rehearsed = await stage.rehearsal.run(SCENES, drawn, told.append)

    assert rehearsed.failures == ()
    assert [scene.is_played for scene in rehearsed.scenes] == [True] * 4
    assert {count for scene in rehearsed.scenes for count in scene.tokens.values()} == {1}
    assert all(scene.tokens for scene in rehearsed.scenes)
    assert (await core.register.count(AssetQuery()), await head(core)) == before
    assert core.session.user is not None
    assert core.session.user.name == DEMO_NAME, "nobody is asked who they are"
    titles = [f"Rehearsed: {scene.title.en}" for scene in reversed(SCENES)]
    assert await names(core) == titles
    steps = sum(len(scene.steps) for scene in SCENES)
    assert [each.done for each in told] == [*range(steps), steps]
    pictures = [step.picture for scene in rehearsed.scenes for step in scene.steps]
    assert sorted(file.name for file in (core.profile / "stage").glob("*.png")) == sorted(pictures)
    assert core.audit is not None
    assert (await core.audit.verify()).is_sound

    again = await stage.rehearsal.run([MINT_ONE], drawn)
    assert await names(core) == titles[-1:], "the checkpoints of the one before go"
    assert {file.name for file in (core.profile / "stage").glob("*.png")} == {s.picture for s in again.scenes[0].steps}


async def test_a_step_that_fails_is_skipped_to_the_result_that_the_rehearsal_made(core: Core) -> None:
    stage = stage_in(core)
    rehearsed = await stage.rehearsal.run([MINT_ONE, RECOVER], drawn)
    await stage.standby.refresh()
    stage.director.give(SCENES)
    await pressed(core, len(MINT_ONE.steps))
    stage.director.choose(RECOVER)
    await pressed(core)
    status = await core.adapters.node.status()
    assert status is not None
    assert status.pid is not None
    begun = asyncio.Event()
    stop = stage.director.observe(begun.set)
    stage.director.on()
    os.kill(status.pid, signal.SIGKILL)
    await begun.wait()
    stop()
    await stage.director.give_up()
    view = shown(core).view
    assert view is not None
    assert view.state is StepState.FAILED
    assert stage.standby.can_skip(shown(core))
    picture = await stage.standby.picture(shown(core))
    assert picture is not None
    assert picture.read_bytes() == f"2 {view.step.step_id}".encode()

    await stage.standby.skip(LongWork())
    assert core.environment.ready is not None
    assert core.session.user is not None
    assert shown(core).is_played
    assert {each.state for each in shown(core).steps[1:]} == {StepState.SKIPPED}
    recover = rehearsed.scenes[1]
    assert set(stage.director.cast_of(RECOVER).asset_ids) == set(recover.tokens)
    assert set(await tokens(core, [*recover.tokens])) == {1}
    assert set(await tokens(core, stage.director.cast_of(MINT_ONE).asset_ids)) == {1}

    stage.director.choose(VERIFY)
    await pressed(core, len(VERIFY.steps))
    assert {each.state for each in shown(core).steps} == {StepState.DONE}, "the show goes on behind it"
    assert set(await tokens(core, stage.director.cast_of(VERIFY).asset_ids)) == {1}


async def test_a_step_that_cannot_go_well_is_told_and_the_other_scenes_are_rehearsed_all_the_same(core: Core) -> None:
    first, second = MINT_ONE.steps[0], MINT_ONE.steps[1]
    broken = replace(MINT_ONE, scene_id="broken", steps=(first, replace(second, goal=Goal.FAILED), *MINT_ONE.steps[2:]))
    stage = stage_in(core)
    before = await core.register.count(AssetQuery()), await head(core)
    rehearsed = await stage.rehearsal.run([broken, MINT_ONE], drawn)
    states = [step.state for step in rehearsed.scenes[0].steps]
    assert states[:2] == [StepState.DONE, StepState.FAILED]
    assert set(states[2:]) <= {StepState.WAITING}
    assert [(scene.scene_id, step.step_id) for scene, step in rehearsed.failures] == [("broken", second.step_id)]
    assert [scene.checkpoint_id is None for scene in rehearsed.scenes] == [True, False]
    stage.director.give([broken, MINT_ONE])
    await stage.standby.refresh()
    assert not stage.standby.can_skip(shown(core))
    assert stage.standby.can_skip(stage.director.show_of(MINT_ONE))
    changed = replace(MINT_ONE, summary=replace(MINT_ONE.summary, en="Told otherwise"))
    stage.director.give([changed])
    assert not stage.standby.can_skip(shown(core)), "it belongs to another text"
    assert (await core.register.count(AssetQuery()), await head(core)) == before


async def test_a_cancelled_rehearsal_leaves_nothing_and_keeps_the_one_before(core: Core) -> None:
    stage = stage_in(core)
    earlier = await stage.rehearsal.run([MINT_ONE], drawn)
    before, kept = (await core.register.count(AssetQuery()), await head(core)), await names(core)
    cancelling = list[asyncio.Task[None]]()

    def cancel_in_the_second(progress: Progress) -> None:
        if progress.scene is RECOVER and not cancelling:
            cancelling.append(asyncio.create_task(stage.rehearsal.cancel()))

    with pytest.raises(WorkCancelled):
        await stage.rehearsal.run([MINT_ONE, RECOVER], drawn, cancel_in_the_second)
    await cancelling[0]
    assert not stage.rehearsal.is_running
    assert (await core.register.count(AssetQuery()), await head(core)) == before
    assert await names(core) == kept
    await stage.standby.refresh()
    assert stage.standby.record.rehearsed == earlier
    assert stage.standby.record.underway is None


async def test_a_program_killed_while_the_rehearsal_is_put_back_has_a_whole_register_and_takes_the_rest_back(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await core.register.count(AssetQuery()), await head(core)
    copies = tmp_path.with_name(f"{tmp_path.name}-killed")
    decide, put_in_place = PendingReturn.decide, PendingReturn._put_in_place  # pyright: ignore[reportPrivateUsage]

    def killed_before(step: str) -> None:
        shutil.copytree(tmp_path, copies / step, ignore=shutil.ignore_patterns("node-home"))

    def deciding(pending: PendingReturn, turned: Turned) -> None:
        killed_before("decided")
        decide(pending, turned)

    def putting(pending: PendingReturn) -> None:
        killed_before("in place")
        put_in_place(pending)

    monkeypatch.setattr(PendingReturn, "decide", deciding)
    monkeypatch.setattr(PendingReturn, "_put_in_place", putting)
    await stage_in(core).rehearsal.run([MINT_ONE], drawn)
    monkeypatch.undo()
    await core.environment.stop()

    for step, is_back in (("decided", False), ("in place", True)):
        again = build_core(copies / step, Settings(demo_data=True))
        await again.environment.start(lambda _: None)
        assert ((await again.register.count(AssetQuery()), await head(again)) == before) is is_back
        found = await stage_in(again).readiness.look([MINT_ONE], None)
        assert ReadyKey.REHEARSED in {each.key for each in found.in_the_way}, "it says so"
        await stage_in(again).rehearsal.take_back()
        assert (await again.register.count(AssetQuery()), await head(again)) == before
        assert not [each for each in await again.checkpoints.list() if each.reason is CheckpointReason.BY_HAND]
        await stage_in(again).standby.refresh()
        assert stage_in(again).standby.record.underway is None
        assert again.audit is not None
        assert (await again.audit.verify()).is_sound
        await again.close()
