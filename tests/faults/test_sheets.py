"""Row 69: files that people bring. All or nothing, and the row and the column that are at fault are named.

No chain has a part in it, so these run on the core over doubles; the register and the files are real.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.services.asset_import import ImportCheck
from ipnft_desktop.services.long_work import LongWork
from tests.support import samples
from tests.support.core_factory import MemoryCore

HEADER = "名称,Type,创作者,Creation date,企业,Description"
OWNER = samples.enterprise(name="极光实验室")


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    started = await MemoryCore(tmp_path).start()
    await started.core.register.add_assets((), (OWNER,))
    yield started
    await started.core.close()


def _row(number: int, **changes: str) -> str:
    cells = {"name": f"作品 {number}", "type": "著作权", "date": "2020-01-31", "text": "plain", **changes}
    return f"{cells['name']},{cells['type']},张三,{cells['date']},极光实验室,{cells['text']}"


def _saved(memory: MemoryCore, rows: list[str], encoding: str = "utf-8", header: str = HEADER) -> Path:
    file = memory.profile / "in.csv"
    file.write_bytes("\r\n".join((header, *rows)).encode(encoding))
    return file


async def _check(memory: MemoryCore, file: Path) -> ImportCheck:
    sample = await memory.core.imports.open(file, LongWork())
    return await memory.core.imports.check(sample, sample.uses, LongWork())


def _stored(memory: MemoryCore) -> list[tuple[str, str]]:
    """Read past the program."""
    with closing(sqlite3.connect(memory.profile / DATABASE_FILE)) as connection:
        return connection.execute("SELECT name, description FROM assets ORDER BY name").fetchall()


async def test_69_a_wrong_header_is_refused_and_the_missing_columns_are_named(memory: MemoryCore) -> None:
    with pytest.raises(UserError, match="no column is read as: Name, Type") as refused:
        await _check(memory, _saved(memory, ["1,2"], header="Colour,Weight"))
    assert refused.value.code is ErrorCode.SHEET_INVALID
    assert _stored(memory) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_69_each_encoding_is_stored_as_the_same_text(memory: MemoryCore, encoding: str) -> None:
    check = await _check(memory, _saved(memory, [_row(1), _row(2)], encoding))
    await memory.core.imports.apply(check, LongWork())
    check.close()
    assert _stored(memory) == [("作品 1", "plain"), ("作品 2", "plain")]


async def test_69_mixed_encodings_are_refused_with_their_lines(memory: MemoryCore) -> None:
    file = _saved(memory, [_row(1)])
    file.write_bytes(file.read_bytes() + b"\r\n" + _row(2).encode("gb18030"))

    with pytest.raises(UserError, match="line 1 is UTF-8, line 3 is not"):
        await _check(memory, file)
    assert _stored(memory) == []


async def test_69_a_bad_row_in_the_middle_stores_nothing_and_is_named(memory: MemoryCore) -> None:
    rows = [_row(number) for number in range(1_000)]
    rows[500] = _row(500, date="yesterday", type="")
    check = await _check(memory, _saved(memory, rows))
    check.close()

    assert [(each.row, each.column) for each in check.problems] == [(502, "Type"), (502, "Creation date")]
    assert _stored(memory) == []


async def test_69_a_formula_in_a_cell_stays_text(memory: MemoryCore) -> None:
    check = await _check(memory, _saved(memory, [_row(1, text="=1+1"), _row(2, text="@SUM(A1)")]))
    await memory.core.imports.apply(check, LongWork())
    check.close()
    assert [text for _, text in _stored(memory)] == ["=1+1", "@SUM(A1)"]


async def test_69_many_rows_arrive_in_one_commit(memory: MemoryCore) -> None:
    """As many as a test may take time for; 100,000 are measured by the benchmark `import_rows_per_s`."""
    check = await _check(memory, _saved(memory, [_row(number) for number in range(3_000)]))
    seen: list[int] = []
    work = LongWork(lambda _share: seen.append(len(_stored(memory))))
    await memory.core.imports.apply(check, work)
    check.close()

    assert len(_stored(memory)) == 3_000
    assert set(seen) <= {0, 3_000}
