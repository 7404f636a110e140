"""The rehearsal: all scenes are played for real, each leaves a checkpoint behind, and then all is as it was before."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.scenes import Caption, Scene, Show, StepState, StepView
from ipnft_desktop.domain.workspaces import NAME_MAX_CHARS, Checkpoint
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.owned_work import OwnedWork
from ipnft_desktop.services.ports import Clock
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.services.stage.hands import Hands
from ipnft_desktop.services.stage.rehearsal_record import (
    RehearsalStore,
    Rehearsed,
    RehearsedScene,
    RehearsedStep,
    StageRecord,
    Subjects,
    Underway,
    text_of,
)
from ipnft_desktop.services.stage.way_back import WayBack

STEP_LIMIT_S = 60.0
"""A step that takes longer would have been given up on stage long ago."""

BEFORE = Caption("Before the rehearsal", "彩排之前")
_BEHIND_A_SCENE = Caption("Rehearsed: {0}", "已彩排：{0}")

log = logging.getLogger("ipnft")

PictureOf = Callable[[Show, int], Awaitable[bytes]]
"""Draws the step in view of a scene, the `number`-th of the show, as PNG; empty where it cannot."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rehearsal is."""

    done: int
    """Steps that ended, of `of`."""
    of: int
    scene: Scene | None
    """The one that is played; None while everything is put back."""


OnProgress = Callable[[Progress], None]


