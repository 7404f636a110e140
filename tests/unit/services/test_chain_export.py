"""A transaction in a file: what is too long for a cell or for a list is said to be, and only where it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.domain.inspection.blocks import BlockLine, BlockPage
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, CallReading, Decoded, DecodedValue, ValueKind
from ipnft_desktop.domain.inspection.tracing import (
    AccountChange,
    GasStory,
    Missing,
    TransactionDetail,
    TransactionTrace,
    Untold,
)
from ipnft_desktop.domain.inspection.transactions import RawTransaction, TransactionLine, TransactionPlace
from ipnft_desktop.domain.sheets import MOST_CELL_CHARACTERS, SheetFormat
from ipnft_desktop.services.inspector.chain_export import ChainExport
from ipnft_desktop.services.long_work import LongWork

CALL_DATA = b"\x07" * 1_000_000
TOLD, COUNT = 1_000, 5_000


HEIGHT, FAR = 600, 2**62
NO_TRACE = Untold(Missing.NO_TRACE, "no such method")
UNTOLD = TransactionTrace(NO_TRACE, GasStory(21_000, {}, 21_000, NO_TRACE), NO_TRACE, ())
TRACE = TransactionTrace(
    (), GasStory(21_000, {}), (), (AccountChange("ann", (9, 7), (1, 2)), AccountChange("new", None, None, (0, 612)))
)


class Inspector:
    def __init__(self, told: TransactionTrace = TRACE) -> None:
        self.told = told

    async def head(self) -> int:
        return HEIGHT

    async def trace(self, detail: TransactionDetail) -> TransactionTrace:
        return self.told

    async def blocks(self, below: int | None, limit: int) -> BlockPage:
        first = HEIGHT if below is None else below - 1
        numbers = range(first, max(first - limit, -1), -1)
        lines = tuple(BlockLine(number, f"0x{number:x}", "0x", FAR, 0, 0, 1, None) for number in numbers)
        return BlockPage(lines, lines[-1].number or None)


def detail() -> TransactionDetail:
    line = TransactionLine("0x1", TransactionPlace(1, 0), 1, True, "ann", "bob", None, 0, 0, "0x07070707", "", 1, 1)
    transaction = RawTransaction(line, "0x2", CALL_DATA, (), 1, 2, 0, {})
    items = tuple(DecodedValue("", "uint256", str(at)) for at in range(TOLD))
    values = DecodedValue("values", "uint256[]", "", ValueKind.LIST, items=items, count=COUNT)
    call = Decoded("keep", "keep(uint256[])", (values,), AbiOrigin.IMPORTED, "Keeper")
    return TransactionDetail(transaction, CallReading(CALL_DATA, call), (), {})


async def exported(
    sheet_format: SheetFormat, folder: Path, told: TransactionTrace = TRACE
) -> dict[tuple[str, str], str]:
    parts: list[Any] = [LocalSheetFiles(), Inspector(told)]
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


async def test_balances_numbers_and_code_are_in_the_file_though_the_trace_was_not_there_yet(tmp_path: Path) -> None:
    told = await exported(SheetFormat.JSON, tmp_path)
    assert {key: value for key, value in told.items() if key[0].startswith("account")} == {
        ("account ann", "balance_wei before"): "9",
        ("account ann", "balance_wei after"): "7",
        ("account ann", "nonce before"): "1",
        ("account ann", "nonce after"): "2",
        ("account new", "code_bytes before"): "0",
        ("account new", "code_bytes after"): "612",
    }


async def test_what_the_node_does_not_tell_is_said(tmp_path: Path) -> None:
    told = await exported(SheetFormat.JSON, tmp_path, UNTOLD)
    for part in ("gas", "inner calls", "storage and accounts"):
        assert told[part, "not told by the node"] == "NO_TRACE: no such method"


async def test_blocks_are_written_from_a_height_on_with_times_that_no_calendar_has(tmp_path: Path) -> None:
    parts: list[Any] = [LocalSheetFiles(), Inspector()]
    target = tmp_path / "blocks.csv"
    assert await ChainExport(*parts).blocks(250, SheetFormat.CSV, target, LongWork()) == 251
    rows = read(target, SheetFormat.CSV)
    assert (rows[0][0], rows[-1][0], rows[0][3]) == ("250", "0", str(FAR))
    assert await ChainExport(*parts).blocks(None, SheetFormat.CSV, target, LongWork()) == HEIGHT + 1
    assert await ChainExport(*parts).blocks(10**9, SheetFormat.CSV, target, LongWork()) == HEIGHT + 1
