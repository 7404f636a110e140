"""What is known of a workbook before it is read: how large it is unpacked, and how far its cells reach.

The library that reads workbooks takes memory for the whole rectangle from the first cell to the last, and ends the
program where there is none left: two cells in far corners are enough. So the corners are looked up first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from ipnft_desktop.adapters.spreadsheets.faults import unreadable

UNPACKED_MAX_BYTES = 512 * 1024 * 1024
CELLS_MAX = 16_000_000
"""Of the rectangle: 200,000 rows of 80 columns, which take about 1 GB while they are read."""
_CHUNK_BYTES = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})
"""Workbooks of other kinds, which the library would read too, but nobody has looked at here."""
_CELL = re.compile(rb"[<:]c(?=[\s/>])([^<>]*)>")
_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")


def check_workbook(file: Path) -> None:
    """Unpack everything once, to nowhere: the sizes that a file states may lie, and then its checksum fails.

    Raises UserError SHEET_INVALID for what is no workbook, unpacks to more than `UNPACKED_MAX_BYTES` or has a sheet of
    more than `CELLS_MAX` cells.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(member.file_size for member in packed.infolist()) > UNPACKED_MAX_BYTES:
                raise unreadable(f"the workbook unpacks to more than {UNPACKED_MAX_BYTES // 1024**2} MB; split it")
            for member in packed.infolist():
                with packed.open(member) as opened:
                    _check_extent(opened)
            names = {member.filename.casefold() for member in packed.infolist()}
            if _WORKBOOK not in names or names & _OTHER_KINDS:
                raise unreadable("this is no .xlsx workbook; save it as one")
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise unreadable(f"this is no workbook, or it is damaged or locked by a password: {error}") from error


def _check_extent(member: IO[bytes]) -> None:
    """Look where the cells of a sheet stand that hold something. Any part may be a sheet, whatever it is called."""
    columns, rows = set[bytes](), 0
    for xml in _whole_tags(member):
        for attributes in _CELL.findall(xml):
            if attributes.endswith(b"/"):
                continue  # only a format
            place = _PLACE.search(attributes)
            if place is None:
                raise unreadable("the cells of this workbook do not say where they stand; save it anew as .xlsx")
            columns.add(place[1])
            rows = max(rows, int(place[2]))
        if columns and rows * max(map(_number, columns)) > CELLS_MAX:
            last = max(columns, key=_number).decode()
            raise unreadable(
                f"the sheet reaches to column {last} and row {rows:,}; delete what stands far outside of the table"
            )


def _whole_tags(member: IO[bytes]) -> Iterator[bytes]:
    """The text of a part in pieces that end outside of a tag; nothing of a part that is no XML."""
    piece = member.read(_CHUNK_BYTES)
    is_xml = piece.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    rest = b""
    while piece:
        if is_xml:
            text = rest + piece
            end = text.rfind(b"<") if text.rfind(b"<") > text.rfind(b">") else len(text)
            if len(text) - end > _CHUNK_BYTES:
                raise unreadable("this is no workbook, or it is damaged: a tag has no end")
            yield text[:end]
            rest = text[end:]
        piece = member.read(_CHUNK_BYTES)


def _number(column: bytes) -> int:
    """Of a column, from its letters: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
