"""The Batch page over the services of a memory core: ticks, plan, mint, and what became of each asset."""

from __future__ import annotations

import csv
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.batch_runs import ItemOutcome
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.domain.people import Role
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.omissions_dialog import OmissionsDialog
from ipnft_desktop.ui.batch.presenter import BatchPresenter
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.guards import guard_batch
from ipnft_desktop.ui.models.asset_table_model import Column
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support.waiting import settled, turns
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.unit.services.test_batch_runs import BAD, draft_of
from tests.unit.services.waiting import at_stage


@dataclass
class Stage:
    """The page, and what it asked other pages for."""

    view: BatchView
    presenter: BatchPresenter
    memory: MemoryCore
    access: Access
    asked: list[tuple[str, UUID]] = field(default_factory=list[tuple[str, UUID]])
    notices: list[str] = field(default_factory=list[str])
    testers: list[QAbstractItemModelTester] = field(default_factory=list[QAbstractItemModelTester])

    async def open(self, assets: int = 0) -> list[Asset]:
        made = await self.memory.add_assets(assets) if assets else []
        self.presenter.reload()
        await settled(lambda: self.view.face in (Face.LIST, Face.EMPTY) and not self.view.model.is_counting)
        return made

    async def planned(self, count: int) -> None:
        """The plan is there, and was tried on the chain."""
        plan = self.view.plan
        await settled(
            lambda: self.view.mint_button.text().split()[1:2] == [str(count)] and plan.tried.text().startswith("Tried")
        )

    async def minted(self) -> list[tuple[str, str]]:
        """Name and outcome of each line, once the run that is shown has ended."""
        await settled(lambda: self.view.result.run is not None and not self.view.result.run.is_open)
        return self.lines()

    def lines(self) -> list[tuple[str, str]]:
        records = self.view.result.items.records
        return [(str(records.index(at, 1).data()), str(records.index(at, 2).data())) for at in range(records.count)]

    def points(self) -> list[str]:
        """What the chart shows."""
        return [series.name for series in self.view.plan.chart.chart.series]

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view.table, key, modifier)

    def click_box(self, at: int) -> None:
        cell = self.view.table.visualRect(self.view.model.index(at, Column.NAME))
        place = QPoint(cell.left() + 20, cell.center().y())
        QTest.mouseClick(self.view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


@asynccontextmanager
async def open_stage(profile: Path) -> AsyncGenerator[Stage]:
    """No fixture: between fixture and test Qt goes on while no asyncio loop runs, which never happens to a person."""
    chart_library().load_now()
    memory = await MemoryCore(profile).start()
    core, view, access, events = memory.core, BatchView(), Access(), AppEvents()
    events.attach(core.events)
    access.follow(core.session.user)
    guard_batch(view, access)
    presenter = BatchPresenter(
        view, core.register, core.planner, core.runs, core.run_item_exports, core.saved_filters, events
    )
    made = Stage(view, presenter, memory, access)
    presenter.notice.connect(lambda text, _tone: made.notices.append(text))
    for name in ("open_card", "open_asset"):
        getattr(presenter, f"{name}_requested").connect(lambda found, name=name: made.asked.append((name, found)))
    made.testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        for model in (view.model, view.result.items.records, view.result.transactions.records)
    ]
    view.resize(1280, 720)
    view.show()
    view.activateWindow()
    try:
        yield made
    finally:
        await presenter.close()
        events.detach()
        await core.close()
        view.close()
        view.deleteLater()


def staged(test: Callable[[Stage], Awaitable[None]]) -> Callable[[QApplication, Path], Awaitable[None]]:
    """A test of the page."""

    async def run(qapp: QApplication, tmp_path: Path) -> None:
        async with open_stage(tmp_path) as stage:
            await test(stage)

    run.__name__ = test.__name__
    return run


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr("ipnft_desktop.ui.batch.planning._PAUSE_MS", 0)
    monkeypatch.setattr("ipnft_desktop.ui.batch.following._READ_AGAIN_MS", 0)
    monkeypatch.setattr("ipnft_desktop.ui.batch.run_card._FRAME_MS", 0)


