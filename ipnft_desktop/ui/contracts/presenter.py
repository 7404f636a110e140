"""Runs the Contracts tab: the list, one contract, what it answers, and what lies in its storage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.inspection.contracts import AbiEntry, ImportedAbi
from ipnft_desktop.domain.inspection.directory import ContractDetail, ContractLine, ReadAnswer, ReadRefusal
from ipnft_desktop.domain.inspection.tracing import StateChange
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.contracts.abi_dialog import AbiDialog
from ipnft_desktop.ui.contracts.view import ContractsTab
from ipnft_desktop.ui.inspection.reader import InspectionPresenter
from ipnft_desktop.ui.inspection.turns import IsNewest
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.form_dialog import carry_out
from ipnft_desktop.ui.widgets.list_faces import Face

_DETAIL, _ASK, _STORAGE, _ABIS = "contract detail", "contract ask", "contract storage", "contract abis"
_SHOW = "contract show"


class Directory(Protocol):
    """What the tab needs of `services.inspector.contract_directory.ContractDirectory`."""

    async def contracts(self) -> tuple[ContractLine, ...]: ...
    async def contract(self, address: str) -> ContractDetail: ...


class Asking(Protocol):
    """What the tab needs of `services.inspector.contract_asking.ContractAsking`."""

    async def ask(
        self, address: str, entry: AbiEntry, texts: Sequence[str], at: int | None = None
    ) -> ReadAnswer | ReadRefusal: ...
    async def ask_raw(self, address: str, data: str, at: int | None = None) -> ReadAnswer | ReadRefusal: ...
    async def plain_storage(self, address: str, at: int | None = None) -> tuple[StateChange, ...]: ...
    async def keyed_storage(self, address: str, key: str, at: int | None = None) -> tuple[StateChange, ...]: ...
    async def slot(self, address: str, slot: str, at: int | None = None) -> StateChange: ...


class Abis(Protocol):
    """What the tab needs of `services.inspector.abi_registry.AbiRegistry`."""

    async def imported(self) -> tuple[ImportedAbi, ...]: ...
    async def import_abi(self, address: str, name: str, content: str) -> ImportedAbi: ...
    async def import_file(self, address: str, name: str, file: Path) -> ImportedAbi: ...
    async def remove(self, address: str) -> None: ...


class ContractsPresenter(InspectionPresenter):
    """`abis_changed` tells that other contracts may be read now."""

    abis_changed = Signal()

    def __init__(
        self,
        view: ContractsTab,
        directory: Directory,
        asking: Asking,
        abis: Abis,
        access: Access,
        events: AppEvents,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._directory = directory
        self._asking = asking
        self._abis = abis
        self._access = access
        self._dialog: AbiDialog | None = None
        self._told: str | None = None
        """The address whose detail was asked for last."""
        for button in (view.abis_button, view.panel.read.import_button):
            access.guard(button, Permission.EDIT_ADDRESSES, button.refuse)
        view.current_changed.connect(self._on_current)
        view.panel.read.read_requested.connect(self._on_read)
        view.panel.storage.look_requested.connect(self._on_look)
        view.panel.part_chosen.connect(self._on_part)
        view.abis_requested.connect(self._on_abis)
        events.block_arrived.connect(self.changed)
        events.address_book_changed.connect(self.changed)

    @property
    def dialog(self) -> AbiDialog | None:
        """The ABIs, while they are in view."""
        return self._dialog

    def show_address(self, address: str) -> None:
        """Bring a contract into focus, listed or not."""
        if self._may_read:
            self.ask(lambda is_newest: self._show(address, is_newest), _SHOW)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._told = None
        if self._dialog is not None:
            self._dialog.leave()
        self._view.show_closed(Face.NO_ENVIRONMENT)

    async def read(self) -> None:
        """The list, and the contract in focus."""
        lines = await self._directory.contracts()
        if not self._may_read:
            return
        self._view.show_contracts(lines)
        await self._read_detail()

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        await super().close()
        if self._dialog is not None:
            self._dialog.leave()

    async def _show(self, address: str, is_newest: IsNewest) -> None:
        detail = await self._directory.contract(address)
        if self._may_read and is_newest():
            self._view.show_contract(detail.line)
            self._view.show_detail(detail)

    async def _read_detail(self, is_newest: IsNewest = lambda: True) -> None:
        """Of the contract in focus, until that is the same."""
        while (line := self._view.panel.line) is not None and is_newest():
            self._told = line.address
            detail = await self._directory.contract(line.address)
            if not self._may_read:
                return
            self._view.show_detail(detail)
            if self._view.panel.shown_address == line.address:
                return

    async def _read_function(self, is_newest: IsNewest) -> None:
        part, line = self._view.panel.read, self._view.panel.line
        if line is None or part.block.refuse_wrong():
            return
        entry, at = part.form.entry, part.block.block_number
        part.set_busy(True)
        try:
            if entry is not None:
                answer = await self._asking.ask(line.address, entry, part.form.texts, at)
            else:
                answer = await self._asking.ask_raw(line.address, part.data.text(), at)
        except IpnftError as error:
            if self._may_read and is_newest() and part.form.entry == entry:
                part.show_refusal(error)
            return
        finally:
            if is_newest():
                part.set_busy(False)
        if self._may_read and is_newest() and part.form.entry == entry:
            part.show_answer(answer, self._view.names())

    async def _look(self, is_newest: IsNewest) -> None:
        part, line = self._view.panel.storage, self._view.panel.line
        if line is None or part.block.refuse_wrong():
            return
        at, key, slot = part.block.block_number, part.key.text().strip(), part.slot.text().strip()
        try:
            if slot:
                words: tuple[StateChange, ...] = (await self._asking.slot(line.address, slot, at),)
            elif key:
                words = await self._asking.keyed_storage(line.address, key, at)
            else:
                words = await self._asking.plain_storage(line.address, at)
        except IpnftError as error:
            if self._may_read and is_newest():
                part.show_refusal(error)
            return
        if self._may_read and is_newest():
            part.show_words(words, self._view.names())

    async def _list_abis(self, dialog: AbiDialog) -> None:
        imported = await self._abis.imported()
        if dialog is self._dialog:
            dialog.show_imported(imported)

    async def _import(self, dialog: AbiDialog) -> None:
        address, name = dialog.address.text, dialog.name.text()

        async def work() -> None:
            file = dialog.file
            if file is not None:
                await self._abis.import_file(address, name, file)
            else:
                await self._abis.import_abi(address, name, dialog.content.toPlainText())

        if await carry_out(dialog, work):
            self.notice.emit(self.tr("The ABI “{0}” was imported").format(name.strip()), Tone.OK)
            self.abis_changed.emit()
            self.read_now()

    async def _remove(self, dialog: AbiDialog, abi: ImportedAbi) -> None:
        try:
            await self._abis.remove(abi.address)
        except IpnftError as error:
            dialog.show_refusal(error)
            return
        await self._list_abis(dialog)
        self.abis_changed.emit()
        self.read_now()

    def _on_current(self) -> None:
        line = self._view.panel.line
        if self._may_read and line is not None and line.address != self._told:
            for kind in (_ASK, _STORAGE):
                self._turns.begin(kind)  # what was asked of another contract is no matter of this one
            self._view.panel.read.set_busy(False)
            self.ask(self._read_detail, _DETAIL)
            if self._view.panel.shows(self._view.panel.storage):
                self._on_look()

    def _on_part(self) -> None:
        storage = self._view.panel.storage
        if self._view.panel.shows(storage) and not storage.table.records.count:
            self._on_look()

    def _on_read(self) -> None:
        if self._may_read:
            self.ask(self._read_function, _ASK)

    def _on_look(self) -> None:
        if self._may_read:
            self.ask(self._look, _STORAGE)

    def _on_abis(self) -> None:
        if self._dialog is not None or not self._may_read:
            return
        line = self._view.panel.line
        dialog = self._dialog = AbiDialog(line.address if line else "", self._view.window())
        self._access.guard(dialog.remove_button, Permission.EDIT_ADDRESSES, dialog.remove_button.refuse)
        dialog.submitted.connect(lambda: self.run(lambda: self._import(dialog), _ABIS))

        def on_remove(abi: ImportedAbi) -> None:
            self.run(lambda: self._remove(dialog, abi), _ABIS)

        dialog.remove_requested.connect(on_remove)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        self.run(lambda: self._list_abis(dialog), _ABIS)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
