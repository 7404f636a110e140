"""Workbooks: what a person sees in a cell is what is read, and a bomb is not unpacked into memory."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from ipnft_desktop.adapters.spreadsheets import workbook_check
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.sheets import SheetFormat
from tests.ports.spreadsheets.sheets import FILES, read, saved, unwatched, write


def test_cells_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    file = tmp_path / "in.xlsx"
    book: Any
    with Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy/m/d"})
        for row, (value, style) in enumerate(
            [
                ("名称", None),
                (2025, None),
                (2.5, None),
                (0.1 + 0.2, None),
                (True, None),
                (date(2024, 5, 17), day),
                (datetime(2024, 5, 17, 9, 30), day),  # noqa: DTZ001 - a spreadsheet knows no zones
                (1e20, None),
            ]
        ):
            sheet.write(row + 2, 0, value, style)
        sheet.write_formula(10, 0, "=1+1", None, 2)

    assert [(row.number, row.cells[0]) for row in read(file)] == [
        (3, "名称"),
        (4, "2025"),
        (5, "2.5"),
        (6, "0.3"),
        (7, "TRUE"),
        (8, "2024-05-17"),
        (9, "2024-05-17T09:30:00"),
        (10, "1e+20"),
        (11, "2"),
    ]


def test_a_written_cell_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    looks = ["=1+1", "http://example.invalid", "007", "mailto:x", "{=SUM(A1)}"]
    file = write(tmp_path / "out.xlsx", SheetFormat.XLSX, ("a",), [(look,) for look in looks])

    assert [row.cells[0] for row in read(file)] == ["a", *looks]
    with zipfile.ZipFile(file) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_what_does_not_fit_a_sheet_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        write(tmp_path / "out.xlsx", SheetFormat.XLSX, ("a",), [("x" * 32_768,)])
    assert refused.value.code is ErrorCode.SHEET_NOT_WRITTEN
    assert not list(tmp_path.iterdir())


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_check, "UNPACKED_MAX_BYTES", 100_000)
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000)

    with pytest.raises(UserError, match="unpacks to more than"):
        FILES.open(file, unwatched)


def test_a_file_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000)
    true_size, stated = (200_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(true_size, stated))

    with pytest.raises(UserError) as refused:
        FILES.open(file, unwatched)
    assert refused.value.code is ErrorCode.SHEET_INVALID


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (b'r="XFD1048576"', "column XFD and row 1,048,576"),
        (b"t='n'  r = 'xfd1048576'", "column xfd and row 1,048,576"),
        (b"", "do not say where they stand"),
        (b's=">" r="XFD1048576"', "do not say where they stand"),
    ],
)
def test_a_cell_far_outside_is_refused_before_memory_is_taken_for_all_between(
    tmp_path: Path, place: bytes, why: str
) -> None:
    with pytest.raises(UserError, match=why):
        FILES.open(_with_cell(tmp_path, b"<c " + place + b"><v>1</v></c>"), unwatched)


def test_a_format_far_outside_is_no_cell(tmp_path: Path) -> None:
    assert [row.cells for row in read(_with_cell(tmp_path, b'<c r="XFD1048576" s="1"/>'))] == [("name",)]


def _with_cell(folder: Path, cell: bytes) -> Path:
    """A workbook of one cell in the first row and this one in the last, in a part of a name of its own."""
    ours, file = write(folder / "ours.xlsx", SheetFormat.XLSX, ("name",), []), folder / "in.xlsx"
    with zipfile.ZipFile(ours) as source, zipfile.ZipFile(file, "w") as packed:
        for name in source.namelist():
            content = source.read(name).replace(b"worksheets/sheet1.xml", b"else.where")
            content = content.replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>")
            packed.writestr(name.replace("worksheets/sheet1.xml", "else.where"), content)
    return file


@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing more"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UserError, match="no workbook"):
        FILES.open(saved(tmp_path, content, "in.xlsx"), unwatched)


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "other.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "hello")

    with pytest.raises(UserError, match=r"no \.xlsx workbook"):
        read(file)


def test_json_has_an_object_a_row(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    with FILES.create(file, SheetFormat.JSON, ("name", "custom_fields")) as output:
        output.write(("名称", {"=a": "1"}))
        output.write(("=1+1", {}))

    assert json.loads(file.read_text("utf-8")) == [
        {"name": "名称", "custom_fields": {"=a": "1"}},
        {"name": "=1+1", "custom_fields": {}},
    ]
    assert json.loads(write(file, SheetFormat.JSON, ("name",), []).read_text("utf-8")) == []
