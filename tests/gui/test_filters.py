"""Narrowing the list, and searches that have a name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QObject

from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.register.filter_bar import FilterBar
from ipnft_desktop.ui.register.filter_presenter import FilterPresenter
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.tasks import PageTasks
from tests.gui.register_doubles import ENTERPRISES, MemoryRegister
from tests.gui.support.filters import MemoryFilters

NAMES = {owner.enterprise_id: owner.name for owner in ENTERPRISES}


@pytest.fixture
def bar() -> Iterator[FilterBar]:
    bar = FilterBar()
    bar.set_enterprises(NAMES)
    yield bar
    bar.deleteLater()


def heard(bar: FilterBar) -> list[AssetQuery]:
    queries: list[AssetQuery] = []
    bar.query_chosen.connect(queries.append)
    return queries


async def test_what_is_ticked_narrows_at_once_and_stands_as_a_chip(bar: FilterBar) -> None:
    queries = heard(bar)
    bar.popup.types.boxes[AssetType.PATENT].setChecked(True)
    bar.popup.types.boxes[AssetType.DESIGN].setChecked(True)
    bar.popup.enterprises.boxes[ENTERPRISES[1].enterprise_id].setChecked(True)
    assert queries[-1].types == {AssetType.PATENT, AssetType.DESIGN}
    assert queries[-1].enterprise_ids == {ENTERPRISES[1].enterprise_id}
    assert [chip.text() for chip in bar.chips] == ["Type: Design, Patent", "Enterprise: 深芯科技"]


async def test_the_same_enterprises_again_are_not_made_anew_and_stay_ticked(bar: FilterBar) -> None:
    owner_id = ENTERPRISES[1].enterprise_id
    box = bar.popup.enterprises.boxes[owner_id]
    box.setChecked(True)
    bar.set_enterprises(dict(NAMES))
    assert bar.popup.enterprises.boxes[owner_id] is box
    assert box.isChecked()


async def test_an_ampersand_in_a_name_is_shown(bar: FilterBar) -> None:
    owner_id = ENTERPRISES[0].enterprise_id
    bar.set_enterprises({owner_id: "R&D"})
    bar.popup.enterprises.boxes[owner_id].setChecked(True)
    assert bar.chips[0].text() == "Enterprise: R&&D"


async def test_a_chip_takes_its_dimension_away_and_no_other(bar: FilterBar) -> None:
    queries = heard(bar)
    query = AssetQuery("cell", types=frozenset({AssetType.PATENT}), legal_statuses=frozenset({LegalStatus.PENDING}))
    bar.show_query(query)
    assert queries == []
    bar.chips[0].click()
    assert queries == [AssetQuery("cell", legal_statuses=frozenset({LegalStatus.PENDING}))]


async def test_days_are_refused_beside_the_field_and_then_bound_nothing(bar: FilterBar) -> None:
    queries = heard(bar)
    created = bar.popup.created
    first, last = created._edits
    first.setText("2026-02-31")
    assert created.first.error
    assert queries == []
    first.setText("2026-02-01")
    last.setText("2026-01-01")
    assert not created.first.error
    assert created.last.error
    last.setText("2026-03-01")
    assert not created.last.error
    assert queries[-1].created == DaySpan(date(2026, 2, 1), date(2026, 3, 1))
    assert bar.chips[0].text() == "Registered: 2026-02-01 to 2026-03-01"


async def test_clear_all_keeps_words_states_and_order(bar: FilterBar) -> None:
    plain = AssetQuery("cell", frozenset({AssetState.DRAFT}), SortKey.NAME, descending=False)
    bar.show_query(
        AssetQuery(
            plain.text,
            plain.states,
            plain.sort,
            plain.descending,
            types=frozenset({AssetType.PATENT}),
            creation=DaySpan(date(2020, 1, 1)),
        )
    )
    queries = heard(bar)
    bar.popup.clear_button.click()
    assert queries == [plain]
    assert bar.chips == []


async def test_an_enterprise_that_is_gone_is_still_named_somehow(bar: FilterBar) -> None:
    bar.set_enterprises({})
    bar.show_query(AssetQuery(enterprise_ids=frozenset(NAMES)))
    assert bar.chips[0].text() == "Enterprise: unknown, unknown"


class _Page(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.view = RegisterView()
        self.view.show()
        self.filters = MemoryFilters()
        self.tasks = PageTasks(self._on_unexpected)
        self.queries: list[AssetQuery] = []
        self.view.query_changed.connect(self.queries.append)
        self.presenter = FilterPresenter(self.view, self.filters, MemoryRegister(), AppEvents(), self._run)

    def _run(self, work: Callable[[], Any], name: str) -> None:
        self.tasks.start(work(), name)

    def _on_unexpected(self, error: Exception) -> None:
        raise error

    async def settle(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(3):
            while not holds():  # noqa: ASYNC110 - the loop itself is what is waited for
                await asyncio.sleep(0)


@pytest.fixture
async def page() -> AsyncIterator[_Page]:
    page = _Page()
    yield page
    page.presenter.close()
    await page.tasks.close()
    page.view.deleteLater()


async def test_a_search_is_saved_applied_renamed_and_deleted(page: _Page) -> None:
    wanted = AssetQuery("cell", frozenset({AssetState.MINTED}), SortKey.NAME, types=frozenset({AssetType.PATENT}))
    page.view.apply_query(wanted)
    page.view.filter_bar.manage_requested.emit()
    dialog = page.presenter.dialog
    assert dialog is not None
    dialog.name.setText("Minted cells")
    dialog.save_button.click()
    await page.settle(lambda: dialog.list.count() == 1)
    page.view.clear_filter()
    assert not page.view.query.is_narrowed
    dialog.name.setText("Cells")
    dialog.rename_button.click()
    await page.settle(lambda: dialog.list.item(0).text() == "Cells")
    dialog.list.setCurrentRow(0)
    dialog.apply_button.click()
    assert page.view.query == wanted == page.queries[-1]
    assert page.view.search.text() == "cell"
    assert page.view.state_filter.currentText() == "MINTED"
    assert page.presenter.dialog is None
    menu = page.view.filter_bar.saved_menu()
    assert menu.actions()[0].text() == "Cells"
    menu.deleteLater()
    page.view.filter_bar.manage_requested.emit()
    again = page.presenter.dialog
    assert again is not None
    await page.settle(lambda: again.list.count() == 1)
    again.list.setCurrentRow(0)
    again.delete_button.click()
    await page.settle(lambda: again.list.count() == 0)
    assert page.filters.kept == {}


async def test_a_name_is_refused_beside_its_field(page: _Page) -> None:
    page.view.filter_bar.manage_requested.emit()
    dialog = page.presenter.dialog
    assert dialog is not None
    dialog.name.setText("  ")
    dialog.save_button.click()
    await page.settle(lambda: dialog.field.error)
    assert page.filters.kept == {}
