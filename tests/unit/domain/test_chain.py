"""Addresses as people type them, and telling our chain from another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ipnft_desktop.domain.chain import (
    ChainIdentity,
    ChainObservation,
    IdentityVerdict,
    compare_identity,
    parse_address,
    short_hash,
)
from ipnft_desktop.domain.errors import ErrorCode, UserError

CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # from EIP-55


@pytest.mark.parametrize(
    "typed",
    [CHECKSUMMED, CHECKSUMMED.lower(), "0x" + CHECKSUMMED[2:].upper(), f"  {CHECKSUMMED}\n"],
)
def test_a_good_address_comes_back_checksummed(typed: str) -> None:
    assert parse_address(typed) == CHECKSUMMED


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0x",
        CHECKSUMMED[:-1],
        CHECKSUMMED + "0",
        CHECKSUMMED.replace("0x", ""),
        CHECKSUMMED.replace("5aA", "5AA"),
        "0x" + "0" * 40,
        "vitalik.eth",
        "0x" + "g" * 40,
    ],
)
def test_a_wrong_address_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_address(typed)
    assert caught.value.code is ErrorCode.RECIPIENT_INVALID
    assert caught.value.field == "recipient"


IDENTITY = ChainIdentity(31337, CHECKSUMMED, "0xc0de", "0x1d", 1, "0xb10c")
SEEN = ChainObservation(31337, "0xc0de", "0x1d", "0xb10c")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, IdentityVerdict.SAME),
        ({"chain_id": 1}, IdentityVerdict.FOREIGN),
        ({"code_hash": None, "instance_id": None, "deployment_block_hash": None}, IdentityVerdict.RESET),
        ({"code_hash": "0xbad"}, IdentityVerdict.FOREIGN),
        ({"instance_id": "0x2d"}, IdentityVerdict.FOREIGN),
        ({"deployment_block_hash": "0xother"}, IdentityVerdict.REORGANISED),
    ],
)
def test_identity_needs_every_part(changes: dict[str, object], verdict: IdentityVerdict) -> None:
    assert compare_identity(IDENTITY, replace(SEEN, **changes)) is verdict


def test_a_short_hash_keeps_both_ends() -> None:
    assert short_hash(CHECKSUMMED) == "0x5aAe…eAed"
    assert short_hash("0xabc") == "0xabc"
