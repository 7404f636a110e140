"""Changing a contract: a function as a form, simulated first; and the calls that were made before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.contract_writes import ContractWrite
from ipnft_desktop.domain.errors import IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry
from ipnft_desktop.ui.contracts.address_row import AddressRow, Labels
from ipnft_desktop.ui.contracts.function_form import FunctionForm
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Size, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton
from ipnft_desktop.ui.widgets.call_words import call_state, call_title
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text

_ROWS = 6
_LEAST_WIDTHS = {2: Size.TABLE_NARROW - ColumnWidth.M, 4: Size.TABLE_NARROW - ColumnWidth.XXL, 5: Size.TABLE_NARROW}
"""Who called, block and transaction give way to the function: the transaction itself tells them."""


class WritePart(ScrollingColumn):
    """`simulate_requested` asks to try the call that the form describes; nothing is sent by that.
    `transaction_requested` carries the hash of a call that was made."""

    simulate_requested = Signal()
    transaction_requested = Signal(str)

    def __init__(self, labels: Labels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.no_function = Text(
            self.tr("No ABI is known for this contract, so nothing can be written to it. Import its ABI first."),
            TextSize.BODY,
            ink=Ink.MUTED,
            wrap=True,
        )
        self.form = FunctionForm(self.tr("Function to call"), labels)
        self.account = AddressRow(
            self.tr("As account"), self.tr("Empty for the account of the program; any other can be tried"), labels
        )
        self.simulate_button = PrimaryButton(self.tr("Simulate…"), Icon.PLAY)
        self.error_panel = ErrorPanel()
        self._note = Text(
            self.tr(
                "The call is tried first, which costs nothing. What it would cost is shown before anything is sent."
            ),
            TextSize.CAPTION,
            ink=Ink.MUTED,
            wrap=True,
        )
        self._lay_out()
        self.calls = CallTable(self._calls_card)
        self.calls.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        self._calls_card.body.addWidget(self.calls)
        self.calls.opened.connect(self._on_opened)
        self.simulate_button.clicked.connect(self.simulate_requested)
        self.form.submitted.connect(self.simulate_button.click)
        self.account.line.returnPressed.connect(self.simulate_button.click)
        self.form.function_changed.connect(self.error_panel.clear)
        self.show_functions(())
        self.show_calls(())

    def show_functions(self, entries: tuple[AbiEntry, ...]) -> None:
        """Those of another contract; while they are the same, what was refused stays said."""
        if self.form.show_functions(entries):
            self.error_panel.clear()
        for part in (self.form, self.account, self.simulate_button, self._note):
            part.setVisible(bool(entries))
        self.no_function.setVisible(not entries)

    def show_calls(self, calls: Sequence[ContractWrite]) -> None:
        """Those that were made to this contract, newest first."""
        self.calls.show_records(calls)
        self._calls_title.setVisible(bool(calls))
        self._calls_card.setVisible(bool(calls))

    def show_refusal(self, error: IpnftError) -> None:
        """Say why it would not succeed: beside the field where it belongs to one."""
        self.error_panel.clear()
        problems = error.problems if isinstance(error, ValidationFailed) else None
        if isinstance(error, UserError) and error.field == "sender":
            self.account.field.set_error(error_line(error))
        elif problems is None or self.form.show_problems(problems):
            self.error_panel.show_error(error)

    def set_busy(self, busy: bool) -> None:
        """While it is tried."""
        self.simulate_button.setEnabled(not busy)
        if busy:
            self.error_panel.clear()
            self.account.field.set_error("")
            self.form.show_problems(())

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._note, 1)
        line.addWidget(self.simulate_button)
        self._calls_title = Text(self.tr("Calls made from here"), TextSize.BODY, Weight.SEMIBOLD)
        self._calls_card = Card(flush=True)
        column: QVBoxLayout = self.column
        column.addWidget(self.no_function)
        column.addWidget(self.form)
        column.addWidget(self.account)
        column.addLayout(line)
        column.addWidget(self.error_panel)
        column.addWidget(self._calls_title)
        column.addWidget(self._calls_card)
        column.addStretch(1)

    def _on_opened(self) -> None:
        if (call := self.calls.current) is not None:
            self.transaction_requested.emit(call.tx_hash)


class CallTable(RecordTable[ContractWrite]):
    """Recorded calls with what became of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Calls"),
            _columns(),
            lambda call: call.write_id,
            lambda call: f"{call.call.function} {call.tx_hash} {call.requested_by} {call.reason}",
            parent,
            command="contract calls",
            copy_title=_tr("Copy the call in focus"),
        )
        self.use_least_widths(_LEAST_WIDTHS)


def _columns() -> tuple[RecordColumn[ContractWrite], ...]:
    return (
        RecordColumn(
            _tr("When"),
            lambda call: local_time(call.requested_at),
            ColumnWidth.XL,
            order=lambda call: -call.write_id,
            hover=lambda call: utc_time(call.requested_at),
        ),
        RecordColumn(_tr("Function"), lambda call: call_title(call.call), hover=lambda call: call.call.function),
        RecordColumn(_tr("Who"), lambda call: call.requested_by, ColumnWidth.M, hover=lambda call: call.reason),
        RecordColumn(
            _tr("State"),
            lambda call: call_state(call)[0],
            ColumnWidth.M,
            tone=lambda call: call_state(call)[1],
            hover=lambda call: call.revert,
        ),
        RecordColumn(
            _tr("Block"),
            lambda call: number_text(call.mined.block_number) if call.mined else DASH,
            ColumnWidth.S,
            is_number=True,
        ),
        RecordColumn(
            _tr("Transaction"),
            lambda call: shorten(call.tx_hash),
            ColumnWidth.M,
            hover=lambda call: call.tx_hash,
            copy=lambda call: call.tx_hash,
            is_mono=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContractCalls", text)
