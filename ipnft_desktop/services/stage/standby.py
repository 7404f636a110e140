"""What a rehearsal prepared for a step that fails on stage: the state behind its scene, and its picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scenes import Scene, Show, StepState
from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.services.stage.rehearsal_record import RehearsalStore, StageRecord, Subjects
from ipnft_desktop.services.stage.way_back import WayBack


class StandBy:
    """Answers at once from what it read last; `refresh` whenever rehearsals or checkpoints changed."""

    def __init__(self, director: Director, checkpoints: Checkpoints, way_back: WayBack, store: RehearsalStore) -> None:
        self._director = director
        self._checkpoints = checkpoints
        self._way_back = way_back
        self._store = store
        self._record = StageRecord()
        self._kept: dict[str, Checkpoint] = {}

    @property
    def record(self) -> StageRecord:
        """What the workspace knows of rehearsals, as read last."""
        return self._record

    async def refresh(self) -> None:
        """Read it anew. Raises UserError SIGN_IN_REQUIRED."""
        self._record = await asyncio.to_thread(self._store.load)
        self._kept = {each.checkpoint_id: each for each in await self._checkpoints.list()}

    def can_skip(self, show: Show) -> bool:
        """Whether there is a checkpoint right behind this scene, as it is written now."""
        return self._behind(show.scene) is not None

    def picture_of(self, show: Show) -> str:
        """Name of the recorded picture of the step in view; empty where there is none."""
        rehearsed = self._record.rehearsed.of(show.scene) if self._record.rehearsed else None
        if rehearsed is None or show.view is None:
            return ""
        return next((step.picture for step in rehearsed.steps if step.step_id == show.view.step.step_id), "")

    async def picture(self, show: Show) -> Path | None:
        """Its file; None where there is none any more."""
        name = self.picture_of(show)
        return await asyncio.to_thread(self._store.picture, name) if name else None

    def show_picture(self) -> None:
        """The picture counts for the step in view that failed."""
        self._director.pass_over(StepState.SHOWN)

    async def skip(self, work: LongWork) -> None:
        """Put register, chain and content where the rehearsal had them behind the scene on stage, and skip what is left
        of it; the scenes before are then played by the works of the rehearsal. The present state is kept as a
        checkpoint. Nothing but for a step that failed.

        Raises EnvironmentFault CHECKPOINT_UNUSABLE where there is none, and as `WayBack.to`.
        """
        show = self._director.show
        if show is None or show.view is None or show.view.state is not StepState.FAILED:
            return
        await self.refresh()
        behind = self._behind(show.scene)
        if behind is None:
            raise EnvironmentFault(
                ErrorCode.CHECKPOINT_UNUSABLE, phrase("there is no rehearsal of this scene as it is now")
            )
        checkpoint, casts = behind
        await self._way_back.to(checkpoint, work)
        self._director.take_result({scene_id: Cast(dict(subjects)) for scene_id, subjects in casts.items()})
        await self.refresh()

    def _behind(self, scene: Scene) -> tuple[Checkpoint, dict[str, Subjects]] | None:
        rehearsed = self._record.rehearsed.of(scene) if self._record.rehearsed else None
        if rehearsed is None or rehearsed.checkpoint_id is None:
            return None
        checkpoint = self._kept.get(rehearsed.checkpoint_id)
        return (checkpoint, dict(rehearsed.casts)) if checkpoint is not None else None
