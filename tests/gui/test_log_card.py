"""The log card over the real ring of lines: bounded, narrowed, paused, in the time of a frame."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from ipnft_desktop.recent_log import LINES_KEPT, NODE_LINES_KEPT, RecentLog
from ipnft_desktop.ui.environment.log_card import LINES_A_TURN, LINES_SHOWN, LogCard, Wanted
from ipnft_desktop.ui.environment.log_feed import LogFeed

log, node_log = logging.getLogger("ipnft.test"), logging.getLogger("ipnft.node")


@pytest.fixture
def recent() -> Iterator[RecentLog]:
    ring = RecentLog()
    ring.attach()
    yield ring
    ring.detach()


@pytest.fixture
def card(qtbot: QtBot, recent: RecentLog) -> LogCard:
    made = LogCard()
    qtbot.addWidget(made)
    LogFeed(made, recent)
    made.resize(372, 480)
    return made


def shown(card: LogCard, recent: RecentLog) -> list[str]:
    """The texts in view without their times, once the feed has looked."""
    card.findChild(LogFeed).refresh()
    return [line[9:] for line in card.text.splitlines()]


def test_a_card_made_late_shows_what_came_before(qtbot: QtBot, recent: RecentLog) -> None:
    log.info("before")
    late = LogCard()
    qtbot.addWidget(late)
    LogFeed(late, recent)
    assert shown(late, recent) == ["before"]


def test_lines_are_narrowed_by_level_source_and_words(card: LogCard, recent: RecentLog) -> None:
    log.info("mint.signed nonce=7")
    node_log.info("Mined block #12")
    log.warning("backup.failed")
    log.error("boom <b>\u202e")
    boom = "ERROR boom <b>\\u202e"
    assert shown(card, recent) == ["mint.signed nonce=7", "WARNING backup.failed", boom]
    for wanted, texts in (
        (
            Wanted.WITH_NODE,
            ["mint.signed nonce=7", "Mined block #12", "WARNING backup.failed", boom],
        ),
        (Wanted.WARNINGS, ["WARNING backup.failed", boom]),
        (Wanted.ERRORS, [boom]),
    ):
        card.level_select.setCurrentIndex(list(Wanted).index(wanted))
        assert shown(card, recent) == texts
    card.level_select.setCurrentIndex(0)
    card.search.setText("SIGNED 7")
    card.search.returnPressed.emit()
    assert shown(card, recent) == ["mint.signed nonce=7"]
    log.info("mint.signed nonce=70")
    log.info("mint.sent")
    assert shown(card, recent) == ["mint.signed nonce=7", "mint.signed nonce=70"]


def test_held_still_it_counts_what_waits(card: LogCard, recent: RecentLog) -> None:
    log.info("one")
    assert shown(card, recent) == ["one"]
    card.pause_button.click()
    log.info("two")
    log.info("three")
    assert shown(card, recent) == ["one"]
    assert card.pause_button.accessibleName() == "Go on; 2 new"
    card.pause_button.click()
    assert shown(card, recent) == ["one", "two", "three"]


def test_cleared_it_shows_what_comes(card: LogCard, recent: RecentLog) -> None:
    log.info("one")
    assert shown(card, recent) == ["one"]
    card.clear_button.click()
    log.info("two")
    assert shown(card, recent) == ["two"]
    card.level_select.setCurrentIndex(1)
    assert shown(card, recent) == ["two"]


def test_what_is_in_view_is_copied(card: LogCard, recent: RecentLog) -> None:
    log.info("one")
    shown(card, recent)
    card.copy_button.click()
    assert QGuiApplication.clipboard().text() == card.text


def test_ten_thousand_lines_come_in_handfuls_and_stay_bounded(
    qtbot: QtBot, card: LogCard, recent: RecentLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    handfuls: list[int] = []
    append = QPlainTextEdit.appendPlainText

    def counted(editor: QPlainTextEdit, text: str) -> None:
        handfuls.append(len(text.splitlines()))
        append(editor, text)

    monkeypatch.setattr(QPlainTextEdit, "appendPlainText", counted)
    for number in range(10_000):
        log.info("line %d of a burst", number)
        node_log.info("Mined block #%d", number)
    shown(card, recent)
    qtbot.waitUntil(lambda: card.text.endswith("line 9999 of a burst"))
    assert set(handfuls) == {LINES_A_TURN}
    assert len(card.text.splitlines()) == LINES_SHOWN
    assert len(recent.since(0)) == LINES_KEPT + NODE_LINES_KEPT


def test_out_of_view_nobody_looks(card: LogCard, recent: RecentLog) -> None:
    log.info("one")
    assert card.text == ""
    card.show()
    assert card.text.endswith("one")
