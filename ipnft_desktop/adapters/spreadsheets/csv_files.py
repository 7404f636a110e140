"""CSV files (RFC 4180): read strictly, written so that every spreadsheet opens them rightly."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from ipnft_desktop.adapters.spreadsheets.encodings import NAMES, find_encoding
from ipnft_desktop.adapters.spreadsheets.faults import reading_faults, unreadable
from ipnft_desktop.adapters.spreadsheets.source import Source
from ipnft_desktop.domain.formula_guard import guard, unguard
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat, SheetRow
from ipnft_desktop.services.sheet_ports import Cell, OnShare

DELIMITERS = (",", ";", "\t")
CELL_MAX_CHARS = 131_072
_REPORT_EVERY_ROWS = 100
_HEAD_CHARS = 65_536
_DELIMITER_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
"""A first line that spreadsheets write and read to name the delimiter."""


class CsvSheet:
    """Implements the port `Sheet`."""

    def __init__(self, source: Source) -> None:
        """Raises UserError SHEET_INVALID where the encoding cannot be told."""
        self._source = source
        self._encoding = find_encoding(source.file)
        with source.file.open(encoding=self._encoding, newline="") as opened:
            head = opened.read(_HEAD_CHARS)
        named = _DELIMITER_LINE.match(head)
        self._skipped_rows = 1 if named else 0
        self._delimiter = named[1] if named else _delimiter_of(head)

    @property
    def facts(self) -> SheetFacts:
        """What is known of the file."""
        return self._source.facts(SheetFormat.CSV, NAMES[self._encoding])

    def rows(self, on_share: OnShare) -> Iterator[SheetRow]:
        """Every row that is not empty."""
        csv.field_size_limit(CELL_MAX_CHARS)
        size_bytes = max(1, self._source.size_bytes)
        number = 0
        with reading_faults(), self._source.file.open("rb") as opened:
            self._source.check(opened.fileno())
            text = TextIOWrapper(opened, encoding=self._encoding, newline="")
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            try:
                for number, record in enumerate(reader, 1):
                    if number % _REPORT_EVERY_ROWS == 0:
                        on_share(min(1.0, opened.tell() / size_bytes))
                    if number > self._skipped_rows and any(record):
                        yield SheetRow(number, tuple(_cell(text, number) for text in record))
            except csv.Error as error:
                raise unreadable(_why(error, number + 1), row=str(number + 1)) from error
            except UnicodeDecodeError as error:
                raise unreadable("the file changed while it was read; open it again") from error
            self._source.check(opened.fileno())
        on_share(1.0)


class CsvBody:
    """Rows of a CSV file, with the mark of UTF-8: without it spreadsheets take Chinese for something else."""

    def __init__(self, part: Path, titles: Sequence[str]) -> None:
        self._file = part.open("x", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self.add(titles)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        self._writer.writerow([guard(str(cell)) for cell in cells])

    def finish(self) -> None:
        """Bring all of it to the file."""
        self._file.close()

    def drop(self) -> None:
        """Let go of the file."""
        self._file.close()


def _cell(text: str, row: int) -> str:
    if "\0" in text:
        raise unreadable(f"row {row} holds a NUL character; this is no text file", row=str(row))
    return unguard(text)


def _delimiter_of(head: str) -> str:
    """The one that stands most often in the first line with anything in it, outside of quotation marks."""
    line = next((line for line in head.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", line)
    return max(DELIMITERS, key=bare.count)


def _why(error: csv.Error, row: int) -> str:
    text = str(error)
    if "field larger" in text:
        return f"a cell of row {row} has more than {CELL_MAX_CHARS:,} characters; is a quotation mark not closed?"
    if "unexpected end" in text:
        return f"a quotation mark that opens in row {row} is never closed"
    return f"the quotation marks of row {row} do not match"
