"""The state machine of an asset and the progress of a mint."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    STAGE_ORDER,
    TRANSITIONS,
    AssetState,
    MintStage,
    check_transition,
    progress_percent,
)

S = AssetState
ALLOWED = {
    (S.DRAFT, S.MINT_PENDING),
    (S.MINT_PENDING, S.MINTING),
    (S.MINT_PENDING, S.MINTED),
    (S.MINT_PENDING, S.MINT_CANCELLED),
    (S.MINT_PENDING, S.MINT_FAILED),
    (S.MINTING, S.MINTED),
    (S.MINTING, S.MINT_FAILED),
    (S.MINTING, S.MINT_CANCELLED),
    (S.MINTED, S.MINTING),
    (S.MINT_FAILED, S.MINTING),
    (S.MINT_FAILED, S.MINT_PENDING),
    (S.MINT_FAILED, S.MINT_CANCELLED),
    (S.MINT_FAILED, S.DRAFT),
    (S.MINT_CANCELLED, S.MINT_PENDING),
    (S.MINT_CANCELLED, S.MINTING),
    (S.MINT_CANCELLED, S.DRAFT),
}


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("target", S)
def test_only_the_drawn_transitions_are_allowed(current: AssetState, target: AssetState) -> None:
    if (current, target) in ALLOWED:
        check_transition(current, target)
    else:
        with pytest.raises(UserError) as caught:
            check_transition(current, target)
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE


def test_every_state_has_its_transitions() -> None:
    assert set(TRANSITIONS) == set(S)


def test_progress_never_goes_back_along_the_stages() -> None:
    percents = [progress_percent(stage) for stage in STAGE_ORDER]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert percents[-1] == 100


def test_confirming_is_linear_in_confirmations() -> None:
    assert [progress_percent(MintStage.CONFIRMING, k, 4) for k in range(5)] == [50, 60, 70, 80, 90]
    assert progress_percent(MintStage.CONFIRMING, 9, 4) == 90
