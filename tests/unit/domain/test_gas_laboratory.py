"""What follows from the figures of an experiment."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart
from ipnft_desktop.domain.gas_laboratory import (
    Contract,
    Deployment,
    Experiment,
    LaboratoryResult,
    Measurement,
    Recipients,
    RunEnding,
    check_experiment,
    compare,
    in_order,
)
from ipnft_desktop.domain.gas_savings import (
    PUBLISHED_BEST,
    PUBLISHED_SAVINGS,
    RecommendedRange,
    floor_gas,
    recommended_range,
    savings,
)
from tests.support import samples

ONE = Recipients.ONE_HOLDER


def gas(total: int) -> GasBreakdown:
    return GasBreakdown(MappingProxyType({GasPart.BASE: 21_000, GasPart.EXECUTION: total - 21_000}), 0, 0)


def single(contract: Contract, total: int, recipients: Recipients = ONE) -> Measurement:
    return Measurement(contract, recipients, 1, gas(total), is_single=True)


def batch(contract: Contract, size: int, total: int, recipients: Recipients = ONE) -> Measurement:
    return Measurement(contract, recipients, size, gas(total))


def result(*measurements: Measurement, recipients: Recipients = ONE) -> LaboratoryResult:
    contracts = tuple(dict.fromkeys(each.contract for each in measurements if not each.is_single))
    return LaboratoryResult(
        "0" * 32,
        Experiment(contracts, (1, 5), recipients),
        samples.NOW,
        samples.NOW,
        RunEnding.COMPLETE,
        "Node 24",
        (Deployment(Contract.OURS, gas(2_000_000), 9_000, "0xab"),),
        measurements,
    )


class TestSavings:
    def test_both_bases_are_always_told(self) -> None:
        # 65.7 % and 88.8 %: the figures of the design for a prototype of 27,153 a token
        found = savings(27_153, 79_126, 242_184)
        assert found.own_single_percent == pytest.approx(65.7, abs=0.05)
        assert found.baseline_single_percent == pytest.approx(88.8, abs=0.05)

    def test_a_batch_of_one_costs_more_than_a_single_mint(self) -> None:
        assert savings(82_000, 80_000, 240_000).own_single_percent == pytest.approx(-2.5)

    def test_like_is_set_beside_like(self) -> None:
        """A batch to new holders beside single mints to new holders."""
        new = Recipients.NEW_HOLDERS
        found = result(
            single(Contract.OURS, 80_000),
            single(Contract.OURS, 100_000, Recipients.ONE_NEW_HOLDER),
            single(Contract.BASELINE_A, 240_000),
            single(Contract.BASELINE_A, 250_000, Recipients.ONE_NEW_HOLDER),
            batch(Contract.OURS, 5, 250_000, new),
            recipients=new,
        )
        saved = found.savings(found.curve(Contract.OURS)[0])
        assert saved is not None
        assert (saved.own_single_percent, saved.baseline_single_percent) == pytest.approx((50.0, 80.0))

    def test_without_a_base_there_is_no_saving(self) -> None:
        found = result(single(Contract.OURS, 80_000), batch(Contract.OURS, 5, 180_000))
        assert found.savings(found.measurements[1]) is None


class TestRecommendedRange:
    def test_it_begins_where_the_next_item_adds_less_than_half_a_percent(self) -> None:
        # 24,500 a token and 57,500 a call, 82,000 alone: 57,500 / (n (n + 1)) < 410 from n = 12 on (n = 11: 435.6)
        totals = {size: 24_500 * size + 57_500 for size in (1, 5, 10, 15, 20, 30, 50)}
        assert recommended_range(totals, 82_000) == RecommendedRange(12, 50)

    def test_a_curve_that_still_falls_has_none(self) -> None:
        assert recommended_range({1: 82_000, 5: 180_000}, 82_000) is None

    @pytest.mark.parametrize("totals", [{}, {10: 300_000}])
    def test_it_takes_two_sizes(self, totals: dict[int, int]) -> None:
        assert recommended_range(totals, 82_000) is None

    def test_it_is_of_our_contract(self) -> None:
        sizes = (1, 10, 30)
        found = result(
            single(Contract.OURS, 82_000),
            *(batch(Contract.OURS, size, 24_500 * size + 57_500) for size in sizes),
            *(batch(Contract.BASELINE_A, size, 208_000 * size + 37_000) for size in sizes),
        )
        assert found.recommended == RecommendedRange(12, 30)


@pytest.mark.parametrize(("size", "expected"), [(1, 73_431), (30, 25_871), (100, 24_723)])
def test_the_floor_is_that_of_the_design(size: int, expected: float) -> None:
    assert floor_gas(size) == pytest.approx(expected)


def test_the_published_figures_are_those_of_the_design() -> None:
    told = [(each.first_size, each.last_size, each.low_percent, each.high_percent) for each in PUBLISHED_SAVINGS]
    assert told == [(5, 10, 61, 74), (15, 25, 71, 77), (30, 50, 76, 78)]
    assert (PUBLISHED_BEST.first_size, PUBLISHED_BEST.high_percent) == (30, 78.39)


def test_a_fee_follows_from_the_stated_price() -> None:
    assert batch(Contract.OURS, 5, 180_000).fee_wei(10**10) == 1_800_000_000_000_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contracts": ()}, "contracts"),
        ({"sizes": ()}, "sizes"),
        ({"sizes": (0, 5)}, "sizes"),
        ({"sizes": (257,)}, "sizes"),
        ({"sizes": tuple(range(1, 34))}, "sizes"),
        ({"gas_price_wei": 0}, "gas_price_wei"),
    ],
)
def test_an_experiment_that_cannot_be_run_says_which_field(change: dict[str, object], field: str) -> None:
    assert [problem.field for problem in check_experiment(replace(Experiment(), **change))] == [field]


def test_an_experiment_is_put_in_order() -> None:
    wished = Experiment((Contract.ERC721A, Contract.OURS, Contract.OURS), (5, 1, 5))
    found = in_order(wished)
    assert (found.contracts, found.sizes) == ((Contract.OURS, Contract.ERC721A), (1, 5))
    assert found.deployed == tuple(Contract), "baseline A is a base of the savings"
    assert found.steps == 3 * 3 + 2 * 2


@pytest.mark.parametrize("recipients", Recipients)
def test_recipients_are_two_choices(recipients: Recipients) -> None:
    assert Recipients.of(distinct=recipients.are_distinct, new=recipients.are_new) is recipients


def test_results_are_compared_on_the_same_axes() -> None:
    first = result(batch(Contract.OURS, 1, 80_000), batch(Contract.OURS, 5, 180_000))
    second = replace(result(batch(Contract.BASELINE_A, 10, 2_100_000)), result_id="1" * 32)
    found = compare([first, second])
    assert (found.sizes, found.most_gas_per_token) == ((1, 5, 10), 210_000)
    assert [(curve.result_id[0], curve.contract, dict(curve.gas_per_token)) for curve in found.curves] == [
        ("0", Contract.OURS, {1: 80_000, 5: 36_000}),
        ("1", Contract.BASELINE_A, {10: 210_000}),
    ]
    assert found.curves[0].code_hash == "0xab"


def test_nothing_compared_is_an_empty_plane() -> None:
    assert compare([]).most_gas_per_token == 0
