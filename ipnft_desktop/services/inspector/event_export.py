"""Events into a file: those that are listed, in their order. Topics and data are whole, but for cells that a workbook
has no room for; of a decoded list that is very long the first items are told apart. Both are said where they are."""

from __future__ import annotations

from pathlib import Path

from ipnft_desktop.domain.chain_events import EventAnchor, EventFilter
from ipnft_desktop.domain.inspection.decoding import Decoded, DecodedValue
from ipnft_desktop.domain.sheets import SheetFormat, fitting
from ipnft_desktop.services.inspector.event_reading import EventLine, EventReading
from ipnft_desktop.services.inspector.words import time_text
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.sheet_ports import SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

TITLES = (
    *("block", "block_hash", "time", "transaction", "log_index", "contract", "kind", "event", "arguments"),
    *("token_id", "asset", "raw_reason", "topics", "data"),
)
_READING_SHARE = 0.8
"""Of the progress; the rest is the writing of the file."""


class EventExport:
    """Reads page by page into a spool, so that memory does not grow with the list."""

    def __init__(self, files: SheetFiles, events: EventReading) -> None:
        self._files = files
        self._events = events

    async def export(self, wanted: EventFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file and return how many events are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        total = max(1, await self._events.count(wanted))
        lines = Spool[EventLine]()
        try:
            after: EventAnchor | None = None
            while True:
                page = await work.wait(self._events.page(wanted, after, CHUNK))
                await work.run(lambda page=page: [lines.add(line) for line in page.lines])
                work.report(min(1.0, len(lines) / total) * _READING_SHARE)
                if (after := page.next_anchor) is None:
                    break
            await work.run(lambda: self._write(sheet_format, target, lines, work))
            return len(lines)
        finally:
            lines.close()

    def _write(self, sheet_format: SheetFormat, target: Path, lines: Spool[EventLine], work: LongWork) -> None:
        done = 0
        with self._files.create(target, sheet_format, TITLES) as output:
            for chunk in lines.chunks():
                for line in chunk:
                    output.write([fitting(cell, sheet_format) for cell in _cells(line)])
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(lines))


def _cells(line: EventLine) -> list[str]:
    event, reading = line.event, line.reading
    is_told = isinstance(reading, Decoded)
    values = enumerate(reading.arguments) if is_told else ()
    return [
        str(event.block.number),
        event.block.block_hash,
        time_text(event.block.timestamp_s),
        event.tx_hash,
        str(event.log_index),
        event.address,
        event.kind.value,
        reading.signature if is_told else "",
        "; ".join(f"{value.name or at}={_text(value)}" for at, value in values),
        "" if event.token_id is None else str(event.token_id),
        line.asset_name,
        "" if is_told else reading.value,
        " ".join(f"0x{topic.hex()}" for topic in event.topics),
        f"0x{event.data.hex()}",
    ]


def _text(value: DecodedValue) -> str:
    if not value.items and not value.count:
        return value.text
    left = value.count - len(value.items)
    more = [f"… and {left} more, in the data"] if left > 0 else []
    return f"[{', '.join([*map(_text, value.items), *more])}]"
