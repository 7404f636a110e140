"""An import stores all rows or none, never writes over an asset, and says what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop.domain.asset_columns import AssetColumn, ColumnUse, CustomColumn
from ipnft_desktop.domain.assets import Asset, AssetQuery, AssetType, SortKey
from ipnft_desktop.domain.errors import Defect, ErrorCode, ProblemKind, UserError
from ipnft_desktop.domain.events import AssetsImported
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.services import asset_import
from ipnft_desktop.services.asset_import import ImportCheck, ImportReport
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.core_factory import MemoryCore, hear_changes

HEADER = "Name,Type,Creator,Creation date,Enterprise,Extra,custom: Class"
OWNER = samples.enterprise(name="Aurora")


def _sheet(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "in.csv"
    file.write_text("\n".join((header, *rows)), "utf-8")
    return file


def _row(name: str, asset_type: str = "patent") -> str:
    return f"{name},{asset_type},Ada,2020-01-31,Aurora,,250/2"


@pytest.fixture
async def memory(memory: MemoryCore) -> MemoryCore:
    await memory.core.register.add_assets((), (OWNER,))
    return memory


async def _check(memory: MemoryCore, file: Path, uses: list[ColumnUse] | None = None) -> ImportCheck:
    imports = memory.core.imports
    sample = await imports.open(file, LongWork())
    return await imports.check(sample, uses or sample.uses, LongWork())


async def _import(memory: MemoryCore, file: Path) -> ImportReport:
    check = await _check(memory, file)
    try:
        return await memory.core.imports.apply(check, LongWork())
    finally:
        check.close()


async def _assets(memory: MemoryCore) -> list[Asset]:
    page = await memory.core.register.page(AssetQuery(sort=SortKey.NAME, descending=False))
    return [await memory.core.register.asset(row.asset_id) for row in page.rows]


async def test_rows_become_drafts_and_one_event_tells_of_all(memory: MemoryCore, tmp_path: Path) -> None:
    events = hear_changes(memory.core)

    report = await _import(memory, _sheet(tmp_path, _row("Radio"), _row("Star chart", "设计")))

    radio, chart = await _assets(memory)
    assert (report.added, report.left_out) == (2, 0)
    assert events == [AssetsImported(2)]
    assert (radio.name, chart.name, chart.asset_type) == ("Radio", "Star chart", AssetType.DESIGN)
    assert radio.custom_fields == {"Class": "250/2"}
    assert radio.enterprise == OWNER


async def test_the_audit_log_names_the_import_and_each_asset(
    memory: MemoryCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _sheet(tmp_path, _row("Radio"), _row("Star chart"))
    check = await _check(memory, file)
    lines: list[tuple[str, str, dict[str, str]]] = []
    database = memory.core.adapters.database
    write = database.write

    async def listening(work: Callable[[Transaction], None]) -> None:
        def heard(tx: Transaction) -> None:
            work(_Ear(tx, lines))  # type: ignore[arg-type]

        await write(heard)

    monkeypatch.setattr(database, "write", listening)
    await memory.core.imports.apply(check, LongWork())
    check.close()

    imported = str(check.import_id)
    assert [(action, facts) for action, _, facts in lines] == [
        ("asset.create", {"name": "Radio", "import": imported}),
        ("asset.create", {"name": "Star chart", "import": imported}),
        ("asset.import", {"file": "in.csv", "sha256": check.facts.sha256, "assets": "2", "left_out": "0"}),
    ]
    assert lines[-1][1] == imported


class _Ear:
    """A transaction that notes what is written into the audit log."""

    def __init__(self, tx: Transaction, lines: list[tuple[str, str, dict[str, str]]]) -> None:
        self._tx = tx
        self._lines = lines

    def __getattr__(self, name: str) -> object:
        return getattr(self._tx, name)

    def append_audit(self, actor: str, action: str, subject: str, facts: dict[str, str], at: object) -> None:
        self._lines.append((action, subject, facts))

    def append_audits(self, actor: str, action: str, facts_of: list[tuple[str, dict[str, str]]], at: object) -> None:
        self._lines += [(action, subject, facts) for subject, facts in facts_of]


async def test_every_problem_is_told_with_row_and_column_and_nothing_can_be_stored(
    memory: MemoryCore, tmp_path: Path
) -> None:
    check = await _check(
        memory, _sheet(tmp_path, _row("Radio"), _row("", "ship"), _row("Map") + ",x", "a,patent,b,c,d")
    )

    told = [(each.row, each.column, each.problem.kind, each.value) for each in check.problems]
    assert told == [
        (3, "Type", ProblemKind.NOT_A_WORD, "ship"),
        (3, "Name", ProblemKind.REQUIRED, ""),
        (4, "8", ProblemKind.NO_HEADER, "x"),
        (5, "Enterprise", ProblemKind.UNKNOWN_ENTERPRISE, "d"),
        (5, "Creation date", ProblemKind.NOT_A_DATE, "c"),
    ]
    with pytest.raises(Defect):
        await memory.core.imports.apply(check, LongWork())
    check.close()
    assert await memory.count() == 0


async def test_only_so_many_problems_are_kept_but_all_are_counted(
    memory: MemoryCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asset_import, "MAX_PROBLEMS", 3)
    check = await _check(memory, _sheet(tmp_path, *[_row("")] * 5))
    check.close()

    assert (len(check.problems), check.problem_count) == (3, 5)


async def test_what_is_in_the_register_is_left_out_and_never_written_over(memory: MemoryCore, tmp_path: Path) -> None:
    old, gone = samples.asset(OWNER, name="Old"), samples.asset(OWNER, name="Gone")
    await memory.core.register.add_assets((old,))
    rows = [f"{each.asset_id},{_row(name)}" for each, name in ((old, "Changed"), (gone, "New"))]
    file = _sheet(tmp_path, *rows, header=f"Asset ID,{HEADER}")

    report = await _import(memory, file)

    assert (report.added, report.left_out) == (1, 1)
    assert {each.asset_id: each.name for each in await _assets(memory)} == {old.asset_id: "Old", gone.asset_id: "New"}
    again = await _check(memory, file)
    again.close()
    assert (again.new_count, len(again.known_ids)) == (0, 2)


async def test_an_id_twice_in_a_file_is_a_problem(memory: MemoryCore, tmp_path: Path) -> None:
    row = f"{UUID(int=5)},{_row('Radio')}"
    check = await _check(memory, _sheet(tmp_path, row, row, header=f"Asset ID,{HEADER}"))
    check.close()

    (problem,) = check.problems
    assert (problem.row, problem.problem.kind, problem.problem.limit) == (3, ProblemKind.STANDS_TWICE, "2")


async def test_an_asset_added_since_the_check_makes_all_fail(memory: MemoryCore, tmp_path: Path) -> None:
    late = samples.asset(OWNER)
    rows = [f",{_row('Radio')}", f"{late.asset_id},{_row('Late')}"]
    check = await _check(memory, _sheet(tmp_path, *rows, header=f"Asset ID,{HEADER}"))
    await memory.core.register.add_assets((late,))

    with pytest.raises(UserError) as refused:
        await memory.core.imports.apply(check, LongWork())
    check.close()
    assert refused.value.code is ErrorCode.ASSET_CHANGED
    assert await memory.count() == 1


async def test_a_cancelled_import_leaves_nothing_and_can_be_done_again(
    memory: MemoryCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.spool.CHUNK", 2)
    check = await _check(memory, _sheet(tmp_path, *[_row(f"Asset {number}") for number in range(9)]))
    work = LongWork()
    report = work.report

    def cancel_midway(share: float) -> None:
        if share > 0.5:
            work.cancel()
        report(share)

    monkeypatch.setattr(work, "report", cancel_midway)
    with pytest.raises(WorkCancelled):
        await memory.core.imports.apply(check, work)
    assert await memory.count() == 0

    again = await memory.core.imports.apply(check, LongWork())
    check.close()
    assert (again.added, await memory.count()) == (9, 9)


async def test_progress_is_told_on_the_loop_up_to_the_end(memory: MemoryCore, tmp_path: Path) -> None:
    check = await _check(memory, _sheet(tmp_path, _row("Radio")))
    shares: list[float] = []

    await memory.core.imports.apply(check, LongWork(shares.append))
    await asyncio.sleep(0)
    check.close()

    assert shares[-1] == 1


async def test_the_mapping_decides_what_a_column_is(memory: MemoryCore, tmp_path: Path) -> None:
    uses: list[ColumnUse] = [
        AssetColumn.CREATOR_NAME,
        AssetColumn.ASSET_TYPE,
        AssetColumn.NAME,
        AssetColumn.CREATION_DATE,
        AssetColumn.ENTERPRISE,
        None,
        CustomColumn("Other"),
    ]
    check = await _check(memory, _sheet(tmp_path, _row("Radio")), uses)
    await memory.core.imports.apply(check, LongWork())
    check.close()

    (asset,) = await _assets(memory)
    assert (asset.name, asset.creator_name, asset.custom_fields) == ("Ada", "Radio", {"Other": "250/2"})


@pytest.mark.parametrize(
    ("header", "rows", "told"),
    [
        ("Name,Type", ("Radio,patent",), "no column is read as: Creator, Creation date, Enterprise"),
        (HEADER, (), "no row below the header"),
        (HEADER, (_row("a"), _row("b"), _row("c")), "more than 2 rows"),
    ],
)
async def test_a_file_of_another_shape_is_refused(
    memory: MemoryCore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    header: str,
    rows: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setattr(asset_import, "MAX_ROWS", 2)
    with pytest.raises(UserError, match=told) as refused:
        await _check(memory, _sheet(tmp_path, *rows, header=header))
    assert refused.value.code is ErrorCode.SHEET_INVALID


async def test_two_columns_for_one_field_are_refused(memory: MemoryCore, tmp_path: Path) -> None:
    uses: list[ColumnUse] = [
        AssetColumn.NAME,
        AssetColumn.ASSET_TYPE,
        AssetColumn.CREATOR_NAME,
        AssetColumn.CREATION_DATE,
        AssetColumn.ENTERPRISE,
        AssetColumn.NAME,
        None,
    ]
    with pytest.raises(UserError, match="more than one column is read as: Name"):
        await _check(memory, _sheet(tmp_path, _row("Radio")), uses)


async def test_a_viewer_may_not_import_and_an_operator_only_for_their_own(memory: MemoryCore, tmp_path: Path) -> None:
    file = _sheet(tmp_path, _row("Radio"))
    session = memory.core.session
    viewer = User(samples.uuid(), "vera", "Vera", Role.VIEWER, samples.NOW)
    session.begin(viewer)
    with pytest.raises(UserError) as refused:
        await memory.core.imports.open(file, LongWork())
    assert refused.value.code is ErrorCode.PERMISSION_DENIED

    session.begin(replace(viewer, role=Role.OPERATOR))
    check = await _check(memory, file)
    check.close()
    assert [each.problem.kind for each in check.problems] == [ProblemKind.FOREIGN_ENTERPRISE]

    session.begin(replace(viewer, role=Role.OPERATOR, enterprise_ids=frozenset({OWNER.enterprise_id})))
    check = await _check(memory, file)
    session.begin(replace(viewer, role=Role.OPERATOR))
    with pytest.raises(UserError) as refused:
        await memory.core.imports.apply(check, LongWork())
    check.close()
    assert refused.value.code is ErrorCode.PERMISSION_DENIED
    assert await memory.count() == 0


async def test_problems_can_be_saved(memory: MemoryCore, tmp_path: Path) -> None:
    check = await _check(memory, _sheet(tmp_path, _row("", "=ship")))
    check.close()
    target = tmp_path / "problems.csv"
    await memory.core.imports.write_problems(check.problems, target, LongWork())

    first, *others = target.read_text("utf-8-sig").splitlines()
    assert first == "Row,Column,Problem,Value"
    assert others[0].endswith(",'=ship")
    assert others[1] == "2,Name,This field is required.,"
