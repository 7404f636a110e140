"""The Environment page when writing is frozen, while a chain is restored, over a foreign node, and with backups."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.chain import NodeFigures
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import WritingFrozen
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.restore_preview import Difference, RestorePreview
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason, KeptBecause
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.ui.environment.backups_card import kept_text, reason_text
from ipnft_desktop.ui.environment.backups_presenter import BackupsPresenter
from ipnft_desktop.ui.environment.view import RunState
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.stage_list import StageState
from tests.gui.support.environment_stage import FIGURES, NODE, OpenPage, an_open_page
from tests.gui.support.waiting import settled

RESET = EnvironmentFault(ErrorCode.CHAIN_RESET, "the contract is gone from the chain")
MADE_AT = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)


@pytest.fixture
async def page(qapp: QApplication, qtbot: QtBot) -> AsyncIterator[OpenPage]:
    async with an_open_page(qtbot) as made:
        yield made


def backups(count: int) -> tuple[BackupFile, ...]:
    """Newest first, an hour apart."""
    return tuple(
        BackupFile(f"register-{age}.db", 1_200_000, MADE_AT - timedelta(hours=age), "0002", BackupReason.AUTOMATIC)
        for age in range(count)
    )


# --- writing is frozen ----------------------------------------------------------------------------------------------


async def frozen(page: OpenPage, why: IpnftError = RESET) -> None:
    page.presenter.start()
    assert await page.settled() is RunState.READY
    page.events.publish(WritingFrozen(why))
    assert await page.settled() is RunState.FROZEN


async def test_frozen_writing_is_told_with_both_ways_out(page: OpenPage) -> None:
    await frozen(page)
    assert page.headline == "Writing is frozen: The chain lost its state; sending is frozen."
    assert page.states()[4] is StageState.FAILED
    assert page.view.error_panel.code == "CHAIN_RESET"
    assert page.view.new_chain_button.isVisibleTo(page.view)
    assert page.view.retry_button.text() == page.view.start_button.text() == "Restore"
    page.view.retry_button.click()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start", "start"], "nothing is stopped: what is there is restored"
    assert page.view.retry_button.text() == "Retry"


async def test_the_large_button_restores_too(page: OpenPage) -> None:
    await frozen(page)
    page.view.start_button.click()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start", "start"]


async def test_a_new_chain_ends_the_freeze(page: OpenPage) -> None:
    await frozen(page)
    page.view.new_chain_button.click()
    page.view.new_chain_question.confirm_button.click()
    assert await page.settled() is RunState.READY
    assert page.stages.calls == ["start", "stop", "new chain", "start"]


async def test_a_freeze_while_starting_outlives_the_start(page: OpenPage) -> None:
    page.presenter.start()
    page.stages.on_recovery = lambda: page.events.publish(WritingFrozen(RESET))
    assert await page.settled() is RunState.FROZEN


async def test_a_freeze_for_another_reason_offers_no_new_chain(page: OpenPage) -> None:
    await frozen(page, EnvironmentFault(ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN))
    assert not page.view.new_chain_button.isVisibleTo(page.view)


# --- progress of a stage --------------------------------------------------------------------------------------------


async def test_a_restore_is_counted_under_its_stage(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.IDENTITY
    page.stages.doing = phrase("Restoring the chain: block {done} of {total}", done=120, total=431)
    page.presenter.start()
    await page.stages.waiting.wait()
    assert page.view.stage_bar.isVisibleTo(page.view)
    assert page.view.stage_bar.value() == 27
    assert page.view.stages.items[4].detail == "Restoring the chain: block 120 of 431"
    page.view.cancel_button.click()
    await page.settled()
    assert not page.view.stage_bar.isVisibleTo(page.view)


async def test_a_stage_that_does_not_count_shows_no_bar(page: OpenPage) -> None:
    page.stages.wait_at = StageKey.NODE
    page.stages.doing = phrase("Starting Hardhat")
    page.presenter.start()
    await page.stages.waiting.wait()
    assert not page.view.stage_bar.isVisibleTo(page.view)


# --- a node that others run -----------------------------------------------------------------------------------------


async def test_a_foreign_node_is_left_not_stopped(page: OpenPage) -> None:
    card = page.view.node_card
    foreign = replace(NODE, pid=None, memory_bytes=None, accounts=None, version="anvil/v1.3")
    page.view.show_node(NodeFigures(foreign, 7))
    assert card.stop_button.text() == "Disconnect"
    assert card.restart_button.text() == "Reconnect"
    assert card.crash_button.isHidden()
    assert [fact.key for fact in card.facts] == ["RPC", "Version", "Block"]
    page.view.show_node(FIGURES)
    assert card.stop_button.text() == "Stop"
    assert not card.crash_button.isHidden()


# --- cards and backups ----------------------------------------------------------------------------------------------


async def test_further_cards_stand_under_the_stages_beside_the_backups(page: OpenPage) -> None:
    cards = [Card(), Card()]
    for card in cards:
        card.setMinimumHeight(80)
        page.view.add_card(card)
    page.view.resize(1280, 720)
    page.view.show()
    page.view.show_node(FIGURES)
    await page.settled()
    first, second = (card.mapTo(page.view, card.rect().topLeft()) for card in cards)
    backups_at = page.view.backups_card.mapTo(page.view, page.view.backups_card.rect().topLeft())
    log_at = page.view.log_card.mapTo(page.view, page.view.log_card.rect().topLeft())
    assert first.x() == second.x() < backups_at.x() < log_at.x()
    assert first.y() < second.y()
    assert first.y() == backups_at.y()


async def test_backups_are_listed_newest_first_and_counted(page: OpenPage) -> None:
    page.view.show_backups(backups(8))
    card = page.view.backups_card
    assert len(card.restore_buttons) == 5
    texts = [label.text() for label in card.findChildren(QLabel)]
    assert "1.2 MB · automatic · checked" in texts
    assert "3 earlier ones in the profile folder" in texts
    page.view.show_backups(backups(1))
    assert len(card.restore_buttons) == 1


async def test_a_backup_is_asked_for(page: OpenPage) -> None:
    asked: list[None] = []
    page.view.backup_requested.connect(lambda: asked.append(None))
    page.view.backups_card.backup_button.click()
    assert asked == [None]
    page.view.backups_card.set_busy(True)
    page.view.backups_card.backup_button.click()
    assert asked == [None]


@dataclass
class ScriptedBackups:
    """Previews and restores as told."""

    answer: RestorePreview | IpnftError
    failure: IpnftError | None = None
    restored: list[str] = field(default_factory=list[str])
    is_signed_out: bool = False

    async def back_up_now(self) -> BackupFile:
        raise NotImplementedError

    async def preview(self, name: str) -> RestorePreview:
        if isinstance(self.answer, IpnftError):
            raise self.answer
        return self.answer

    async def restore(self, name: str) -> None:
        if self.failure:
            raise self.failure
        self.restored.append(name)

    async def list(self) -> tuple[BackupFile, ...]:
        if self.is_signed_out:
            raise UserError(ErrorCode.SIGN_IN_REQUIRED)
        return backups(3)


NOTHING = Difference()
PREVIEW = RestorePreview(
    assets=Difference(25, 1, 0, tuple(f"Asset {number}" for number in range(20)), ("Old <b>name</b>",)),
    enterprises=NOTHING,
    people=Difference(changing=1, first_changing=("maria",)),
    addresses=NOTHING,
    filters=NOTHING,
    mints=Difference(disappearing=2),
    newer_tokens=3,
    audit_rows_lost=40,
    changed_at=MADE_AT,
    backup_changed_at=None,
)
Restoring = tuple[ScriptedBackups, BackupsPresenter, list[str]]


@pytest.fixture
async def restoring(page: OpenPage, request: pytest.FixtureRequest) -> AsyncIterator[Restoring]:
    """On a network of others, unless its parameter says that the chain is the program's own."""
    scripted, started = ScriptedBackups(PREVIEW), list[str]()
    is_chain_own: bool = getattr(request, "param", False)
    presenter = BackupsPresenter(page.view, scripted, lambda: started.append("start"), is_chain_own=is_chain_own)
    presenter.activate()
    await settled(lambda: len(page.view.backups_card.restore_buttons) == 3)
    yield scripted, presenter, started
    await presenter.close()


