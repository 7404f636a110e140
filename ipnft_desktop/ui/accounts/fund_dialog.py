"""Paying an account on a local chain from one of the node's demonstration accounts."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.plain import shorten


class FundDialog(FormDialog):
    """A real transfer, recorded like any call."""

    def __init__(self, address: str, label: str, parent: QWidget | None = None) -> None:
        """`label` is what the account is called; empty for a stranger."""
        super().__init__(
            Icon.COINS,
            self.tr("Fund an account"),
            self.tr("A demonstration account of the node pays. The transfer is a transaction as any other."),
            self.tr("Pay"),
            parent,
        )
        self.address = address
        facts = KeyValuePanel()
        facts.set_facts((Fact(self.tr("Account"), shorten(address), copy=address, lead=label),))
        self.amount = QLineEdit("1")
        self.add_part(facts)
        self.add_field(
            "amount", FormField(self.tr("Amount"), self.amount, self.tr("In ETH, or with its unit: 20 gwei, 5 wei"))
        )
        self.amount.setFocus()
        self.amount.selectAll()
