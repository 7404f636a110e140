"""Keeps the address book for its tab, and takes files in and gives them out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.address_import import AddressImport
from ipnft_desktop.domain.people import AddressBookEntry, KnownAddress
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.admin.address_import_dialog import AddressImportDialog
from ipnft_desktop.ui.admin.addresses_tab import AddressesTab
from ipnft_desktop.ui.admin.tab_presenter import TabPresenter
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files, ask_where_to_save
from ipnft_desktop.ui.widgets.toast import ToastStack

_FORMATS = {f".{one.value}": one for one in SheetFormat}


class Book(Protocol):
    """What the tab needs of `services.address_book.AddressBook`."""

    async def list(self) -> tuple[KnownAddress, ...]: ...
    async def add(self, address: str, label: str, note: str = "") -> AddressBookEntry: ...
    async def change(self, original: AddressBookEntry, label: str, note: str) -> AddressBookEntry: ...
    async def remove(self, original: AddressBookEntry) -> None: ...


class Exchange(Protocol):
    """What the tab needs of `services.address_exchange.AddressExchange`."""

    async def preview(self, file: Path) -> AddressImport: ...
    async def apply(self, wanted: AddressImport) -> int: ...
    async def export(self, target: Path, sheet_format: SheetFormat) -> int: ...


class AddressesPresenter(TabPresenter[KnownAddress]):
    """Drives one `AddressesTab`."""

    def __init__(self, tab: AddressesTab, book: Book, exchange: Exchange, toasts: ToastStack) -> None:
        super().__init__(tab, toasts)
        self._book = book
        self._exchange = exchange
        tab.add_requested.connect(self._on_add)
        tab.edit_requested.connect(self._on_edit)
        tab.remove_requested.connect(self._on_remove)
        tab.import_requested.connect(self._on_import)
        tab.export_requested.connect(self._on_export)

    async def read(self) -> tuple[KnownAddress, ...]:
        """Everything that has a name."""
        return await self._book.list()

    def take_in(self, file: Path) -> None:
        """Show what this file would change."""
        self.run(lambda: self._preview(file))

    def give_out(self, target: Path) -> None:
        """Write all addresses into this file; its ending says how."""
        self.run(lambda: self._export(target))

    async def _add(self, form: AddressForm) -> None:
        entry = await self._book.add(*form.values())
        self.want((entry.address, ""))
        self.tell_done(self.tr("{0} was added").format(entry.label))

    async def _change(self, form: AddressForm, entry: AddressBookEntry) -> None:
        _, label, note = form.values()
        await self._book.change(entry, label, note)

    async def _remove(self, entry: AddressBookEntry) -> None:
        await self._book.remove(entry)
        self.tell_done(self.tr("{0} was removed").format(entry.label), lambda: self.run(lambda: self._put_back(entry)))

    async def _put_back(self, entry: AddressBookEntry) -> None:
        await self._book.add(entry.address, entry.label, entry.note)
        self.want((entry.address, ""))

    async def _preview(self, file: Path) -> None:
        wanted = await self._exchange.preview(file)
        if self.dialog is None:
            dialog = AddressImportDialog(wanted, self.tab.window())
            self.open(dialog, lambda: self._apply(wanted))

    async def _apply(self, wanted: AddressImport) -> None:
        count = await self._exchange.apply(wanted)
        self.tell_done(self.tr("%Ln addresses taken in", "", count))

    async def _export(self, target: Path) -> None:
        count = await self._exchange.export(target, _FORMATS.get(target.suffix.lower(), SheetFormat.CSV))
        self.tell_done(self.tr("%Ln addresses written to {0}", "", count).format(target.name))

    def _on_add(self) -> None:
        if self.dialog is None:
            form = AddressForm(None, self.tab.window())
            self.open(form, lambda: self._add(form))

    def _on_edit(self, entry: AddressBookEntry) -> None:
        if self.dialog is None:
            form = AddressForm(entry, self.tab.window())
            self.open(form, lambda: self._change(form, entry))

    def _on_remove(self, entry: AddressBookEntry) -> None:
        self.run(lambda: self._remove(entry))

    def _on_import(self) -> None:
        def use(files: Sequence[Path]) -> None:
            if files:
                self.take_in(files[0])

        ask_for_files(
            self.tab.window(),
            self.tr("Import addresses"),
            use,
            name_filter=self.tr("Addresses (*.csv *.xlsx *.json)"),
            several=False,
        )

    def _on_export(self) -> None:
        dialog = ask_where_to_save(self.tab.window(), "addresses.csv", self.give_out)
        dialog.setNameFilters([f"{one.value.upper()} (*.{one.value})" for one in SheetFormat])
        dialog.setDefaultSuffix(SheetFormat.CSV.value)
