"""Which assets go into which transaction, what that should cost, and what is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ipnft_desktop.domain.batch_plan import (
    MOST_PLANNED_GAS,
    BatchPlan,
    MintCandidate,
    plan_batches,
    with_estimates,
    without,
)
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.mint_gas import (
    BASELINE_SINGLE_GAS,
    MAX_TRANSACTION_GAS,
    SINGLE_MINT_GAS,
    floor_gas,
    mint_gas,
)
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, MAX_BATCH_ITEMS, AssetState, RecipientType
from ipnft_desktop.domain.people import Role
from ipnft_desktop.paths import PROJECT
from tests.support import samples

SNAPSHOT: dict[str, float] = json.loads((PROJECT / "benchmarks" / "gas_snapshot.json").read_text("utf-8"))
HOLDER = samples.RECIPIENT
OWNER = samples.enterprise()
ADMIN = samples.user()


def candidate(**changes: Any) -> MintCandidate:
    facts = {
        "asset_id": samples.uuid(),
        "name": "Radio",
        "version": 3,
        "state": AssetState.DRAFT,
        "enterprise_id": OWNER.enterprise_id,
        "wallet_address": HOLDER,
    }
    return MintCandidate(**{**facts, **changes})


def address(number: int) -> str:
    return f"0x{number:040d}"


def plan(candidates: list[MintCandidate], recipient: str | None = None, **more: Any) -> BatchPlan:
    ids = [one.asset_id for one in candidates]
    return plan_batches(ids, candidates, more.pop("user", ADMIN), recipient, **more)


@pytest.mark.parametrize("size", [5, 10, 15, 20, 25, 30, 40, 50, 100, 256])
def test_the_expected_gas_is_what_was_measured(size: int) -> None:
    """Of the receipts in the gas snapshot, to within a thousandth."""
    distinct = [address(number) for number in range(1, size + 1)]
    expected = {
        f"gas.batch.{size}": mint_gas([HOLDER] * size, {HOLDER}),
        f"gas.batch.{size}.existing_holders": mint_gas(distinct, set(distinct)),
        f"gas.batch.{size}.new_holders": mint_gas(distinct, ()),
    }
    for key, gas in expected.items():
        assert gas == pytest.approx(SNAPSHOT[key] * size, rel=0.001), key
    assert floor_gas(size) < expected[f"gas.batch.{size}"]


def test_a_single_mint_and_the_baseline_are_those_measured() -> None:
    assert mint_gas([HOLDER], {HOLDER}) == SINGLE_MINT_GAS == SNAPSHOT["gas.single"]
    assert mint_gas([HOLDER], ()) == SNAPSHOT["gas.single.new_holder"]
    assert SNAPSHOT["gas.baseline.single"] == BASELINE_SINGLE_GAS


def test_a_transaction_holds_no_more_than_the_contract_takes() -> None:
    planned = plan([candidate() for _ in range(600)])
    assert [len(transaction.items) for transaction in planned.transactions] == [MAX_BATCH_ITEMS, MAX_BATCH_ITEMS, 88]
    assert planned.item_count == 600
    assert [len(t.items) for t in plan([candidate() for _ in range(600)], most_items=250).transactions] == [250] * 2 + [
        100
    ]


def test_a_transaction_stays_below_the_limit_of_gas() -> None:
    planned = plan([candidate(wallet_address=address(n)) for n in range(1, 257)], most_gas=1_000_000)
    assert len(planned.transactions) > 12
    assert all(transaction.gas <= 1_000_000 for transaction in planned.transactions)
    assert planned.item_count == 256
    dearest = plan([candidate(wallet_address=address(n)) for n in range(1, 257)])
    assert [len(transaction.items) for transaction in dearest.transactions] == [256]
    assert dearest.gas * 11 // 10 < MAX_TRANSACTION_GAS
    assert plan([candidate()], most_gas=1).item_count == 1, "one item is never refused by the planner"
    assert MOST_PLANNED_GAS * 110 // 100 < MAX_TRANSACTION_GAS


def test_whoever_got_a_token_by_one_transaction_holds_one_at_the_next() -> None:
    first, second = plan([candidate() for _ in range(4)], most_items=2).transactions
    assert first.gas - second.gas == SNAPSHOT["gas.single.new_holder"] - SNAPSHOT["gas.single"]
    (known,) = plan([candidate() for _ in range(2)], holders={HOLDER}).transactions
    assert known.gas == second.gas


def test_what_goes_to_one_recipient_is_kept_together() -> None:
    other = candidate(wallet_address=samples.SIGNER)
    planned = plan([candidate(), other, candidate(), other], most_items=2)
    assert [[item.recipient for item in t.items] for t in planned.transactions] == [[HOLDER, HOLDER], [samples.SIGNER]]


def test_what_cannot_be_minted_is_left_out_with_the_reason() -> None:
    mine = samples.user(Role.OPERATOR, OWNER)
    good = candidate()
    bad = [
        candidate(enterprise_id=samples.uuid()),
        candidate(state=AssetState.MINTED),
        candidate(state=AssetState.MINT_FAILED, failed_attempts=MAX_ATTEMPTS),
        candidate(wallet_address="0x12"),
    ]
    unknown = samples.uuid()
    planned = plan_batches(
        [bad[0].asset_id, good.asset_id, unknown, *[one.asset_id for one in bad[1:]], good.asset_id],
        [good, *bad],
        mine,
        None,
    )
    assert [(left.asset_id, left.code) for left in planned.omissions] == [
        (bad[0].asset_id, ErrorCode.PERMISSION_DENIED),
        (unknown, ErrorCode.ASSET_NOT_FOUND),
        (bad[1].asset_id, ErrorCode.MINT_INVALID_STATE),
        (bad[2].asset_id, ErrorCode.RETRY_LIMIT),
        (bad[3].asset_id, ErrorCode.RECIPIENT_INVALID),
    ]
    assert planned.item_count == 1
    nothing = plan(bad, user=mine)
    assert (nothing.transactions, nothing.saved_percent, nothing.gas) == ((), None, 0)


def test_one_recipient_for_all_takes_the_place_of_their_own() -> None:
    planned = plan([candidate(), candidate(wallet_address="0x12")], samples.SIGNER)
    (transaction,) = planned.transactions
    assert {(item.recipient, item.recipient_type) for item in transaction.items} == {
        (samples.SIGNER, RecipientType.USER)
    }
    (own,) = plan([candidate()], HOLDER).transactions
    assert own.items[0].recipient_type is RecipientType.ENTERPRISE


def test_saving_names_its_base() -> None:
    planned = plan([candidate() for _ in range(30)], holders={HOLDER})
    planned = with_estimates(planned, (), 10**9)
    assert not planned.single_gas_is_measured
    assert planned.saved_percent == pytest.approx(67.6, abs=0.1)
    assert planned.saved_percent_of_baseline == pytest.approx(89.2, abs=0.1)
    assert planned.fee_wei == planned.gas * 10**9
    measured = plan([candidate() for _ in range(30)], single_gas=100_000)
    assert measured.single_gas_is_measured
    assert measured.saved_gas == 3_000_000 - measured.gas
    two = plan([candidate(), candidate()], single_gas=10_000)
    assert two.saved_gas < 0


def test_a_plan_without_what_the_chain_refuses() -> None:
    candidates = [candidate() for _ in range(4)]
    planned = plan(candidates, most_items=2)
    refused = {one.asset_id: UserError(ErrorCode.RECIPIENT_REFUSED, "no") for one in (candidates[0], *candidates[2:])}
    rest = without(planned, refused)
    assert [[item.asset_id for item in t.items] for t in rest.transactions] == [[candidates[1].asset_id]]
    assert [(left.asset_id, left.detail) for left in rest.omissions] == [(one, "no") for one in refused]
    assert rest.gas < planned.transactions[0].gas