async def test_73_backups_are_listed_to_who_is_signed_in(page: OpenPage, restoring: Restoring) -> None:
    scripted, presenter, _ = restoring
    card = page.view.backups_card
    for scripted.is_signed_out in (True, False):
        presenter.activate()
        await settled(lambda: bool(card.restore_buttons) is not scripted.is_signed_out)
        told = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
        assert ("Backups are shown to people who are signed in." in told) is scripted.is_signed_out
        assert not card.error_panel.isVisibleTo(card)


@pytest.mark.parametrize("restoring", [True], indirect=True)
async def test_tokens_of_an_own_chain_vanish_with_a_restore(page: OpenPage, restoring: Restoring) -> None:
    page.view.backups_card.restore_buttons[1].click()
    dialog = restoring[1].dialog
    assert dialog is not None
    await settled(lambda: bool(dialog.lines))
    assert "Mints and tokens: 3 tokens vanish: this computer's own chain goes back with the register." in dialog.lines


async def test_a_restore_tells_before_what_it_would_change(page: OpenPage, restoring: Restoring) -> None:
    scripted, presenter, started = restoring
    page.view.backups_card.restore_buttons[1].click()
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(dialog.lines))
    names = ", ".join(f"Asset {number}" for number in range(20))
    assert dialog.lines == (
        f"Assets: 25 disappear: {names} and 5 more",
        "Assets: 1 comes back: Old <b>name</b>",
        "People: 1 becomes what it was: maria",
        "Mints and tokens: 2 mints are not in the backup.",
        "Mints and tokens: 3 tokens stay on the chain; the start behind the restore takes them in again.",
        "Mints and tokens: 40 lines of the audit log are only in the backup made now.",
    )
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (presenter.dialog, scripted.restored, started) == (None, [], [])

    page.view.backups_card.restore_buttons[1].click()
    assert presenter.dialog is not None
    presenter.dialog.restore_button.click()
    await settled(lambda: started == ["start"])
    assert scripted.restored == ["register-1.db"]
    assert presenter.dialog is None


