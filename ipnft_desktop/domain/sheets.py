"""Spreadsheet files as the program sees them: rows of text, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST_CELL_CHARACTERS = 32_767
"""Of a workbook; the other formats have no bound."""


class SheetFormat(StrEnum):
    """Kinds of files; the value is the ending of the file's name."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as a spreadsheet shows it."""

    number: int
    """Counted from 1 as in a spreadsheet: the header, empty rows and all."""
    cells: tuple[str, ...]
    """The text a person sees: dates as YYYY-MM-DD, whole numbers without a decimal point."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What is known of a file once it was read through."""

    file_name: str
    format: SheetFormat
    encoding: str
    """For people, such as "GB18030"; empty where the format leaves no choice."""
    size_bytes: int
    sha256: str
    """Of the file's bytes, as hexadecimal digits."""


def fitting(cell: str, sheet_format: SheetFormat) -> str:
    """The text as a cell of this format holds it: in a workbook the beginning of one that is too long, with a mark
    that says so and where the whole is to be had."""
    if sheet_format is not SheetFormat.XLSX or len(cell) <= MOST_CELL_CHARACTERS:
        return cell
    mark = f"… [cut: {len(cell):,} characters; CSV and JSON hold them all]"
    return cell[: MOST_CELL_CHARACTERS - len(mark)] + mark