async def refused_asset(memory: MemoryCore) -> Asset:
    """One whose enterprise's wallet takes no token."""
    owner = samples.enterprise(wallet_address=BAD)
    asset = samples.asset(owner, name="Refused")
    await memory.core.register.add_assets([asset], (owner,))
    memory.chain.refusing_recipients = {BAD}
    return asset


@staged
async def test_without_drafts_the_page_leads_to_the_register(stage: Stage) -> None:
    assert stage.view.face is Face.NO_ENVIRONMENT
    await stage.open()
    assert stage.view.face is Face.EMPTY
    asked: list[None] = []
    stage.view.register_requested.connect(lambda: asked.append(None))
    stage.view.faces.empty.button.click()
    assert asked == [None]
    assert not stage.view.mint_button.isEnabled()


@staged
async def test_what_is_ticked_is_planned_with_what_it_costs_and_saves(stage: Stage) -> None:
    await stage.open(5)
    stage.click_box(0)
    stage.click_box(2)
    await stage.planned(2)
    plan = stage.presenter.planning.plan
    assert plan is not None
    assert (plan.item_count, len(plan.transactions), plan.omissions) == (2, 1, ())
    card = stage.view.plan
    assert card.gas.value == f"{plan.gas:,}"
    assert plan.saved_percent is not None
    assert card.saved.value == f"{plan.saved_percent:.1f} %"
    assert "1 transaction" in card.summary.text()
    await settled(lambda: "This plan" in stage.points())
    stage.click_box(0)
    await stage.planned(1)
    stage.view.untick_button.click()
    await settled(lambda: card.summary.text() == "Nothing is ticked")
    assert not stage.view.mint_button.isEnabled()
    assert len(stage.memory.chain.sent) == 1, "only the deployment: a plan sends nothing"


@staged
async def test_space_ticks_all_that_is_selected_and_unticks_it_again(stage: Stage) -> None:
    await stage.open(4)
    stage.view.table.selectAll()
    stage.key(Qt.Key.Key_Space)
    await settled(lambda: len(stage.view.ticks) == 4)
    stage.view.ticks.take_away(stage.view.ticks.asset_ids[:1])
    stage.key(Qt.Key.Key_Space)  # where some are ticked the others are ticked as well
    await settled(lambda: len(stage.view.ticks) == 4)
    stage.key(Qt.Key.Key_Space)
    await settled(lambda: len(stage.view.ticks) == 0)


@staged
async def test_all_of_a_search_is_ticked_and_what_was_ticked_before_stays(stage: Stage) -> None:
    await stage.open(12)
    stage.view.table.selectRow(11)
    stage.key(Qt.Key.Key_Space)
    await settled(lambda: len(stage.view.ticks) == 1)
    (first,) = stage.view.ticks.asset_ids
    stage.view.search.setText("Asset 1")
    await settled(lambda: stage.view.model.rowCount() == 3)
    stage.view.tick_all_button.click()
    await settled(lambda: len(stage.view.ticks) == 4)
    assert stage.view.ticks.asset_ids[0] == first
    assert stage.view.count_text.text() == "3 assets · 4 ticked"
    stage.view.search.setText("nothing like it")
    await settled(lambda: stage.view.face is Face.NO_MATCH)
    stage.view.faces.no_match.button.click()
    await settled(lambda: stage.view.model.rowCount() == 12)
    assert len(stage.view.ticks) == 4


@staged
async def test_a_batch_is_minted_and_each_asset_tells_its_token(stage: Stage) -> None:
    await stage.memory.core.desk.mint([request((await stage.memory.add_assets())[0])])
    assets = await stage.open(5)
    stage.view.tick_all_button.click()
    await stage.planned(5)
    stage.key(Qt.Key.Key_M)
    lines = await stage.minted()
    assert sorted(lines) == sorted((asset.name, "MINTED") for asset in assets)
    assert [stage.memory.chain.mints_of(asset.asset_id) for asset in assets] == [1] * 5
    result = stage.view.result
    assert result.summary.text() == "5 minted · 0 failed · 0 not attempted"
    assert result.run is not None
    assert result.used.value == f"{result.run.gas_used:,}"
    assert result.saved.value == f"{result.run.saved_percent:.1f} %"
    assert not result.retry_button.isVisible()
    assert not result.cancel_button.isVisible()
    await settled(lambda: "This batch, as measured" in stage.points())
    await settled(lambda: stage.view.face is Face.EMPTY)
    assert len(stage.view.ticks) == 0
    result.items.select(assets[0].asset_id)
    result.items.opened.emit()
    assert stage.asked == [("open_card", assets[0].asset_id)]


