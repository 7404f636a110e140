"""Runs the certificate on the NFT card: its history, its changes, its state at a past block."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.certificates import PastState, TimelineEntry, Validity, ValidityChange
from ipnft_desktop.domain.contract_writes import WriteState
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import CertificateChanged
from ipnft_desktop.services.certificates import CertificateStanding, ManyChanged, OnProgress
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.validity.panel import CertificatePanel
from ipnft_desktop.ui.validity.validity_dialog import ValidityDialog
from ipnft_desktop.ui.validity.wording import changed_sentence
from ipnft_desktop.ui.widgets.error_words import error_line, joined
from ipnft_desktop.ui.widgets.form_dialog import carry_out
from ipnft_desktop.ui.widgets.measures import number_text

_CHANGE = "change validity"
_READ = "certificate"


class Certificates(Protocol):
    """What is needed of `services.certificates.Certificates`."""

    async def standing(self, asset_id: UUID) -> CertificateStanding: ...
    async def history(self, asset_id: UUID) -> tuple[TimelineEntry, ...]: ...
    async def state_at(self, asset_id: UUID, block_number: int) -> PastState: ...
    async def change(self, asset_id: UUID, validity: Validity, reason: str, seen: str) -> ValidityChange: ...
    async def change_many(
        self, asset_ids: Sequence[UUID], validity: Validity, reason: str, on_progress: OnProgress
    ) -> ManyChanged: ...


class CertificatePresenter(QObject):
    """`notice` is a short message with its `Tone`; `changed` says that the card shown is to be verified anew."""

    notice = Signal(str, object)
    changed = Signal()

    def __init__(
        self,
        panel: CertificatePanel,
        certificates: Certificates,
        events: AppEvents,
        name_shown: Callable[[], str],
    ) -> None:
        """`name_shown` is the name of the asset on the card."""
        super().__init__(panel)
        self._panel = panel
        self._certificates = certificates
        self._name_shown = name_shown
        self._asset_id: UUID | None = None
        self._seen = ""
        self._turn = 0
        self._is_closed = False
        self._tasks = PageTasks(self._on_unexpected)
        panel.change_requested.connect(self._on_change_requested)
        panel.past_requested.connect(self._on_past_requested)
        events.certificate_changed.connect(self._on_changed)

    @property
    def is_working(self) -> bool:
        """Whether a change is being carried out."""
        return self._tasks.is_running(_CHANGE)

    def show_asset(self, asset_id: UUID | None) -> None:
        """Another card is open, or the same one anew, or none."""
        if asset_id != self._asset_id:
            self._panel.clear()
        self._asset_id = asset_id
        self._read()

    def ask_many(self, asset_ids: Sequence[UUID], validity: Validity, parent: QWidget) -> None:
        """Ask for one reason and change all of these."""
        if len(asset_ids) == 1:
            self._tasks.start(self._ask_one(asset_ids[0], validity, "", parent), _READ)
        elif asset_ids:
            dialog = ValidityDialog(validity, "", "", len(asset_ids), parent)
            dialog.submitted.connect(lambda: self._tasks.start(self._change_many(dialog, tuple(asset_ids)), _CHANGE))
            self._open(dialog)

    async def close(self) -> None:
        """Stop everything under way; what was sent goes on."""
        self._is_closed = True
        await self._tasks.close()

    def _read(self) -> None:
        if self._is_closed:
            return
        self._turn += 1
        if self._asset_id is not None:
            self._start(self._show(self._asset_id, self._turn), self._panel.show_error, _READ)

    async def _show(self, asset_id: UUID, turn: int) -> None:
        standing = await self._certificates.standing(asset_id)
        history = await self._certificates.history(asset_id)
        if turn == self._turn:
            self._seen = standing.chain
            self._panel.show_standing(standing.chain, is_changing=standing.waiting is not None)
            self._panel.show_history(history)

    async def _ask_one(self, asset_id: UUID, validity: Validity, name: str, parent: QWidget) -> None:
        try:
            standing = await self._certificates.standing(asset_id)
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
            return
        self._ask(asset_id, validity, standing.chain, name, parent)

    def _ask(self, asset_id: UUID, validity: Validity, seen: str, name: str, parent: QWidget) -> None:
        dialog = ValidityDialog(validity, name, seen, 1, parent)
        dialog.submitted.connect(lambda: self._tasks.start(self._change(dialog, asset_id, seen), _CHANGE))
        self._open(dialog)

    async def _change(self, dialog: ValidityDialog, asset_id: UUID, seen: str) -> None:
        outcome: list[ValidityChange] = []

        async def work() -> None:
            outcome.append(await self._certificates.change(asset_id, dialog.validity, dialog.reason, seen))

        if await carry_out(dialog, work):
            self._tell(outcome[0])

    async def _change_many(self, dialog: ValidityDialog, asset_ids: Sequence[UUID]) -> None:
        outcome: list[ManyChanged] = []
        is_stopped = False

        def stop() -> None:
            nonlocal is_stopped
            is_stopped = True

        def go_on(done: int) -> bool:
            dialog.show_progress(done)
            return not is_stopped

        async def work() -> None:
            outcome.append(await self._certificates.change_many(asset_ids, dialog.validity, dialog.reason, go_on))

        dialog.stop_requested.connect(stop)
        if await carry_out(dialog, work):
            self._tell_many(outcome[0])

    def _tell(self, change: ValidityChange) -> None:
        match change.write.state:
            case WriteState.DONE:
                self.notice.emit(changed_sentence(change.validity), Tone.OK)
            case WriteState.REVERTED:
                self.notice.emit(self.tr("Refused on the chain: {0}").format(change.write.revert), Tone.ERROR)
            case _:
                self.notice.emit(self.tr("The change is recorded and sent; no block shows it yet."), Tone.WARN)

    def _tell_many(self, result: ManyChanged) -> None:
        told = [self.tr("%Ln certificates changed.", "", len(result.changed))]
        if result.unchanged:
            told.append(self.tr("%Ln stood so already.", "", len(result.unchanged)))
        if result.left:
            told.append(self.tr("%Ln were left as they are.", "", len(result.left)))
        if result.failed:
            first = next(iter(result.failed.values()))
            told.append(self.tr("{0} failed: {1}").format(number_text(len(result.failed)), error_line(first)))
        self.notice.emit(joined(*told), Tone.ERROR if result.failed else Tone.OK)

    def _open(self, dialog: ValidityDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_change_requested(self, validity: Validity) -> None:
        if self._asset_id is not None and not self._is_closed:
            self._ask(self._asset_id, validity, self._seen, self._name_shown(), self._panel.window())

    def _on_past_requested(self, block_number: int) -> None:
        asset_id = self._asset_id
        if asset_id is not None:
            self._start(self._show_past(asset_id, block_number), self._panel.show_past_error, "past")

    async def _show_past(self, asset_id: UUID, block_number: int) -> None:
        state = await self._certificates.state_at(asset_id, block_number)
        if asset_id == self._asset_id:
            self._panel.show_past(state)

    def _on_changed(self, event: CertificateChanged) -> None:
        if event.asset_id == self._asset_id:
            self._read()
            if event.write.state is not WriteState.WAITING:
                self.changed.emit()

    def _start(self, work: Coroutine[Any, Any, None], on_error: Callable[[IpnftError], None], name: str) -> None:
        async def guarded() -> None:
            try:
                await work
            except IpnftError as error:
                on_error(error)

        if self._is_closed:
            work.close()
        else:
            self._tasks.start(guarded(), name)

    def _on_unexpected(self, error: Exception) -> None:
        self._panel.show_error(with_code(error))
