"""Whatever text goes out comes back, and no cell of a file of ours begins like a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ipnft_desktop.domain.formula_guard import guard, unguard
from ipnft_desktop.domain.sheets import SheetFormat
from tests.ports.spreadsheets.sheets import cells, write

FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")
_PIECES = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ",", ";", "\u202e", "\u200f", "名", "😀", "_x0041_", " "]
)
# NUL is refused when a file is read, and half of a surrogate pair is no text.
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_CELL = st.one_of(_TEXT, st.lists(_PIECES, max_size=8).map("".join))
_FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet could calculate it; a negative number is what it says."""
    return cell.startswith(FORMULA_SIGNS) and not re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)


@given(_CELL)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not is_formula(guard(text))
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["-5", "-0.52"])
def test_a_negative_number_stays_one(text: str) -> None:
    assert guard(text) == unguard(text) == text


@pytest.mark.parametrize("text", ["-5+3", "-5.", "-", "-1\n", "-٣", "-5%", "+5"])
def test_what_only_begins_like_a_number_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"


@_FAST
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=6))
@example([("'=1", "''=1", "'"), ("\r", "\r\n", "\n")])
def test_csv_gives_back_what_it_was_given(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    file = write(tmp_path / "out.csv", SheetFormat.CSV, ("a", "b", "c"), rows)

    assert cells(file)[1:] == [row for row in rows if any(row)]
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert not any(is_formula(cell) for row in csv.reader(opened) for cell in row)


@settings(_FAST, max_examples=30)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=4))
@example([("=1+1", "_x0041_", " a \n b ")])
def test_xlsx_gives_back_what_it_was_given(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    file = write(tmp_path / "out.xlsx", SheetFormat.XLSX, ("a", "b", "c"), rows)

    assert cells(file)[1:] == [row for row in rows if any(row)]


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.glob(".*"))
