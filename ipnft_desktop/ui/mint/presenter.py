"""Opens mint dialogs and keeps what they started."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.ports import Assets, Desk, Environment, Gatherer, MintServices
from ipnft_desktop.ui.mint.session import MintSession
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.error_words import error_line


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MintPresenter(QObject):
    """`card_requested` carries the id of an asset whose card shall be opened; `unlock_requested` asks for the password
    of the signing key, after which the mint goes on by itself; `metadata_requested` carries asset ids and the dialog
    that asks what would be published of them. `undo_offered` carries that mints wait for company now, and what takes
    them back; `notice` a short message with its `Tone`."""

    card_requested = Signal(object)
    unlock_requested = Signal()
    metadata_requested = Signal(object, object)
    undo_offered = Signal(str, object)
    notice = Signal(str, object)

    def __init__(
        self,
        desk: Desk,
        gatherer: Gatherer,
        register: Assets,
        environment: Environment,
        pictures: PictureStore,
        now: Callable[[], datetime] = _utc_now,
        label_of: LabelOf = no_label,
    ) -> None:
        super().__init__()
        self._services = MintServices(desk, gatherer, register, environment, pictures, now, label_of)
        self._sessions: list[MintSession] = []
        self._is_closed = False
        self._tasks = PageTasks(lambda _: None)

    @property
    def dialogs(self) -> tuple[MintDialog, ...]:
        """The dialogs that are open."""
        return tuple(session.dialog for session in self._sessions)

    @property
    def shown(self) -> tuple[tuple[AssetRow, ...], ...]:
        """What each of them was opened for."""
        return tuple(session.rows for session in self._sessions)

    def open_for(self, rows: Sequence[AssetRow], parent: QWidget | None = None) -> MintDialog | None:
        """Open the dialog for one asset or a batch; an open one for the same assets comes to the front instead.

        An asset that is being minted shows its running mint, a failed one its failure. Nothing for no rows.
        """
        if not rows:
            return None
        asset_ids = tuple(row.asset_id for row in rows)
        session = next((known for known in self._sessions if known.asset_ids == asset_ids), None)
        if session is None:
            session = MintSession(self._services, rows, self._keep, parent)
            session.closed.connect(partial(self._on_closed, session))
            session.card_requested.connect(self.card_requested)
            session.unlock_requested.connect(self.unlock_requested)
            session.waiting_began.connect(self._on_waiting_began)
            session.metadata_requested.connect(partial(self._on_metadata_requested, session))
            self._sessions.append(session)
            session.start()
        session.dialog.raise_()
        session.dialog.activateWindow()
        return session.dialog

    async def close(self) -> None:
        """Close every dialog; the mints go on."""
        self._is_closed = True
        sessions, self._sessions = self._sessions, []
        for session in sessions:
            await session.close()
        await self._tasks.close()

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._tasks.start(work, "kept")

    def _on_metadata_requested(self, session: MintSession, asset_ids: tuple[UUID, ...]) -> None:
        self.metadata_requested.emit(asset_ids, session.dialog)

    def _on_waiting_began(self, told: str, asset_ids: tuple[UUID, ...]) -> None:
        self.undo_offered.emit(told, partial(self._take_back, asset_ids))

    def _take_back(self, asset_ids: tuple[UUID, ...]) -> None:
        if not self._is_closed:  # a notice may outlast the pages
            self._tasks.start(self._withdraw(asset_ids), "withdraw")

    async def _withdraw(self, asset_ids: tuple[UUID, ...]) -> None:
        try:
            withdrawn = await self._services.gatherer.withdraw(asset_ids)
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
            return
        if withdrawn:
            self.notice.emit(self.tr("%Ln assets wait no more; nothing was sent.", "", withdrawn), Tone.OK)
        else:
            self.notice.emit(self.tr("The batch has gone already."), Tone.WARN)

    def _on_closed(self, session: MintSession) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
            self._tasks.start(session.close(), "closing")