@staged
async def test_what_is_left_out_is_named_with_its_reason(stage: Stage) -> None:
    await stage.memory.add_assets(2)
    refused = await refused_asset(stage.memory)
    await stage.open()
    stage.view.tick_all_button.click()
    await stage.planned(2)
    assert stage.view.plan.left_out_button.text() == "1 left out…"
    stage.view.plan.left_out_button.click()
    (dialog,) = QApplication.activeWindow().findChildren(OmissionsDialog)  # type: ignore[union-attr]
    told = [str(dialog.table.records.index(0, column).data()) for column in range(3)]
    assert told[:2] == [refused.name, "RECIPIENT_REFUSED"]
    assert told[2]
    dialog.close_button.click()
    stage.view.mint_button.click()
    lines = dict(await stage.minted())
    assert lines["Refused"] == "NOT ATTEMPTED"
    assert list(lines.values()).count("MINTED") == 2


@staged
async def test_where_nothing_can_be_minted_the_reason_stands_for_each(stage: Stage) -> None:
    refused = await refused_asset(stage.memory)
    await stage.open()
    stage.view.ticks.add([refused.asset_id])
    await settled(lambda: stage.view.plan.summary.text() == "Nothing of it can be minted")
    assert not stage.view.mint_button.isEnabled()
    assert stage.view.plan.left_out_button.isVisible()


@staged
async def test_an_address_is_refused_beside_its_field_and_a_good_one_is_planned_for(stage: Stage) -> None:
    (asset,) = await stage.open(1)
    stage.view.tick_all_button.click()
    await stage.planned(1)
    card = stage.view.plan
    card.destination.setCurrentIndex(1)
    card.address.line.setText("0x12")
    card.address.line.editingFinished.emit()
    assert card.address.error
    await settled(lambda: not stage.presenter.planning.is_waiting)
    assert not stage.view.mint_button.isEnabled(), "there is nobody to mint for"
    card.address.line.setText(samples.SIGNER)
    await stage.planned(1)
    plan = stage.presenter.planning.plan
    assert plan is not None
    assert plan.transactions[0].items[0].recipient == samples.SIGNER
    stage.view.mint_button.click()
    await stage.minted()
    assert stage.memory.chain.mints_of(asset.asset_id) == 1


@staged
async def test_what_is_edited_is_planned_anew_and_what_is_deleted_is_unticked(stage: Stage) -> None:
    edited, deleted, good = await stage.open(3)
    stage.view.tick_all_button.click()
    await stage.planned(3)
    first = stage.presenter.planning.plan
    await stage.memory.core.register.edit_asset(edited, draft_of(edited, name="Edited"), ())
    await settled(lambda: stage.presenter.planning.plan not in (None, first))
    await stage.memory.core.deleted.delete([deleted.asset_id])
    await stage.planned(2)
    assert set(stage.view.ticks.asset_ids) == {edited.asset_id, good.asset_id}
    await stage.memory.core.desk.mint([request(good)])
    await stage.planned(1)
    stage.view.mint_button.click()
    assert await stage.minted() == [("Edited", "MINTED")]


@staged
async def test_only_what_failed_is_tried_again(stage: Stage) -> None:
    assets = await stage.open(4)
    stage.view.plan.limit.addItem("2", 2)
    stage.view.plan.limit.setCurrentIndex(stage.view.plan.limit.count() - 1)
    stage.view.tick_all_button.click()
    await stage.planned(4)
    stage.memory.chain.revert_next("NotAuthorised()")
    stage.view.mint_button.click()
    lines = await stage.minted()
    assert sorted(outcome for _name, outcome in lines) == ["FAILED", "FAILED", "MINTED", "MINTED"]
    result = stage.view.result
    await settled(result.retry_button.isVisible)
    assert result.transactions.records.count == 2
    result.retry_button.click()
    await settled(lambda: result.summary.text().startswith("4 minted"))
    assert "2 assets are tried again." in stage.notices
    assert [stage.memory.chain.mints_of(asset.asset_id) for asset in assets] == [1] * 4


