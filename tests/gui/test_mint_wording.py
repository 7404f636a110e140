"""Progress and outcomes in words: pure functions of frozen values."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import (
    FailureKind,
    MintFailure,
    MintProgress,
    MintStage,
    RecipientType,
)
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.stages import Watched, stage_items, timed_facts
from ipnft_desktop.ui.mint.subjects import MintSubject, requests_for, saved_percent
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text, share_text
from ipnft_desktop.ui.widgets.stage_list import StageState
from tests.gui.support.nft_examples import (
    OTHER_WALLET,
    T0,
    WALLET,
    a_job,
    an_asset,
    completed,
    confirming,
)

DONE, RUNNING, WAITING = StageState.DONE, StageState.RUNNING, StageState.WAITING


@pytest.mark.parametrize(
    ("wei", "text"),
    [
        (0, "0.000000 ETH"),
        (1, "< 0.000001 ETH"),
        (76_324_000_000_000, "0.000076 ETH"),
        (10**18, "1.000000 ETH"),
        (123_456_789 * 10**16, "1,234,567.890000 ETH"),
    ],
)
def test_eth(wei: int, text: str) -> None:
    assert eth_text(wei) == text


def test_gwei_and_percent() -> None:
    assert [gwei_text(wei) for wei in (10**9, 1_234_567_890, 1)] == ["1.00 gwei", "1.23 gwei", "< 0.01 gwei"]
    assert [share_text(bp) for bp in (500, 250, 0)] == ["5 %", "2.5 %", "0 %"]


def test_stages_of_a_mint_that_is_being_confirmed() -> None:
    progress = MintProgress.of(confirming(a_job(an_asset())))
    items = stage_items(progress, Watched(), T0 + timedelta(seconds=1.17))
    assert [item.state for item in items] == [DONE, DONE, RUNNING, WAITING]
    assert [item.duration for item in items] == ["0.04 s", "0.03 s", "1.1 s", ""]
    assert items[0].detail == "Metadata bafybe…bzdi stored and verified · simulation passed"
    assert items[1].detail == "Signed and journalled · nonce 5 · node accepted 0xabc1…def4"
    assert items[2].detail == "Mined in block #149 · confirmations 3 of 6"


def test_request_waits_in_the_first_stage() -> None:
    items = stage_items(MintProgress.of(a_job(an_asset())), Watched(), T0)
    assert [item.state for item in items] == [RUNNING, WAITING, WAITING, WAITING]
    assert items[0].detail == "Recorded · waiting for its turn"


def test_signed_is_not_accepted_and_accepted_is_not_mined() -> None:
    job = confirming(a_job(an_asset()))
    signed = replace(job, stage=MintStage.SUBMITTING, mined=None, times=replace(job.times, accepted_at=None))
    facts = timed_facts(MintProgress.of(signed), Watched())
    assert [fact.is_true for fact in facts] == [True, False, False, False]
    facts = timed_facts(MintProgress.of(job), Watched())
    assert [fact.is_true for fact in facts] == [True, True, True, False]
    assert [fact.title for fact in facts][2:] == ["Mined in #149", "Confirmed 3 of 6"]


def test_confirmation_has_a_time_and_loses_it_with_its_block() -> None:
    deep = MintProgress.of(confirming(a_job(an_asset()), confirmations=6))
    seen = Watched().after(deep, T0)
    assert seen.after(deep, T0 + timedelta(seconds=5)).confirmed_at == T0, "the first sight counts"
    assert timed_facts(deep, seen)[3].at == T0
    assert seen.after(replace(deep, block_number=None, confirmations=0), T0).confirmed_at is None


def test_saving_is_named_against_single_mints() -> None:
    batch = completed(a_job(*(an_asset(number) for number in range(1, 6))), gas_used=183_240)
    assert saved_percent(batch, 76_324) == pytest.approx(52.0, abs=0.05)
    assert saved_percent(batch, None) is None
    assert saved_percent(completed(a_job(an_asset())), 76_324) is None
    facts = {fact.key: fact for fact in wording.success_facts(batch, (), 76_324, saved_percent(batch, 76_324))}
    assert facts["Gas used"].value == "183,240 · 36,648 a token"
    assert (facts["Saved"].value, facts["Saved"].note) == ("52.0 %", "against single mints of 76,324 gas")


def test_facts_of_a_single_mint() -> None:
    asset = an_asset(0x7C31)
    job = completed(a_job(asset))
    facts = {fact.key: fact for fact in wording.success_facts(job, (MintSubject.of(asset),), None, None)}
    assert facts["Token id"].copy == "0x" + f"{0x7C31:032x}"
    assert (facts["Owner"].copy, facts["Owner"].lead) == (WALLET, "Helios vault")
    assert facts["Fee"].value == "0.000076 ETH"
    assert wording.took(job) == "took 2.00 s"


def test_requests_name_whose_wallet_it_is() -> None:
    subjects = [MintSubject.of(an_asset(number)) for number in (1, 2)]
    assert [request.recipient for request in requests_for(subjects, None)] == [WALLET, WALLET]
    assert {request.recipient_type for request in requests_for(subjects, None)} == {RecipientType.ENTERPRISE}
    foreign = requests_for(subjects, OTHER_WALLET)
    assert {(request.recipient, request.recipient_type) for request in foreign} == {(OTHER_WALLET, RecipientType.USER)}


@pytest.mark.parametrize(("attempt", "safe", "expected"), [(1, True, True), (3, True, False), (1, False, False)])
def test_retry_is_offered_where_it_helps(attempt: int, safe: bool, expected: bool) -> None:
    failure = MintFailure(FailureKind.SYSTEM_ERROR, ErrorCode.NODE_UNREACHABLE, "", False, safe)
    job = replace(a_job(an_asset()), stage=MintStage.FAILED, attempt=attempt, failure=failure)
    assert wording.may_retry(job) is expected


def test_failure_says_what_it_cost() -> None:
    failure = MintFailure(FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED, "EnforcedPause", True, True)
    job = replace(confirming(a_job(an_asset())), stage=MintStage.FAILED, failure=failure)
    facts = {fact.key: fact.value for fact in wording.failure_facts(job)}
    assert facts["Gas spent"] == "Yes · 76,324 gas, 0.000076 ETH"
    assert (facts["Safe to retry"], facts["Attempt"]) == ("Yes", "1 / 3")


def test_an_address_is_called_by_its_label_first() -> None:
    subject = MintSubject.of(an_asset())
    stranger = "0x9c774352712350b37d9b5b4FA5862f940B595813"
    book = {stranger: "Escrow"}
    assert wording.subject_line(subject, stranger, book.get).endswith(" → Escrow 0x9c77…5813")
    assert wording.subject_line(subject, stranger).endswith(" → 0x9c77…5813")
    assert wording.whose((subject,), stranger, book.get).startswith("Escrow · Not a wallet of the enterprise")
    own = wording.subject_line(subject, subject.wallet_address, {subject.wallet_address: "Enterprise: Vault"}.get)
    assert f"→ {subject.wallet_label} 0x" in own
