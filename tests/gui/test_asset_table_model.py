"""The virtual table: rows by pages, far jumps, events in place, and Qt's own model tester as a witness."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState, MintProgress, MintStage, MintTimes
from ipnft_desktop.ui.models.asset_pages import KEPT_PAGES, PAGE_ROWS, AssetPages, OutOfStep, PageRequest
from ipnft_desktop.ui.models.asset_table_model import AHEAD_ROWS, ROW_ROLE, AssetTableModel, Column
from ipnft_desktop.ui.register.asset_table import AssetTable
from tests.gui.register_doubles import EPOCH, MemoryRegister, row

_NEWEST_FIRST = AssetQuery()
_NO_INDEX = QModelIndex()
_ANCHOR = PageAnchor("x", UUID(int=1))


def _watched(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)


async def _lay_out(register: MemoryRegister, query: AssetQuery = _NEWEST_FIRST) -> AssetTableModel:
    model = AssetTableModel()
    if len(register.rows) < 300:  # the tester looks at every row again after each change
        _watched(model)
    model.reset(query, await register.count(query), await register.page(query))
    return model


async def _load(model: AssetTableModel, register: MemoryRegister) -> int:
    steps = 0
    while (request := model.next_request()) is not None:
        model.accept(request, await register.page(request.query, request.after, request.limit))
        steps += 1
    return steps


def _names(model: AssetTableModel) -> list[str]:
    return [model.index(at, Column.NAME).data() for at in range(model.rowCount())]


def _spans_told(model: AssetTableModel) -> list[tuple[int, int]]:
    """First and last row of every `dataChanged` from now on."""
    spans: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: spans.append((first.row(), last.row())))
    return spans


async def test_the_first_page_is_there_at_once_and_the_rest_is_asked_for() -> None:
    register = MemoryRegister([row(number) for number in range(450)])
    model = await _lay_out(register)
    wanted: list[int] = []
    model.page_wanted.connect(wanted.append)

    assert model.rowCount() == 450
    assert model.index(0, Column.NAME).data() == "Asset 000449"
    assert model.index(449, Column.NAME).data() == "…"
    assert model.index(449, 0).data(ROW_ROLE) is None
    assert wanted == [449 // PAGE_ROWS]

    await _load(model, register)
    assert model.index(449, Column.NAME).data() == "Asset 000000"


async def test_what_may_come_into_view_next_is_asked_for_ahead() -> None:
    register = MemoryRegister([row(number) for number in range(30 * PAGE_ROWS)])
    model = await _lay_out(register)
    wanted: list[int] = []
    model.page_wanted.connect(wanted.append)

    model.row_in_view(0)
    assert wanted == []
    model.row_in_view(PAGE_ROWS - AHEAD_ROWS)
    assert wanted == [1]
    await _load(model, register)
    model.row_in_view(20 * PAGE_ROWS + 1)
    model.row_in_view(PAGE_ROWS - 1)  # what is in view comes first
    assert wanted == [1, 20]
    await _load(model, register)
    model.row_in_view(20 * PAGE_ROWS + 1)
    assert wanted == [1, 20, 19]
    await _load(model, register)
    assert model.row_at(19 * PAGE_ROWS) is not None


@pytest.mark.parametrize("target", [0, 1, 7, 13, 20, 29])
async def test_any_page_is_reached_and_holds_the_right_rows(target: int) -> None:
    register = MemoryRegister([row(number) for number in range(30 * PAGE_ROWS - 3)])
    model = await _lay_out(register)
    at = target * PAGE_ROWS

    model.index(at, 0).data()
    steps = await _load(model, register)

    found = model.row_at(at)
    assert found is not None
    assert found.name == f"Asset {30 * PAGE_ROWS - 4 - at:06d}"
    assert steps <= 30 // 2 // 5 + 6


async def test_the_end_is_one_query_away() -> None:
    register = MemoryRegister([row(number) for number in range(30 * PAGE_ROWS)])
    model = await _lay_out(register)

    model.index(model.rowCount() - 1, 0).data()

    assert await _load(model, register) == 1
    assert model.index(model.rowCount() - 1, 0).data() == "Asset 000000"


async def test_walking_there_and_back_agrees_with_the_whole_list() -> None:
    register = MemoryRegister([row(number) for number in range(9 * PAGE_ROWS + 11)])
    model = await _lay_out(register, AssetQuery(sort=SortKey.NAME, descending=False))
    for page in (9, 4, 7, 1, 0, 5, 3, 6, 2, 8, 0):
        model.index(page * PAGE_ROWS + 5, 0).data()
        await _load(model, register)

    assert _names(model) == [f"Asset {number:06d}" for number in range(9 * PAGE_ROWS + 11)]


async def test_only_the_last_used_pages_are_kept() -> None:
    register = MemoryRegister([row(number) for number in range((KEPT_PAGES + 3) * PAGE_ROWS)])
    model = await _lay_out(register)
    for page in range(KEPT_PAGES + 3):
        model.index(page * PAGE_ROWS, 0).data()
        await _load(model, register)

    loaded = [page for page in range(KEPT_PAGES + 3) if model.row_at(page * PAGE_ROWS) is not None]

    assert len(loaded) == KEPT_PAGES
    assert loaded[-1] == KEPT_PAGES + 2


async def test_an_answer_to_an_earlier_list_is_dropped() -> None:
    register = MemoryRegister([row(number) for number in range(450)])
    model = await _lay_out(register)
    model.index(300, 0).data()
    request = model.next_request()
    assert request is not None
    answer = await register.page(request.query, request.after, request.limit)
    reloads: list[None] = []
    model.reload_wanted.connect(lambda: reloads.append(None))
    other = AssetQuery(sort=SortKey.NAME, descending=False)
    model.reset(other, 450, await register.page(other))

    model.accept(request, answer)

    assert model.row_at(300) is None
    assert reloads == []


async def test_a_list_that_changed_unseen_is_asked_for_again() -> None:
    count = 2 * PAGE_ROWS + 50
    register = MemoryRegister([row(number) for number in range(count)])
    model = await _lay_out(register)
    reloads: list[None] = []
    model.reload_wanted.connect(lambda: reloads.append(None))
    del register.rows[row(10).asset_id]

    for at in (count - 1, PAGE_ROWS + 5):
        model.index(at, 0).data()
        await _load(model, register)

    assert len(reloads) == 1


async def test_a_new_asset_enters_at_the_top_without_a_query() -> None:
    register = MemoryRegister([row(number) for number in range(450)])
    model = await _lay_out(register)
    register.put(row(450))
    register.pages_asked.clear()

    model.apply_created(row(450))

    assert register.pages_asked == []
    assert (model.rowCount(), model.index(0, 0).data(), model.index(1, 0).data()) == (
        451,
        "Asset 000450",
        "Asset 000449",
    )
    model.index(450, 0).data()
    await _load(model, register)
    assert model.index(450, 0).data() == "Asset 000000"


async def test_a_new_asset_enters_an_empty_register() -> None:
    model = await _lay_out(MemoryRegister())

    model.apply_created(row(1))

    assert _names(model) == ["Asset 000001"]


@pytest.mark.parametrize(
    "query", [AssetQuery(text="asset"), AssetQuery(sort=SortKey.NAME)], ids=["searched", "sorted by name"]
)
async def test_where_the_place_of_a_new_asset_is_unknown_the_list_is_asked_for(query: AssetQuery) -> None:
    model = await _lay_out(MemoryRegister([row(1)]), query)
    reloads: list[None] = []
    model.reload_wanted.connect(lambda: reloads.append(None))

    model.apply_created(row(2))

    assert (model.rowCount(), len(reloads)) == (1, 1)


async def test_a_change_shows_in_place(qtbot: QtBot) -> None:
    model = await _lay_out(MemoryRegister([row(number) for number in range(3)]))
    changed = _spans_told(model)

    model.apply_changed(row(1, state=AssetState.MINTED, token_id=row(1).asset_id.int))

    assert model.index(1, Column.STATUS).data() == "MINTED"
    assert model.index(1, Column.TOKEN).data() == "0x019a…0001"
    qtbot.waitUntil(lambda: changed == [(1, 1)])


async def test_a_burst_of_changes_is_told_once_a_frame(qtbot: QtBot) -> None:
    model = await _lay_out(MemoryRegister([row(number) for number in range(100)]))
    changed = _spans_told(model)

    for state in (AssetState.MINT_PENDING, AssetState.MINTING, AssetState.MINTED):
        for number in (*range(90, 100), *range(10)):
            model.apply_changed(row(number, state=state))

    assert changed == []
    qtbot.waitUntil(lambda: changed == [(0, 9), (90, 99)])


async def test_changes_are_told_before_rows_move() -> None:
    model = await _lay_out(MemoryRegister([row(number) for number in range(3)]))
    changed = _spans_told(model)

    model.apply_changed(row(2, state=AssetState.MINT_PENDING))
    model.apply_created(row(3))
    model.apply_changed(row(2, state=AssetState.MINTING))
    model.apply_deleted(row(3).asset_id)

    assert changed == [(0, 0), (1, 1)]


async def test_an_untold_change_is_forgotten_with_its_list(qtbot: QtBot) -> None:
    register = MemoryRegister([row(number) for number in range(3)])
    model = await _lay_out(register)
    changed = _spans_told(model)

    model.apply_changed(row(0, state=AssetState.MINTING))
    model.reset(AssetQuery(), 2, AssetPage((row(2), row(1)), None))
    model.apply_changed(row(2, state=AssetState.MINTING))

    qtbot.waitUntil(lambda: bool(changed))
    assert changed == [(0, 0)]


async def test_what_no_longer_matches_the_filter_leaves() -> None:
    model = await _lay_out(
        MemoryRegister([row(number) for number in range(3)]), AssetQuery(states=frozenset({AssetState.DRAFT}))
    )

    model.apply_changed(row(1, state=AssetState.MINT_PENDING))

    assert _names(model) == ["Asset 000002", "Asset 000000"]


async def test_a_change_of_what_the_list_is_sorted_by_asks_for_it_again() -> None:
    model = await _lay_out(MemoryRegister([row(1), row(2)]), AssetQuery(sort=SortKey.NAME))
    reloads: list[None] = []
    model.reload_wanted.connect(lambda: reloads.append(None))

    model.apply_changed(row(1, name="Zither"))

    assert len(reloads) == 1


async def test_progress_shows_stage_and_confirmations() -> None:
    model = await _lay_out(MemoryRegister([row(1, state=AssetState.MINTING, stage=MintStage.SUBMITTING)]))
    progress = MintProgress(
        UUID(int=9),
        (row(1).asset_id,),
        MintStage.CONFIRMING,
        70,
        MintTimes(EPOCH),
        1,
        confirmations=3,
        required_confirmations=6,
    )

    model.apply_progress(progress)
    assert model.index(0, Column.STATUS).data() == "MINTING CONFIRMING 3/6"

    model.apply_progress(replace(progress, stage=MintStage.FAILED))
    assert model.index(0, Column.STATUS).data() == "MINTING CONFIRMING 3/6"


async def test_a_deleted_asset_leaves() -> None:
    model = await _lay_out(MemoryRegister([row(number) for number in range(3)]))

    model.apply_deleted(row(2).asset_id)
    model.apply_deleted(row(0).asset_id)

    assert _names(model) == ["Asset 000001"]


async def test_a_row_is_found_wherever_others_entered_and_left() -> None:
    register = MemoryRegister([row(number) for number in range(100, 100 + 2 * PAGE_ROWS)])
    model = await _lay_out(register, AssetQuery(descending=True))
    model.index(PAGE_ROWS, Column.NAME).data()
    await _load(model, register)
    for number in range(1_000, 1_005):
        model.apply_created(row(number))
    model.apply_deleted(row(1_002).asset_id)
    model.apply_deleted(row(150).asset_id)
    model.apply_created(row(2_000))
    for at in range(model.rowCount()):
        shown = model.row_at(at)
        assert shown is not None
        assert model.position(shown.asset_id) == at


async def test_names_cannot_mislead() -> None:
    model = await _lay_out(MemoryRegister([row(1, name="safe\u202egnp.exe <b>x</b>")]))
    index = model.index(0, Column.NAME)

    assert index.data() == "safe⟨U+202E⟩gnp.exe <b>x</b>"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "<qt>safe⟨U+202E⟩gnp.exe &lt;b&gt;x&lt;/b&gt;</qt>"


async def test_rows_of_a_selection_are_asked_for_page_by_page() -> None:
    register = MemoryRegister([row(number) for number in range((KEPT_PAGES + 1) * PAGE_ROWS)])
    model = await _lay_out(register)

    assert model.want_rows([(0, 10)]) is True
    assert model.want_rows([(0, model.rowCount() - 1)]) is None
    assert model.want_rows([(PAGE_ROWS - 50, PAGE_ROWS + 50)]) is False
    await _load(model, register)
    assert model.want_rows([(PAGE_ROWS - 50, PAGE_ROWS + 50)]) is True


def test_a_million_rows_are_laid_out_and_walked_in_short_steps() -> None:
    pages = AssetPages(AssetQuery(), 1_000_000)
    request = pages.request_toward(pages.page_of_row(500_000))

    assert isinstance(request, PageRequest)
    assert request.limit <= 1_000
    with pytest.raises(OutOfStep):
        pages.accept(request, AssetPage((), None))


async def test_cells_outside_answer_nothing() -> None:
    model = await _lay_out(MemoryRegister([row(1)]))

    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.row_at(-1) is None


class _CountingModel(AssetTableModel):
    looked_at = 0

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        type(self).looked_at += 1
        return super().columnCount(parent)


@pytest.mark.parametrize("action", ["select all", "type a letter"])
def test_no_key_makes_qt_look_through_a_long_list(action: str, qapp: QApplication) -> None:
    model = _CountingModel()
    model.reset(AssetQuery(), 100_000, AssetPage(tuple(row(100_000 - at) for at in range(PAGE_ROWS)), _ANCHOR))
    table = AssetTable(model)
    table.resize(800, 400)
    table.show()
    table.grab()
    _CountingModel.looked_at = 0

    if action == "select all":
        table.selectAll()
        assert table.selected_count == 100_000
    else:
        QTest.keyClick(table, Qt.Key.Key_Z)
    table.grab()
    assert len(table.selected_rows(10)) <= 10

    assert _CountingModel.looked_at < 10_000
    table.close()
    table.deleteLater()
