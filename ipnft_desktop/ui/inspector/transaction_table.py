"""The columns of a list of transactions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.transactions import TransactionLine
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space, Tone
from ipnft_desktop.ui.widgets.amounts import eth_figure
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text
from ipnft_desktop.ui.widgets.moments import local_time_of
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

NamesNow = Callable[[], Names]


class TransactionTable(RecordTable[TransactionLine]):
    """Transactions, newest first, in a narrow list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.paged = PagedModel(_narrow_columns(), key_of, None)
        super().__init__(
            _tr("Transactions"),
            (),
            key_of,
            parent=parent,
            model=self.paged,
            command="transaction",
            copy_title=_tr("Copy the transaction in focus"),
            opens=False,
        )
        self.paged.setParent(self)


class BlockTransactionTable(RecordTable[TransactionLine]):
    """Those of one block, with room for who sent what to whom."""

    def __init__(self, names: NamesNow, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Transactions of the block"),
            _wide_columns(names),
            key_of,
            lambda line: f"{line.tx_hash} {line.method} {line.sender} {line.to}",
            parent,
            command="block transaction",
            copy_title=_tr("Copy the transaction in focus"),
        )


def key_of(line: TransactionLine) -> str:
    """What tells it from all others."""
    return line.tx_hash


def method_text(line: TransactionLine) -> str:
    """What it calls, as far as that is known."""
    if line.to is None:
        return _tr("Creation")
    return line.method or line.selector or _tr("Transfer")


def outcome_tag(line: TransactionLine) -> tuple[str, Tone]:
    """A word and its tone."""
    return (_tr("success"), Tone.OK) if line.succeeded else (_tr("failed"), Tone.ERROR)


def _hover(line: TransactionLine) -> str:
    moment = local_time_of(line.timestamp_s)
    return "\n".join((line.tx_hash, moment, labelled_text(_tr("Gas used"), number_text(line.gas_used))))


def _narrow_columns() -> tuple[RecordColumn[TransactionLine], ...]:
    return (
        RecordColumn(
            _tr("Block"),
            lambda line: number_text(line.place.block_number),
            ColumnWidth.S + Space.XL,
            is_mono=True,
            hover=_hover,
        ),
        RecordColumn(_tr("Method"), method_text, hover=_hover),
        RecordColumn(
            _tr("Outcome"),
            lambda line: outcome_tag(line)[0],
            ColumnWidth.S + Space.L,
            tone=lambda line: outcome_tag(line)[1],
        ),
        RecordColumn(
            _tr("Hash"),
            lambda line: shorten(line.tx_hash),
            ColumnWidth.M,
            hover=_hover,
            copy=lambda line: line.tx_hash,
            is_mono=True,
        ),
    )


def _wide_columns(names: NamesNow) -> tuple[RecordColumn[TransactionLine], ...]:
    def called(address: str | None) -> str:
        return DASH if address is None else names().label_of(address) or shorten(address)

    return (
        RecordColumn(
            _tr("No."),
            lambda line: number_text(line.place.index),
            ColumnWidth.XS,
            order=lambda line: line.place,
            is_number=True,
        ),
        RecordColumn(_tr("Method"), method_text),
        RecordColumn(
            _tr("Outcome"),
            lambda line: outcome_tag(line)[0],
            ColumnWidth.S + Space.L,
            tone=lambda line: outcome_tag(line)[1],
        ),
        RecordColumn(
            _tr("From"),
            lambda line: called(line.sender),
            ColumnWidth.M,
            hover=lambda line: line.sender,
            copy=lambda line: line.sender,
        ),
        RecordColumn(
            _tr("To"),
            lambda line: called(line.to or line.created),
            ColumnWidth.M,
            hover=lambda line: line.to or line.created or "",
            copy=lambda line: line.to or line.created or "",
        ),
        RecordColumn(
            _tr("Gas"),
            lambda line: number_text(line.gas_used),
            ColumnWidth.S + Space.L,
            order=lambda line: line.gas_used,
            is_number=True,
        ),
        RecordColumn(
            _tr("Fee, ETH"),
            lambda line: eth_figure(line.fee_wei),
            ColumnWidth.M - Space.L,
            order=lambda line: line.fee_wei,
            is_number=True,
        ),
        RecordColumn(
            _tr("Hash"),
            lambda line: shorten(line.tx_hash),
            ColumnWidth.M,
            hover=lambda line: line.tx_hash,
            copy=lambda line: line.tx_hash,
            is_mono=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
