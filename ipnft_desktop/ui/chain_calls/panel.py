"""One recorded call in full: what was asked, why, by whom, what became of it, and the way to take it back."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.services.recorded_calls import CallLine
from ipnft_desktop.ui.chain_calls.wording import note_on, state_of, why_not
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.call_words import argument_facts, call_title
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text


class CallPanel(SidePanel):
    """The signals are about the call shown."""

    transaction_requested = Signal()
    withdraw_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            EmptyState(Icon.TERMINAL, self.tr("No call selected"), self.tr("Select a call to see what became of it.")),
            parent,
        )
        self.setAccessibleName(self.tr("Call"))
        self._line: CallLine | None = None
        self._title = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._tag = StatusTag()
        self._signature = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True, wrap=True)
        self._note = Text("", TextSize.BODY, wrap=True)
        self._reason = Text("", TextSize.BODY, wrap=True)
        self.arguments = KeyValuePanel()
        self.facts = KeyValuePanel()
        self.transaction_button = SecondaryButton(self.tr("Show on chain"), Icon.LINK)
        self.withdraw_button = SecondaryButton(self.tr("Take back…"), Icon.X)
        self._lay_out()

    @property
    def line(self) -> CallLine | None:
        """What is shown."""
        return self._line

    @property
    def note(self) -> str:
        """What is said about how it stands."""
        return self._note.text()

    def show_call(self, line: CallLine | None, label_of: LabelOf, *, is_busy: bool) -> None:
        """Show another one, or the same as it stands now; None asks to choose one."""
        is_other = line is None or self._line is None or line.write.write_id != self._line.write.write_id
        self._line = line
        self.show_filled(line is not None)
        self.withdraw_button.setEnabled(line is not None and line.obstacle is None and not is_busy)
        self.transaction_button.setEnabled(line is not None and bool(_on_chain(line)))
        if line is None:
            return
        self.withdraw_button.setToolTip(plain_tooltip(why_not(line)))
        if is_other:
            self.scroll_up()
        with self.changing():
            self._show(line, label_of)

    @property
    def shown_transaction(self) -> str:
        """Hash of what the chain has of the call shown: of itself, or of what took its nonce."""
        return _on_chain(self._line) if self._line is not None else ""

    def _show(self, line: CallLine, label_of: LabelOf) -> None:
        write = line.write
        self._title.setText(call_title(write.call))
        self._tag.set_state(*state_of(line))
        self._signature.setText(write.call.function)
        self._signature.setVisible(bool(write.call.function))
        note, is_warning = note_on(line)
        self._note.setText(note)
        self._note.set_ink(Ink.WARN if is_warning else Ink.MUTED)
        self._note.setVisible(bool(note))
        self._reason.setText(self.tr("Reason: {0}").format(write.reason) if write.reason else "")
        self._reason.setVisible(bool(write.reason))
        self.arguments.set_facts(argument_facts(write.call, label_of))
        self.facts.set_facts(tuple(self._facts(line, label_of)))

    def _facts(self, line: CallLine, label_of: LabelOf) -> Iterator[Fact]:
        write = line.write
        target, signer = write.call.target, write.signer
        yield Fact(self.tr("Recorded"), local_time(write.requested_at), note=utc_time(write.requested_at))
        yield Fact(self.tr("By"), write.requested_by)
        yield Fact(
            self.tr("Contract") if write.call.function else self.tr("To"),
            shorten(target),
            copy=target,
            lead=label_of(target) or "",
        )
        if write.call.value_wei:
            yield Fact(self.tr("Sent along"), eth_text(write.call.value_wei))
        yield Fact(self.tr("Signed by"), shorten(signer), copy=signer, lead=label_of(signer) or "")
        yield Fact(self.tr("Nonce"), number_text(write.nonce))
        yield Fact(self.tr("Gas limit"), number_text(write.gas_limit))
        yield Fact(self.tr("Transaction"), shorten(write.tx_hash), copy=write.tx_hash)
        if write.mined is not None and write.mined_at is not None:
            mined = write.mined
            yield Fact(self.tr("Block"), number_text(mined.block_number), note=shorten(mined.block_hash))
            yield Fact(self.tr("Mined"), local_time(write.mined_at), note=utc_time(write.mined_at))
            fee = eth_text(mined.gas_used * mined.gas_price_wei)
            yield Fact(self.tr("Gas used"), number_text(mined.gas_used), note=fee)
        if write.withdrawal is not None:
            yield Fact(self.tr("Taken back by"), shorten(write.withdrawal), copy=write.withdrawal)
        if write.replaced_by not in (None, write.withdrawal):
            yield Fact(self.tr("Replaced by"), shorten(write.replaced_by or ""), copy=write.replaced_by or "")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self._title, 1)
        head.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        self._tag.set_state("", Tone.NEUTRAL)
        self.fill(head, self._signature, self._note, self._reason, self.arguments, Rule(), self.facts)
        self.buttons.addWidget(self.transaction_button, 1)
        self.buttons.addWidget(self.withdraw_button, 1)
        self.transaction_button.clicked.connect(self.transaction_requested)
        self.withdraw_button.clicked.connect(self.withdraw_requested)


def _on_chain(line: CallLine) -> str:
    write = line.write
    if not write.on_present_chain:
        return ""
    return write.tx_hash if write.mined is not None else write.replaced_by or ""
