"""Columns of the Register page, lists that are cut, and what a change does to a list that is narrowed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetType, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import LISTED_MAX
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS, AssetPages
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel, Column
from ipnft_desktop.ui.register.list_loader import ListLoader
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.tasks import PageTasks
from tests.gui.register_doubles import MemoryRegister, row
from tests.gui.support.waiting import settled


def test_columns_are_chosen_and_sorted_by(qapp: QApplication) -> None:
    view = RegisterView()
    view.resize(1180, 720)
    view.show_list(AssetQuery(), 1, AssetPage((row(1),), None))
    asked: list[AssetQuery] = []
    view.query_changed.connect(asked.append)
    menu = view.table.columns_menu()
    creator = next(action for action in menu.actions() if action.text() == "Creator")
    assert not creator.isChecked()
    creator.trigger()
    menu.close()
    assert not view.table.isColumnHidden(Column.CREATOR)
    assert view.model.index(0, Column.CREATOR).data() == "Ada Lovelace"
    for column in Column:
        view.table.horizontalHeader().sortIndicatorChanged.emit(int(column), Qt.SortOrder.AscendingOrder)
    assert {query.sort for query in asked} == set(SortKey)
    view.deleteLater()


def test_what_is_in_view_is_what_was_chosen(qapp: QApplication) -> None:
    view = RegisterView()
    view.resize(1010, 720)
    view.show_list(AssetQuery(), 1, AssetPage((row(1),), None))
    table = view.table
    table.resize(700, 400)
    assert table.isColumnHidden(Column.TOKEN)  # there is no room for it
    told: list[tuple[str, ...]] = []
    table.columns_chosen.connect(told.append)
    menu = table.columns_menu()
    for title in ("Type", "Changed"):
        next(action for action in menu.actions() if action.text() == title).trigger()
    menu.close()
    assert told[-1] == ("name", "enterprise", "status", "created", "updated")

    other = RegisterView()
    other.table.choose_columns([])
    assert not other.table.isColumnHidden(Column.TYPE)
    other.table.choose_columns(["token", "updated", "of a later program"])
    other.table.resize(700, 400)
    assert {column for column in Column if not other.table.isColumnHidden(column)} == {
        Column.NAME,
        Column.TOKEN,
        Column.UPDATED,
    }
    view.deleteLater()
    other.deleteLater()


def test_of_very_many_matches_the_first_are_listed(qapp: QApplication) -> None:
    view = RegisterView()
    first = tuple(row(at) for at in range(PAGE_ROWS))
    query = AssetQuery(text="asset")
    view.show_list(query, LISTED_MAX + 1, AssetPage(first, PageAnchor("x", first[-1].asset_id)))
    assert view.model.rowCount() == LISTED_MAX
    assert "more than 5,000" in view.count_text.text()
    view.show_list(AssetQuery(states=frozenset({AssetState.DRAFT})), LISTED_MAX + 5, AssetPage(first, None))
    assert view.model.rowCount() == LISTED_MAX + 5
    view.deleteLater()


async def test_the_end_of_a_cut_list_is_reached_from_the_front() -> None:
    register = MemoryRegister([row(number) for number in range(3 * PAGE_ROWS + 50)])
    pages = AssetPages(AssetQuery(), 3 * PAGE_ROWS, is_cut=True)
    while (request := pages.request_toward(2)) is not None:
        pages.accept(request, await register.page(request.query, request.after, request.limit))
    last = pages.row(3 * PAGE_ROWS - 1)
    assert last is not None
    assert last.name == "Asset 000050"


async def test_a_change_of_what_is_filtered_asks_for_the_list_again() -> None:
    model = AssetTableModel()
    listed = row(1)
    reloads: list[None] = []
    model.reload_wanted.connect(lambda: reloads.append(None))
    query = AssetQuery(types=frozenset({AssetType.PATENT}))
    model.reset(query, 1, AssetPage((listed,), None))

    model.apply_changed(replace(listed, state=AssetState.MINTING))
    assert not reloads
    model.apply_changed(replace(listed, asset_type=AssetType.DESIGN, updated_at=listed.updated_at.replace(year=2030)))
    model.apply_changed(row(2))
    model.apply_created(row(3))
    assert len(reloads) == 3


@pytest.mark.parametrize(("text", "unit"), [("asset", "matches"), ("", "assets")], ids=["search", "opening"])
async def test_rows_come_before_their_number(text: str, unit: str) -> None:
    register = MemoryRegister([row(number) for number in range(PAGE_ROWS + 20)])
    counting = asyncio.Event()
    count = register.count

    async def count_later(query: AssetQuery) -> int:
        await counting.wait()
        return await count(query)

    register.count = count_later  # type: ignore[method-assign]
    view, tasks = RegisterView(), PageTasks(lambda error: None)
    view.apply_query(AssetQuery(text=text))
    loader = ListLoader(view.model, register, lambda: view.query, tasks, view)
    loader.laid_out.connect(view.show_list)
    loader.reload()
    await settled(lambda: view.model.row_at(0) is not None)
    assert view.model.rowCount() == LISTED_MAX
    assert view.count_text.text().startswith("counting")
    counting.set()
    await settled(lambda: view.model.rowCount() == PAGE_ROWS + 20)
    assert view.count_text.text().startswith(f"{PAGE_ROWS + 20} {unit}")

    # Asked again for the same list, it does not become shorter and longer before the person's eyes.
    counts: list[int] = []
    loader.laid_out.connect(lambda _query, count, _page: counts.append(count))
    loader.reload()
    await settled(lambda: bool(counts))
    assert counts == [PAGE_ROWS + 20]
    await tasks.close()
    view.deleteLater()
