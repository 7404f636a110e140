"""Cancel, retry and reset from the Register page: by key, by menu and beside the table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import AssetState, FailureKind, MintFailure, MintProgress, MintStage
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.mint_history import history_facts
from ipnft_desktop.ui.register.presenter import RegisterPresenter
from ipnft_desktop.ui.register.reset_dialog import ResetDialog
from ipnft_desktop.ui.register.view import RegisterView
from tests.gui.register_doubles import MemoryRegister, RecordingDesk, row
from tests.gui.support.filters import MemoryFilters
from tests.gui.support.nft_examples import MINED, T0, a_job, a_minted_asset, accepted, an_asset
from tests.gui.support.waiting import settled, turns

FAILURE = MintFailure(FailureKind.SYSTEM_ERROR, ErrorCode.QUEUE_TIMEOUT, "", False, True)


class Page:
    """The page with one asset in one state, and what it asked for."""

    def __init__(self) -> None:
        self.register = MemoryRegister()
        self.desk = RecordingDesk()
        self.events = AppEvents()
        self.events.attach(self.register.hub)
        self.pictures = PictureStore(self.register.content_bytes)
        self.view = RegisterView()
        self.view.resize(1280, 720)
        self.view.show()
        self.presenter = RegisterPresenter(
            self.view, self.register, self.desk, self.register, MemoryFilters(), self.events, self.pictures
        )
        self.notices: list[str] = []
        self.watched: list[UUID] = []
        self.presenter.notice.connect(lambda text, _tone: self.notices.append(text))
        self.presenter.watch_requested.connect(self.watched.append)

    @property
    def asset_id(self) -> UUID:
        return row(1).asset_id

    @property
    def dialog(self) -> ResetDialog | None:
        return next((one for one in self.view.findChildren(ResetDialog) if one.isVisible()), None)

    async def show(self, state: AssetState, failure: MintFailure | None = None, attempt: int = 1) -> None:
        """List the one asset, as a mint left it."""
        listed = row(1, state=state)
        mint = None
        if state is not AssetState.DRAFT:
            record = a_minted_asset().mint
            assert record is not None
            stage = MintStage.FAILED if failure else MintStage.PREPARING
            mint = replace(record, stage=stage, attempt=attempt, failure=failure, mined=None, token_id=None)
        self.register.put(listed, mint=mint)
        self.presenter.activate()
        await settled(lambda: self.view.panel.asset_id == self.asset_id)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view.table, key, modifier)

    async def asked_for_reset(self) -> ResetDialog:
        self.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
        await settled(lambda: self.dialog is not None)
        dialog = self.dialog
        assert dialog is not None
        dialog.activateWindow()
        await settled(dialog.isActiveWindow)  # keys go to the active window only
        return dialog


@pytest.fixture
async def page(qapp: QApplication) -> AsyncIterator[Page]:
    made = Page()
    yield made
    await made.presenter.close()
    await made.pictures.close()
    made.events.detach()
    made.view.close()
    made.view.deleteLater()


# --- cancel ---------------------------------------------------------------------------------------------------------


async def test_x_cancels_an_unsigned_mint_at_once(page: Page) -> None:
    await page.show(AssetState.MINT_PENDING)
    page.desk.job = a_job(an_asset())
    page.key(Qt.Key.Key_X)
    await settled(lambda: bool(page.notices))
    assert page.desk.cancelled == [page.desk.job.job_id]
    assert page.notices == ["Mint cancelled; nothing was sent"]


async def test_a_signed_mint_is_cancelled_after_a_question(page: Page) -> None:
    await page.show(AssetState.MINTING)
    page.desk.job = accepted(a_job(an_asset()))
    page.view.panel.cancel_button.click()
    await settled(page.view.cancel_question.isVisible)
    assert "if the mint is mined first, the token exists" in page.view.cancel_question.accessibleName()
    assert page.desk.cancelled == []
    page.view.cancel_question.confirm_button.click()
    await settled(lambda: bool(page.notices))
    assert page.desk.cancelled == [page.desk.job.job_id]
    assert page.notices == ["Cancellation sent; the chain decides"]


async def test_a_batch_is_cancelled_after_saying_that_all_go(page: Page) -> None:
    await page.show(AssetState.MINT_PENDING)
    page.desk.job = a_job(an_asset(1), an_asset(2), an_asset(3))
    page.key(Qt.Key.Key_X)
    await settled(page.view.cancel_question.isVisible)
    assert "mints 3 assets" in page.view.cancel_question.accessibleName()
    page.view.cancel_question.decline_button.click()
    await turns()
    assert page.desk.cancelled == []


async def test_a_cancellation_that_comes_too_late_is_told(page: Page) -> None:
    await page.show(AssetState.MINTING)
    page.desk.job = a_job(an_asset())
    page.desk.failure = UserError(ErrorCode.MINT_INVALID_STATE)
    page.key(Qt.Key.Key_X)
    await settled(lambda: page.view.error_panel.code == "MINT_INVALID_STATE")


async def test_a_mint_in_a_block_offers_no_cancellation(page: Page) -> None:
    await page.show(AssetState.MINTING)
    assert page.view.panel.cancel_button.isEnabled()
    job = accepted(a_job(an_asset()))
    progress = replace(MintProgress.of(job), asset_ids=(page.asset_id,))
    page.register.hub.publish(MintAdvanced(replace(progress, block_number=149, confirmations=1)))
    assert not page.view.panel.cancel_button.isEnabled()


# --- retry ----------------------------------------------------------------------------------------------------------


async def test_r_retries_a_failed_mint_and_shows_it(page: Page) -> None:
    await page.show(AssetState.MINT_FAILED, FAILURE)
    page.key(Qt.Key.Key_R)
    await settled(lambda: bool(page.watched))
    assert page.desk.retried == page.watched == [page.asset_id]


@pytest.mark.parametrize("state", [AssetState.DRAFT, AssetState.MINTED])
async def test_keys_do_nothing_where_the_menu_would_not(page: Page, state: AssetState) -> None:
    await page.show(state)
    for key in (Qt.Key.Key_R, Qt.Key.Key_X):
        page.key(key)
    page.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    await turns()
    assert page.desk.retried == page.desk.cancelled == []
    assert page.dialog is None


async def test_letters_in_the_search_field_are_text(page: Page) -> None:
    await page.show(AssetState.MINT_FAILED, FAILURE)
    page.view.search.setFocus()
    QTest.keyClicks(page.view.search, "xrR")
    await settled(lambda: page.view.model.query.text == "xrR")  # the search that the typing asks for is done
    assert page.view.search.text() == "xrR"
    assert page.desk.retried == []
    assert page.dialog is None


# --- reset ----------------------------------------------------------------------------------------------------------


async def test_a_reset_asks_for_its_reason(page: Page) -> None:
    await page.show(AssetState.MINT_FAILED, FAILURE, attempt=3)
    dialog = await page.asked_for_reset()
    dialog.form.confirm_button.click()
    assert dialog.form.field.error == "This field is required."
    assert page.desk.resets == []
    dialog.form.editor.setPlainText("wrong owner")
    QTest.keyClick(dialog.form.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await settled(lambda: bool(page.notices))
    assert page.desk.resets == [(page.asset_id, "wrong owner")]
    assert page.dialog is None


async def test_a_refused_reset_is_told_in_its_dialog(page: Page) -> None:
    await page.show(AssetState.MINT_CANCELLED)
    dialog = await page.asked_for_reset()
    page.desk.failure = EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
    dialog.form.editor.setPlainText("again")
    dialog.form.confirm_button.click()
    await settled(lambda: dialog.error_panel.code == "NODE_UNREACHABLE")
    assert dialog.form.editor.toPlainText() == "again"
    QTest.keyClick(dialog.form.editor, Qt.Key.Key_Escape)
    assert page.dialog is None


async def test_beside_the_table_a_used_up_mint_offers_the_reset(page: Page) -> None:
    await page.show(AssetState.MINT_FAILED, FAILURE, attempt=3)
    assert not page.view.panel.retry_button.isVisible()
    page.view.panel.reset_button.click()
    await settled(lambda: page.dialog is not None)
    assert page.dialog is not None
    page.dialog.reject()


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (AssetState.MINT_PENDING, {"Cancel mint", "Duplicate"}),
        (AssetState.MINT_FAILED, {"Retry", "Reset to draft…", "Duplicate", "Delete…"}),
        (AssetState.MINT_CANCELLED, {"Reset to draft…", "Duplicate", "Delete…"}),
        (AssetState.MINTED, {"Duplicate"}),
    ],
)
async def test_the_menu_beside_the_table_follows_the_state(page: Page, state: AssetState, offered: set[str]) -> None:
    await page.show(state, FAILURE if state is AssetState.MINT_FAILED else None)
    menu = page.view.panel.more_menu()
    assert menu is not None
    assert {action.text() for action in menu.actions() if action.isEnabled() and action.text()} == offered
    menu.deleteLater()


async def test_menu_lines_do_what_they_say(page: Page) -> None:
    await page.show(AssetState.MINT_FAILED, FAILURE)
    menu = page.view.context_menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Retry").trigger()
    await settled(lambda: bool(page.watched))
    menu.deleteLater()


# --- history --------------------------------------------------------------------------------------------------------


def _history(state: AssetState, attempt: int, failure: MintFailure | None, *, mined: bool = False) -> dict[str, str]:
    asset = a_minted_asset()
    assert asset.mint is not None
    mint = replace(
        asset.mint,
        attempt=attempt,
        failure=failure,
        mined=MINED if mined else None,
        times=replace(asset.mint.times, last_attempt_at=T0 + timedelta(minutes=1)),
    )
    return {fact.key: fact.value for fact in history_facts(replace(asset, state=state, mint=mint))}


def test_the_history_of_a_failure_says_what_it_cost_and_what_comes_next() -> None:
    facts = _history(AssetState.MINT_FAILED, 2, FAILURE)
    assert facts.pop("Last attempt")
    assert facts == {
        "Attempts": "2 of 3",
        "Failure": "QUEUE_TIMEOUT",
        "Gas spent": "No",
        "Safe to retry": "Yes",
        "Next step": "Retry: the chain is asked first",
    }


@pytest.mark.parametrize(
    ("state", "attempt", "failure", "step"),
    [
        (AssetState.MINT_FAILED, 3, FAILURE, "An administrator resets it"),
        (AssetState.MINT_FAILED, 1, replace(FAILURE, safe_to_retry=False), "Correct it, then mint again"),
        (AssetState.MINT_CANCELLED, 1, None, "Mint it again"),
        (AssetState.MINTING, 1, None, "None: it goes on by itself"),
        (AssetState.DRAFT, 3, FAILURE, "Mint it"),
    ],
)
def test_the_next_step_follows_the_state(
    state: AssetState, attempt: int, failure: MintFailure | None, step: str
) -> None:
    assert _history(state, attempt, failure)["Next step"] == step


def test_a_mined_cancellation_cost_gas() -> None:
    assert _history(AssetState.MINT_CANCELLED, 1, None, mined=True)["Gas spent"].startswith("Yes · 76,324 gas")


def test_a_plain_success_has_no_history() -> None:
    assert _history(AssetState.MINTED, 1, None) == {}
    assert _history(AssetState.MINTED, 2, None, mined=True)["Attempts"] == "2 of 3"
