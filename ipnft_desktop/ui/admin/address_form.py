"""The form of an entry of the address book."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.people import AddressBookEntry
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.address_field import AddressField
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField


class AddressForm(FormDialog):
    """A label for an address; `entry` is None for a new one. The address of an entry stays."""

    def __init__(self, entry: AddressBookEntry | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.LINK,
            self.tr("Add an address") if entry is None else self.tr("Edit {0}").format(entry.label),
            self.tr("Where the address is shown, its label stands before it."),
            self.tr("Add") if entry is None else self.tr("Save"),
            parent,
        )
        self.address = AddressField(
            self.tr("Address"), self.tr("0x and 40 hexadecimal digits"), entry.address if entry else ""
        )
        self.address.line.setReadOnly(entry is not None)
        self.label = QLineEdit(entry.label if entry else "")
        self.note = QLineEdit(entry.note if entry else "")
        self.add_field("address", self.address)
        self.add_field("label", FormField(self.tr("Label"), self.label))
        self.add_field("note", FormField(self.tr("Note"), self.note))
        self._first = self.values()
        (self.address.line if entry is None else self.label).setFocus()

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        return self.values() != self._first

    def values(self) -> tuple[str, str, str]:
        """Address, label and note."""
        return self.address.text, self.label.text().strip(), self.note.text().strip()
