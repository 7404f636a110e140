"""The form of an enterprise and its receiving wallet."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.address_field import AddressField
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField


class EnterpriseForm(FormDialog):
    """An enterprise; `enterprise` is None for a new one."""

    def __init__(self, enterprise: Enterprise | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.BOX,
            self.tr("Add an enterprise") if enterprise is None else self.tr("Edit {0}").format(enterprise.name),
            self.tr("It owns assets, and their tokens are minted to its wallet.")
            if enterprise is None
            else self.tr("A new wallet receives what is minted from now on; tokens that exist stay where they are."),
            self.tr("Add") if enterprise is None else self.tr("Save"),
            parent,
        )
        self.name = QLineEdit(enterprise.name if enterprise else "")
        self.wallet_label = QLineEdit(enterprise.wallet_label if enterprise else "")
        self.wallet_address = AddressField(
            self.tr("Address of the wallet"),
            self.tr("0x and 40 hexadecimal digits"),
            enterprise.wallet_address if enterprise else "",
        )
        self.add_field("name", FormField(self.tr("Name"), self.name))
        self.add_field("wallet_label", FormField(self.tr("What the wallet is called"), self.wallet_label))
        self.add_field("wallet_address", self.wallet_address)
        self._first = self.values()
        self.name.setFocus()

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        return self.values() != self._first

    def values(self) -> tuple[str, str, str]:
        """Name, address and label of the wallet."""
        return self.name.text().strip(), self.wallet_address.text, self.wallet_label.text().strip()
