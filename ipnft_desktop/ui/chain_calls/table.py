"""The columns of the list of recorded calls."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.services.recorded_calls import CallLine
from ipnft_desktop.ui.chain_calls.wording import state_of
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.call_words import call_title, value_line
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import listed, number_text, short_local_time, utc_time
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_LONG_CHARS = 14
_CONTRACT, _PERSON, _TRANSACTION = 2, 3, 7
_LEAST_WIDTHS = {
    _CONTRACT: Size.TABLE_NARROW,
    _PERSON: Size.TABLE_NARROW - ColumnWidth.XXL,
    _TRANSACTION: Size.TABLE_NARROW + ColumnWidth.M,
}


class CallTable(RecordTable[CallLine]):
    """Calls in the order they were asked for."""

    def __init__(self, label_of: LabelOf, parent: QWidget | None = None) -> None:
        self.paged = PagedModel(_columns(label_of), key_of, None)
        super().__init__(
            _tr("Calls"),
            (),
            key_of,
            parent=parent,
            model=self.paged,
            command="calls",
            copy_title=_tr("Copy the call in focus"),
        )
        self.paged.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what is told beside the list gives way."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for column, least in _LEAST_WIDTHS.items():
            self.setColumnHidden(column, width < least)


def key_of(line: CallLine) -> int:
    """Its number."""
    return line.write.write_id


def call_text(line: CallLine) -> str:
    """The function with what was passed to it, as far as there is room."""
    values = (value_line(value) for _, value in line.write.call.arguments)
    short = listed(shorten(value, 6, 4) if len(value) > _LONG_CHARS else value for value in values)
    return f"{call_title(line.write.call)}({short})" if line.write.call.function else call_title(line.write.call)


def _columns(label_of: LabelOf) -> tuple[RecordColumn[CallLine], ...]:
    def contract(line: CallLine) -> str:
        return label_of(line.write.call.target) or shorten(line.write.call.target)

    return (
        RecordColumn(
            _tr("Recorded"),
            lambda line: short_local_time(line.write.requested_at),
            ColumnWidth.M,
            hover=lambda line: utc_time(line.write.requested_at),
            copy=lambda line: utc_time(line.write.requested_at),
        ),
        RecordColumn(_tr("Call"), call_text, hover=lambda line: line.write.call.function),
        RecordColumn(
            _tr("Contract"),
            contract,
            ColumnWidth.M,
            hover=lambda line: line.write.call.target,
            copy=lambda line: line.write.call.target,
        ),
        RecordColumn(
            _tr("By"), lambda line: line.write.requested_by, ColumnWidth.M, hover=lambda line: line.write.reason
        ),
        RecordColumn(
            _tr("State"),
            lambda line: state_of(line)[0],
            ColumnWidth.L,
            hover=lambda line: line.write.revert,
            tone=lambda line: state_of(line)[1],
        ),
        RecordColumn(_tr("Nonce"), lambda line: number_text(line.write.nonce), ColumnWidth.S, is_number=True),
        RecordColumn(
            _tr("Block"),
            lambda line: number_text(line.write.mined.block_number) if line.write.mined else DASH,
            ColumnWidth.S,
            hover=lambda line: line.write.mined.block_hash if line.write.mined else "",
            is_number=True,
        ),
        RecordColumn(
            _tr("Transaction"),
            lambda line: shorten(line.write.tx_hash),
            ColumnWidth.M,
            hover=lambda line: line.write.tx_hash,
            copy=lambda line: line.write.tx_hash,
            is_mono=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("CallTable", text)