class Rehearsal:
    """One at a time, with a director of its own: the show on stage stays where it stood."""

    def __init__(
        self,
        director: Director,
        hands: Hands,
        checkpoints: Checkpoints,
        way_back: WayBack,
        environment: EnvironmentService,
        store: RehearsalStore,
        clock: Clock,
        step_limit_s: float = STEP_LIMIT_S,
    ) -> None:
        self._director = director
        self._hands = hands
        self._checkpoints = checkpoints
        self._way_back = way_back
        self._environment = environment
        self._store = store
        self._clock = clock
        self._step_limit_s = step_limit_s
        self._owned = OwnedWork()
        self._is_running = False
        self._is_cancelled = False

    @property
    def is_running(self) -> bool:
        """Whether one is under way, or its state is put back."""
        return self._is_running

    async def run(
        self,
        scenes: Sequence[Scene],
        picture_of: PictureOf,
        on_progress: OnProgress = lambda _progress: None,
        language: str = "en",
    ) -> Rehearsed:
        """Play them all from the present state, then put that state back; it goes on though nobody waits any more.

        `language` is that of the names of its checkpoints. Raises WorkCancelled, and then nothing of it is left;
        UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or KEPT_BY_OTHERS, EnvironmentFault NODE_UNREACHABLE where nothing
        stands, and what making a checkpoint and the return to it raise. Raises RuntimeError while one is under way.
        """
        if self._is_running:
            raise RuntimeError("a rehearsal is under way")
        if self._environment.ready is None:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment does not stand")
        self._is_running, self._is_cancelled = True, False
        return await self._owned(self._run(scenes, picture_of, on_progress, language), "stage.rehearsal")

    async def take_back(self) -> None:
        """End a rehearsal that a killed program left: the state before it comes back, and its checkpoints go. Nothing
        where there is none. Raises as `run`."""
        if self._is_running:
            raise RuntimeError("a rehearsal is under way")
        record = await asyncio.to_thread(self._store.load)
        if record.underway is None:
            return
        self._is_running = True
        await self._owned(self._take_back(record, record.underway), "stage.take_back")

    async def cancel(self) -> None:
        """End the one under way: the step that runs is given up, and the state before comes back."""
        self._is_cancelled = True
        if self._is_running:
            await self._director.give_up()

    async def close(self) -> None:
        """As `cancel`, and wait until the state before is back; the program is about to end."""
        await self.cancel()
        await self._owned.settle()

    # --- inside -----------------------------------------------------------------------------------------------

    async def _run(
        self, scenes: Sequence[Scene], picture_of: PictureOf, on_progress: OnProgress, language: str
    ) -> Rehearsed:
        try:
            earlier = (await self._settled()).rehearsed
            before = await self._checkpoints.make(BEFORE.of(language), LongWork())
            await self._keep(StageRecord(earlier, Underway(before.checkpoint_id)))
            played: list[RehearsedScene] = []
            try:
                await self._play(scenes, picture_of, on_progress, language, StageRecord(earlier), before, played)
            except BaseException:
                await self._restore(before, scenes, on_progress)
                await self._drop()
                raise
            await self._restore(before, scenes, on_progress)
            return await self._finish(earlier, played, before)
        finally:
            self._is_running = False

    async def _play(
        self,
        scenes: Sequence[Scene],
        picture_of: PictureOf,
        on_progress: OnProgress,
        language: str,
        record: StageRecord,
        before: Checkpoint,
        played: list[RehearsedScene],
    ) -> None:
        """Adds to `played` scene by scene, and notes each checkpoint as soon as it is made."""
        self._director.give(scenes)
        stamp = f"{self._clock.now():%Y%m%dT%H%M%S%f}"
        of, done = sum(len(scene.steps) for scene in scenes), 0
        casts: dict[str, Subjects] = {}
        made: tuple[str, ...] = ()
        for number, scene in enumerate(scenes, 1):
            self._director.choose(scene)
            steps: list[RehearsedStep] = []
            for at, step in enumerate(scene.steps):
                on_progress(Progress(done + at, of, scene))
                if steps and steps[-1].state is StepState.FAILED:
                    steps.append(RehearsedStep(step.step_id, StepState.WAITING, 0.0))
                else:
                    steps.append(await self._step(f"{stamp}-{number:02}-{at + 1:02}.png", number, picture_of))
            done += len(scene.steps)
            rehearsed = RehearsedScene(scene.scene_id, text_of(scene), tuple(steps), await self._tokens(scene))
            if rehearsed.is_played:
                casts = {**casts, scene.scene_id: dict(self._director.cast_of(scene).subjects)}
                name = _BEHIND_A_SCENE.of(language).format(scene.title.of(language))[:NAME_MAX_CHARS].strip()
                checkpoint = await self._checkpoints.make(name, LongWork())
                made = (*made, checkpoint.checkpoint_id)
                await self._keep(replace(record, underway=Underway(before.checkpoint_id, made)))
                rehearsed = replace(rehearsed, checkpoint_id=checkpoint.checkpoint_id, casts=casts)
            else:
                with contextlib.suppress(IpnftError):  # the next scene tells it, if it still is in the way
                    await self._director.heal()
            played.append(rehearsed)
            self._require_wanted()

    async def _step(self, picture: str, number: int, picture_of: PictureOf) -> RehearsedStep:
        """Play it, and once more where it fails: what comes behind it shall be rehearsed too."""
        self._require_wanted()
        self._director.on()
        first = view = await self._ended()
        if view.state is StepState.FAILED:
            self._director.again()
            view = await self._ended()
        error = first.error if first.state is StepState.FAILED else None
        return RehearsedStep(
            view.step.step_id,
            view.state,
            (first.seconds or 0.0) + ((view.seconds or 0.0) if view is not first else 0.0),
            str(error.code) if error is not None else "",
            str(error.detail) if error is not None else "",
            await self._picture(picture, number, picture_of) if view.state is StepState.DONE else "",
        )

    async def _ended(self) -> StepView:
        try:
            async with asyncio.timeout(self._step_limit_s):
                await self._director.ended()
        except TimeoutError:
            await self._director.give_up()
        self._require_wanted()
        show = self._director.show
        assert show is not None
        assert show.view is not None
        return show.view

    async def _picture(self, name: str, number: int, picture_of: PictureOf) -> str:
        show = self._director.show
        assert show is not None
        png = await picture_of(show, number)
        if not png:
            return ""
        await asyncio.to_thread(self._store.keep_picture, name, png)
        return name

    async def _tokens(self, scene: Scene) -> dict[UUID, int]:
        try:
            made = await self._hands.mints_of(self._director.cast_of(scene).asset_ids)
        except IpnftError:
            return {}
        return {asset_id: len(hashes) for asset_id, hashes in made.items()}

    def _require_wanted(self) -> None:
        if self._is_cancelled:
            raise WorkCancelled

    async def _restore(self, before: Checkpoint, scenes: Sequence[Scene], on_progress: OnProgress) -> None:
        """What cannot be put back stays noted as under way, and *Ready?* says so."""
        steps = sum(len(scene.steps) for scene in scenes)
        on_progress(Progress(steps, steps, None))
        await self._director.give_up()
        self._director.give(())
        await self._way_back.to(before, LongWork(), keeps_present=False)

    async def _drop(self) -> None:
        """Behind one that did not go through: the one before it counts again."""
        record = await asyncio.to_thread(self._store.load)
        if record.underway is not None:
            await self._keep(replace(record, underway=None))
            await self._forget({record.underway.before, *record.underway.made})

    async def _finish(
        self, earlier: Rehearsed | None, played: Sequence[RehearsedScene], before: Checkpoint
    ) -> Rehearsed:
        rehearsed = Rehearsed(self._clock.now(), tuple(played))
        await self._keep(StageRecord(rehearsed))
        gone = earlier.checkpoint_ids if earlier is not None else frozenset[str]()
        await self._forget({before.checkpoint_id, *gone})
        log_event("stage.rehearsed", scenes=len(played), failed=len(rehearsed.failures))
        return rehearsed

    async def _settled(self) -> StageRecord:
        """The record, once what a killed program left is taken back."""
        record = await asyncio.to_thread(self._store.load)
        if record.underway is not None:
            await self._turn_back(record, record.underway)
        return replace(record, underway=None)

    async def _take_back(self, record: StageRecord, underway: Underway) -> None:
        try:
            await self._turn_back(record, underway)
        finally:
            self._is_running = False

    async def _turn_back(self, record: StageRecord, underway: Underway) -> None:
        before = next((c for c in await self._checkpoints.list() if c.checkpoint_id == underway.before), None)
        if before is not None:  # deleted by a person, the works of the rehearsal are there to stay
            await self._way_back.to(before, LongWork(), keeps_present=True)
        await self._keep(replace(record, underway=None))
        await self._forget({underway.before, *underway.made})

    async def _keep(self, record: StageRecord) -> None:
        await asyncio.to_thread(self._store.keep, record)

    async def _forget(self, ids: set[str]) -> None:
        """Checkpoints of no use any more; one that cannot be deleted now stays in the list."""
        try:
            for checkpoint in await self._checkpoints.list():
                if checkpoint.checkpoint_id in ids:
                    await self._checkpoints.delete(checkpoint)
        except IpnftError as error:
            log.warning("stage.checkpoint_not_deleted %s", error)
