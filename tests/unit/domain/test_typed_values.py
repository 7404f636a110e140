"""Arguments as people type them."""

from __future__ import annotations

from uuid import UUID

import pytest

from ipnft_desktop.domain.errors import ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiParameter
from ipnft_desktop.domain.inspection.typed_values import call_value, plain_text, wei_of

ASSET = UUID("019a0000-0000-7000-8000-000000007c31")


@pytest.mark.parametrize(
    ("solidity_type", "text", "expected"),
    [
        ("uint256", "1.5 ETH", str(15 * 10**17)),
        ("uint96", "20gwei", str(20 * 10**9)),
        ("uint256", "7 wei", "7"),
        ("uint256", f" {ASSET} ", str(ASSET.int)),
        ("bytes16", str(ASSET), f"0x{ASSET.hex}"),
        ("uint256", "0.5 wei", "0.5 wei"),  # what is wrong stays as it is, and is refused where it is encoded
        ("uint256", "1..5 ETH", "1..5 ETH"),
        ("uint256", "1234567890123.123456789012345678 ETH", "1234567890123123456789012345678"),
        ("uint256", "1234567890123.1234567890123456789 ETH", "1234567890123.1234567890123456789 ETH"),
        ("uint256", f"{2**256 - 1} wei", str(2**256 - 1)),
        ("uint256", f"{'9' * 101} wei", f"{'9' * 101} wei"),
        ("uint256", "3 apples", "3 apples"),
        ("string", "1 ETH", "1 ETH"),
        ("bytes32", str(ASSET), str(ASSET)),
    ],
)
def test_people_s_spelling_becomes_the_chain_s(solidity_type: str, text: str, expected: str) -> None:
    assert plain_text(solidity_type, text) == expected


def test_an_amount_without_a_unit_is_of_eth() -> None:
    assert [wei_of(text, "value") for text in ("", "2", "0.25 eth", "5 gwei")] == [
        0,
        2 * 10**18,
        25 * 10**16,
        5 * 10**9,
    ]
    with pytest.raises(ValidationFailed) as refused:
        wei_of("much", "value")
    assert refused.value.problems[0].field == "value"


def test_lists_and_structs_are_json() -> None:
    pair = AbiParameter("pair", "(uint256,bool)", (AbiParameter("a", "uint256"), AbiParameter("b", "bool")))
    assert call_value(AbiParameter("ids", "bytes16[]"), f'["{ASSET}", "0x00"]') == (f"0x{ASSET.hex}", "0x00")
    assert call_value(pair, '{"a": "1 gwei", "b": true}') == (str(10**9), "true")
    assert call_value(AbiParameter("pairs", "(uint256,bool)[]", pair.members), "[[1, false]]") == (("1", "false"),)
    assert call_value(AbiParameter("to", "address"), "0x12") == "0x12"
    lacking = ('{"a": 1}', '{"a": 1, "b": null}', "[null, true]", "[1.5, true]", "[{}, true]")
    for text in ("{", '"1"', "[1]", *lacking, "[" * 9_999):
        with pytest.raises(ValueError, match=r".*"):
            call_value(pair, text)
