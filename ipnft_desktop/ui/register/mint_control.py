"""Cancel, retry and reset from the Register page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.ui.register.reset_dialog import ResetDialog
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.theme.tokens import Tone

Run = Callable[[Callable[[], Coroutine[Any, Any, None]], str], None]
"""Does something under a name for as long as the page lives; what it raises is told where the list is."""


class MintControl(Protocol):
    """What the page needs of `services.mint_desk.MintDesk`."""

    async def retry(self, asset_id: UUID) -> MintJob: ...
    async def cancel(self, job_id: UUID) -> MintJob: ...
    async def reset(self, asset_id: UUID, reason: str) -> object: ...
    async def job_of(self, asset_id: UUID) -> MintJob | None: ...


class MintControlPresenter(QObject):
    """`watch_requested` carries an asset id; `notice` is a short message with its `Tone`."""

    watch_requested = Signal(object)
    notice = Signal(str, object)

    def __init__(self, view: RegisterView, desk: MintControl, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._run = run
        for source in (view, view.panel):
            source.cancel_mint_requested.connect(self._on_cancel)
            source.retry_requested.connect(self._on_retry)
            source.reset_requested.connect(self._on_reset)
        view.cancel_mint_confirmed.connect(self._on_cancel_confirmed)

    async def _cancel(self, asset_id: UUID) -> None:
        """Alone and unsigned it ends at once; what costs gas or concerns other assets too is asked first."""
        job = await self._desk.job_of(asset_id)
        if job is None or not job.is_open:
            raise UserError(ErrorCode.MINT_INVALID_STATE, self.tr("no mint of this asset is open"))
        if job.transactions or len(job.items) > 1:
            self._view.ask_cancel_mint(job.job_id, len(job.items), is_signed=bool(job.transactions))
        else:
            await self._cancel_job(job.job_id)

    async def _cancel_job(self, job_id: UUID) -> None:
        job = await self._desk.cancel(job_id)
        if job.is_open:
            self.notice.emit(self.tr("Cancellation sent; the chain decides"), Tone.WARN)
        else:
            self.notice.emit(self.tr("Mint cancelled; nothing was sent"), Tone.OK)

    async def _retry(self, asset_id: UUID) -> None:
        await self._desk.retry(asset_id)
        self.watch_requested.emit(asset_id)

    async def _reset(self, dialog: ResetDialog, asset_id: UUID, reason: str) -> None:
        try:
            await self._desk.reset(asset_id, reason)
        except IpnftError as error:
            dialog.show_error(error)
            return
        dialog.accept()
        self.notice.emit(self.tr("Reset to a draft"), Tone.OK)

    def _on_cancel(self, asset_id: UUID) -> None:
        self._run(lambda: self._cancel(asset_id), "register cancel mint")

    def _on_cancel_confirmed(self, job_id: UUID) -> None:
        self._run(lambda: self._cancel_job(job_id), "register cancel mint")

    def _on_retry(self, asset_id: UUID) -> None:
        self._run(lambda: self._retry(asset_id), "register retry")

    def _on_reset(self, asset_id: UUID) -> None:
        def reset(reason: str) -> None:
            self._run(lambda: self._reset(dialog, asset_id, reason), "register reset")

        dialog = ResetDialog(self._view.name_of(asset_id), self._view)
        dialog.finished.connect(dialog.deleteLater)
        dialog.reset_requested.connect(reset)
        dialog.open()