@staged
async def test_the_rest_is_cancelled_in_the_middle_after_a_question(stage: Stage) -> None:
    assets = await stage.open(3)
    stage.memory.chain.automine = False
    stage.view.tick_all_button.click()
    await stage.planned(3)
    stage.view.mint_button.click()
    result = stage.view.result
    await settled(lambda: result.run is not None and result.isVisible())
    assert result.run is not None
    job = await stage.memory.core.desk.job_of(assets[0].asset_id)
    assert job is not None
    await at_stage(stage.memory, job, MintStage.CONFIRMING)
    await settled(lambda: "on the way" in result.summary.text() and result.cancel_button.isVisible())
    result.cancel_button.click()
    assert result.question.isVisible()
    result.question.confirm_button.click()
    await settled(lambda: bool(stage.notices))
    assert stage.notices == ["0 cancelled. 3 were sent already: the chain decides."]
    await stage.memory.chain.mine()
    lines = await stage.minted()
    assert {outcome for _name, outcome in lines} == {"NOT ATTEMPTED"}
    assert result.run.counts == {ItemOutcome.NOT_ATTEMPTED: 3}
    assert [stage.memory.chain.mints_of(asset.asset_id) for asset in assets] == [0] * 3


@staged
async def test_while_the_environment_is_down_nothing_is_recorded_and_everything_stays_ticked(stage: Stage) -> None:
    await stage.open(2)
    stage.view.tick_all_button.click()
    await stage.planned(2)
    await stage.memory.core.desk.suspend()
    asked: list[None] = []
    stage.presenter.start_requested.connect(lambda: asked.append(None))
    stage.view.mint_button.click()
    card = stage.view.plan
    await settled(lambda: card.error_panel.code == "NODE_UNREACHABLE")
    card.start_button.click()
    assert asked == [None]
    assert len(stage.view.ticks) == 2
    await settled(stage.view.mint_button.isEnabled)
    assert await stage.memory.core.runs.recent() == ()


