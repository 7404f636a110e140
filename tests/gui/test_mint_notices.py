"""Many mints that end at once make one notice that counts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.minting import MintProgress, MintStage, MintTimes
from ipnft_desktop.ui.mint_notices import MintNotices
from ipnft_desktop.ui.widgets.toast import ToastStack
from tests.gui.register_doubles import EPOCH


class Notices:
    """The object under test with what it asked for."""

    def __init__(self, host: QWidget) -> None:
        self.toasts = ToastStack(host)
        self.opened: list[UUID | str] = []
        self.told = MintNotices(
            self.toasts,
            self.opened.append,
            lambda: self.opened.append("gallery"),
            lambda: self.opened.append("failed"),
        )

    def end(self, number: int, stage: MintStage = MintStage.COMPLETED, *, cancel_requested: bool = False) -> None:
        progress = MintProgress(
            UUID(int=number),
            (UUID(int=number),),
            stage,
            100,
            MintTimes(EPOCH),
            1,
            cancel_requested=cancel_requested,
        )
        self.told.add(progress)

    def press(self, text: str) -> None:
        next(button for button in self.toasts.findChildren(QPushButton) if button.text() == text).click()


@pytest.fixture
def notices(qtbot: QtBot) -> Iterator[Notices]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 600)
    host.show()
    made = Notices(host)
    yield made
    made.told.close()
    made.toasts.clear()


def test_a_single_mint_is_told_at_once_with_its_card(notices: Notices) -> None:
    notices.end(7)
    assert notices.toasts.texts == ("1 asset minted",)
    notices.press("Open card")
    assert notices.opened == [UUID(int=7)]


def test_a_burst_is_one_notice(notices: Notices, qtbot: QtBot) -> None:
    for number in range(100):
        notices.end(number)
    assert notices.toasts.texts == ("1 asset minted",)
    qtbot.waitUntil(lambda: notices.toasts.texts == ("100 assets minted",))
    notices.press("Open gallery")
    assert notices.opened == ["gallery"]


def test_failures_are_counted_apart(notices: Notices, qtbot: QtBot) -> None:
    notices.end(1)
    notices.end(2, MintStage.FAILED)
    notices.end(3, MintStage.FAILED)
    notices.end(4, MintStage.CONFIRMING)
    qtbot.waitUntil(lambda: notices.toasts.texts == ("1 asset minted", "2 mints failed"))


def test_a_dismissed_notice_begins_to_count_anew(notices: Notices, qtbot: QtBot) -> None:
    notices.end(1)
    notices.end(2)
    qtbot.waitUntil(lambda: notices.toasts.texts == ("2 assets minted",))
    notices.toasts.clear()
    notices.end(3)
    qtbot.waitUntil(lambda: notices.toasts.texts == ("1 asset minted",))


def test_cancellations_are_told_with_what_they_mean(notices: Notices, qtbot: QtBot) -> None:
    notices.end(1, MintStage.CANCELLED)
    assert notices.toasts.texts == ("A mint was cancelled; no token exists",)
    notices.end(2, MintStage.CANCELLED)
    qtbot.waitUntil(lambda: notices.toasts.texts == ("2 mints were cancelled; no tokens exist",))


def test_a_mint_that_was_faster_than_its_cancellation_is_told_apart(notices: Notices) -> None:
    notices.end(1)
    notices.end(2, cancel_requested=True)
    assert notices.toasts.texts == (
        "1 asset minted",
        "The mint was faster than its cancellation; the token exists",
    )


def test_the_card_of_a_mint_that_was_faster_can_be_opened(notices: Notices) -> None:
    notices.end(3, cancel_requested=True)
    notices.press("Open card")
    assert notices.opened == [UUID(int=3)]
