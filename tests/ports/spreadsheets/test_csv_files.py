"""CSV files of all origins: encodings, delimiters, and what makes a file unreadable, told with its row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ipnft_desktop.adapters.spreadsheets import source
from ipnft_desktop.adapters.spreadsheets.csv_files import CELL_MAX_CHARS
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import WorkCancelled
from tests.ports.spreadsheets.sheets import FILES, cells, read, saved, unwatched, write

TABLE = "名称,创作者\r\n丝路星图,张三\r\n"
ROWS = [("名称", "创作者"), ("丝路星图", "张三")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode("utf-8"), "UTF-8"),
        (TABLE.encode("utf-8-sig"), "UTF-8"),
        (TABLE.encode("gb18030"), "GB18030"),
        ("名称,创作者\n丝路星图,张三".encode("gb18030"), "GB18030"),
    ],
)
def test_each_encoding_is_read_and_named(tmp_path: Path, content: bytes, encoding: str) -> None:
    file = saved(tmp_path, content)

    assert cells(file) == ROWS
    assert FILES.open(file, unwatched).facts.encoding == encoding


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [delimiter.join(("Name", '"a;b,c\td,e;f\tg"', "Type")), delimiter.join(("x", "y", "z"))]

    assert cells(saved(tmp_path, "\n".join(lines))) == [("Name", "a;b,c\td,e;f\tg", "Type"), ("x", "y", "z")]


def test_a_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    assert [(row.number, row.cells) for row in read(saved(tmp_path, "sep=;\na,b;c\n1;2\n"))] == [
        (2, ("a,b", "c")),
        (3, ("1", "2")),
    ]


def test_empty_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    assert [row.number for row in read(saved(tmp_path, 'a,b\n\n,\n"1\n1",2\n3,4\n'))] == [1, 4, 5]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n" + b"\xff\xff\n", "line 3 is neither UTF-8 nor GB18030"),
        ("a,b\n丝路星图,2\n".encode() + "张三,3\n".encode("gb18030"), "line 2 is UTF-8, line 3 is not"),
        ("a,b\n1\x00,2\n", "row 2 holds a NUL"),
        ('a,b\n1,2\n"3,4\n5,6\n', "opens in row 3 is never closed"),
        ('a,b\n1,"2"x\n', "quotation marks of row 2"),
        ("a,b\n1," + "x" * (CELL_MAX_CHARS + 1) + "\n", "row 2 has more than 131,072 characters"),
        ("a,b\n1,2\n", "larger than"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "password"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | str, told: str
) -> None:
    if told == "larger than":
        monkeypatch.setattr(source, "FILE_MAX_BYTES", 4)
    with pytest.raises(UserError, match=told) as refused:
        read(saved(tmp_path, content))
    assert refused.value.code is ErrorCode.SHEET_INVALID


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(UserError) as refused:
            FILES.open(path, unwatched)
        assert refused.value.code is ErrorCode.SHEET_INVALID


def test_a_file_that_changed_since_it_was_opened_is_refused(tmp_path: Path) -> None:
    file = saved(tmp_path, TABLE)
    sheet = FILES.open(file, unwatched)
    os.utime(file, ns=(1, 1))

    with pytest.raises(UserError, match="changed"):
        list(sheet.rows(unwatched))


def test_what_a_progress_raises_ends_the_reading(tmp_path: Path) -> None:
    sheet = FILES.open(saved(tmp_path, "a\n" * 1000), unwatched)

    def stop(_share: float) -> None:
        raise WorkCancelled

    with pytest.raises(WorkCancelled):
        list(sheet.rows(stop))


def test_written_files_open_rightly_in_spreadsheets(tmp_path: Path) -> None:
    file = write(tmp_path / "out.csv", SheetFormat.CSV, ("Name",), [("=1+1",), ("名称",)])

    assert file.read_bytes() == b"\xef\xbb\xbfName\r\n'=1+1\r\n" + "名称\r\n".encode()


def test_a_broken_off_file_leaves_nothing_and_keeps_the_old_one(tmp_path: Path) -> None:
    target = saved(tmp_path, "old", "out.csv")

    with pytest.raises(WorkCancelled), FILES.create(target, SheetFormat.CSV, ("a",)) as output:
        output.write(("1",))
        raise WorkCancelled
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_broken_off_workbook_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorkCancelled), FILES.create(tmp_path / "out.xlsx", SheetFormat.XLSX, ("a",)):
        raise WorkCancelled
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("sheet_format", list(SheetFormat))
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, sheet_format: SheetFormat) -> None:
    with pytest.raises(UserError) as refused:
        FILES.create(tmp_path / "absent" / "out", sheet_format, ("a",))
    assert refused.value.code is ErrorCode.SHEET_NOT_WRITTEN
