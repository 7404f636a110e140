"""The tab of the address book: every address that has a name, and who gave it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.people import KnownAddress, Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.record_tab import RecordTab
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Tone
from ipnft_desktop.ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable


class AddressesTab(RecordTab[KnownAddress]):
    """`edit_requested` and `remove_requested` carry the `AddressBookEntry` in focus. The wallet of an enterprise is
    changed with the enterprise."""

    add_requested = Signal()
    edit_requested = Signal(object)
    remove_requested = Signal(object)
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, access: Access, parent: QWidget | None = None) -> None:
        super().__init__(
            RecordTable[KnownAddress](_tr("Addresses"), _columns(), _key, _sought),
            EmptyState(
                Icon.LINK,
                _tr("No address has a name"),
                _tr("An address with a label is recognised wherever it is shown."),
                _tr("Add an address"),
            ),
            _tr("Label, address, note…"),
            _tr("Enter edit · Del remove · Ctrl+N add · Ctrl+F find · click an address to copy it"),
            parent,
        )
        self.import_button = SecondaryButton(self.tr("Import…"), Icon.UPLOAD)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.edit_button = SecondaryButton(self.tr("Edit…"), Icon.PENCIL)
        self.remove_button = DangerButton(self.tr("Remove"), Icon.TRASH)
        self.add_button = PrimaryButton(self.tr("Add address"), Icon.PLUS)
        self.offer("import addresses", self.import_button, self.import_requested.emit)
        self.offer("export addresses", self.export_button, self.export_requested.emit)
        self.offer("edit address", self.edit_button, self._on_edit)
        self.offer("remove address", self.remove_button, self._on_remove)
        self.offer("add address", self.add_button, self.add_requested.emit, "Ctrl+N")
        for button in (
            self.import_button,
            self.edit_button,
            self.remove_button,
            self.add_button,
            self.empty.button,
        ):
            access.guard(button, Permission.EDIT_ADDRESSES, button.refuse)
        self.empty.action_requested.connect(self.add_requested)
        self.table.opened.connect(self.edit_button.click)
        self.table.offer_removal()
        self.table.remove_requested.connect(self.remove_button.click)
        self.table.current_changed.connect(self._refresh_buttons)
        self._refresh_buttons()

    def _on_edit(self) -> None:
        known = self.current
        if known is not None:
            self.edit_requested.emit(known.entry)

    def _on_remove(self) -> None:
        known = self.current
        if known is not None:
            self.remove_requested.emit(known.entry)

    def _refresh_buttons(self) -> None:
        known = self.current
        is_own = known is not None and known.enterprise is None
        hint = self.tr("The wallet of an enterprise is changed with the enterprise.") if known and not is_own else ""
        for button in (self.edit_button, self.remove_button):
            button.setEnabled(is_own)
            button.setToolTip(hint)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AddressesTab", text)


def _columns() -> tuple[RecordColumn[KnownAddress], ...]:
    return (
        RecordColumn(_tr("Label"), lambda known: known.entry.label),
        RecordColumn(
            _tr("Address"),
            lambda known: shorten(known.address),
            ColumnWidth.L,
            lambda known: known.address.casefold(),
            lambda known: known.address,
            lambda known: known.address,
            is_mono=True,
        ),
        RecordColumn(_tr("Note"), lambda known: known.entry.note, hover=lambda known: known.entry.note),
        RecordColumn(
            _tr("Kept with"),
            lambda known: _tr("ENTERPRISE") if known.enterprise else _tr("ADDRESS BOOK"),
            ColumnWidth.XL,
            tone=lambda known: Tone.ACCENT if known.enterprise else Tone.NEUTRAL,
        ),
    )


def _key(known: KnownAddress) -> tuple[str, str]:
    """Several enterprises may share a wallet."""
    return known.address, str(known.enterprise.enterprise_id) if known.enterprise else ""


def _sought(known: KnownAddress) -> str:
    return f"{known.entry.label} {known.address} {known.entry.note}"
