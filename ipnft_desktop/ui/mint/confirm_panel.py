"""The first face of the mint dialog: what is minted, to whom, and what it may cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MintEstimate
from ipnft_desktop.ui.mint.footer import Footer
from ipnft_desktop.ui.mint.lines import MintLine, MintLines
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Tone
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.notice_bar import NoticeBar


class ConfirmPanel(QWidget):
    """`recipient_edited` carries the typed text; `destination_changed` whether all tokens go to one recipient."""

    mint_requested = Signal()
    wait_requested = Signal()
    dismissed = Signal()
    recipient_edited = Signal(str)
    destination_changed = Signal(bool)
    estimate_requested = Signal()
    start_requested = Signal()
    metadata_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = MintLines(self.tr("Assets to mint"))
        self.destination = Select(self.tr("Recipients"))
        self.destination.addItems(
            [self.tr("Each to its own enterprise's wallet"), self.tr("All to one recipient")],
        )
        self.recipient = QLineEdit()
        self.recipient.setFont(mono_font(TextSize.BODY))
        self.recipient_field = FormField(self.tr("Recipient"), self.recipient)
        self.reset_button = LinkButton(self.tr("Use the enterprise's wallet"))
        self.metadata_button = LinkButton(self.tr("What is published…"))
        self.gas_limit = Figure(self.tr("Gas limit"))
        self.gas_price = Figure(self.tr("Gas price"))
        self.fee_cap = Figure(self.tr("Fee at most"))
        self.error_panel = ErrorPanel()
        self.again_button = self.error_panel.add_button(self.tr("Estimate again"))
        self.start_button = self.error_panel.add_button(self.tr("Start the environment"))
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.wait_button = SecondaryButton(self.tr("Wait for others"))
        self.wait_button.setToolTip(
            self.tr("Gathers with other mints into one transaction, which costs less for each; not for what is urgent")
        )
        self.mint_button = PrimaryButton(self.tr("Mint"))
        for button in (self.wait_button, self.mint_button):
            button.setEnabled(False)
        self.footer = Footer("", self.cancel_button, self.wait_button, self.mint_button)
        self.waiting_bar = NoticeBar(Tone.ACCENT, self.tr("Withdraw"))
        self._lay_out()
        self._connect()

    def show_subjects(self, lines: Sequence[MintLine], left_out: int) -> None:
        """Say what is minted: nothing more for one asset (the head of the dialog tells), a list for several."""
        is_batch = len(lines) > 1
        self.lines.setVisible(is_batch)
        self.destination.setVisible(is_batch)
        self.lines.show_lines((self.tr("Name"), self.tr("Recipient"), self.tr("Type")), lines)
        self.mint_button.setText(self.tr("Mint {0}").format(len(lines)) if is_batch else self.tr("Mint"))
        hint = self.tr("What was minted cannot be edited any more")
        if left_out:
            hint = self.tr("{0} left out: minted already or being minted").format(left_out)
        self.footer.hint.setText(hint)
        self._show_destination(self.destination.currentIndex() == 1)

    def show_waiting(self, sentence: str) -> None:
        """Say what of it waits for company already; empty where nothing does."""
        self.waiting_bar.tell(sentence)
        self.wait_button.setVisible(not sentence)

    def show_recipient(self, address: str, whose: str, error: str, *, can_reset: bool) -> None:
        """Show the address, what the register calls it, and what is wrong with it."""
        if self.recipient.text() != address:
            self.recipient.setText(address)
        self.recipient_field.set_hint(whose)
        self.recipient_field.set_error(error)
        self.reset_button.setVisible(can_reset and not self.recipient_field.isHidden())

    def show_estimate(self, estimate: MintEstimate | None, tokens: int) -> None:
        """Show what it would cost; None while nothing is known."""
        for button in (self.wait_button, self.mint_button):
            button.setEnabled(estimate is not None)
        if estimate is None:
            for figure in (self.gas_limit, self.gas_price, self.fee_cap):
                figure.set_value("–")
            return
        self.error_panel.clear()
        gas_each = fee_each = per_gas = ""
        if tokens > 1:
            gas_each = self.tr("{0} a token").format(number_text(estimate.gas_limit // tokens))
            fee_each = self.tr("{0} a token").format(eth_text(estimate.max_fee_wei // tokens))
            per_gas = self.tr("for each unit of gas")
        self.gas_limit.set_value(number_text(estimate.gas_limit), gas_each)
        self.gas_price.set_value(gwei_text(estimate.gas_price_wei), per_gas)
        self.fee_cap.set_value(eth_text(estimate.max_fee_wei), fee_each)

    def show_error(self, error: IpnftError, *, can_start: bool) -> None:
        """Say why it cannot be minted now, and offer what helps. While only the environment is missing it can wait."""
        self.mint_button.setEnabled(False)
        self.wait_button.setEnabled(can_start)
        self.start_button.setVisible(can_start)
        self.again_button.setVisible(not can_start)
        self.error_panel.show_error(error)

    def set_busy(self, busy: bool, text: str = "") -> None:
        """While the request or the environment is on its way, the inputs wait."""
        for widget in (
            self.recipient,
            self.destination,
            self.reset_button,
            self.again_button,
            self.start_button,
            self.waiting_bar.button,
        ):
            widget.setEnabled(not busy)
        if busy:
            self.mint_button.setEnabled(False)
            self.wait_button.setEnabled(False)
            self.footer.hint.setText(text)

    def _show_destination(self, to_one: bool) -> None:
        self.recipient_field.setVisible(self.destination.isHidden() or to_one)
        if self.recipient_field.isHidden():
            self.reset_button.hide()

    def _lay_out(self) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(Space.S)
        for figure in (self.gas_limit, self.gas_price, self.fee_cap):
            figures.addWidget(figure, 1)
        reset = QHBoxLayout()
        reset.addWidget(self.reset_button)
        reset.addStretch(1)
        reset.addWidget(self.metadata_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self.waiting_bar)
        box.addWidget(self.lines)
        box.addWidget(self.destination)
        box.addWidget(self.recipient_field)
        box.addLayout(reset)
        box.addLayout(figures)
        box.addWidget(self.error_panel)
        box.addWidget(self.footer)

    def _connect(self) -> None:
        self.recipient.textEdited.connect(self.recipient_edited)
        self.recipient.returnPressed.connect(self.mint_button.click)
        self.reset_button.clicked.connect(lambda: self.recipient_edited.emit(""))
        self.destination.currentIndexChanged.connect(self._on_destination)
        self.again_button.clicked.connect(self.estimate_requested)
        self.start_button.clicked.connect(self.start_requested)
        self.cancel_button.clicked.connect(self.dismissed)
        self.metadata_button.clicked.connect(self.metadata_requested)
        self.wait_button.clicked.connect(self.wait_requested)
        self.mint_button.clicked.connect(self.mint_requested)

    def _on_destination(self, chosen: int) -> None:
        self._show_destination(chosen == 1)
        self.destination_changed.emit(chosen == 1)
