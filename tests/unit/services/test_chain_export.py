"""A transaction in a file: what is too long for a cell or for a list is said to be, and only where it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, CallReading, Decoded, DecodedValue, ValueKind
from ipnft_desktop.domain.inspection.tracing import TransactionDetail
from ipnft_desktop.domain.inspection.transactions import RawTransaction, TransactionLine, TransactionPlace
from ipnft_desktop.domain.sheets import MOST_CELL_CHARACTERS, SheetFormat
from ipnft_desktop.services.inspector.chain_export import ChainExport
from ipnft_desktop.services.long_work import LongWork

CALL_DATA = b"\x07" * 1_000_000
TOLD, COUNT = 1_000, 5_000


class Inspector:
    async def head(self) -> int:
        return 1


def detail() -> TransactionDetail:
    line = TransactionLine("0x1", TransactionPlace(1, 0), 1, True, "ann", "bob", None, 0, 0, "0x07070707", "", 1, 1)
    transaction = RawTransaction(line, "0x2", CALL_DATA, (), 1, 2, 0, {})
    items = tuple(DecodedValue("", "uint256", str(at)) for at in range(TOLD))
    values = DecodedValue("values", "uint256[]", "", ValueKind.LIST, items=items, count=COUNT)
    call = Decoded("keep", "keep(uint256[])", (values,), AbiOrigin.IMPORTED, "Keeper")
    return TransactionDetail(transaction, CallReading(CALL_DATA, call), (), {})


async def exported(sheet_format: SheetFormat, folder: Path) -> dict[tuple[str, str], str]:
    parts: list[Any] = [LocalSheetFiles(), Inspector()]
    target = folder / f"one.{sheet_format}"
    count = await ChainExport(*parts).transaction(detail(), None, sheet_format, target, LongWork())
    rows = read(target, sheet_format)
    assert count == len(rows)
    return {(part, name): value for part, name, _, value in rows}


def read(file: Path, sheet_format: SheetFormat) -> list[list[str]]:
    if sheet_format is SheetFormat.JSON:
        return [list(row.values()) for row in json.loads(file.read_text("utf-8"))]
    if sheet_format is SheetFormat.XLSX:
        return CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1:]  # type: ignore[return-value]
    csv.field_size_limit(10**7)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))[1:]


@pytest.mark.parametrize("sheet_format", SheetFormat)
async def test_only_a_workbook_cuts_a_megabyte_of_call_data_and_says_so(
    tmp_path: Path, sheet_format: SheetFormat
) -> None:
    data = (await exported(sheet_format, tmp_path))["call", "data"]
    whole = "0x" + CALL_DATA.hex()
    if sheet_format is SheetFormat.XLSX:
        kept, mark = data.split("…")
        assert whole.startswith(kept)
        assert len(data) == MOST_CELL_CHARACTERS
        assert mark == f" [cut: {len(whole):,} characters; CSV and JSON hold them all]"
    else:
        assert data == whole


async def test_a_list_that_is_told_in_part_says_so(tmp_path: Path) -> None:
    told = await exported(SheetFormat.JSON, tmp_path)
    assert told["call", f"values[{TOLD - 1}]"] == str(TOLD - 1)
    assert told["call", "values"] == f"items 0 to {TOLD - 1} of {COUNT}; the data above hold them all"
