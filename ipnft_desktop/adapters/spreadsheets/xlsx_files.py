"""XLSX files: the first sheet as text, and a sheet in which every cell is text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipnft_desktop.adapters.spreadsheets.faults import reading_faults, unreadable, writing_faults
from ipnft_desktop.adapters.spreadsheets.source import Source
from ipnft_desktop.adapters.spreadsheets.workbook_check import check_workbook
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat, SheetRow
from ipnft_desktop.services.sheet_ports import Cell, OnShare

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_REPORT_EVERY_ROWS = 100
_MANY_DIGITS = 10**15

_Value = int | float | str | bool | time | date | datetime | timedelta


class XlsxSheet:
    """Implements the port `Sheet` for the first sheet of a workbook."""

    def __init__(self, source: Source) -> None:
        """Raises UserError SHEET_INVALID for what is no workbook, or one too large to be read: the library would take
        the memory for it."""
        self._source = source
        check_workbook(source.file)

    @property
    def facts(self) -> SheetFacts:
        """What is known of the file."""
        return self._source.facts(SheetFormat.XLSX)

    def rows(self, on_share: OnShare) -> Iterator[SheetRow]:
        """Every row that is not empty."""
        from python_calamine import CalamineError, CalamineWorkbook

        with reading_faults(), self._source.file.open("rb") as opened:
            self._source.check(opened.fileno())
            try:
                with CalamineWorkbook.from_filelike(opened) as workbook:
                    yield from _rows(workbook.get_sheet_by_index(0), on_share)
            except CalamineError as error:
                raise unreadable(f"the workbook cannot be read: {error}") from error
            self._source.check(opened.fileno())
        on_share(1.0)


class XlsxBody:
    """Rows of a workbook with one sheet. Cells are text and nothing else: no formula, no link, no number that loses
    its leading zeros."""

    def __init__(self, part: Path, titles: Sequence[str]) -> None:
        from xlsxwriter import Workbook

        # Made anew, so that a file of somebody else is not written over.
        part.open("xb").close()
        self._workbook: Any = Workbook(  # the library's own types are incomplete
            str(part),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet = self._workbook.add_worksheet("Assets")
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        bold = self._workbook.add_format({"bold": True})
        self._write(titles, bold)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write a row. Raises UserError SHEET_NOT_WRITTEN where a sheet has no room for it."""
        self._write(cells, None)

    def finish(self) -> None:
        """Pack the file."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._workbook.close()
        except FileCreateError as error:
            with writing_faults():
                raise error.args[0] from error

    def drop(self) -> None:
        """Let go of the library's temporary file; to close the workbook would pack what nobody wants."""
        self._workbook.fileclosed = True
        self._sheet.row_data_fh.close()

    def _write(self, cells: Sequence[Cell], style: Any) -> None:
        for column, cell in enumerate(cells):
            if cell and self._sheet.write_string(self._row, column, str(cell), style):
                raise UserError(
                    ErrorCode.SHEET_NOT_WRITTEN,
                    "a sheet has 1,048,576 rows, 16,384 columns and 32,767 characters a cell at most; "
                    "export fewer assets, or as CSV",
                )
        self._row += 1


def _rows(sheet: CalamineSheet, on_share: OnShare) -> Iterator[SheetRow]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number % _REPORT_EVERY_ROWS == 0:
            on_share(min(1.0, number / max(1, sheet.total_height)))
        texts = tuple(_text(cell) for cell in cells)
        if any(texts):
            yield SheetRow(number, texts)


def _text(cell: _Value) -> str:
    """What the spreadsheet shows, as far as the value tells."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # A spreadsheet keeps 15 digits and shows no more.
        return str(int(cell)) if cell.is_integer() and abs(cell) < _MANY_DIGITS else format(cell, ".15g")
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell.replace(microsecond=0)).isoformat()
    return str(cell)
