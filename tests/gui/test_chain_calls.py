"""The Calls tab in the window, over doubles that tell what the samples say."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.chain import BlockRef, SendReply, SendVerdict
from ipnft_desktop.domain.contract_writes import CallOrder, ContractWrite, WithdrawalObstacle, WriteState
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import BlockArrived, ContractWriteChanged
from ipnft_desktop.domain.people import Permission, Role
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.recorded_calls import CALLS_PAGE, CallFilter, CallLine, CallPage
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.alerts.panel import AlertPanel
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.chain_calls.presenter import CallsPresenter
from ipnft_desktop.ui.chain_calls.view import CallsTab
from ipnft_desktop.ui.chain_calls.wording import note_on, outcome, question, state_of, why_not
from ipnft_desktop.ui.commands.registry import commands_of
from ipnft_desktop.ui.inspection import reader
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support import chain_tabs as sample
from tests.gui.support.waiting import settled
from tests.support import samples

STUCK, REFUSED = sample.CALL_LINES[:2]


def many(count: int) -> list[CallLine]:
    """Calls that are done, the newest first."""
    written = sample.WRITTEN
    return [
        CallLine(replace(written, write_id=number, nonce=number, tx_hash=f"0x{number:064x}"))
        for number in range(count, 0, -1)
    ]


@dataclass
class Told:
    """What the services tell, and what they were asked."""

    lines: list[CallLine] = field(default_factory=lambda: list(sample.CALL_LINES))
    asked: list[object] = field(default_factory=list[object])
    error: IpnftError | None = None

    async def page(self, wanted: CallFilter, after: ContractWrite | None = None, limit: int = CALLS_PAGE) -> CallPage:
        if self.error is not None:
            raise self.error
        self.asked.append(wanted)
        found = [
            line
            for line in self.lines
            if (not wanted.states or line.write.state in wanted.states) and wanted.text in repr(line.write)
        ]
        first = 0 if after is None else 1 + [line.write for line in found].index(after)
        return CallPage(tuple(found[first : first + limit]), first + limit >= len(found))

    async def count(self, wanted: CallFilter) -> int:
        return len(self.lines)

    async def call(self, write_id: int) -> CallLine:
        return next(line for line in self.lines if line.write.write_id == write_id)

    async def export(self, wanted: CallFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self.asked.append((sheet_format, target.name))
        return len(self.lines)

    async def withdraw(self, write_id: int) -> ContractWrite:
        self.asked.append(f"withdraw {write_id}")
        if self.error is not None:
            raise self.error
        write = (await self.call(write_id)).write
        gone = replace(write, withdrawal="0x" + "fe" * 32, replaced_by="0x" + "fe" * 32, is_withdrawn=True)
        self.lines = [CallLine(gone) if line.write.write_id == write_id else line for line in self.lines]
        return gone


@dataclass
class Stage:
    """The tab over the double."""

    told: Told
    access: Access
    hub: EventHub
    view: CallsTab
    run: CallsPresenter
    notices: list[str] = field(default_factory=list[str])

    async def open(self) -> None:
        self.view.show()
        self.view.activateWindow()
        await settled(self.view.isActiveWindow)
        self.run.reload()
        await self.quiet()

    async def quiet(self) -> None:
        await settled(lambda: not self.run._tasks._running and not self.run.is_reading)

    @property
    def shown(self) -> list[int]:
        return [line.write.write_id for line in self.view.table.paged.records]


@asynccontextmanager
async def open_stage() -> AsyncGenerator[Stage]:
    told, access, app, hub = Told(), Access(), AppEvents(), EventHub()
    app.attach(hub)
    view = CallsTab()
    view.use_labels(sample.label_of)
    stage = Stage(told, access, hub, view, CallsPresenter(view, told, told, access, app))
    stage.run.notice.connect(lambda text, _tone: stage.notices.append(text))
    view.resize(1200, 640)
    try:
        yield stage
    finally:
        await stage.run.close()
        view.close()
        view.deleteLater()
        app.detach()
        app.deleteLater()
        access.deleteLater()


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
    monkeypatch.setattr(reader, "_PAUSE_MS", 0)


@staged
async def test_calls_come_newest_first_each_with_its_state(stage: Stage) -> None:
    await stage.open()
    table = stage.view.table.paged
    assert (stage.view.face, stage.view.count.text()) == (Face.LIST, "8 calls")
    assert [table.text_at(at, 4) for at in range(8)] == [
        *("Sent", "Recorded", "Being taken back", "Taken back", "Refused", "Replaced", "Done", "Vanished"),
    ]
    assert table.text_at(0, 1) == "setValidity(123456…7890, 1, 0x5e5e…5e5e)"
    assert (table.text_at(1, 1), table.text_at(1, 2)) == ("Transfer", "Helios: vault")
    assert (table.text_at(0, 5), table.text_at(0, 6), table.text_at(6, 6)) == ("152", "–", "151")
    panel = stage.view.panel
    assert panel.line is STUCK
    assert "no block shows it yet" in panel.note
    assert panel.withdraw_button.isEnabled()
    assert not panel.transaction_button.isEnabled()
    stage.view.table.select(8)
    assert "max fee per gas less than block base fee" in panel.note
    stage.view.table.select(5)
    assert "Unauthorized()" in panel.note
    assert not panel.withdraw_button.isEnabled()


@staged
async def test_a_stuck_call_is_taken_back_after_a_question_that_says_what_it_means(stage: Stage) -> None:
    await stage.open()
    panel, bar = stage.view.panel, stage.view.question
    chosen: list[str] = []
    stage.view.transaction_requested.connect(chosen.append)
    panel.withdraw_button.click()
    assert bar.isVisible()
    assert "nonce 152" in bar.accessibleName()
    assert "13 %" in bar.accessibleName()
    assert "withdraw 9" not in stage.told.asked, "nothing is done before it is answered"
    bar.decline_button.click()
    await stage.quiet()
    assert "withdraw 9" not in stage.told.asked
    panel.withdraw_button.click()
    stage.view.table.select(5)  # the answer is about what was asked
    bar.confirm_button.click()
    await stage.quiet()
    assert stage.told.asked.count("withdraw 9") == 1
    assert stage.notices == ["“setValidity” is taken back"]
    stage.view.table.select(9)
    assert stage.view.table.paged.text_at(0, 4) == "Taken back"
    assert not panel.withdraw_button.isEnabled()
    panel.transaction_button.click()
    assert chosen == ["0x" + "fe" * 32], "what has its nonce"


@staged
async def test_what_cannot_be_taken_back_now_says_why(stage: Stage) -> None:
    stage.told.lines[0] = replace(STUCK, obstacle=WithdrawalObstacle.STRANGER)
    await stage.open()
    back = next(each for each in commands_of(stage.view) if each.key.startswith("calls.take back"))
    assert "Another account signed this call" in back.refusal()
    assert "Another account signed this call" in stage.view.panel.note
    stage.told.lines[0] = replace(STUCK, obstacle=WithdrawalObstacle.CLOSED)
    stage.run.read_now()
    await stage.quiet()
    assert back.refusal() == "Nothing is sent before the environment is ready."
    stage.view.table.select(5)
    assert back.refusal() == "This call waits no more."
    stage.told.lines[0] = STUCK
    stage.run.read_now()
    await stage.quiet()
    stage.view.table.select(9)
    assert back.refusal() == ""
    stage.access.follow(samples.user(Role.OPERATOR))
    assert not stage.view.panel.withdraw_button.isEnabled()
    assert "Administrator" in back.refusal()
    stage.access.follow(samples.user(Role.ADMIN))
    assert stage.view.panel.withdraw_button.isEnabled()
    assert stage.access.refusal(Permission.WRITE_CONTRACTS) == ""


@staged
async def test_a_refusal_of_the_service_is_told_and_nothing_is_lost(stage: Stage) -> None:
    await stage.open()
    stage.view.panel.withdraw_button.click()
    stage.told.error = UserError(ErrorCode.RECORD_CHANGED, "this call waits no more")
    stage.view.question.confirm_button.click()
    await settled(lambda: stage.view.error_panel.isVisibleTo(stage.view))
    assert len(stage.shown) == 8
    stage.told.error = None
    stage.view.retry_button.click()
    await stage.quiet()
    assert not stage.view.error_panel.isVisibleTo(stage.view)


@staged
async def test_the_question_goes_when_the_call_ends_by_itself(stage: Stage) -> None:
    await stage.open()
    stage.view.panel.withdraw_button.click()
    done = replace(STUCK.write, mined=sample.WRITTEN.mined, mined_at=sample.MOMENT, succeeded=True)
    stage.told.lines[0] = CallLine(done)
    stage.hub.publish(ContractWriteChanged(done))
    await stage.quiet()
    assert not stage.view.question.isVisible()
    assert stage.view.table.paged.text_at(0, 4) == "Done"


@staged
async def test_what_changes_is_shown_in_its_line_and_what_comes_is_put_on_top(stage: Stage) -> None:
    stage.told.lines = [STUCK, *many(3)]
    await stage.open()
    stage.view.table.select(2)
    stage.told.lines[0] = replace(STUCK, reply=SendReply(SendVerdict.UNKNOWN))
    stage.hub.publish(BlockArrived(BlockRef(4, "0x4", 4), 1))
    await stage.quiet()
    assert stage.view.table.paged.text_at(0, 4) == "Recorded"
    newest = replace(STUCK, write=replace(STUCK.write, write_id=10, nonce=153))
    stage.told.lines.insert(0, newest)
    stage.hub.publish(ContractWriteChanged(newest.write))
    await stage.quiet()
    assert stage.shown == [10, 9, 3, 2, 1]
    current = stage.view.table.current
    assert current is not None
    assert current.write.write_id == 2, "focus stays"
    asked = len(stage.told.asked)
    stage.told.lines = many(3)
    stage.run.read_now()
    await stage.quiet()
    assert stage.shown == [3, 2, 1]
    stage.hub.publish(BlockArrived(BlockRef(5, "0x5", 5), 1))
    await stage.quiet()
    assert len(stage.told.asked) == asked + 1, "nothing waits: a block changes nothing"


@staged
async def test_a_long_list_is_read_page_by_page(stage: Stage) -> None:
    stage.told.lines = many(CALLS_PAGE + 50)
    await stage.open()
    assert len(stage.shown) == CALLS_PAGE
    stage.view.table.scrollToBottom()
    await stage.quiet()
    assert len(stage.shown) == CALLS_PAGE + 50
    stage.run.changed()
    await stage.quiet()
    assert len(stage.shown) == CALLS_PAGE + 50, "what was read stays"


@staged
async def test_search_state_and_order_narrow_it(stage: Stage) -> None:
    await stage.open()
    stage.view.search.setText("Opposition")
    stage.view.search.returnPressed.emit()
    await stage.quiet()
    assert stage.shown == [9, 7, 6, 4]
    stage.view.state.choose(WriteState.WAITING)
    stage.view.order.choose(CallOrder.OLDEST)
    await stage.quiet()
    wanted = CallFilter("Opposition", frozenset({WriteState.WAITING}), CallOrder.OLDEST)
    assert stage.told.asked[-1] == wanted
    assert stage.shown == [9, 7]
    stage.view.search.setText("nothing at all")
    stage.view.search.returnPressed.emit()
    await stage.quiet()
    assert stage.view.face is Face.NO_MATCH
    stage.view.faces.no_match.action_requested.emit()
    await stage.quiet()
    assert (stage.view.search.text(), len(stage.shown)) == ("", 8)
    stage.told.lines = []
    stage.run.read_now()
    await stage.quiet()
    assert stage.view.face is Face.EMPTY


@staged
async def test_one_call_is_brought_into_focus_wherever_it_stands(stage: Stage) -> None:
    stage.told.lines = many(CALLS_PAGE + 50)
    await stage.open()
    stage.view.state.choose(WriteState.REVERTED)
    await stage.quiet()
    assert stage.shown == []
    stage.run.show_call(CALLS_PAGE)
    await stage.quiet()
    current = stage.view.table.current
    assert current is not None
    assert current.write.write_id == CALLS_PAGE
    stage.run.show_call(3)
    await stage.quiet()
    assert (stage.shown, stage.view.search.text()) == ([3], f"0x{3:064x}")


@staged
async def test_the_list_becomes_a_file_and_a_line_goes_to_the_clipboard(stage: Stage) -> None:
    await stage.open()
    stage.run.write(Path("calls.json"))
    await stage.quiet()
    stage.run.write(Path("calls"))
    await stage.quiet()
    assert (SheetFormat.JSON, "calls.json") in stage.told.asked
    assert (SheetFormat.CSV, "calls.csv") in stage.told.asked
    assert stage.notices == ["8 calls were written to calls.json", "8 calls were written to calls.csv"]
    copy = next(each for each in commands_of(stage.view) if each.key == "calls.copy")
    copy.run()
    assert STUCK.write.tx_hash in QGuiApplication.clipboard().text()


@staged
async def test_who_leaves_leaves_nothing_behind(stage: Stage) -> None:
    await stage.open()
    stage.view.search.setText("secret")
    stage.view.panel.withdraw_button.click()
    stage.run.show_closed(Face.SIGNED_OUT)
    assert (stage.shown, stage.view.search.text(), stage.view.face) == ([], "", Face.SIGNED_OUT)
    assert not stage.view.question.isVisible()
    assert stage.view.panel.line is None
    stage.told.error = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "away")
    stage.run.reload()
    await stage.quiet()
    assert stage.view.error_panel.isVisibleTo(stage.view)


def test_each_state_has_its_words() -> None:
    told = {state_of(line)[0] for line in sample.CALL_LINES}
    assert len(told) == 8
    assert "nonce 152" in question(STUCK.write)
    assert why_not(None) == "There is no call in view."
    quick = replace(STUCK.write, succeeded=True)
    assert outcome(quick)[0] == "The chain was quicker: “setValidity” is done"
    assert "no block shows it yet" in outcome(replace(STUCK.write, withdrawal="0x1"))[0]
    unsent = note_on(CallLine(STUCK.write, None, None))
    assert unsent == ("Recorded; it is sent as soon as the node can be reached.", False)


def test_the_alert_leads_to_its_call(qapp: QApplication) -> None:
    panel = AlertPanel()
    asked: list[int] = []
    panel.call_requested.connect(asked.append)
    facts = {"function": "setValidity(uint256)", "nonce": "152", "behind": "3"}
    panel.show_alerts([Alert(1, AlertKind.CALL_STUCK, "9", facts, samples.NOW)])
    assert panel.detail.headline == "A call waits although blocks are mined"
    assert panel.detail.open_button.text() == "Open the call"
    panel.detail.open_button.click()
    assert asked == [9]
    panel.deleteLater()
