"""The tab of the register's figures: what is read and when, over doubles; and once over the services of a core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.domain.batch_runs import BatchRun, RunAnchor
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.mint_figures import DAY, Dashboard, MintFigures, MintSeries
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.batch_runs import PAGE_SIZE
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.charts.view import ChartFormat
from ipnft_desktop.ui.figures import presenter as module
from ipnft_desktop.ui.figures.period_bar import Period
from ipnft_desktop.ui.figures.presenter import FiguresPresenter
from ipnft_desktop.ui.figures.view import FiguresTab
from ipnft_desktop.ui.models.run_model import RunColumn
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support.figures import DASHBOARD, batch_run, batch_runs, mint_series
from tests.gui.support.waiting import settled, turns
from tests.support.core_factory import MemoryCore, request
from tests.support.samples import NOW

NOTHING = Dashboard(MintFigures(), MintFigures())


@dataclass
class Told:
    """What a register tells, as long as `gate` is open."""

    board: Dashboard = DASHBOARD
    steps: MintSeries = field(default_factory=mint_series)
    listed: tuple[BatchRun, ...] = field(default_factory=batch_runs)
    error: EnvironmentFault | None = None
    reads: list[datetime | None] = field(default_factory=list[datetime | None])
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    exported: list[tuple[SheetFormat, Path]] = field(default_factory=list[tuple[SheetFormat, Path]])

    async def dashboard(self) -> Dashboard:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.board

    async def series(self, since: datetime | None = None) -> MintSeries:
        self.reads.append(since)
        return self.steps

    async def recent(self, after: RunAnchor | None = None, limit: int = PAGE_SIZE) -> tuple[BatchRun, ...]:
        first = 0 if after is None else 1 + next(at for at, run in enumerate(self.listed) if run.anchor == after)
        return self.listed[first : first + limit]

    async def export(self, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self.exported.append((sheet_format, target))
        return len(self.listed)


@dataclass
class Stage:
    """The tab over the double."""

    view: FiguresTab
    presenter: FiguresPresenter
    told: Told
    events: AppEvents
    notices: list[str] = field(default_factory=list[str])

    async def quiet(self) -> None:
        await settled(lambda: not self.presenter.is_reading)

    async def open(self, period: Period = Period.ALL_TIME) -> None:
        self.view.show_period(period)
        self.presenter.reload()
        await self.quiet()


@asynccontextmanager
async def open_stage() -> AsyncGenerator[Stage]:
    told, events, view = Told(), AppEvents(), FiguresTab()
    told.gate.set()
    presenter = FiguresPresenter(view, told, told, told, events, lambda: NOW)
    stage = Stage(view, presenter, told, events)
    presenter.notice.connect(lambda text, _tone: stage.notices.append(text))
    view.resize(1200, 700)
    view.show()
    view.activateWindow()
    await settled(view.isActiveWindow)
    try:
        yield stage
    finally:
        await presenter.close()
        view.close()
        view.deleteLater()


def staged(test: Callable[[Stage], Awaitable[None]]) -> Callable[[QApplication], Awaitable[None]]:
    """A test of the tab. No fixture: between fixture and test Qt goes on while no asyncio loop runs."""

    async def run(qapp: QApplication) -> None:
        async with open_stage() as stage:
            await test(stage)

    run.__name__ = test.__name__
    return run


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr(module, "_PAUSE_MS", 0)
    monkeypatch.setattr(module, "_REST", 0)


@staged
async def test_figures_charts_and_batches_are_shown(stage: Stage) -> None:
    await stage.open()
    cards = stage.view.cards
    assert stage.view.face is Face.LIST
    assert (cards.tokens.value, cards.batches.value, cards.average.value) == ("1,284", "42", "29.3")
    assert (cards.own_saving.value, cards.baseline_saving.value) == ("66,000,345", "267,085,101")
    assert "66.9 %" in cards.own_saving.accessibleName()
    assert cards.cost.value == "0.061235 ETH"
    assert not any(view.chart.is_empty for view in stage.view.charts.views)
    titles = [view.chart.title for view in stage.view.charts.views]
    assert titles[4] == "Minted and failed: 97.9 % minted"
    assert stage.view.model.rowCount() == len(stage.told.listed)
    assert stage.view.model.text_at(3, RunColumn.SAVED) == "–", "without a base nothing is said to be saved"
    assert stage.told.reads == [None]


@staged
async def test_the_time_is_chosen(stage: Stage) -> None:
    await stage.open(Period.DAY)
    assert stage.told.reads[-1] == NOW - DAY
    assert (stage.view.cards.tokens.value, stage.view.cards.own_saving.value) == ("31", "–")
    stage.view.cards.period.setFocus()
    QTest.keyClick(stage.view.cards.period, Qt.Key.Key_Right)
    assert stage.view.cards.tokens.value == "1,284", "at once, for both were read"
    await stage.quiet()
    assert stage.told.reads[-1] is None


@staged
async def test_what_stands_there_while_there_is_nothing(stage: Stage) -> None:
    asked: list[str] = []
    stage.view.register_requested.connect(lambda: asked.append("register"))
    assert stage.view.face is Face.NO_ENVIRONMENT
    stage.told.board, stage.told.steps, stage.told.listed = NOTHING, MintSeries(1, 1), ()
    await stage.open(Period.DAY)
    assert stage.view.face is Face.EMPTY
    stage.view.faces.empty.button.click()
    assert asked == ["register"]
    stage.told.board = DASHBOARD
    await stage.open(Period.DAY)
    assert stage.view.face is Face.NO_MATCH
    stage.told.steps = mint_series()
    stage.view.faces.no_match.button.click()
    await stage.quiet()
    assert (stage.view.face, stage.view.period) == (Face.LIST, Period.ALL_TIME)


@staged
async def test_mints_are_followed_at_most_once_a_pause(stage: Stage) -> None:
    await stage.open()
    stage.told.gate.clear()
    for _ in range(50):
        stage.events.mint_advanced.emit(None)
        stage.events.run_requested.emit(None)
    await turns()
    for _ in range(50):
        stage.events.mint_advanced.emit(None)
    stage.told.board = Dashboard(DASHBOARD.day, MintFigures(tokens=1_300))
    stage.told.gate.set()
    await stage.quiet()
    assert stage.view.cards.tokens.value == "1,300"
    assert len(stage.told.reads) == 3, "the first, one for the first fifty, one for those in the midst of it"


async def test_between_two_reads_there_is_a_pause(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_MS", 60_000)
    async with open_stage() as stage:
        await stage.open()
        stage.told.gate.clear()
        stage.view.reload_requested.emit()
        await turns()
        stage.events.mint_advanced.emit(None)  # in the midst of it
        stage.told.gate.set()
        await settled(lambda: len(stage.told.reads) == 2)
        await turns(100)
        stage.events.mint_advanced.emit(None)
        await turns(100)
        assert len(stage.told.reads) == 2
        assert stage.presenter.is_reading, "it is about to"


@staged
async def test_out_of_view_nothing_is_read(stage: Stage) -> None:
    await stage.open()
    stage.view.hide()
    stage.events.mint_advanced.emit(None)
    stage.presenter.reload()
    await turns()
    assert len(stage.told.reads) == 1
    stage.view.show()
    await stage.quiet()
    assert len(stage.told.reads) == 2


@staged
async def test_who_signs_out_leaves_nothing_behind(stage: Stage) -> None:
    await stage.open()
    stage.told.gate.clear()
    stage.view.reload_requested.emit()
    await turns()
    stage.presenter.show_signed_out()
    stage.told.gate.set()
    await stage.quiet()
    assert stage.view.face is Face.SIGNED_OUT
    assert (stage.view.cards.tokens.value, stage.view.model.rowCount()) == ("0", 0)
    assert all(view.chart.is_empty for view in stage.view.charts.views)
    stage.events.mint_advanced.emit(None)
    await turns()
    assert not stage.presenter.is_reading


@staged
async def test_a_chart_that_is_zoomed_stays_until_all_of_it_is_wanted(stage: Stage) -> None:
    await stage.open()
    chart = stage.view.charts.views[0]
    plot, before = chart.build(), chart.chart
    plot.zoom(0.5)
    assert chart.reset_button.isEnabled()
    stage.told.steps = MintSeries(300, 300, mint_series().gas[:3], (), mint_series().queue)
    stage.view.reload_requested.emit()
    await stage.quiet()
    assert chart.chart is before
    assert len(stage.view.charts.views[1].chart.series[0].xs) == 3
    chart.reset_button.click()
    assert len(chart.chart.series[0].xs) == 3


@staged
async def test_batches_are_read_page_by_page_copied_and_exported(stage: Stage) -> None:
    stage.told.listed = batch_runs(PAGE_SIZE + 20)
    await stage.open()
    model, table = stage.view.model, stage.view.table
    assert (model.rowCount(), model.is_whole) == (PAGE_SIZE, False)
    model.fetchMore(model.index(-1, -1))
    await stage.quiet()
    assert (model.rowCount(), model.is_whole) == (PAGE_SIZE + 20, True)
    stage.told.listed = (batch_run(999, requested_at=NOW + timedelta(hours=1)), *stage.told.listed)
    stage.view.reload_requested.emit()
    await stage.quiet()
    assert model.run_at(0) == stage.told.listed[0]

    table.selectRow(1)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, line = QGuiApplication.clipboard().text().split("\n")
    assert titles.split("\t")[:2] == ["Requested", "Asked by"]
    assert line.split("\t")[1:5] == ["Ada Lovelace", "By hand", "–", "10"]

    stage.presenter._begin_export(Path("runs.xlsx"))
    stage.presenter._begin_export(Path("runs"))
    await settled(lambda: not stage.presenter.is_working)
    assert stage.told.exported == [(SheetFormat.XLSX, Path("runs.xlsx")), (SheetFormat.CSV, Path("runs.csv"))]
    assert stage.notices[-1] == "71 batches were written to runs.csv"


@staged
async def test_what_cannot_be_read_is_told_over_the_figures(stage: Stage) -> None:
    stage.told.error = EnvironmentFault(ErrorCode.DISK_FULL)
    await stage.open()
    assert stage.view.cards.error_panel.code == ErrorCode.DISK_FULL
    stage.told.error = None
    stage.view.cards.period.setFocus()
    QTest.keyClick(stage.view.cards.period, Qt.Key.Key_F5)
    await stage.quiet()
    assert stage.view.cards.error_panel.isHidden()


async def test_a_chart_is_saved(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage() as stage:
        await stage.open()
        stage.view.charts.views[5].export_requested.emit(ChartFormat.CSV)
        dialog = QApplication.activeModalWidget() or stage.view.charts.views[5].findChildren(QWidget)[-1]
        target = tmp_path / "queue.csv"
        dialog.fileSelected.emit(str(target))  # type: ignore[attr-defined]
        await settled(lambda: bool(stage.notices))
        dialog.close()
        assert target.read_text("utf-8-sig").startswith("Time (steps of 5 min),")


@staged
async def test_charts_stand_in_one_column_where_there_is_no_room_for_two(stage: Stage) -> None:
    await stage.open()
    assert stage.view.charts.columns == 2
    stage.view.resize(900, 700)
    await settled(lambda: stage.view.charts.columns == 1)


async def test_a_real_mint_comes_into_view(qapp: QApplication, tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    core, view, events = memory.core, FiguresTab(), AppEvents()
    events.attach(core.events)
    presenter = FiguresPresenter(view, core.figures, core.runs, core.run_exports, events)
    view.resize(1200, 700)
    view.show()
    try:
        presenter.reload()
        await settled(lambda: not presenter.is_reading)
        assert view.face is Face.EMPTY
        asset, *together = await memory.add_assets(4)
        await core.desk.mint([request(asset)])
        plan = await core.planner.plan([each.asset_id for each in together])
        await core.runs.outcome((await core.runs.commit(plan)).run_id)
        await settled(lambda: not presenter.is_reading and view.cards.tokens.value == "4")
        assert view.face is Face.LIST
        assert (view.cards.batches.value, view.model.rowCount()) == ("1", 1)
    finally:
        await presenter.close()
        events.detach()
        await core.close()
        view.close()
        view.deleteLater()