async def test_what_cannot_be_compared_can_be_restored_and_a_failure_is_told(
    page: OpenPage, restoring: Restoring
) -> None:
    scripted, presenter, started = restoring
    scripted.answer = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "the file is damaged")
    scripted.failure = EnvironmentFault(ErrorCode.DISK_FULL)
    page.view.backups_card.restore_buttons[0].click()
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: dialog.error_panel.code == "DATABASE_UNAVAILABLE")
    dialog.restore_button.click()
    assert not dialog.keep_button.isEnabled()
    await settled(lambda: dialog.error_panel.code == "DISK_FULL")
    assert (dialog.keep_button.isEnabled(), started) == (True, [])


async def test_a_backup_that_failed_is_told_where_it_was_asked_for(page: OpenPage) -> None:
    card = page.view.backups_card
    card.show_error(EnvironmentFault(ErrorCode.DISK_FULL))
    assert card.error_panel.code == "DISK_FULL"
    page.view.show_backups(backups(1))
    assert card.error_panel.code == ""


def test_every_reason_is_told_in_words() -> None:
    told = {reason_text(reason) for reason in BackupReason}
    assert len(told) == len(BackupReason)
    assert not told & {"before-migration", "by-hand", "before-restore"}
    assert reason_text("from-a-later-version") == "from-a-later-version"


def test_what_its_reason_does_not_say_is_told_of_a_kept_backup() -> None:
    (backup,) = backups(1)
    told = [kept_text(replace(backup, kept_because=because)) for because in (*KeptBecause, None)]
    assert told == ["", "", "last of its day", "last of its week", ""]
