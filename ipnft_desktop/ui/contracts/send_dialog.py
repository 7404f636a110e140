"""What a call would cost, and the last question before it is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.contract_writes import CallEstimate, ContractCall
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.call_words import argument_facts
from ipnft_desktop.ui.widgets.error_words import error_sentence
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import shorten


class SendDialog(FormDialog):
    """The call succeeded when it was tried. A reason is kept with it."""

    def __init__(
        self,
        call: ContractCall,
        estimate: CallEstimate,
        label: str,
        parent: QWidget | None = None,
        *,
        account: str | None = None,
        is_signed: bool = True,
    ) -> None:
        """`label` is what the contract is called; `account` sends it, the program's own for None."""
        super().__init__(
            Icon.TRIANGLE_ALERT,
            self.tr("Call {0}?").format(call.name),
            self.tr("The simulation succeeded. A transaction that is mined cannot be taken back."),
            self.tr("Send the transaction"),
            parent,
            width=DialogWidth.M,
        )
        self.call = call
        self.account = account
        self.facts = KeyValuePanel()
        self.reason = QLineEdit()
        self.add_part(self.facts)
        self.add_field("reason", FormField(self.tr("Reason"), self.reason, self.tr("Kept in the audit log.")))
        self.facts.set_facts((*self._sent_as(is_signed=is_signed), *self._facts(call, estimate, label)))
        self.reason.setFocus()

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        return bool(self.reason.text().strip())

    def refuse_unsigned(self) -> None:
        """It was tried and could be done, but who sends it does not sign."""
        refusal = UserError(ErrorCode.IMPERSONATION_OFF)
        self.error_panel.show_error(refusal)
        self.submit_button.refuse(error_sentence(refusal))

    def _sent_as(self, *, is_signed: bool) -> tuple[Fact, ...]:
        if self.account is None:
            return ()
        note = "" if is_signed else self.tr("signs nothing")
        return (Fact(self.tr("Sent as"), shorten(self.account), copy=self.account, note=note),)

    def _facts(self, call: ContractCall, estimate: CallEstimate, label: str) -> tuple[Fact, ...]:
        facts = [Fact(self.tr("Contract"), shorten(call.target), copy=call.target, lead=label)]
        facts += argument_facts(call)
        if call.value_wei:
            facts.append(Fact(self.tr("Sent along"), eth_text(call.value_wei)))
        price = self.tr("at {0} a gas").format(gwei_text(estimate.gas_price_wei))
        facts += [
            Fact(self.tr("Gas limit"), number_text(estimate.gas_limit), note=price),
            Fact(self.tr("Fee at most"), eth_text(estimate.max_fee_wei)),
            Fact(self.tr("Chain id"), str(estimate.chain_id)),
            Fact(self.tr("Call data"), shorten(f"0x{estimate.data.hex()}", 12, 8), copy=f"0x{estimate.data.hex()}"),
        ]
        return tuple(facts)
