"""The way back to a checkpoint while a show is on: all stands again behind it, and nobody is asked who they are."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.services.stage.faults import StageFaults


class WayBack:
    """No step may be under way."""

    def __init__(
        self, checkpoints: Checkpoints, people: PeopleService, faults: StageFaults, runner: EnvironmentRunner
    ) -> None:
        self._checkpoints = checkpoints
        self._people = people
        self._faults = faults
        self._runner = runner

    async def to(self, checkpoint: Checkpoint, work: LongWork, *, keeps_present: bool = True) -> None:
        """Undo every fault, put register, chain and content back, and start everything again, also where that raises.

        Raises as `Checkpoints.return_to`, and the error of the start.
        """
        self._checkpoints.require_right()  # before anything is undone
        await self._faults.let_go()
        await self._runner.settle()
        await self._people.stay_signed_in()
        try:
            await self._checkpoints.return_to(checkpoint, work, keeps_present=keeps_present, ends_session=False)
        except BaseException:
            with contextlib.suppress(IpnftError):  # why it was not put back is what counts
                await self._start()
            raise
        await self._start()

    async def _start(self) -> None:
        await self._runner.settle()
        await self._runner.start(lambda _report: None)


class StageCheckpoints:
    """Those of the workspace, as they are handled on stage: a return starts everything again, and the show anew."""

    def __init__(self, checkpoints: Checkpoints, way_back: WayBack, director: Director) -> None:
        self._checkpoints = checkpoints
        self._way_back = way_back
        self._director = director

    @property
    def are_possible(self) -> bool:
        """As of `Checkpoints`; the next ones too."""
        return self._checkpoints.are_possible

    async def list(self) -> Sequence[Checkpoint]:
        return await self._checkpoints.list()

    async def make(self, name: str, work: LongWork) -> Checkpoint:
        return await self._checkpoints.make(name, work)

    async def rename(self, checkpoint: Checkpoint, name: str) -> None:
        await self._checkpoints.rename(checkpoint, name)

    async def delete(self, checkpoint: Checkpoint) -> None:
        await self._checkpoints.delete(checkpoint)

    async def preview(self, checkpoint: Checkpoint) -> RestorePreview:
        return await self._checkpoints.preview(checkpoint)

    async def return_to(self, checkpoint: Checkpoint, work: LongWork) -> None:
        """Give up the step that runs, put everything back, and show every scene from its title. Raises as
        `WayBack.to`."""
        await self._director.give_up()
        await self._way_back.to(checkpoint, work)
        self._director.give(self._director.scenes)
