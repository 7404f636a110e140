"""The Activity page over the services of a memory core: live rows, filters, decisions, the panel beside the list."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.mint_activity import JobGroup, JobQuery, JobSort
from ipnft_desktop.domain.minting import MintJob, MintStage
from ipnft_desktop.domain.people import Role
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.activity.presenter import ActivityPresenter
from ipnft_desktop.ui.activity.view import ActivityView
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.guards import guard_activity
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.unit.services.waiting import at_stage


@dataclass
class Stage:
    """The page, and what it asked other pages for."""

    view: ActivityView
    presenter: ActivityPresenter
    memory: MemoryCore
    access: Access
    assets: list[Asset]
    asked: list[tuple[str, UUID]] = field(default_factory=list[tuple[str, UUID]])
    notices: list[str] = field(default_factory=list[str])

    def names(self) -> list[str]:
        return [str(self.view.model.index(at, 0).data()) for at in range(self.view.model.rowCount())]

    def tag(self, at: int = 0) -> str:
        return str(self.view.model.index(at, 1).data()).split()[0]

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view.table, key, modifier)

    async def quiet(self) -> None:
        """Everything that was asked for is here."""
        await settled(lambda: not self.presenter.is_reading)

    async def open(self) -> None:
        self.presenter.reload()
        await self.quiet()

    async def mint(self, *assets: Asset) -> MintJob:
        return await self.memory.core.desk.mint([request(asset) for asset in assets])

    async def fail(self, asset: Asset) -> MintJob:
        """Refused before it was signed, so that it can be cancelled too."""
        self.memory.chain.balance_wei = 0
        job = await self.mint(asset)
        self.memory.chain.balance_wei = 10**22
        assert job.stage is MintStage.FAILED
        return job


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr("ipnft_desktop.ui.activity.presenter._UNREAD_MS", 0)
    monkeypatch.setattr("ipnft_desktop.ui.activity.presenter._COUNT_MS", 0)
    monkeypatch.setattr("ipnft_desktop.ui.models.job_model.FRAME_MS", 0)


@asynccontextmanager
async def open_stage(profile: Path) -> AsyncGenerator[Stage]:
    """No fixture: between fixture and test Qt goes on while no asyncio loop runs, which never happens to a person."""
    memory = await MemoryCore(profile).start()
    core, view, access, events = memory.core, ActivityView(), Access(), AppEvents()
    events.attach(core.events)
    access.follow(core.session.user)
    guard_activity(view, access)
    presenter = ActivityPresenter(view, core.activity, core.desk, core.activity_exports, events)
    made = Stage(view, presenter, memory, access, await memory.add_assets(6))
    presenter.notice.connect(lambda text, _tone: made.notices.append(text))
    for name in ("watch", "open_card", "open_asset"):
        getattr(presenter, f"{name}_requested").connect(lambda found, name=name: made.asked.append((name, found)))
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


@staged
async def test_before_the_first_mint_the_page_leads_to_the_register(stage: Stage) -> None:
    assert stage.view.face is Face.NO_ENVIRONMENT
    await stage.open()
    assert stage.view.face is Face.EMPTY
    asked: list[None] = []
    stage.view.register_requested.connect(lambda: asked.append(None))
    stage.view.faces.empty.button.click()
    assert asked == [None]
    assert not stage.view.retry_all_button.isEnabled()
    assert not stage.view.export_button.isEnabled()


@staged
async def test_a_mint_appears_and_goes_on_without_losing_what_is_selected(stage: Stage) -> None:
    first, second = stage.assets[:2]
    await stage.mint(first)
    await stage.open()
    assert (stage.names(), stage.tag()) == ([first.name], "MINTED")
    read = stage.memory.core.activity.page
    stage.memory.core.activity.page = None  # type: ignore[assignment, method-assign]  # the list is not read again

    stage.memory.chain.automine = False
    job = await stage.memory.core.desk.request([request(second)])
    await settled(
        lambda: stage.names() == [second.name, first.name] and "CONFIRMING" in str(stage.view.model.index(0, 1).data())
    )
    assert stage.view.panel.row is not None
    assert stage.view.panel.row.asset_id == first.asset_id
    await stage.memory.chain.mine()
    await stage.memory.core.desk.outcome(job.job_id)
    await settled(lambda: stage.tag() == "MINTED")
    await settled(lambda: stage.view.groups.tabText(0) == "All  2" and stage.view.count_words == "2 mints")
    stage.memory.core.activity.page = read  # type: ignore[method-assign]


@staged
async def test_what_is_looked_at_tells_itself_all_the_way(stage: Stage) -> None:
    """A batch: its items, its stages, its transaction, and who asked."""
    batch = stage.assets[:3]
    stage.memory.chain.automine = False
    await stage.open()
    job = await stage.memory.core.desk.request([request(asset) for asset in batch])
    panel = stage.view.panel
    await settled(lambda: panel.detail is not None and len(panel.items.lines) == 3)
    assert stage.names() == [f"Batch of 3 · {batch[0].name}"]
    await settled(lambda: bool(panel.stages.items) and panel.stages.items[2].state == "running")
    await stage.memory.chain.mine()
    await stage.memory.core.desk.outcome(job.job_id)
    await settled(lambda: [line.tag for line in panel.items.lines] == ["MINTED"] * 3)
    facts = {fact.key: fact.copy or fact.value for fact in panel.facts.facts}
    done = await stage.memory.core.desk.job_of(batch[0].asset_id)
    assert done is not None
    assert done.mined is not None
    assert facts["Transaction"] == done.mined.tx_hash
    assert (facts["Asked by"], facts["Job"]) == (stage.memory.core.session.actor, str(job.job_id))
    assert panel.timeline.facts[0].key == "Requested"
    assert {fact.key for fact in panel.timeline.facts} >= {"Signed", "Mined", "Minted"}
    panel.items.chosen.emit(batch[2].asset_id)
    assert stage.asked == [("open_asset", batch[2].asset_id)]


@staged
async def test_filters_narrow_the_list_and_all_are_taken_away(stage: Stage) -> None:
    await stage.mint(stage.assets[0])
    failed = await stage.fail(stage.assets[1])
    await stage.open()
    view = stage.view
    assert [view.groups.tabText(at) for at in (0, 4, 6)] == ["All  2", "Failed  1", "Minted  1"]
    view.groups.setCurrentIndex(list(JobGroup).index(JobGroup.FAILED))
    await settled(lambda: stage.names() == [stage.assets[1].name])
    view.search.setText(str(failed.job_id))
    await settled(lambda: view.query.text != "")
    await stage.quiet()
    assert stage.names() == [stage.assets[1].name]
    view.search.setText("nothing like it")
    await settled(lambda: view.face is Face.NO_MATCH)
    view.faces.no_match.button.click()
    await settled(lambda: len(stage.names()) == 2)
    assert (view.query, view.groups.group, view.search.text()) == (JobQuery(), JobGroup.ALL, "")
    view.period.setCurrentIndex(1)
    await stage.quiet()
    assert view.query.since is not None
    view.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.AscendingOrder)
    await settled(lambda: view.query.sort is JobSort.STATE and stage.tag() == "FAILED")
    view.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    assert view.table.horizontalHeader().sortIndicatorSection() == 1, "names are in no index of jobs"


@staged
async def test_one_failed_mint_is_retried_by_its_key_and_leaves_the_failed_ones(stage: Stage) -> None:
    await stage.fail(stage.assets[0])
    await stage.fail(stage.assets[1])
    stage.presenter.show_group(JobGroup.FAILED)
    await stage.open()
    assert stage.view.panel.error_panel.code == "INSUFFICIENT_FUNDS"
    stage.view.table.choose(1)
    stage.key(Qt.Key.Key_R)
    await settled(lambda: bool(stage.notices))
    await settled(lambda: stage.tag(1) == "MINTED")  # looked at, so it stays until somebody looks elsewhere
    stage.view.table.choose(0)
    await settled(lambda: stage.names() == [stage.assets[1].name])


@staged
async def test_retry_failed_names_how_many_and_does_just_those(stage: Stage) -> None:
    for asset in stage.assets[:3]:
        await stage.fail(asset)
    await stage.open()
    view = stage.view
    assert view.retry_all_button.text() == "Retry 3 failed"
    view.retry_all_button.click()
    await settled(view.retry_question.isVisible)
    assert "Retry 3 failed mints?" in view.retry_question.accessibleName()
    await stage.fail(stage.assets[3])  # comes too late to be meant
    view.retry_question.confirm_button.click()
    await settled(lambda: stage.notices == ["3 mints are tried again"])
    await settled(lambda: sorted(map(stage.tag, range(4))) == ["FAILED", "MINTED", "MINTED", "MINTED"])
    assert not view.work.isVisible()
    view.groups.setCurrentIndex(list(JobGroup).index(JobGroup.MINTED))
    await stage.quiet()
    assert not view.retry_all_button.isEnabled(), "none of those in view failed"


@staged
async def test_a_cancellation_is_asked_for_first_and_told(stage: Stage) -> None:
    await stage.fail(stage.assets[0])
    await stage.open()
    stage.key(Qt.Key.Key_Delete)
    assert "is not tried again" in stage.view.cancel_question.accessibleName()
    stage.view.cancel_question.decline_button.click()
    assert stage.tag() == "FAILED"
    stage.key(Qt.Key.Key_X)
    stage.view.cancel_question.confirm_button.click()
    await settled(lambda: stage.tag() == "CANCELLED")
    assert stage.notices == ["Mint cancelled; no token exists"]
    stage.key(Qt.Key.Key_X)
    assert not stage.view.cancel_question.isVisible(), "it cannot be cancelled twice"


@staged
async def test_enter_opens_what_there_is_and_ctrl_c_copies_the_row(stage: Stage) -> None:
    await stage.mint(stage.assets[0])
    await stage.fail(stage.assets[1])
    cancelled = await stage.fail(stage.assets[2])
    await stage.memory.core.desk.cancel(cancelled.job_id)
    await stage.open()
    for at in range(3):
        stage.view.table.choose(at)
        stage.key(Qt.Key.Key_Return)
    ids = [asset.asset_id for asset in stage.assets]
    assert stage.asked == [("open_asset", ids[2]), ("watch", ids[1]), ("open_card", ids[0])]
    stage.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().split("\t")
    assert copied[:2] == [stage.assets[0].name, "MINTED"]
    menu = stage.view.context_menu()
    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
    assert titles[0] == "Open card"
    assert "Retry" not in titles
    menu.deleteLater()


@staged
async def test_a_reset_mint_is_history(stage: Stage) -> None:
    await stage.fail(stage.assets[0])
    await stage.open()
    assert stage.view.panel.retry_button.isVisible()
    await stage.memory.core.desk.reset(stage.assets[0].asset_id, "Because.")
    await settled(lambda: "superseded" in str(stage.view.model.index(0, 1).data()))
    await settled(lambda: not stage.view.panel.error_panel.isVisible())
    await settled(lambda: not stage.view.retry_all_button.isEnabled())


@staged
async def test_a_page_out_of_view_reads_nothing_until_it_comes_back(stage: Stage) -> None:
    await stage.mint(stage.assets[0])
    await stage.open()
    stage.view.hide()
    await stage.mint(stage.assets[1])
    await stage.quiet()
    assert stage.names() == [stage.assets[0].name]
    stage.view.show()
    stage.presenter.activate()
    await settled(lambda: stage.names() == [stage.assets[1].name, stage.assets[0].name])
    await stage.quiet()


@staged
async def test_who_leaves_takes_everything_along_and_a_viewer_only_looks(stage: Stage) -> None:
    await stage.fail(stage.assets[0])
    await stage.open()
    stage.memory.core.session.end()
    stage.presenter.show_signed_out()
    assert (stage.view.face, stage.names(), stage.view.panel.row) == (Face.SIGNED_OUT, [], None)
    viewer = samples.user(Role.VIEWER)
    stage.memory.core.session.begin(viewer)
    stage.access.follow(viewer)
    await stage.open()
    assert stage.tag() == "FAILED"
    assert stage.view.panel.retry_button.refusal
    stage.key(Qt.Key.Key_R)
    stage.key(Qt.Key.Key_Delete)
    assert not stage.view.cancel_question.isVisible()
    assert stage.notices == []


@staged
async def test_the_list_is_exported_as_it_is_in_view(stage: Stage) -> None:
    await stage.mint(*stage.assets[:2])
    failed = await stage.fail(stage.assets[2])
    await stage.open()
    target = stage.memory.profile / "list"
    stage.view.export_button.click()
    (dialog,) = stage.view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(target))
    dialog.close()
    await settled(lambda: stage.notices == ["2 mints were written to list.csv"])
    with target.with_name("list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["asset"] for row in rows] == [stage.assets[2].name, stage.assets[0].name]
    assert (rows[0]["job"], rows[0]["error"], rows[1]["assets"]) == (str(failed.job_id), "INSUFFICIENT_FUNDS", "2")
    assert rows[1]["transaction"].startswith("0x")


@staged
async def test_more_rows_come_as_the_view_reaches_the_end(stage: Stage) -> None:
    for asset in stage.assets[:4]:
        await stage.mint(asset)
    activity = stage.memory.core.activity
    whole = activity.page

    async def short(query: JobQuery, after: object = None, limit: int = 2) -> object:
        return await whole(query, after, min(limit, 2))  # type: ignore[arg-type]

    activity.page = short  # type: ignore[method-assign, assignment]
    await stage.open()
    await settled(lambda: stage.view.model.is_whole)
    assert stage.names() == [asset.name for asset in reversed(stage.assets[:4])]


@staged
async def test_a_page_made_anew_shows_the_same_part_of_the_list(stage: Stage) -> None:
    stage.view.period.setCurrentIndex(2)
    stage.view.groups.setCurrentIndex(3)
    stage.view.search.setText("loom")
    await settled(lambda: stage.view.query.text == "loom")
    again = ActivityView()
    again.apply_query(stage.view.query)
    assert again.query == stage.view.query
    assert (again.period.currentIndex(), again.groups.currentIndex(), again.search.text()) == (2, 3, "loom")
    again.apply_query(JobQuery(since=samples.NOW))
    assert (again.query.since, again.period.currentIndex()) == (None, 0)
    again.deleteLater()


@staged
async def test_what_a_mint_tells_while_the_list_is_read_is_not_lost(stage: Stage) -> None:
    (asset,) = stage.assets[:1]
    stage.memory.chain.automine = False
    job = await stage.memory.core.desk.request([request(asset)])
    await at_stage(stage.memory, job, MintStage.CONFIRMING)
    whole, is_read, go_on = stage.memory.core.activity.page, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: object) -> object:
        page = await whole(*arguments)  # type: ignore[arg-type]
        is_read.set()
        await go_on.wait()
        return page

    stage.memory.core.activity.page = slow  # type: ignore[method-assign, assignment]
    stage.presenter.reload()
    await is_read.wait()
    await stage.memory.chain.mine()
    await stage.memory.core.desk.outcome(job.job_id)
    go_on.set()
    await settled(lambda: stage.names() == [asset.name])
    await settled(lambda: stage.tag() == "MINTED")
