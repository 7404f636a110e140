"""What a person can do about a mint under way: cancel, speed up, pay more, unlock, look again; and afterwards reset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import AssetState, FailureKind, MinedFacts, MintFailure, MintStage
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.progress_panel import ProgressPanel
from tests.gui.support.mint_stage import REVERTED, UNREACHABLE, Stage, a_stage
from tests.gui.support.nft_examples import (
    BLOCK_HASH,
    BUMP,
    BUMP_HASH,
    CANCEL_HASH,
    CANCELLATION,
    TX_HASH,
    a_job,
    accepted,
    an_asset,
    completed,
    confirming,
)
from tests.gui.support.waiting import settled, turns

CANCEL_MINED = MinedFacts(CANCEL_HASH, 150, BLOCK_HASH, 21_000, 1_000_000_000)
LIMIT_REACHED = MintFailure(FailureKind.SYSTEM_ERROR, ErrorCode.QUEUE_TIMEOUT, "", False, True)


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    async with a_stage() as made:
        yield made


async def sent(stage: Stage) -> MintDialog:
    """A dialog whose mint the node has taken and no block holds."""
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    stage.tell(accepted(stage.desk.job))
    return dialog


async def troubled(stage: Stage, error: IpnftError, *, is_signed: bool = False) -> ProgressPanel:
    """The second face with something that holds the mint up."""
    dialog = await (sent(stage) if is_signed else stage.minting(an_asset()))
    assert stage.desk.job is not None
    stage.tell(stage.desk.job, error)
    return dialog.progress


async def failed(stage: Stage, failure: MintFailure, attempt: int = 1) -> MintDialog:
    """A dialog that shows how a mint failed."""
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    await stage.ended(replace(stage.desk.job, stage=MintStage.FAILED, failure=failure, attempt=attempt), dialog)
    return dialog


# --- cancel ---------------------------------------------------------------------------------------------------------


async def test_cancel_before_the_signature(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    dialog.progress.cancel_button.click()
    await settled(lambda: bool(stage.desk.cancelled))
    assert stage.desk.job is not None
    await stage.ended(replace(stage.desk.job, stage=MintStage.CANCELLED), dialog)
    assert dialog.face is dialog.failure
    assert dialog.failure.retry_button.isHidden()
    assert not dialog.failure.over_button.isHidden()


async def test_cancel_that_lost_says_so(stage: Stage) -> None:
    stage.desk.cancel_fault = UserError(ErrorCode.MINT_INVALID_STATE)
    dialog = await stage.minting(an_asset())
    dialog.progress.cancel_button.click()
    await settled(lambda: "Too late" in dialog.progress.footer.hint.text())
    assert dialog.progress.cancel_button.isEnabled()


async def test_cancel_after_the_signature_is_explained_and_asked_first(stage: Stage) -> None:
    dialog = await sent(stage)
    dialog.progress.cancel_button.click()
    assert dialog.progress.cancel_question.isVisible()
    assert "the token exists" in dialog.progress.cancel_question.accessibleName()
    dialog.progress.cancel_question.decline_button.click()
    await turns()
    assert stage.desk.cancelled == []


async def test_cancelling_shows_both_transactions_and_the_chain_takes_the_cancellation(stage: Stage) -> None:
    dialog = await sent(stage)
    assert dialog.progress.transactions.headline == "", "one transaction needs no list"
    dialog.progress.cancel_button.click()
    dialog.progress.cancel_question.confirm_button.click()
    await settled(lambda: dialog.progress.transactions.headline == "Cancelling")
    assert [fact.copy for fact in dialog.progress.transactions.facts] == [TX_HASH, CANCEL_HASH]
    assert stage.desk.job is not None
    stage.tell(stage.desk.job)
    assert dialog.progress.stages.items[2].title == "Cancelling"
    assert dialog.progress.cancel_button.isHidden(), "one cancellation is enough"
    await stage.ended(replace(stage.desk.job, stage=MintStage.CANCELLED, mined=CANCEL_MINED), dialog)
    assert dialog.failure.headline == "Cancelled · no token exists"
    facts = {fact.key: fact for fact in dialog.failure.facts.facts}
    assert facts["Cancellation"].copy == CANCEL_HASH
    assert facts["Gas spent"].value == "Yes · 21,000 gas, 0.000021 ETH"


async def test_a_mint_that_was_faster_than_its_cancellation_is_a_success_that_says_so(stage: Stage) -> None:
    dialog = await sent(stage)
    assert stage.desk.job is not None
    cancelling = accepted(stage.desk.job, CANCELLATION)
    await stage.ended(replace(completed(cancelling), transactions=cancelling.transactions), dialog)
    assert dialog.face is dialog.success
    assert dialog.success.headline == "The mint was faster: the token exists"
    assert {fact.key: fact.copy for fact in dialog.success.facts.facts}["Transaction"] == TX_HASH


async def test_a_cancellation_signed_elsewhere_is_seen_here(stage: Stage) -> None:
    dialog = await sent(stage)
    assert stage.desk.job is not None
    stage.tell(accepted(stage.desk.job, CANCELLATION))
    await settled(lambda: dialog.progress.transactions.headline == "Cancelling")
    assert [fact.key for fact in dialog.progress.transactions.facts] == ["Mint", "Cancellation"]


async def test_the_question_is_withdrawn_once_the_mint_is_in_a_block(stage: Stage) -> None:
    dialog = await sent(stage)
    dialog.progress.cancel_button.click()
    assert stage.desk.job is not None
    stage.tell(confirming(stage.desk.job, 1))
    assert not dialog.progress.cancel_question.isVisible()
    assert dialog.progress.cancel_button.isHidden()


async def test_a_cancellation_that_cannot_be_signed_says_why(stage: Stage) -> None:
    dialog = await sent(stage)
    stage.desk.cancel_fault = UserError(ErrorCode.KEYSTORE_LOCKED)
    dialog.progress.cancel_button.click()
    dialog.progress.cancel_question.confirm_button.click()
    await settled(lambda: dialog.progress.error_panel.code == "KEYSTORE_LOCKED")
    assert dialog.progress.cancel_button.isEnabled()
    assert not dialog.progress.error_panel.unlock_button.isHidden()


# --- speed up -------------------------------------------------------------------------------------------------------


async def test_speeding_up_is_offered_after_fifteen_seconds_without_a_block(stage: Stage) -> None:
    dialog = await sent(stage)
    stage.clock.moment += timedelta(seconds=14)
    assert stage.desk.job is not None
    stage.tell(stage.desk.job)
    assert dialog.progress.speed_up_button.isHidden()
    stage.clock.moment += timedelta(seconds=2)
    stage.tell(stage.desk.job)
    assert not dialog.progress.speed_up_button.isHidden()
    dialog.progress.speed_up_button.click()
    await settled(lambda: dialog.progress.transactions.headline == "Sped up")
    assert [(fact.key, fact.copy) for fact in dialog.progress.transactions.facts] == [
        ("Mint", TX_HASH),
        ("Mint, higher fee", BUMP_HASH),
    ]
    stage.tell(stage.desk.job)
    assert dialog.progress.speed_up_button.isHidden(), "the new offer has its own fifteen seconds"
    assert dialog.progress.gas_price.value == "1.35 gwei"
    stage.clock.moment += timedelta(seconds=16)
    stage.tell(stage.desk.job)
    assert not dialog.progress.speed_up_button.isHidden()


async def test_what_is_mined_or_being_cancelled_is_not_sped_up(stage: Stage) -> None:
    dialog = await sent(stage)
    stage.clock.moment += timedelta(seconds=60)
    assert stage.desk.job is not None
    for job in (accepted(stage.desk.job, CANCELLATION), confirming(stage.desk.job, 1)):
        stage.tell(job)
        assert dialog.progress.speed_up_button.isHidden()


async def test_the_list_says_which_one_was_mined(stage: Stage) -> None:
    dialog = await sent(stage)
    assert stage.desk.job is not None
    stage.tell(accepted(stage.desk.job, BUMP))
    await settled(lambda: dialog.progress.transactions.headline == "Sped up")
    sped_up = stage.desk.job
    stage.tell(replace(confirming(sped_up, 1), transactions=sped_up.transactions))
    assert dialog.progress.transactions.headline == "The chain has decided"
    assert [fact.note for fact in dialog.progress.transactions.facts] == ["1.20 gwei · mined", "1.35 gwei"]


# --- what holds it up -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "is_signed", "sentence"),
    [
        (UNREACHABLE, False, "Waiting for the node. Nothing was sent; it goes on by itself."),
        (UNREACHABLE, True, "Signed; being sent again with the same bytes."),
        (
            EnvironmentFault(ErrorCode.TX_REJECTED, "nonce too low"),
            True,
            "Signed; being sent again with the same bytes.",
        ),
        (EnvironmentFault(ErrorCode.CONFIRMATION_TIMEOUT), True, "Not confirmed for 10 minutes; still being watched."),
        (
            EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE),
            True,
            "Signed; what the chain says is recorded as soon as the register can be written.",
        ),
        (
            EnvironmentFault(ErrorCode.DISK_FULL),
            False,
            "Waiting for free disk space. Nothing was sent; it goes on by itself.",
        ),
    ],
)
async def test_waiting_is_told_honestly(stage: Stage, error: IpnftError, is_signed: bool, sentence: str) -> None:
    panel = await troubled(stage, error, is_signed=is_signed)
    assert panel.error_panel.sentence == sentence
    assert panel.error_panel.property("banner") == "warn"
    assert error.detail in panel.error_panel.detail
    assert not panel.error_panel.retry_button.isHidden()


async def test_a_mined_transaction_is_not_said_to_be_sent_again(stage: Stage) -> None:
    dialog = await sent(stage)
    assert stage.desk.job is not None
    stage.tell(confirming(stage.desk.job, 1), UNREACHABLE)
    assert dialog.progress.error_panel.sentence.startswith("Mined;")


async def test_what_does_not_pass_is_told_as_an_error(stage: Stage) -> None:
    panel = await troubled(stage, EnvironmentFault(ErrorCode.CHAIN_RESET))
    assert panel.error_panel.property("banner") == "error"
    assert panel.error_panel.retry_button.isHidden(), "another look changes nothing"


async def test_a_fee_over_the_cap_is_allowed_as_read(stage: Stage) -> None:
    facts = {"needed_wei": "91400000000001", "cap_wei": "50000000000000"}
    panel = await troubled(stage, EnvironmentFault(ErrorCode.FEE_CAP_EXCEEDED, **facts))
    assert panel.error_panel.pay_button.text() == "Pay up to 0.000092 ETH"
    assert "Needed now: 0.000091 ETH; your cap: 0.000050 ETH." in panel.error_panel.detail
    panel.error_panel.pay_button.click()
    await settled(lambda: stage.desk.allowed == [92_000_000_000_000])


async def test_a_higher_fee_over_the_cap_is_allowed_and_offered(stage: Stage) -> None:
    dialog = await sent(stage)
    stage.clock.moment += timedelta(seconds=16)
    assert stage.desk.job is not None
    stage.tell(stage.desk.job)
    stage.desk.cancel_fault = EnvironmentFault(
        ErrorCode.FEE_CAP_EXCEEDED, needed_wei="108000000000000", cap_wei="100000000000000"
    )
    dialog.progress.speed_up_button.click()
    await settled(lambda: dialog.progress.error_panel.code == "FEE_CAP_EXCEEDED")
    assert dialog.progress.error_panel.sentence == "The fee would be higher than the cap you set."
    stage.desk.cancel_fault = None
    dialog.progress.error_panel.pay_button.click()
    await settled(lambda: dialog.progress.transactions.headline == "Sped up")
    assert stage.desk.allowed == [108_000_000_000_000]
    assert dialog.progress.error_panel.code == ""


async def test_a_refused_cancellation_does_not_claim_to_wait(stage: Stage) -> None:
    dialog = await sent(stage)
    stage.desk.cancel_fault = UNREACHABLE
    dialog.progress.cancel_button.click()
    dialog.progress.cancel_question.confirm_button.click()
    await settled(lambda: dialog.progress.error_panel.code == "NODE_UNREACHABLE")
    assert dialog.progress.error_panel.sentence == "The chain node does not answer."


async def test_a_fee_over_the_cap_without_an_amount_offers_no_payment(stage: Stage) -> None:
    panel = await troubled(stage, EnvironmentFault(ErrorCode.FEE_CAP_EXCEEDED))
    assert panel.error_panel.pay_button.isHidden()
    assert not panel.error_panel.retry_button.isHidden()


async def test_a_locked_key_asks_to_be_unlocked(stage: Stage) -> None:
    wanted: list[None] = []
    stage.presenter.unlock_requested.connect(lambda: wanted.append(None))
    panel = await troubled(stage, UserError(ErrorCode.KEYSTORE_LOCKED))
    assert panel.error_panel.retry_button.isHidden()
    panel.error_panel.unlock_button.click()
    assert wanted == [None]


# --- reset ----------------------------------------------------------------------------------------------------------


async def test_after_the_last_attempt_only_a_reset_is_offered(stage: Stage) -> None:
    dialog = await failed(stage, LIMIT_REACHED, attempt=3)
    assert dialog.failure.retry_button.isHidden()
    assert dialog.failure.over_button.isHidden()
    assert not dialog.failure.reset_button.isHidden()


async def test_before_the_last_attempt_no_reset_is_offered(stage: Stage) -> None:
    dialog = await failed(stage, REVERTED)
    assert dialog.failure.reset_button.isHidden()
    assert not dialog.failure.over_button.isHidden()


async def test_a_reset_needs_a_reason_and_begins_anew(stage: Stage) -> None:
    dialog = await failed(stage, LIMIT_REACHED, attempt=3)
    form = dialog.failure.reset_form
    dialog.failure.reset_button.click()
    form.editor.setPlainText("   ")
    form.confirm_button.click()
    assert form.field.error == "This field is required."
    form.editor.setPlainText("x" * 501)
    assert form.field.error == "At most 500 characters."
    form.confirm_button.click()
    assert stage.desk.resets == []
    form.editor.setPlainText(" The node was down all night ")
    assert form.field.error == ""
    form.confirm_button.click()
    await settled(dialog.confirm.mint_button.isEnabled)
    assert [reason for _, reason in stage.desk.resets] == ["The node was down all night"]
    assert stage.assets[stage.desk.resets[0][0]].state is AssetState.DRAFT


async def test_a_reset_that_is_refused_keeps_what_was_written(stage: Stage) -> None:
    stage.desk.reset_fault = UserError(ErrorCode.DUPLICATE_ASSET)
    dialog = await failed(stage, LIMIT_REACHED, attempt=3)
    dialog.failure.reset_button.click()
    dialog.failure.reset_form.editor.setPlainText("stuck")
    dialog.failure.reset_form.confirm_button.click()
    await settled(lambda: dialog.failure.trouble_panel.code == "DUPLICATE_ASSET")
    assert dialog.failure.reset_form.editor.toPlainText() == "stuck"
    assert dialog.failure.reset_form.confirm_button.isEnabled()


async def test_escape_leaves_the_reason_not_the_dialog(stage: Stage) -> None:
    dialog = await failed(stage, LIMIT_REACHED, attempt=3)
    dialog.failure.reset_button.click()
    QTest.keyClick(dialog.failure.reset_form.editor, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.failure.reset_form.isHidden()
    assert not dialog.failure.reset_button.isHidden()


async def test_an_adopted_token_is_an_ordinary_success(stage: Stage) -> None:
    asset = an_asset(state=AssetState.MINT_PENDING)
    stage.desk.job = a_job(asset)
    dialog = stage.open(asset)
    await settled(lambda: stage.desk.tell is not None)
    adopted = completed(stage.desk.job)
    await stage.ended(adopted, dialog)
    assert dialog.success.headline == "Minted"
    assert {fact.key: fact.copy for fact in dialog.success.facts.facts}["Transaction"] == TX_HASH
