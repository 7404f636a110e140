"""Every measurement of a result: sorted by a click on a header, copied by Ctrl+C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.gas_laboratory import Contract, LaboratoryResult, Measurement
from ipnft_desktop.domain.gas_savings import Savings
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth
from ipnft_desktop.ui.widgets.amounts import eth_figure
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text, percent_text
from ipnft_desktop.ui.widgets.record_table import RecordTable


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction that minted."""

    number: int
    measured: Measurement
    saved: Savings | None
    fee_wei: int

    @property
    def call(self) -> str:
        """What was called, for a person."""
        if not self.measured.is_single:
            return words.tokens_text(self.measured.size)
        return _tr("Single, new") if self.measured.recipients.are_new else _tr("Single")


def lines_of(result: LaboratoryResult) -> tuple[Line, ...]:
    """By contract, the single mints first, then the batches by size."""
    order = list(Contract)

    def place(measured: Measurement) -> tuple[int, bool, int]:
        return order.index(measured.contract), not measured.is_single, measured.size

    price = result.experiment.gas_price_wei
    return tuple(
        Line(number, each, result.savings(each), each.fee_wei(price))
        for number, each in enumerate(sorted(result.measurements, key=place))
    )


class MeasurementTable(RecordTable[Line]):
    """What each transaction cost and saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Measurements"),
            _columns(),
            lambda line: line.number,
            _sought,
            parent,
            command="gas.measurement",
            copy_title=_tr("Copy the measurement in focus"),
            opens=False,
        )

    def show_records(self, records: Sequence[Line]) -> None:
        """Show others; there are seven columns, which have little room in a small window."""
        super().show_records(records)
        self.fit_numbers()


def _columns() -> tuple[RecordColumn[Line], ...]:
    def number(
        title: str, text: Callable[[Line], str], order: Callable[[Line], float], hover: str
    ) -> RecordColumn[Line]:
        return RecordColumn(title, text, ColumnWidth.M, order, hover=lambda _: hover, is_number=True)

    return (
        RecordColumn(
            _tr("Contract"),
            lambda line: words.contract_name(line.measured.contract),
            None,
            lambda line: line.number,
            lambda line: words.contract_meaning(line.measured.contract),
        ),
        RecordColumn(
            _tr("Call"),
            lambda line: line.call,
            ColumnWidth.M,
            lambda line: (not line.measured.is_single, line.measured.size, line.number),
            lambda line: labelled_text(line.call, words.recipients_text(line.measured.recipients)),
        ),
        number(
            _tr("Gas"),
            lambda line: number_text(line.measured.gas.gas_used),
            lambda line: line.measured.gas.gas_used,
            _tr("Of the whole transaction, as its receipt says."),
        ),
        number(
            _tr("Per token"),
            lambda line: number_text(round(line.measured.gas_per_token)),
            lambda line: line.measured.gas_per_token,
            _tr("The transaction's gas divided by its tokens."),
        ),
        number(
            _tr("Saved, own"),
            lambda line: percent_text(line.saved.own_single_percent, 1) if line.saved else "–",
            lambda line: line.saved.own_single_percent if line.saved else float("-inf"),
            _tr("Of our own single mint to the same kind of holder."),
        ),
        number(
            _tr("Saved, A"),
            lambda line: percent_text(line.saved.baseline_single_percent, 1) if line.saved else "–",
            lambda line: line.saved.baseline_single_percent if line.saved else float("-inf"),
            _tr("Of baseline A's single mint to the same kind of holder."),
        ),
        number(
            _tr("Fee in ETH"),
            lambda line: eth_figure(line.fee_wei),
            lambda line: line.fee_wei,
            _tr("At the gas price of the experiment."),
        ),
    )


def _sought(line: Line) -> str:
    return f"{words.contract_name(line.measured.contract)} {line.call}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gas", text)
