"""The columns of the list of blocks."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.moments import local_time_of, short_local_time_of, utc_time_of
from ipnft_desktop.ui.widgets.record_table import RecordTable


class BlockTable(RecordTable[BlockLine]):
    """Blocks, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.paged = PagedModel(_columns(), key_of, None)
        super().__init__(
            _tr("Blocks"),
            (),
            key_of,
            parent=parent,
            model=self.paged,
            command="block",
            copy_title=_tr("Copy the block in focus"),
        )
        self.paged.setParent(self)


def key_of(line: BlockLine) -> str:
    """At a height another block may stand after a reorganisation."""
    return line.block_hash


def _columns() -> tuple[RecordColumn[BlockLine], ...]:
    return (
        RecordColumn(
            _tr("Block"),
            lambda line: number_text(line.number),
            ColumnWidth.S + Space.S,
            hover=lambda line: line.block_hash,
            copy=lambda line: line.block_hash,
            is_mono=True,
        ),
        RecordColumn(
            _tr("Txs"), lambda line: number_text(line.transaction_count), ColumnWidth.XS + Space.S, is_number=True
        ),
        RecordColumn(_tr("Gas"), lambda line: number_text(line.gas_used), ColumnWidth.M - Space.L, is_number=True),
        RecordColumn(
            _tr("Time"),
            lambda line: short_local_time_of(line.timestamp_s),
            hover=lambda line: f"{local_time_of(line.timestamp_s)}\n{utc_time_of(line.timestamp_s)}",
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
