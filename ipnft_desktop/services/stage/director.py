"""The show: one scene at a time, a step for each press. Whatever a step comes to, there is a way back and a way on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.scenes import ENDED, Scene, Show, StageFault, StepState, StepView, opened
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.faults import StageFaults
from ipnft_desktop.services.stage.hands import Hands
from ipnft_desktop.services.stage.readings import Readings, hashes_of

log = logging.getLogger("ipnft")


class Director:
    """Plays the scenes that it is given, in their order; what becomes of them is told to whoever observes.

    A press while a step runs does nothing; a step that failed waits for `again`, `pass_over` or `back`.
    """

    def __init__(self, hands: Hands, readings: Readings, faults: StageFaults) -> None:
        self._hands = hands
        self._readings = readings
        self._faults = faults
        self._scenes: tuple[Scene, ...] = ()
        self._shows: dict[str, Show] = {}
        self._casts: dict[str, Cast] = {}
        self._current = ""
        self._running: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        self._played = 0
        self._begun_at_s: float | None = None
        faults.observe(self._tell)

    # --- what is on -------------------------------------------------------------------------------------------

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """In the order of the show."""
        return self._scenes

    @property
    def show(self) -> Show | None:
        """The scene on stage; None before scenes were given."""
        return self._shows.get(self._current)

    @property
    def faults(self) -> frozenset[StageFault]:
        """What is broken now."""
        return self._faults.active

    @property
    def is_running(self) -> bool:
        """Whether a step is under way."""
        return self._running is not None and not self._running.done()

    @property
    def begun_at_s(self) -> float | None:
        """When the first step of the show was pressed for, on the event loop's clock; None before."""
        return self._begun_at_s

    def show_of(self, scene: Scene) -> Show:
        """How a scene stands."""
        return self._shows[scene.scene_id]

    def cast_of(self, scene: Scene) -> Cast:
        """The works that a scene was played with."""
        return self._casts[scene.scene_id]

    def observe(self, hear: Callable[[], None]) -> Callable[[], None]:
        """Hear, on the event loop, whenever anything of this changes; returns the function that ends it."""
        self._listeners.append(hear)
        return lambda: self._listeners.remove(hear) if hear in self._listeners else None

    # --- the clicker ------------------------------------------------------------------------------------------

    def give(self, scenes: Sequence[Scene]) -> None:
        """The scenes of the show, each to be played from its title."""
        self._scenes = tuple(scenes)
        self._shows = {scene.scene_id: opened(scene) for scene in scenes}
        self._casts = {scene.scene_id: Cast() for scene in scenes}
        self._current = scenes[0].scene_id if scenes else ""
        self._begun_at_s = None
        self._tell()

    def choose(self, scene: Scene) -> None:
        """Bring a scene on stage where it stood; nothing while a step runs."""
        if not self.is_running and scene.scene_id in self._shows:
            self._current = scene.scene_id
            self._tell()

    def begin_again(self, scene: Scene) -> None:
        """From its title, with new works; what was minted stays. Nothing while a step runs."""
        if not self.is_running:
            self._casts[scene.scene_id] = Cast()
            self._shows[scene.scene_id] = opened(scene)
            self._current = scene.scene_id
            self._tell()

    def on(self) -> None:
        """Forward: the next step is shown and played; behind the last one the next scene."""
        show = self.show
        if show is None or self.is_running:
            return
        view = show.view
        if view is not None and view.state not in ENDED:
            if view.state is StepState.WAITING:
                self._begin(show)
            return
        if show.at + 1 < len(show.steps):
            moved = self._shows[self._current] = replace(show, at=show.at + 1)
            if moved.steps[moved.at].state is StepState.WAITING:
                self._begin(moved)
            else:
                self._tell()
            return
        following = self._scenes.index(show.scene) + 1
        if following < len(self._scenes):
            self.choose(self._scenes[following])

    def back(self) -> None:
        """The step before, as it ended; the chain is not turned back by it. Nothing while a step runs."""
        show = self.show
        if show is not None and not self.is_running and show.at >= 0:
            self._shows[self._current] = replace(show, at=show.at - 1)
            self._tell()

    def again(self) -> None:
        """Undo every fault and play a step that failed once more; nothing that is there is made twice."""
        show = self.show
        if show is not None and show.view is not None and show.view.state is StepState.FAILED and not self.is_running:
            self._begin(show, heal=True)

    async def give_up(self) -> None:
        """Wait no longer for the step that runs: it counts as failed. What it asked for goes on."""
        running = self._running
        if running is not None and not running.done():
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def pass_over(self, state: StepState) -> None:
        """Go on without a step that failed: its result is there otherwise (SKIPPED), or its picture was shown (SHOWN).

        Raises ValueError for any other state.
        """
        if state not in (StepState.SKIPPED, StepState.SHOWN):
            raise ValueError(state)
        show = self.show
        if show is not None and show.view is not None and show.view.state is StepState.FAILED:
            self._put(show, replace(show.view, state=state))

    def recast(self, scene: Scene, cast: Cast) -> None:
        """Other works play a scene from now on: those of a checkpoint that was returned to."""
        self._casts[scene.scene_id] = cast

    def take_result(self, casts: Mapping[str, Cast]) -> None:
        """The register was put back to a checkpoint made behind the scene on stage: what is left of it is SKIPPED.

        `casts` are the works that the checkpoint holds, by scene; a scene whose works it does not hold begins anew.
        """
        for scene in self._scenes:
            cast = casts.get(scene.scene_id)
            if cast is not None:
                self.recast(scene, cast)
            else:
                self._casts[scene.scene_id] = Cast()
                self._shows[scene.scene_id] = opened(scene)
        show = self._shows[self._current]
        steps = [view if view.state in ENDED else StepView(view.step, StepState.SKIPPED) for view in show.steps]
        self._shows[self._current] = replace(show, steps=tuple(steps))
        self._tell()

    async def break_now(self, fault: StageFault) -> None:
        """A fault by hand. Raises as `StageFaults.begin`."""
        await self._faults.begin(fault)

    async def heal(self) -> None:
        """Undo every fault. Raises as `StageFaults.heal`."""
        await self._faults.heal()

    async def ended(self) -> None:
        """Wait until no step runs."""
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def close(self) -> None:
        """Give up what runs, and speak to the node directly again."""
        await self.give_up()
        await self._faults.leave_the_stage()

    # --- inside -----------------------------------------------------------------------------------------------

    def _begin(self, show: Show, *, heal: bool = False) -> None:
        if self._begun_at_s is None:
            self._begun_at_s = asyncio.get_running_loop().time()
        self._running = asyncio.create_task(self._play(show, heal=heal), name="stage.step")

    async def _play(self, show: Show, *, heal: bool) -> None:
        loop = asyncio.get_running_loop()
        before = show.view
        assert before is not None
        begun = loop.time()
        running = StepView(before.step, StepState.RUNNING, begun)
        self._put(show, running)
        cast = self._casts[show.scene.scene_id]
        ended = replace(running, state=StepState.FAILED)
        try:
            await self._faults.take_the_stage()
            if heal:
                await self._faults.heal()
            trouble = await self._hands.perform(before.step, cast, self._remark())
            ended = replace(running, state=StepState.DONE, error=trouble)
        except asyncio.CancelledError:
            ended = replace(ended, error=UserError(ErrorCode.STEP_GIVEN_UP))
            raise
        except IpnftError as error:
            ended = replace(ended, error=error)
        except Exception as error:
            log.exception("step %s of the scene %s", before.step.step_id, show.scene.scene_id)
            ended = replace(ended, error=with_code(error))
        finally:
            ended = replace(ended, seconds=loop.time() - begun)
            self._put(show, ended)
        await self._read(show, ended, cast)

    async def _read(self, show: Show, ended: StepView, cast: Cast) -> None:
        try:
            readings = await self._readings.of(ended.step, cast, ended.seconds or 0)
            jobs = await self._hands.jobs_of(cast.subjects.get(ended.step.subject, ()))
        except IpnftError:
            return  # nobody is signed in any more
        self._put(show, replace(ended, readings=readings, tx_hashes=hashes_of(jobs)))
        log_event("stage.step", scene=show.scene.scene_id, step=ended.step.step_id, state=ended.state)

    def _put(self, show: Show, view: StepView) -> None:
        """The latest of a step; which one is in view may have changed meanwhile."""
        latest = self._shows[show.scene.scene_id]
        steps = tuple(view if each.step is view.step else each for each in latest.steps)
        self._shows[show.scene.scene_id] = replace(latest, steps=steps)
        self._tell()

    def _remark(self) -> str:
        self._played += 1
        return f"{self._played}"

    def _tell(self) -> None:
        for hear in tuple(self._listeners):
            hear()
