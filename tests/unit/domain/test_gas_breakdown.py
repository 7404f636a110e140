"""Where gas went, by the chain's rules; the figures are computed by hand from the EIPs."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.errors import Defect
from ipnft_desktop.domain.gas_breakdown import GasPart, TracedGas, break_down


def traced(total: int = 0, *, storage: int = 0, logs: int = 0, code: int = 0, refund: int = 0) -> TracedGas:
    return TracedGas(total, storage, logs, code, refund)


def test_the_parts_of_a_call() -> None:
    # 2 zero bytes and 3 others: 2 * 4 + 3 * 16
    found = break_down(81_056, b"\0\x01\x02\0\x03", traced(60_000, storage=50_000, logs=1_875, code=2_600))
    assert found.parts == {
        GasPart.BASE: 21_000,
        GasPart.CALLDATA: 56,
        GasPart.STORAGE: 50_000,
        GasPart.LOGS: 1_875,
        GasPart.CODE: 2_600,
        GasPart.EXECUTION: 5_525,
        GasPart.CALLDATA_FLOOR: 0,
        GasPart.REFUND: 0,
    }
    assert (found.gas_used, found.zero_bytes, found.non_zero_bytes) == (81_056, 2, 3)


def test_a_creation_pays_for_its_code() -> None:
    # 33 bytes are 2 words; 10 bytes stay
    found = break_down(21_000 + 33 * 16 + 32_000 + 4 + 2_000 + 500, b"\1" * 33, traced(500), kept_code_bytes=10)
    assert (found.parts[GasPart.CODE], found.parts[GasPart.EXECUTION]) == (34_004, 500)


@pytest.mark.parametrize(("counter", "given_back"), [(4_800, 4_800), (15_000, 8_200)])
def test_what_is_given_back_is_at_most_a_fifth(counter: int, given_back: int) -> None:
    found = break_down(41_000 - given_back, b"", traced(20_000, storage=20_000, refund=counter))
    assert found.parts[GasPart.REFUND] == -given_back


def test_call_data_has_a_least_price() -> None:
    # 100 bytes cost 1,600; with 100 gas of work that is less than the 4,000 of EIP-7623
    found = break_down(25_000, b"\1" * 100, traced(100))
    assert (found.parts[GasPart.CALLDATA], found.parts[GasPart.CALLDATA_FLOOR]) == (1_600, 2_300)


def test_the_least_price_counts_after_what_is_given_back() -> None:
    # 21,000 + 1,600 + 3,000 less 1,000 is 24,600: 400 below the least
    found = break_down(25_000, b"\1" * 100, traced(3_000, storage=3_000, refund=1_000))
    assert (found.parts[GasPart.REFUND], found.parts[GasPart.CALLDATA_FLOOR]) == (-1_000, 400)


def test_parts_that_do_not_sum_up_are_a_defect() -> None:
    with pytest.raises(Defect, match="21001"):
        break_down(21_001, b"", traced())


def test_a_failure_gives_nothing_back_and_may_lose_all_it_was_given() -> None:
    reverted = break_down(26_000, b"", traced(5_000, storage=5_000, refund=4_800), succeeded=False)
    assert (reverted.parts[GasPart.REFUND], reverted.parts[GasPart.EXECUTION]) == (0, 0)
    lost = break_down(61_000, b"", TracedGas(5_000, 2_100, 0, 0, 0, given=40_000), succeeded=False)
    assert (lost.parts[GasPart.STORAGE], lost.parts[GasPart.EXECUTION]) == (2_100, 37_900)
    with pytest.raises(Defect):
        break_down(61_000, b"", TracedGas(5_000, 2_100, 0, 0, 0, given=40_000))


def test_what_was_declared_beforehand_is_storage() -> None:
    found = break_down(21_000 + 4_300 + 100, b"", traced(100, storage=100), declared_gas=4_300)
    assert found.parts[GasPart.STORAGE] == 4_400


@pytest.mark.parametrize(
    ("authorisations", "existing", "given_back"),
    [(1, 0, 0), (1, 1, 9_200), (4, 1, 12_500), (4, 3, 24_200), (4, 4, 24_200)],
)
@pytest.mark.parametrize("succeeded", [True, False])
def test_an_account_that_exists_gets_half_of_its_authorisation_back(
    authorisations: int, existing: int, given_back: int, succeeded: bool
) -> None:
    """25,000 each is declared; 12,500 of those whose account is there are given back, of all at most a fifth
    (EIP-7702), though a plain transfer has no steps that tell of it."""
    declared = 25_000 * authorisations
    used = 21_000 + declared - given_back
    found = break_down(used, b"", traced(), declared_gas=declared, authorisations=authorisations, succeeded=succeeded)
    assert (found.gas_used, found.parts[GasPart.REFUND], found.parts[GasPart.STORAGE]) == (used, -given_back, declared)


def test_steps_tell_what_authorisations_gave_back() -> None:
    stepped = traced(30_000, storage=30_000, refund=12_500)
    found = break_down(76_000 - 12_500, b"", stepped, declared_gas=25_000, authorisations=1)
    assert found.parts[GasPart.REFUND] == -12_500
    with pytest.raises(Defect):
        break_down(76_000 - 12_499, b"", stepped, declared_gas=25_000, authorisations=1)
