"""Runs the writing half of the Contracts tab: simulation, the last question, sending, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.contract_writes import CallEstimate, CallValue, ContractCall, ContractWrite, WriteState
from ipnft_desktop.domain.errors import FieldProblem, IpnftError, ProblemKind, ValidationFailed, with_code
from ipnft_desktop.domain.events import ContractWriteChanged
from ipnft_desktop.domain.inspection.contracts import AbiEntry
from ipnft_desktop.domain.inspection.typed_values import call_value, wei_of
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.contracts.send_dialog import SendDialog
from ipnft_desktop.ui.contracts.view import ContractsTab
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.form_dialog import carry_out
from ipnft_desktop.ui.widgets.measures import number_text

_SIMULATE, _SEND, _LIST = "contract simulate", "contract send", "contract calls"


class Encoder(Protocol):
    """What checks typed arguments: `services.inspector.contract_asking.ContractAsking`."""

    def encoded(self, entry: AbiEntry, texts: Sequence[str]) -> bytes: ...


class Writes(Protocol):
    """What the tab needs of `services.contract_writes.ContractWrites`."""

    @property
    def impersonates(self) -> bool: ...
    def holds_key(self, account: str) -> bool: ...
    async def simulate(self, call: ContractCall, sender: str | None = None) -> CallEstimate: ...
    async def send(self, call: ContractCall, reason: str = "", sender: str | None = None) -> ContractWrite: ...
    async def writes(self, before: int | None = None) -> tuple[ContractWrite, ...]: ...


class WritePresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, view: ContractsTab, writes: Writes, encoder: Encoder, access: Access, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self._part = view.panel.write
        self._writes = writes
        self._encoder = encoder
        self._dialog: SendDialog | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._is_closed = False
        access.guard(self._part.simulate_button, Permission.WRITE_CONTRACTS, self._part.simulate_button.refuse)
        self._part.simulate_requested.connect(self._on_simulate)
        view.current_changed.connect(self.reload)
        view.panel.part_chosen.connect(self._on_part)
        events.contract_write_changed.connect(self._on_changed)

    @property
    def dialog(self) -> SendDialog | None:
        """The last question, while it is open."""
        return self._dialog

    @property
    def is_working(self) -> bool:
        """Whether a call is on its way to the chain."""
        return self._tasks.is_running(_SEND)

    def reload(self) -> None:
        """List the calls of the contract in focus."""
        if not self._is_closed and self._view.panel.line is not None and not self._view.face.is_closed:
            self._tasks.start(self._list(), _LIST)

    async def close(self) -> None:
        """Close the dialog; what was sent goes on without it."""
        self._is_closed = True
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.leave()

    async def _simulate(self, target: str, entry: AbiEntry) -> None:
        self._part.set_busy(True)
        try:
            call = await self._call(target, entry)
            typed = self._part.account.line.text()
            account = parse_address(typed, "sender") if typed.strip() else None
            estimate = await self._writes.simulate(call, account)
        except IpnftError as error:
            if self._view.panel.shown_address == target:
                self._part.show_refusal(error)
            return
        finally:
            self._part.set_busy(False)
        now = self._view.panel.line
        if self._dialog is None and now is not None and now.address == target and not self._is_closed:
            self._ask(call, estimate, account)

    async def _call(self, target: str, entry: AbiEntry) -> ContractCall:
        """What the form describes. Raises ValidationFailed."""
        texts = self._part.form.texts
        value_wei = wei_of(self._part.form.value_text, "value")
        await asyncio.to_thread(self._encoder.encoded, entry, texts)
        arguments: list[tuple[str, CallValue]] = []
        for at, (parameter, text) in enumerate(zip(entry.inputs, texts, strict=True)):
            try:
                arguments.append((parameter.name, call_value(parameter, text)))
            except ValueError:
                problem = FieldProblem(f"argument.{at}", ProblemKind.NOT_OF_TYPE, parameter.solidity_type)
                raise ValidationFailed((problem,)) from None
        return ContractCall(target, entry.signature, tuple(arguments), value_wei)

    def _ask(self, call: ContractCall, estimate: CallEstimate, account: str | None) -> None:
        label = self._view.label(call.target) or ""
        is_signed = account is None or self._writes.holds_key(account)
        window = self._view.window()
        dialog = self._dialog = SendDialog(call, estimate, label, window, account=account, is_signed=is_signed)
        if not is_signed and not self._writes.impersonates:
            dialog.refuse_unsigned()
        dialog.submitted.connect(lambda: self._tasks.start(self._send(dialog), _SEND))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    async def _send(self, dialog: SendDialog) -> None:
        made: list[ContractWrite] = []

        async def work() -> None:
            made.append(await self._writes.send(dialog.call, dialog.reason.text(), dialog.account))

        if await carry_out(dialog, work):
            self.notice.emit(*self._outcome(made[0]))
        self.reload()

    def _outcome(self, write: ContractWrite) -> tuple[str, Tone]:
        name = write.call.name
        if write.state is WriteState.DONE and write.mined is not None:
            return self.tr("{0} is done in block {1}").format(name, number_text(write.mined.block_number)), Tone.OK
        if write.state is WriteState.REVERTED:
            return self.tr("{0} was refused in its block: {1}").format(name, write.revert), Tone.ERROR
        return self.tr("{0} was sent and waits for a block").format(name), Tone.ACCENT

    async def _list(self) -> None:
        line = self._view.panel.line
        if line is None:
            return
        try:
            calls = await self._writes.writes()
        except IpnftError as error:
            if self._view.panel.shown_address == line.address:
                self._part.error_panel.show_error(error)
            return
        now = self._view.panel.line
        if now is not None and now.address == line.address:
            self._part.show_calls([call for call in calls if call.call.target == line.address])

    def _on_simulate(self) -> None:
        line, entry = self._view.panel.line, self._part.form.entry
        if line is not None and entry is not None and not self._is_closed:
            self._tasks.start(self._simulate(line.address, entry), _SIMULATE)

    def _on_changed(self, event: ContractWriteChanged) -> None:
        line = self._view.panel.line
        if line is not None and event.write.call.target == line.address:
            self.reload()

    def _on_part(self) -> None:
        if self._view.panel.shows(self._part):
            self.reload()

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_unexpected(self, error: Exception) -> None:
        self._part.error_panel.show_error(with_code(error))
