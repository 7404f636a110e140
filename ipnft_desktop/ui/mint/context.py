"""What the parts of one dialog's work share: its subjects, its job, its tasks, and the environment under it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.services.environment_state import StageReport
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.ports import MintServices
from ipnft_desktop.ui.mint.subjects import MintSubject
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.phrases import say

T = TypeVar("T")
Keep = Callable[[Coroutine[Any, Any, Any]], "asyncio.Task[Any]"]
"""Runs what must not be cut off when the dialog closes."""


class MintContext(QObject):
    """`subjects` is what is minted, `job` the record of it once there is one."""

    def __init__(
        self, services: MintServices, dialog: MintDialog, tasks: PageTasks, keep: Keep, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.services = services
        self.desk = services.desk
        self.dialog = dialog
        self.subjects: tuple[MintSubject, ...] = ()
        self.job: MintJob | None = None
        self._tasks = tasks
        self._keep = keep

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do this for as long as the dialog is open."""
        self._tasks.start(work(), work.__name__)

    async def kept(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work that goes on when the dialog closes."""
        return await asyncio.shield(self._keep(work))

    def set_subjects(self, assets: Sequence[Asset]) -> None:
        """Say what is minted."""
        self.subjects = tuple(MintSubject.of(asset) for asset in assets)

    def show_subject_head(self, recipient: str) -> None:
        """Tell in the head what is minted, and to whom once that is known."""
        first, count = self.subjects[0], len(self.subjects)
        line = (
            wording.subject_line(first, recipient, self.services.label_of)
            if count == 1
            else wording.batch_line(self.subjects)
        )
        self.show_head(first.name, first.image_cid, line, count)

    def show_head(self, name: str, image_cid: str | None, line: str, count: int) -> None:
        """Fill the head of the dialog."""
        ready = self.services.environment.ready
        is_local = ready is not None and ready.identity.chain_id == LOCAL_CHAIN_ID
        title = self.tr("Mint NFT – {0}").format(name) if count == 1 else self.tr("Mint %Ln NFTs", "", count)
        self.dialog.picture.set_picture(image_cid, name)
        self.dialog.show_head(title, line, is_local=is_local)

    async def needs_start(self) -> bool:
        """Whether the environment is down."""
        environment = self.services.environment
        return environment.ready is None or await environment.node_status() is None

    async def start_if_needed(self, tell: Callable[[str], object]) -> None:
        """Start the environment if it is down; it takes open mints up by itself."""
        if await self.needs_start():
            await self.start_environment(tell)

    async def start_environment(self, tell: Callable[[str], object]) -> None:
        """Start the environment, saying what it is doing."""

        def on_stage(report: StageReport) -> None:
            if report.detail is not None:
                tell(say(report.detail))

        await self.kept(self.services.environment.start(on_stage))

    async def explained(self, error: IpnftError) -> IpnftError:
        """Nobody works on an open mint while the environment is down; that is what the reader can mend."""
        if error.code is ErrorCode.MINT_INVALID_STATE and await self.needs_start():
            return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, self.tr("The environment is not started."))
        return error
