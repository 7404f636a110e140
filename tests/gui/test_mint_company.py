"""The mint dialog and company: a mint waits for others, one that waits is told of, and what a batch went on without."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, FailureKind, MintFailure, MintStage
from tests.gui.support.mint_stage import UNREACHABLE, Stage, a_stage
from tests.gui.support.nft_examples import OTHER_WALLET, T0, a_job, an_asset, completed
from tests.gui.support.waiting import settled

REFUSED = MintFailure(FailureKind.VALIDATION_FAILED, ErrorCode.RECIPIENT_REFUSED, "not on the list", False, True)


class Notices:
    """What the window is asked to say."""

    def __init__(self, stage: Stage) -> None:
        self.offers: list[tuple[str, Callable[[], object]]] = []
        self.told: list[str] = []
        stage.presenter.undo_offered.connect(lambda text, undo: self.offers.append((text, undo)))
        stage.presenter.notice.connect(lambda text, _tone: self.told.append(text))


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    async with a_stage() as made:
        yield made


@pytest.fixture
def notices(stage: Stage) -> Notices:
    return Notices(stage)


async def test_a_mint_waits_for_others_and_is_taken_back(stage: Stage, notices: Notices) -> None:
    stage.gatherer.mints = [GatheredMint(an_asset(9).asset_id, None, T0, "Bert")]
    asset = an_asset(1)
    dialog = await stage.confirmed(asset)
    dialog.confirm.wait_button.click()
    await settled(lambda: bool(notices.offers) and not stage.presenter.dialogs)
    ((text, undo),) = notices.offers
    assert text == "It waits with 1 other, and goes in 30 s at the latest."
    assert [mint.asset_id for mint in stage.gatherer.mints] == [an_asset(9).asset_id, asset.asset_id]
    assert stage.desk.requested == [], "nothing is minted alone"
    undo()
    await settled(lambda: notices.told == ["1 asset waits no more; nothing was sent."])
    assert len(stage.gatherer.mints) == 1
    undo()
    await settled(lambda: notices.told[1:] == ["The batch has gone already."])


async def test_it_waits_with_those_for_the_same_address_and_without_an_environment(
    stage: Stage, notices: Notices
) -> None:
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.recipient.textEdited.emit(OTHER_WALLET.lower())
    await settled(dialog.confirm.wait_button.isEnabled)
    dialog.confirm.wait_button.click()
    await settled(lambda: len(notices.offers) == 1)
    assert stage.gatherer.mints[0].recipient == OTHER_WALLET
    assert notices.offers[0][0] == "It waits for others, and goes in 30 s at the latest."
    stage.environment.ready = stage.environment.node = None
    stage.desk.estimate_fault = UNREACHABLE
    several = stage.open(an_asset(2), an_asset(3))
    await settled(several.confirm.wait_button.isEnabled)
    assert not several.confirm.mint_button.isEnabled()
    several.confirm.wait_button.click()
    await settled(lambda: len(notices.offers) == 2)
    assert notices.offers[1][0] == "2 assets wait, and go once the environment is started."


async def test_who_may_not_let_it_wait_is_told_beside_it(stage: Stage) -> None:
    stage.gatherer.fault = UserError(ErrorCode.PERMISSION_DENIED)
    dialog = await stage.confirmed(an_asset())
    dialog.confirm.wait_button.click()
    await settled(lambda: dialog.confirm.error_panel.code == "PERMISSION_DENIED")
    assert dialog.confirm.recipient.isEnabled()


async def test_what_is_refused_is_not_put_off(stage: Stage) -> None:
    stage.desk.estimate_fault = EnvironmentFault(ErrorCode.CONTRACT_PAUSED)
    dialog = stage.open(an_asset())
    await settled(lambda: dialog.confirm.error_panel.code == "CONTRACT_PAUSED")
    assert not dialog.confirm.wait_button.isEnabled()


async def test_an_asset_that_waits_says_so_and_can_be_withdrawn(stage: Stage) -> None:
    asset = an_asset()
    stage.gatherer.mints = [GatheredMint(asset.asset_id, None, T0, "Anna")]
    dialog = await stage.confirmed(asset)
    bar = dialog.confirm.waiting_bar
    await settled(lambda: bool(bar.text))
    assert bar.text.startswith("It waits for others since ")
    assert "asked for by Anna, and goes at " in bar.text
    assert dialog.confirm.wait_button.isHidden()
    bar.button.click()
    await settled(lambda: bar.isHidden())
    assert stage.gatherer.mints == []
    assert not dialog.confirm.wait_button.isHidden()
    stage.gatherer.mints = [GatheredMint(asset.asset_id, None, T0 - timedelta(minutes=1), "Anna")]
    dialog.close()
    await settled(lambda: not stage.presenter.dialogs)
    again = await stage.confirmed(asset)
    await settled(lambda: bool(again.confirm.waiting_bar.text))
    assert again.confirm.waiting_bar.text.endswith("asked for by Anna."), "its time is over"


async def test_what_is_minted_at_once_waits_no_more(stage: Stage) -> None:
    asset, other = an_asset(1), an_asset(2)
    stage.gatherer.mints = [GatheredMint(asset.asset_id, None, T0, "Anna")]
    dialog = await stage.confirmed(asset, other)
    await settled(lambda: dialog.confirm.waiting_bar.text == "1 of these waits for others already.")
    dialog.confirm.mint_button.click()
    await settled(lambda: stage.desk.tell is not None)
    assert stage.gatherer.mints == []


@pytest.mark.parametrize("is_mined", [True, False])
async def test_what_a_batch_went_on_without_is_named(
    stage: Stage, is_mined: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = [an_asset(1), an_asset(2, "Refused drawing"), an_asset(3)]
    dialog = await stage.minting(*assets)
    job = stage.desk.job
    assert job is not None
    alone = replace(a_job(assets[1]), stage=MintStage.FAILED, failure=REFUSED)
    rest = replace(job, items=(job.items[0], job.items[2]))
    monkeypatch.setattr(stage.desk, "job_of", partial(_job_of, alone))
    end = completed(rest) if is_mined else replace(rest, stage=MintStage.FAILED, failure=REFUSED)
    await stage.ended(end, dialog)
    if is_mined:
        panel = dialog.success.left_out
        assert panel.code == "RECIPIENT_REFUSED"
        assert "1 asset was left out of the transaction" in panel.accessibleName()
        assert [line.asset_id for line in dialog.success.lines.lines] == [assets[0].asset_id, assets[2].asset_id]
    else:
        facts = {fact.key: fact for fact in dialog.failure.facts.facts}
        assert (facts["Left out before"].value, facts["Left out before"].note) == ("1", "Refused drawing")


async def _job_of(job: object, _asset_id: object) -> object:
    return job


async def test_a_whole_batch_names_nothing_as_left_out(stage: Stage) -> None:
    dialog = await stage.minting(an_asset(1, state=AssetState.DRAFT), an_asset(2))
    assert stage.desk.job is not None
    await stage.ended(completed(stage.desk.job), dialog)
    assert dialog.success.left_out.isHidden()
