"""Before the mint: it may wait for company instead, and what waits already can be taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.context import MintContext
from ipnft_desktop.ui.mint.subjects import destination_of


class Company(QObject):
    """Works what the first face says of waiting; `waiting_began` carries a sentence and the ids of what waits now."""

    waiting_began = Signal(str, object)

    def __init__(self, context: MintContext, open_anew: Callable[[], Awaitable[None]], parent: QObject) -> None:
        """`open_anew` shows the assets as they are by then."""
        super().__init__(parent)
        self._context = context
        self._gatherer = context.services.gatherer
        self._open_anew = open_anew
        self._panel = context.dialog.confirm
        self._waiting: tuple[GatheredMint, ...] = ()
        self._panel.waiting_bar.action_requested.connect(lambda: context.run(self._withdraw))

    async def look(self) -> None:
        """Say what of the subjects waits already."""
        subjects = {subject.asset_id for subject in self._context.subjects}
        self._waiting = tuple(mint for mint in await self._gatherer.waiting() if mint.asset_id in subjects)
        goes_at = None
        if self._waiting and not await self._context.needs_start():
            goes_at = self._waiting[0].asked_at + self._gatherer.policy.longest_wait
        now = self._context.services.now()
        told = wording.waits_already(self._waiting, len(subjects), goes_at if goes_at and goes_at > now else None)
        self._panel.show_waiting(told)

    async def forget(self) -> None:
        """What waited is being minted: it waits no more. Where that cannot be recorded, the batch leaves it out."""
        if self._waiting:
            with contextlib.suppress(IpnftError):
                await self._gatherer.withdraw(_ids(self._waiting))

    async def let_wait(self, requests: Sequence[MintRequest]) -> None:
        """Record that these wait, and close the dialog."""
        asset_ids = [request.asset_id for request in requests]
        self._panel.set_busy(True, self.tr("Recording the request…"))
        try:
            await self._context.kept(self._gatherer.request(asset_ids, destination_of(requests)))
            told = await self._told(asset_ids, destination_of(requests))
        except IpnftError as error:
            self._panel.set_busy(False)
            self._panel.show_error(error, can_start=False)
            return
        self.waiting_began.emit(told, tuple(asset_ids))
        self._context.dialog.close()

    async def _told(self, asset_ids: Sequence[UUID], destination: str | None) -> str:
        waiting = [mint for mint in await self._gatherer.waiting() if mint.recipient == destination]
        others = sum(mint.asset_id not in asset_ids for mint in waiting)
        longest_wait = None if await self._context.needs_start() else self._gatherer.policy.longest_wait
        return wording.waits_now(len(asset_ids), others, longest_wait)

    async def _withdraw(self) -> None:
        self._panel.set_busy(True)
        try:
            await self._context.kept(self._gatherer.withdraw(_ids(self._waiting)))
        except IpnftError as error:
            self._panel.set_busy(False)
            self._panel.show_error(error, can_start=False)
            return
        await self._open_anew()


def _ids(mints: Sequence[GatheredMint]) -> tuple[UUID, ...]:
    return tuple(mint.asset_id for mint in mints)
