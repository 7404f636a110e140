"""Every refusal of the contract, read from its bytes, as the error catalogue says it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from eth_abi.abi import encode
from eth_utils.abi import function_signature_to_4byte_selector

from ipnft_desktop.adapters.chain.contract_errors import FOREIGN_TEXT_MAX_CHARS, MEANINGS
from ipnft_desktop.adapters.chain.ip_asset_contract import ARTIFACT, IPAssetContract
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from tests.support.chain_fixtures import RECIPIENT

CODEC = IPAssetContract.load()
ABI_ERRORS: dict[str, list[str]] = {
    entry["name"]: [value["type"] for value in entry["inputs"]]
    for entry in json.loads(ARTIFACT.read_text("utf-8"))["abi"]
    if entry["type"] == "error"
}
SAMPLES: dict[str, Any] = {
    "address": RECIPIENT,
    "bytes": b"",
    "bytes16": uuid4().bytes,
    "bytes32": b"\7" * 32,
    "string": "a text",
    "uint8": 2,
    "uint256": 300,
}


def revert_data(error: str, *values: Any, types: list[str] | None = None) -> bytes:
    types = ABI_ERRORS[error] if types is None else types
    return function_signature_to_4byte_selector(f"{error}({','.join(types)})") + encode(types, values)


def error_of(data: bytes) -> IpnftError:
    return CODEC.revert(data).as_error()


def refused(answer: bytes) -> IpnftError:
    """The contract's error where a recipient answered this."""
    return error_of(revert_data("RecipientRefused", RECIPIENT, 7, answer))


def says(text: str) -> bytes:
    return revert_data("Error", text, types=["string"])


def test_every_error_of_the_abi_has_a_meaning_and_no_other_has() -> None:
    assert set(MEANINGS) == set(ABI_ERRORS)


@pytest.mark.parametrize("name", ABI_ERRORS)
def test_every_error_of_the_abi_is_decoded_into_the_catalogue(name: str) -> None:
    error = error_of(revert_data(name, *(SAMPLES[solidity_type] for solidity_type in ABI_ERRORS[name])))
    assert error.code is MEANINGS[name].code
    assert error.detail.startswith(name)
    if error.code is ErrorCode.TX_REVERTED:
        assert MEANINGS[name].words, "the catalogue says only that it was refused"
        assert error.detail.endswith(MEANINGS[name].words)


BAD_INPUT = {
    "TransferToZeroAddress": ErrorCode.RECIPIENT_INVALID,
    "AssetIdIsZero": ErrorCode.ASSET_ID_INVALID,
    "DuplicateAsset": ErrorCode.DUPLICATE_ASSET,
    "LengthMismatch": ErrorCode.BATCH_UNEVEN,
    "EmptyBatch": ErrorCode.BATCH_EMPTY,
    "BatchTooLarge": ErrorCode.BATCH_TOO_LARGE,
    "Unauthorized": ErrorCode.CONTRACT_ROLE_MISSING,
    "ContractPaused": ErrorCode.CONTRACT_PAUSED,
    "RecipientRefused": ErrorCode.RECIPIENT_REFUSED,
    "Reentrancy": ErrorCode.RECIPIENT_REENTERED,
    "RoyaltyOverflow": ErrorCode.ROYALTY_INVALID,
}


def test_each_bad_input_has_a_code_of_its_own() -> None:
    assert {name: MEANINGS[name].code for name in BAD_INPUT} == BAD_INPUT
    assert len(set(BAD_INPUT.values())) == len(BAD_INPUT)


@pytest.mark.parametrize(("name", "safe"), [("ContractPaused", True), ("Unauthorized", True), ("EmptyBatch", False)])
def test_what_others_can_mend_is_no_mistake_of_the_reader(name: str, safe: bool) -> None:
    error = error_of(revert_data(name))
    assert isinstance(error, EnvironmentFault if safe else UserError)
    assert error.entry.safe_to_retry is safe


def test_values_worth_copying_are_kept_apart() -> None:
    asset_id = uuid4()
    duplicate = error_of(revert_data("DuplicateAsset", asset_id.bytes))
    assert duplicate.facts == {"asset_id": str(asset_id)}
    assert (refused(b"").facts, refused(b"").field) == ({"recipient": RECIPIENT}, "recipient")


def test_a_recipient_that_re_enters_is_told_from_one_that_refuses() -> None:
    error = refused(revert_data("Reentrancy"))
    assert error.code is ErrorCode.RECIPIENT_REENTERED
    assert "seems to have called the contract back" in error.detail
    assert (error.field, error.facts) == ("recipient", {"recipient": RECIPIENT})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "gave no reason"),
        (revert_data("Unauthorized"), "own error Unauthorized: it seems to have called the contract back"),
        (revert_data("DuplicateAsset", uuid4().bytes)[:10], "own error DuplicateAsset: it seems"),
        (says("not on the list"), 'it says "not on the list"'),
        (says("x" * 1200)[:1024], "x" * FOREIGN_TEXT_MAX_CHARS + "…"),
        (says("")[:4], "it answered Error,"),
        (revert_data("Panic", 17, types=["uint256"]), "it answered Panic,"),
        (bytes.fromhex("deadbeef"), "it answered 0xdeadbeef, an error of its own or no acceptance"),
        (b"\1", "it answered 0x01,"),
    ],
)
def test_what_the_recipient_answered_is_told(answer: bytes, told: str) -> None:
    error = refused(answer)
    assert error.code is ErrorCode.RECIPIENT_REFUSED
    assert error.detail.startswith(f"RecipientRefused({RECIPIENT}, 7): ")
    assert told in error.detail


def test_a_strangers_text_is_made_harmless() -> None:
    nasty = "pay\r\n\x1b[31mnow\u202e\u2066\u200b\x00 \u2028 " + "é" + "\t!"
    assert refused(says(nasty)).detail.endswith('it says "pay [31mnow é !"')
    assert refused(b"\x08\xc3\x79\xa0" + encode(["bytes"], [b"ab\xff\xfe"])).detail.endswith('it says "ab\ufffd\ufffd"')
    assert error_of(revert_data("TextTooLong", "a\nb\u202e" * 1000)).detail.count("\n") == 0


def test_refusals_inside_refusals_are_not_followed() -> None:
    answer = b""
    for _ in range(1500):
        answer = revert_data("RecipientRefused", RECIPIENT, 7, answer)
    assert refused(answer).detail.endswith("it seems to have called the contract back")
