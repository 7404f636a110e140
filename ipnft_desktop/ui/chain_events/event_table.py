"""The columns of the list of events."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.chain_events import EventAnchor, EventKind
from ipnft_desktop.domain.inspection.decoding import Decoded
from ipnft_desktop.services.inspector.event_reading import EventLine
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size, Space, Tone
from ipnft_desktop.ui.widgets.chain_words import Names, event_kind_name, reading_text
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.moments import short_local_time_of, utc_time_of
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

NamesNow = Callable[[], Names]
_KIND, _TOKEN, _CONTRACT, _TRANSACTION = 2, 4, 5, 6
_LEAST_WIDTHS = {
    _KIND: Size.TABLE_NARROW - ColumnWidth.XXL - ColumnWidth.S,
    _TOKEN: Size.TABLE_NARROW - ColumnWidth.M,
    _CONTRACT: Size.TABLE_NARROW,
    _TRANSACTION: Size.TABLE_NARROW + ColumnWidth.M,
}
"""What nearly always is the same, or is told beside the list, gives way to what the event says."""


class EventTable(RecordTable[EventLine]):
    """Events in the order they were asked for."""

    def __init__(self, names: NamesNow, parent: QWidget | None = None, *, command: str = "events") -> None:
        """`names` answers what addresses and assets are called just now."""
        self.paged = PagedModel(_columns(names), key_of, None)
        super().__init__(
            _tr("Events"),
            (),
            key_of,
            parent=parent,
            model=self.paged,
            command=command,
            copy_title=_tr("Copy the event in focus"),
        )
        self.paged.setParent(self)
        self.use_least_widths(_LEAST_WIDTHS)


def key_of(line: EventLine) -> EventAnchor:
    """Its place on the chain."""
    return line.event.anchor


def token_text(line: EventLine) -> str:
    """Its asset's name, or the number of its token."""
    if line.event.token_id is None:
        return DASH
    return line.asset_name or shorten(str(line.asset_id or line.event.token_id), 8, 4)


def kind_tone(kind: EventKind) -> Tone:
    """What its colour says."""
    match kind:
        case EventKind.MINTED:
            return Tone.OK
        case EventKind.UNREADABLE:
            return Tone.WARN
        case EventKind.FOREIGN:
            return Tone.NEUTRAL
        case _:
            return Tone.ACCENT


def _columns(names: NamesNow) -> tuple[RecordColumn[EventLine], ...]:
    def contract(line: EventLine) -> str:
        return names().label_of(line.event.address) or shorten(line.event.address)

    return (
        RecordColumn(
            _tr("Block"),
            lambda line: number_text(line.event.block.number),
            ColumnWidth.S + Space.S,
            hover=lambda line: line.event.block.block_hash,
            is_number=True,
        ),
        RecordColumn(
            _tr("Time"),
            lambda line: short_local_time_of(line.event.block.timestamp_s),
            ColumnWidth.M,
            hover=lambda line: utc_time_of(line.event.block.timestamp_s),
            copy=lambda line: utc_time_of(line.event.block.timestamp_s),
        ),
        RecordColumn(
            _tr("Kind"),
            lambda line: event_kind_name(line.event.kind),
            ColumnWidth.M + Space.L,
            tone=lambda line: kind_tone(line.event.kind),
        ),
        RecordColumn(
            _tr("Event"),
            lambda line: reading_text(line.reading, names()),
            hover=lambda line: line.reading.signature if isinstance(line.reading, Decoded) else "",
        ),
        RecordColumn(
            _tr("Token"),
            token_text,
            ColumnWidth.M,
            hover=lambda line: "" if line.event.token_id is None else str(line.event.token_id),
            copy=lambda line: "" if line.event.token_id is None else str(line.event.token_id),
        ),
        RecordColumn(
            _tr("Contract"),
            contract,
            ColumnWidth.M,
            hover=lambda line: line.event.address,
            copy=lambda line: line.event.address,
        ),
        RecordColumn(
            _tr("Transaction"),
            lambda line: shorten(line.event.tx_hash),
            ColumnWidth.M,
            hover=lambda line: line.event.tx_hash,
            copy=lambda line: line.event.tx_hash,
            is_mono=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("EventTable", text)
