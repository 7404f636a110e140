"""Which encoding a text file is in, found by strict trial: nothing is replaced, nothing is guessed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ipnft_desktop.adapters.spreadsheets.faults import unreadable

UTF_8, GB18030 = "utf-8-sig", "gb18030"
NAMES = {UTF_8: "UTF-8", GB18030: "GB18030"}
_PIECE_BYTES = 1 << 16
_FIRST_CJK, _LAST_CJK = "\u3000", "\u9fff"


def find_encoding(file: Path) -> str:
    """The codec of the whole file. UTF-8 with or without a mark first, for GB18030 would take most of it too.

    Raises UserError SHEET_INVALID naming the line that is in neither, or that is in another than the rest.
    """
    wrong_line = _first_wrong_line(file, UTF_8)
    if wrong_line is None:
        return UTF_8
    utf_8_line = _first_utf_8_line(file)
    if utf_8_line is not None:
        raise unreadable(
            f"encodings are mixed: line {utf_8_line} is UTF-8, line {wrong_line} is not; save the file as UTF-8"
        )
    if _first_wrong_line(file, GB18030) is not None:
        raise unreadable(f"line {wrong_line} is neither UTF-8 nor GB18030; save the file as UTF-8")
    return GB18030


def _first_wrong_line(file: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    try:
        for piece in _pieces(file):
            decoder.decode(piece)
            line += piece.endswith(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _first_utf_8_line(file: Path) -> int | None:
    """The first line that holds Chinese when read as UTF-8. GB18030 is not taken for that but by a rare accident, and
    a file refused by accident is better than assets with names nobody can read."""
    for line, piece in enumerate(_pieces(file), 1):
        if piece.isascii():
            continue
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if any(_FIRST_CJK <= character <= _LAST_CJK for character in text):
            return line
    return None


def _pieces(file: Path) -> Iterator[bytes]:
    """Lines, or parts of very long ones."""
    with file.open("rb") as opened:
        yield from iter(partial(opened.readline, _PIECE_BYTES), b"")
