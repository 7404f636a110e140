"""The Environment page over a scripted service: start, failure, retry, cancel, stop, crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.ui.environment.view import RunState
from ipnft_desktop.ui.widgets.stage_list import StageState
from tests.gui.support.environment_stage import NODE, OpenPage, an_open_page
from tests.gui.support.waiting import settled


@pytest.fixture
async def page(qapp: QApplication, qtbot: QtBot) -> AsyncIterator[OpenPage]:
    async with an_open_page(qtbot) as made:
        yield made


async def test_before_the_start_every_stage_says_what_it_will_do(page: OpenPage) -> None:
    assert [item.key for item in page.view.stages.items] == list(StageKey)
    assert set(page.states()) == {StageState.WAITING}
    assert all(item.detail for item in page.view.stages.items)
    assert page.view.start_button.text() == "Start everything"


async def test_one_click_starts_everything(page: OpenPage) -> None:
    page.view.start_button.click()
    assert await page.settled() is RunState.READY
    assert set(page.states()) == {StageState.DONE}
    assert page.view.stages.items[3].detail == ("Hardhat 3.18.0 at http://127.0.0.1:18545, PID 41822, chain 31337")
    assert page.view.stages.items[3].duration.endswith(" s")
    assert page.view.start_button.text() == "Restart everything"
    assert [fact.value for fact in page.view.node_card.facts] == [
        "http://127.0.0.1:18545",
        "Hardhat 3.18.0",
        "#152",
        "20",
        "each transaction at once",
        "188.0 MB",
        "41822",
    ]


async def test_failed_stage_is_explained_and_retried(page: OpenPage) -> None:
    page.stages.fail_at = StageKey.NODE
    page.view.start_button.click()
    assert await page.settled() is RunState.FAILED
    assert page.states()[:5] == [StageState.DONE] * 3 + [StageState.FAILED, StageState.WAITING]
    assert page.view.error_panel.code == "NODE_START_FAILED"
    assert page.view.error_panel.isVisibleTo(page.view)
    page.stages.fail_at = None
    page.view.retry_button.click()
    assert await page.settled() is RunState.READY
    assert page.view.error_panel.code == ""
    assert not page.view.error_panel.isVisibleTo(page.view)


async def test_a_start_that_failed_offers_the_doctor_as_the_head_of_the_page_does(page: OpenPage) -> None:
    asked: list[None] = []
    page.view.doctor_requested.connect(lambda: asked.append(None))
    page.view.doctor_button.click()
    page.stages.fail_at = StageKey.PREFLIGHT
    page.view.start_button.click()
    await page.settled()
    assert page.view.ask_doctor_button.isVisibleTo(page.view)
    page.view.ask_doctor_button.click()
    assert len(asked) == 2


async def test_start_can_be_cancelled_and_started_again(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.CONTRACT
    page.view.start_button.click()
    await page.stages.waiting.wait()
    assert not page.view.start_button.isEnabled()
    assert page.view.cancel_button.isVisibleTo(page.view)
    page.view.cancel_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.stages.calls == ["start", "stop"]
    assert not page.view.cancel_button.isVisibleTo(page.view)
    page.stages.wait_at = None
    page.view.start_button.click()
    assert await page.settled() is RunState.READY


async def test_second_start_while_one_runs_does_nothing(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.DATABASE
    page.presenter.start()
    await page.stages.waiting.wait()
    page.presenter.start()
    await asyncio.sleep(0)
    assert page.stages.calls == ["start"]


async def test_stop_takes_the_node_away(page: OpenPage) -> None:
    page.presenter.start()
    assert await page.settled() is RunState.READY
    page.view.node_card.stop_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.view.node_card.facts == ()
    assert set(page.states()) == {StageState.WAITING}


async def test_restart_stops_and_starts(page: OpenPage) -> None:
    page.presenter.start()
    assert await page.settled() is RunState.READY
    page.view.start_button.click()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start", "stop", "start"]


async def test_crash_is_told_and_offers_the_start(page: OpenPage) -> None:
    page.presenter.start()
    assert await page.settled() is RunState.READY
    page.view.node_card.crash_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.stages.calls == ["start", "crash"]
    assert page.view.node_card.facts == ()
    assert page.view.start_button.isEnabled()


async def test_our_own_bug_is_shown_with_its_code(page: OpenPage) -> None:
    page.stages.unexpected = ZeroDivisionError("division by zero")
    page.presenter.start()
    assert await page.settled() is RunState.FAILED
    assert page.view.error_panel.code == "UNEXPECTED"


async def test_autostart_is_shown_silently_and_reported_on_change(page: OpenPage) -> None:
    assert page.view.autostart_box.isChecked()
    assert page.autostart == []
    page.view.autostart_box.click()
    assert page.autostart == [False]


async def test_the_log_is_filled_from_what_came_before_the_page(page: OpenPage) -> None:
    page.log.handle(logging.makeLogRecord({"msg": "said before \u202e <b>", "levelno": logging.INFO}))
    page.view.show()
    assert page.view.log_card.text.endswith("said before \\u202e <b>")


async def test_figures_are_asked_only_while_the_page_is_in_view(page: OpenPage) -> None:
    page.stages.node = NODE
    page.view.show()
    await page.settled()
    assert page.view.node_card.facts
    clock = next(timer for timer in page.view.findChildren(QTimer) if timer.interval() == 3_000)
    assert clock.isActive()
    page.view.hide()
    assert not clock.isActive()


async def test_a_lost_chain_can_be_given_up_after_a_question(page: OpenPage) -> None:
    page.stages.fail_at, page.stages.fault = StageKey.IDENTITY, ErrorCode.CHAIN_RESET
    page.view.start_button.click()
    assert await page.settled() is RunState.FAILED
    assert page.view.new_chain_button.isVisibleTo(page.view)
    page.view.new_chain_button.click()
    assert page.stages.calls == ["start", "stop"], "a half restored node is ended"
    page.view.new_chain_question.confirm_button.click()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start", "stop", "stop", "new chain", "start"]


async def test_other_failures_offer_no_new_chain(page: OpenPage) -> None:
    page.stages.fail_at = StageKey.NODE
    page.view.start_button.click()
    await page.settled()
    assert not page.view.new_chain_button.isVisibleTo(page.view)


async def test_a_start_asked_for_elsewhere_is_shown(page: OpenPage) -> None:
    await page.service.start()
    assert await page.settled() is RunState.READY
    assert set(page.states()) == {StageState.DONE}
    assert page.view.start_button.text() == "Restart everything"
    assert page.view.node_card.facts


async def test_a_node_that_ended_by_itself_is_shown_under_its_stage(page: OpenPage) -> None:
    page.view.start_button.click()
    assert await page.settled() is RunState.READY
    page.stages.end_node()
    await settled(lambda: page.view.run_state is not RunState.READY)
    assert page.view.run_state is RunState.FAILED
    assert page.headline == "The node has ended by itself"
    assert page.states()[3] is StageState.FAILED
    assert page.view.error_panel.code == "NODE_UNREACHABLE"
    await page.settled()
    assert page.view.node_card.facts == ()
    page.view.retry_button.click()
    assert await page.settled() is RunState.READY


async def test_a_page_built_anew_joins_the_start_under_way(page: OpenPage, qtbot: QtBot) -> None:
    page.stages.wait_at = StageKey.CONTRACT
    page.view.start_button.click()
    await page.stages.waiting.wait()
    await page.built_anew(qtbot)
    assert page.view.run_state is RunState.STARTING
    assert page.states()[:6] == [StageState.DONE] * 5 + [StageState.RUNNING]
    assert page.view.stages.items[3].detail.startswith("Hardhat 3.18.0 at")
    page.stages.goes_on.set()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start"]


async def test_a_page_built_anew_can_cancel_the_start_of_the_former(page: OpenPage, qtbot: QtBot) -> None:
    page.stages.wait_at = StageKey.CONTRACT
    page.view.start_button.click()
    await page.stages.waiting.wait()
    await page.built_anew(qtbot)
    page.view.cancel_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.headline == "Start cancelled"
    assert page.stages.calls == ["start", "stop"]


async def test_a_page_built_anew_shows_what_the_former_showed(page: OpenPage, qtbot: QtBot) -> None:
    page.stages.fail_at = StageKey.NODE
    page.view.start_button.click()
    await page.settled()
    shown = (page.headline, page.view.stages.items, page.view.error_panel.code)
    await page.built_anew(qtbot)
    assert (page.headline, page.view.stages.items, page.view.error_panel.code) == shown
    page.stages.fail_at = None
    page.view.retry_button.click()
    await page.settled()
    shown = (page.headline, page.view.stages.items, page.view.error_panel.code)
    await page.built_anew(qtbot)
    assert (page.headline, page.view.stages.items, page.view.error_panel.code) == shown
    assert page.view.run_state is RunState.READY


async def test_what_is_refused_is_told_and_nothing_else_changes(page: OpenPage) -> None:
    await page.service.start()

    async def refused() -> None:
        raise UserError(ErrorCode.PERMISSION_DENIED, "this node is not ours to end")

    page.stages.kill = refused  # type: ignore[method-assign]
    page.view.node_card.crash_button.click()
    assert await page.settled() is RunState.READY
    assert page.view.error_panel.code == "PERMISSION_DENIED"
    assert set(page.states()) == {StageState.DONE}
    page.stages.end_node()
    await settled(lambda: page.view.run_state is not RunState.READY)
    assert page.headline == "The node has ended by itself", "a crash that was refused does not explain it"


async def test_several_wait_for_one_start(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.CONTRACT
    page.view.start_button.click()
    await page.stages.waiting.wait()
    heard: list[StageKey] = []
    waiting = asyncio.create_task(page.runner.start(lambda report: heard.append(report.key)))
    impatient = asyncio.create_task(page.runner.start(lambda _report: None))
    await asyncio.sleep(0)
    impatient.cancel()
    page.stages.goes_on.set()
    ready = await waiting
    assert ready is page.service.ready
    assert heard[0] is StageKey.CONTRACT
    assert page.stages.calls == ["start"]


async def test_who_waits_for_a_start_that_is_cancelled_hears_it(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.CONTRACT
    waiting = asyncio.create_task(page.runner.start(lambda _report: None))
    await page.stages.waiting.wait()
    page.runner.cancel()
    with pytest.raises(EnvironmentFault, match="cancelled"):
        await waiting