@staged
async def test_a_result_is_exported_copied_closed_and_found_again(stage: Stage) -> None:
    assets = await stage.open(3)
    stage.view.tick_all_button.click()
    await stage.planned(3)
    stage.view.mint_button.click()
    await stage.minted()
    result = stage.view.result
    target = stage.memory.profile / "batch"
    stage.presenter.following.export_to(target)
    await settled(lambda: bool(stage.notices))
    assert stage.notices == ["3 assets were written to batch.csv"]
    rows = list(csv.reader(target.with_name("batch.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:3] == ["asset", "asset_id", "outcome"]
    assert {(row[1], row[2], row[5]) for row in rows[1:]} == {
        (str(asset.asset_id), "MINTED", hex(asset.asset_id.int)) for asset in assets
    }
    result.items.setFocus()
    QTest.keyClick(result.items, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "MINTED" in QGuiApplication.clipboard().text()
    result.close_button.click()
    assert not result.isVisible()
    runs = await stage.memory.core.runs.recent()
    menu = stage.presenter.following.runs_menu(runs)
    (line,) = menu.actions()
    assert "3 assets · 3 minted" in line.text()
    line.trigger()
    await settled(result.isVisible)
    menu.deleteLater()


@staged
async def test_one_without_the_role_ticks_nothing_and_sees_the_results(stage: Stage) -> None:
    await stage.open(2)
    stage.view.tick_all_button.click()
    await settled(lambda: len(stage.view.ticks) == 2)
    stage.access.follow(samples.user(Role.VIEWER))
    assert len(stage.view.ticks) == 0
    stage.click_box(0)
    stage.view.table.selectAll()
    stage.key(Qt.Key.Key_Space)
    await turns()
    assert len(stage.view.ticks) == 0
    assert "VIEWER" in stage.view.mint_button.refusal.upper()
    assert stage.view.runs_button.isEnabled()


@staged
async def test_an_operator_ticks_what_is_their_own(stage: Stage) -> None:
    mine = await stage.memory.add_assets(2)
    foreign = samples.enterprise(name="Others")
    await stage.memory.core.register.add_assets([samples.asset(foreign, name="Foreign")], (foreign,))
    await stage.open()
    stage.memory.core.session.begin(samples.user(Role.OPERATOR, mine[0].enterprise))
    stage.view.tick_all_button.click()
    await settled(lambda: bool(len(stage.view.ticks)))
    assert set(stage.view.ticks.asset_ids) == {asset.asset_id for asset in mine}


@staged
async def test_signing_out_takes_everything_away(stage: Stage) -> None:
    await stage.open(2)
    stage.view.tick_all_button.click()
    await stage.planned(2)
    stage.view.mint_button.click()
    await stage.minted()
    stage.presenter.show_signed_out()
    assert stage.view.face is Face.SIGNED_OUT
    assert not stage.view.plan.isVisible()
    assert not stage.view.result.isVisible()
    assert stage.view.model.rowCount() == 0


@staged
async def test_where_one_was_is_found_again_on_a_page_made_anew(stage: Stage) -> None:
    await stage.open(3)
    stage.view.tick_all_button.click()
    await stage.planned(3)
    stage.view.plan.choose(samples.SIGNER, 25)
    await stage.planned(3)
    place = stage.presenter.place
    stage.view.ticks.clear()
    stage.view.plan.choose(None, 256)
    stage.presenter.go_to(place)
    await stage.planned(3)
    assert stage.presenter.place == place


@staged
async def test_a_wallet_that_changes_makes_another_plan(stage: Stage) -> None:
    (asset,) = await stage.open(1)
    stage.view.tick_all_button.click()
    await stage.planned(1)
    first = stage.presenter.planning.plan
    await stage.memory.core.enterprises.change(asset.enterprise, asset.enterprise.name, samples.SIGNER, "New")
    await settled(lambda: stage.presenter.planning.plan not in (None, first))
    await stage.planned(1)
    stage.view.mint_button.click()
    assert await stage.minted() == [(asset.name, "MINTED")], "it is not left out for what the plan knew of it"


@staged
async def test_all_that_is_selected_is_ticked_also_what_was_not_loaded(stage: Stage) -> None:
    await stage.open(250)
    stage.view.table.selectAll()
    stage.view.table.setFocus()
    stage.key(Qt.Key.Key_Space)
    await settled(lambda: len(stage.view.ticks) == 250)


@staged
async def test_who_left_meanwhile_ticks_nothing_for_the_next(stage: Stage) -> None:
    await stage.open(2)
    stage.view.tick_all_button.click()
    stage.presenter.show_signed_out()
    stage.presenter.reload()
    await settled(lambda: stage.view.face is Face.LIST)
    assert len(stage.view.ticks) == 0


@staged
async def test_what_is_tried_again_elsewhere_is_followed_here_too(stage: Stage) -> None:
    (asset,) = await stage.open(1)
    stage.view.tick_all_button.click()
    await stage.planned(1)
    stage.memory.chain.revert_next("NotAuthorised()")
    stage.view.mint_button.click()
    assert await stage.minted() == [(asset.name, "FAILED")]
    await stage.memory.core.desk.retry(asset.asset_id)
    await settled(lambda: stage.lines() == [(asset.name, "MINTED")])


@staged
async def test_an_error_of_the_result_goes_with_the_next_try(stage: Stage) -> None:
    await stage.open(1)
    stage.view.tick_all_button.click()
    await stage.planned(1)
    stage.memory.chain.revert_next("NotAuthorised()")
    stage.view.mint_button.click()
    await stage.minted()
    result = stage.view.result
    await stage.memory.core.desk.suspend()
    result.retry_button.click()
    await settled(lambda: result.error_panel.isVisible())
    assert result.isVisible()
    stage.presenter.following.show_nothing()
    assert not result.error_panel.isVisibleTo(result)
