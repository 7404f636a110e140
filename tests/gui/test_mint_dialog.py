"""The mint dialog over a scripted desk: confirm, watch, outcome, trouble, retry, reopen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, MintEstimate, MintStage, RecipientType
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.ui.widgets.stage_list import StageState
from tests.gui.support.mint_stage import READY, REVERTED, UNREACHABLE, Stage, a_stage
from tests.gui.support.nft_examples import (
    MINED,
    OTHER_WALLET,
    WALLET,
    a_job,
    an_asset,
    completed,
    confirming,
    row_of,
)
from tests.gui.support.waiting import settled, turns


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    async with a_stage() as made:
        yield made


# --- confirmation ---------------------------------------------------------------------------------------------------


async def test_confirmation_shows_recipient_and_cost(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset(1, "Perovskite tandem cell process"))
    assert dialog.title == "Mint NFT – Perovskite tandem cell process"
    assert dialog.subtitle == "Patent · Helios Labs → Helios vault 0x7099…79C8"
    assert dialog.confirm.recipient.text() == WALLET
    assert dialog.confirm.gas_limit.value == "79,126"
    assert dialog.confirm.fee_cap.value == "0.000095 ETH"
    assert stage.desk.requested == [], "nothing is recorded before Mint is pressed"


async def test_wrong_address_is_told_beside_the_field(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset())
    seen = len(stage.desk.estimated)
    for typed, reason in (("0x12", "40 hexadecimal"), (WALLET[:-1] + "c", "checksum"), ("0x" + "0" * 40, "zero")):
        dialog.confirm.recipient.setText(typed)
        dialog.confirm.recipient.textEdited.emit(typed)
        assert reason in dialog.confirm.recipient_field.error
        assert not dialog.confirm.mint_button.isEnabled()
    await turns()
    assert len(stage.desk.estimated) == seen, "an invalid recipient is not estimated"


async def test_other_recipient_is_minted_to(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.recipient.textEdited.emit(OTHER_WALLET.lower())
    await settled(dialog.confirm.mint_button.isEnabled)
    assert dialog.confirm.recipient_field.error == ""
    dialog.confirm.mint_button.click()
    await settled(lambda: bool(stage.desk.requested))
    (request,) = stage.desk.requested[0]
    assert (request.recipient, request.recipient_type) == (OTHER_WALLET, RecipientType.USER)


async def test_enterprise_wallet_comes_back(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.recipient.textEdited.emit("nonsense")
    assert not dialog.confirm.reset_button.isHidden()
    dialog.confirm.reset_button.click()
    await settled(dialog.confirm.mint_button.isEnabled)
    assert dialog.confirm.recipient.text() == WALLET


async def test_failed_estimate_can_be_repeated(stage: Stage) -> None:
    stage.desk.estimate_fault = EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED)
    dialog = stage.open(an_asset())
    await settled(lambda: dialog.confirm.error_panel.code == "GAS_ESTIMATION_FAILED")
    assert not dialog.confirm.mint_button.isEnabled()
    stage.desk.estimate_fault = None
    dialog.confirm.again_button.click()
    await settled(dialog.confirm.mint_button.isEnabled)
    assert dialog.confirm.error_panel.code == ""


async def test_environment_is_started_from_the_confirmation(stage: Stage) -> None:
    stage.environment.ready = stage.environment.node = None
    stage.desk.estimate_fault = UNREACHABLE
    dialog = stage.open(an_asset())
    await settled(lambda: dialog.confirm.error_panel.code == "NODE_UNREACHABLE")
    assert dialog.confirm.again_button.isHidden()
    stage.desk.estimate_fault = None
    dialog.confirm.start_button.click()
    await settled(dialog.confirm.mint_button.isEnabled)
    assert stage.environment.ready == READY


async def test_refused_request_leaves_the_confirmation(stage: Stage) -> None:
    stage.desk.request_fault = UserError(ErrorCode.MINT_INVALID_STATE, "an intent is open")
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.mint_button.click()
    await settled(lambda: dialog.confirm.error_panel.code == "MINT_INVALID_STATE")
    assert dialog.face is dialog.confirm
    assert dialog.confirm.recipient.isEnabled()


async def test_asset_that_is_gone_is_told(stage: Stage) -> None:
    dialog = stage.presenter.open_for([row_of(an_asset(99))], stage.window)
    assert dialog is not None
    await settled(lambda: dialog.confirm.error_panel.code == "ASSET_NOT_FOUND")


# --- the mint under way ---------------------------------------------------------------------------------------------


async def test_stages_and_facts_follow_the_progress(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert dialog.face is dialog.progress
    assert not dialog.progress.cancel_button.isHidden(), "before the signature it can be cancelled"
    assert stage.desk.job is not None
    stage.tell(confirming(stage.desk.job))
    states = [item.state for item in dialog.progress.stages.items]
    assert states == [StageState.DONE, StageState.DONE, StageState.RUNNING, StageState.WAITING]
    assert dialog.progress.bar.value() == 70
    assert dialog.progress.gas_limit.value == "80,000"
    assert dialog.progress.attempt.value == "1 / 3"
    assert [text.split(":")[0] for text in dialog.progress.fact_texts] == [
        "Signed",
        "Accepted",
        "Mined in #149",
        "Confirmed 3 of 6",
    ]
    assert dialog.progress.fact_texts[3].endswith("–")
    assert dialog.progress.cancel_button.isHidden(), "a mined mint cannot be cancelled"


async def test_trouble_is_shown_while_the_mint_goes_on(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    stage.tell(confirming(stage.desk.job), UNREACHABLE)
    assert dialog.progress.error_panel.code == "NODE_UNREACHABLE"
    dialog.progress.error_panel.retry_button.click()
    await settled(lambda: bool(stage.desk.retried))
    assert stage.environment.starts == 0, "the environment stands"
    stage.tell(confirming(stage.desk.job, 4))
    assert dialog.progress.error_panel.code == ""


async def test_retry_starts_a_dead_environment_first(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    stage.environment.node = None
    stage.tell(confirming(stage.desk.job), UNREACHABLE)
    dialog.progress.error_panel.retry_button.click()
    await settled(lambda: bool(stage.desk.retried))
    assert stage.environment.starts == 1


async def test_start_that_fails_is_told_in_place(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    stage.environment.node, stage.environment.fault = None, EnvironmentFault(ErrorCode.NODE_MISSING)
    stage.tell(confirming(stage.desk.job), UNREACHABLE)
    dialog.progress.error_panel.retry_button.click()
    await settled(lambda: dialog.progress.error_panel.code == "NODE_MISSING")
    assert dialog.progress.error_panel.retry_button.isEnabled()


async def test_closing_does_not_stop_the_mint_and_reopening_watches_it(stage: Stage) -> None:
    asset = an_asset()
    dialog = await stage.minting(asset)
    dialog.progress.background_button.click()
    await settled(lambda: stage.presenter.dialogs == ())
    assert stage.desk.cancelled == []
    assert stage.desk.job is not None
    stage.desk.job = confirming(stage.desk.job)
    stage.desk.tell = None
    again = stage.open(replace(asset, state=AssetState.MINTING))
    await settled(lambda: stage.desk.tell is not None)
    assert again.face is again.progress
    assert again.progress.bar.value() == 70
    await stage.ended(completed(stage.desk.job), again)
    assert again.face is again.success


async def test_request_under_way_survives_the_dialog(stage: Stage) -> None:
    stage.desk.recording = asyncio.Event()
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.mint_button.click()
    await turns()
    dialog.close()
    await settled(lambda: stage.presenter.dialogs == ())
    stage.desk.recording.set()
    await settled(lambda: len(stage.desk.requested) == 1)


async def test_open_mint_without_environment_offers_the_start(stage: Stage) -> None:
    asset = an_asset(state=AssetState.MINTING)
    stage.environment.ready = stage.environment.node = None
    stage.desk.job = confirming(a_job(asset))
    stage.desk.outcome_fault = UserError(ErrorCode.MINT_INVALID_STATE, "nobody works on this job")
    dialog = stage.open(asset)
    await settled(lambda: dialog.progress.error_panel.code == "NODE_UNREACHABLE")
    stage.desk.outcome_fault = None
    dialog.progress.error_panel.retry_button.click()
    await settled(lambda: stage.desk.tell is not None)
    assert stage.environment.starts == 1


async def test_the_same_assets_have_one_dialog(stage: Stage) -> None:
    asset = an_asset()
    first = await stage.confirmed(asset)
    assert stage.presenter.open_for([row_of(asset)], stage.window) is first
    assert stage.presenter.open_for([]) is None


# --- the outcome ----------------------------------------------------------------------------------------------------


async def test_success_opens_the_card(stage: Stage) -> None:
    asset = an_asset(7)
    dialog = await stage.minting(asset)
    assert stage.desk.job is not None
    await stage.ended(completed(stage.desk.job), dialog)
    facts = {fact.key: fact for fact in dialog.success.facts.facts}
    assert facts["Token id"].copy == f"0x{7:032x}"
    assert facts["Block"].value == "#149"
    assert facts["Gas used"].value == "76,324"
    opened: list[object] = []
    stage.presenter.card_requested.connect(opened.append)
    dialog.success.card_button.click()
    assert opened == [asset.asset_id]
    await settled(lambda: stage.presenter.dialogs == ())


async def test_failure_says_what_to_do_and_retries(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    await stage.ended(replace(stage.desk.job, stage=MintStage.FAILED, mined=MINED, failure=REVERTED), dialog)
    assert dialog.failure.error_panel.code == "TX_REVERTED"
    assert {fact.key: fact.value for fact in dialog.failure.facts.facts}["Safe to retry"] == "Yes"
    stage.desk.tell = None
    dialog.failure.retry_button.click()
    await settled(lambda: stage.desk.tell is not None)
    assert dialog.face is dialog.progress
    assert dialog.progress.attempt.value == "2 / 3"


async def test_retry_that_is_refused_is_told(stage: Stage) -> None:
    dialog = await stage.minting(an_asset())
    assert stage.desk.job is not None
    await stage.ended(replace(stage.desk.job, stage=MintStage.FAILED, failure=REVERTED), dialog)
    stage.desk.retry_fault = UserError(ErrorCode.RETRY_LIMIT)
    dialog.failure.retry_button.click()
    await settled(lambda: dialog.failure.trouble_panel.code == "RETRY_LIMIT")
    assert dialog.failure.retry_button.isHidden(), "the same press would be refused again"
    assert not dialog.failure.reset_button.isHidden()


async def test_failed_asset_reopens_on_its_failure_and_can_be_changed(stage: Stage) -> None:
    asset = an_asset(state=AssetState.MINT_FAILED)
    stage.desk.job = replace(a_job(asset), stage=MintStage.FAILED, failure=REVERTED)
    dialog = stage.open(asset)
    await settled(lambda: dialog.face is dialog.failure)
    dialog.failure.over_button.click()
    await settled(dialog.confirm.mint_button.isEnabled)
    assert dialog.face is dialog.confirm


async def test_unexpected_error_is_shown_not_lost(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(requests: Sequence[MintRequest]) -> MintEstimate:
        raise RuntimeError("boom")

    monkeypatch.setattr(stage.desk, "estimate", broken)
    dialog = stage.open(an_asset())
    await settled(lambda: dialog.confirm.error_panel.code == "UNEXPECTED")


# --- batches --------------------------------------------------------------------------------------------------------


async def test_batch_goes_each_to_its_own_wallet(stage: Stage) -> None:
    other = replace(an_asset().enterprise, enterprise_id=UUID(int=2), name="Northwind", wallet_address=OTHER_WALLET)
    assets = [an_asset(1), an_asset(2, enterprise=other), an_asset(3)]
    dialog = await stage.confirmed(*assets)
    assert dialog.title == "Mint 3 NFTs"
    assert [line.name for line in dialog.confirm.lines.lines] == ["Asset 1", "Asset 2", "Asset 3"]
    assert dialog.confirm.gas_limit.value == "108,000"
    dialog.confirm.mint_button.click()
    await settled(lambda: bool(stage.desk.requested))
    assert [request.recipient for request in stage.desk.requested[0]] == [WALLET, OTHER_WALLET, WALLET]


async def test_batch_to_one_recipient(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset(1), an_asset(2))
    dialog.confirm.destination.setCurrentIndex(1)
    dialog.confirm.recipient.textEdited.emit(OTHER_WALLET)
    await settled(dialog.confirm.mint_button.isEnabled)
    dialog.confirm.mint_button.click()
    await settled(lambda: bool(stage.desk.requested))
    assert {request.recipient for request in stage.desk.requested[0]} == {OTHER_WALLET}


async def test_batch_leaves_out_what_cannot_be_minted(stage: Stage) -> None:
    dialog = await stage.confirmed(an_asset(1), an_asset(2, state=AssetState.MINTED), an_asset(3))
    assert [line.asset_id.int for line in dialog.confirm.lines.lines] == [1, 3]
    assert "1 left out" in dialog.confirm.footer.hint.text()


async def test_batch_result_names_every_token_and_the_saving(stage: Stage) -> None:
    assets = [an_asset(number) for number in range(1, 6)]
    dialog = await stage.minting(*assets)
    assert stage.desk.job is not None
    await stage.ended(completed(stage.desk.job, gas_used=183_240), dialog)
    assert [(line.name, line.tag) for line in dialog.success.lines.lines] == [
        (f"Asset {number}", "MINTED") for number in range(1, 6)
    ]
    facts = {fact.key: fact.value for fact in dialog.success.facts.facts}
    assert facts["Saved"] == "52.0 %"
