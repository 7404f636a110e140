"""The Environment page over a scripted service: start, failure, retry, cancel, stop, crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.services.environment import StageKey
from ipnft_desktop.ui.environment.view import RunState
from ipnft_desktop.ui.widgets.stage_list import StageState
from tests.gui.support.environment_stage import NODE, OpenPage, an_open_page


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
    assert page.view.stages.items[3].detail == "NODE is there"
    assert page.view.stages.items[3].duration == "0.25 s"
    assert page.view.start_button.text() == "Restart everything"
    assert [fact.value for fact in page.view.node_card.facts] == [
        "http://127.0.0.1:18545",
        "Hardhat 3.18.0",
        "20",
        "188 MB",
        "41822",
    ]


async def test_failed_stage_is_explained_and_retried(page: OpenPage) -> None:
    page.service.fail_at = StageKey.NODE
    page.view.start_button.click()
    assert await page.settled() is RunState.FAILED
    assert page.states()[:5] == [StageState.DONE] * 3 + [StageState.FAILED, StageState.WAITING]
    assert page.view.error_panel.code == "NODE_START_FAILED"
    assert page.view.error_panel.isVisibleTo(page.view)
    page.service.fail_at = None
    page.view.retry_button.click()
    assert await page.settled() is RunState.READY
    assert page.view.error_panel.code == ""
    assert not page.view.error_panel.isVisibleTo(page.view)


async def test_start_can_be_cancelled_and_started_again(page: OpenPage) -> None:
    page.service.wait_at = StageKey.CONTRACT
    page.view.start_button.click()
    await page.service.waiting.wait()
    assert not page.view.start_button.isEnabled()
    assert page.view.cancel_button.isVisibleTo(page.view)
    page.view.cancel_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.service.calls == ["start", "stop"]
    assert not page.view.cancel_button.isVisibleTo(page.view)
    page.service.wait_at = None
    page.view.start_button.click()
    assert await page.settled() is RunState.READY


async def test_second_start_while_one_runs_does_nothing(page: OpenPage) -> None:
    page.service.wait_at = StageKey.DATABASE
    page.presenter.start()
    await page.service.waiting.wait()
    page.presenter.start()
    await asyncio.sleep(0)
    assert page.service.calls == ["start"]


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
    assert page.service.calls == ["start", "stop", "start"]


async def test_crash_is_told_and_offers_the_start(page: OpenPage) -> None:
    page.presenter.start()
    assert await page.settled() is RunState.READY
    page.view.node_card.crash_button.click()
    assert await page.settled() is RunState.IDLE
    assert page.service.calls == ["start", "crash"]
    assert page.view.node_card.facts == ()
    assert page.view.start_button.isEnabled()


async def test_our_own_bug_is_shown_with_its_code(page: OpenPage) -> None:
    page.service.unexpected = ZeroDivisionError("division by zero")
    page.presenter.start()
    assert await page.settled() is RunState.FAILED
    assert page.view.error_panel.code == "UNEXPECTED"


async def test_autostart_is_shown_silently_and_reported_on_change(page: OpenPage) -> None:
    assert page.view.autostart_box.isChecked()
    assert page.autostart == []
    page.view.autostart_box.click()
    assert page.autostart == [False]


async def test_log_is_bounded_and_harmless(page: OpenPage) -> None:
    for number in range(600):
        page.presenter.log(f"line {number} \u202e <b>")
    lines = page.view.log_card.text.splitlines()
    assert len(lines) == 500
    assert lines[-1].endswith("line 599 ⟨U+202E⟩ <b>")


async def test_figures_are_asked_only_while_the_page_is_in_view(page: OpenPage) -> None:
    page.service.node = NODE
    page.view.show()
    await page.settled()
    assert page.view.node_card.facts
    clock = next(timer for timer in page.view.findChildren(QTimer) if timer.interval() == 3_000)
    assert clock.isActive()
    page.view.hide()
    assert not clock.isActive()


async def test_a_lost_chain_can_be_given_up_after_a_question(page: OpenPage) -> None:
    page.service.fail_at, page.service.fault = StageKey.IDENTITY, ErrorCode.CHAIN_RESET
    page.view.start_button.click()
    assert await page.settled() is RunState.FAILED
    assert page.view.new_chain_button.isVisibleTo(page.view)
    page.view.new_chain_button.click()
    assert page.service.calls == ["start"]
    page.view.new_chain_question.confirm_button.click()
    assert await page.settled() is RunState.READY
    assert page.service.calls == ["start", "new chain", "start"]


async def test_other_failures_offer_no_new_chain(page: OpenPage) -> None:
    page.service.fail_at = StageKey.NODE
    page.view.start_button.click()
    await page.settled()
    assert not page.view.new_chain_button.isVisibleTo(page.view)


async def test_a_start_asked_for_elsewhere_is_shown(page: OpenPage) -> None:
    await page.service.start(lambda _: None)
    page.presenter.follow(EnvironmentChanged(is_ready=True))
    assert await page.settled() is RunState.READY
    assert set(page.states()) == {StageState.DONE}
    assert page.view.start_button.text() == "Restart everything"
    assert page.view.node_card.facts


async def test_a_node_that_ended_by_itself_is_shown(page: OpenPage) -> None:
    page.view.start_button.click()
    assert await page.settled() is RunState.READY
    page.service.node = page.service.ready = None
    page.presenter.follow(EnvironmentChanged(is_ready=False, node_lost=True))
    assert await page.settled() is RunState.IDLE
    assert page.view.node_card.facts == ()
    assert page.view.start_button.text() == "Start everything"
