"""Calls of our contract other than mints, and how its tokens stood in the past."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ipnft_desktop.domain.certificates import TransferEvent, ValidityEvent
from ipnft_desktop.domain.chain import ChainIdentity, Receipt, SendVerdict
from ipnft_desktop.domain.contract_writes import CallValue, ContractCall
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import TransactionPurpose
from ipnft_desktop.services.chain_ports import Chain, Signer
from tests.ports.chain.conftest import ChainUnderTest
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, mint, mint_call, receipt_of
from tests.support.memory_calls import SET_ROYALTY, SET_VALIDITY

REASON_HASH = "0x" + "5e" * 32


def set_validity(identity: ChainIdentity, token_id: int, validity: int) -> ContractCall:
    values: tuple[tuple[str, CallValue], ...] = (
        ("tokenId", str(token_id)),
        ("validity", str(validity)),
        ("reasonHash", REASON_HASH),
    )
    return ContractCall(identity.contract_address, SET_VALIDITY, values)


async def carry_out(chain: Chain, signer: Signer, identity: ChainIdentity, call: ContractCall) -> Receipt:
    found = await chain.preflight_call(call, identity, signer.address)
    signed = signer.sign_call(found.plan, await chain.nonce_of(signer.address))
    assert signed.purpose is TransactionPurpose.CALL
    reply = await chain.send_raw(signed.raw)
    assert reply.verdict is SendVerdict.ACCEPTED, reply
    return await receipt_of(chain, signed.tx_hash)


async def test_a_call_is_tried_signed_and_mined(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    call = ContractCall(identity.contract_address, SET_ROYALTY, (("", RECIPIENT), ("", "123")))
    found = await chain.preflight_call(call, identity, signer.address)
    assert (found.plan.to, found.plan.value_wei) == (identity.contract_address, 0)
    assert found.gas_limit > 21_000
    assert found.plan.data
    receipt = await carry_out(chain, signer, identity, call)
    assert receipt.succeeded
    assert receipt.gas_used <= found.gas_limit


@pytest.mark.parametrize(
    ("function", "values", "code"),
    [
        (SET_ROYALTY, (RECIPIENT, "10001"), ErrorCode.ROYALTY_INVALID),
        (SET_VALIDITY, ("77", "1", REASON_HASH), ErrorCode.TX_REVERTED),
        (SET_VALIDITY, ("x", "1", REASON_HASH), ErrorCode.VALIDATION_FAILED),
        (SET_VALIDITY, ("77",), ErrorCode.VALIDATION_FAILED),
        ("setNothing(", (), ErrorCode.VALIDATION_FAILED),
        ("f(uint256,)", ("1", ""), ErrorCode.VALIDATION_FAILED),
        ("f(foo bar)", ("1",), ErrorCode.VALIDATION_FAILED),
        ("f(string)", ("\ud800",), ErrorCode.VALIDATION_FAILED),
    ],
)
async def test_what_would_be_refused_is_told_before(
    chain: Chain,
    signer: Signer,
    identity: ChainIdentity,
    function: str,
    values: tuple[str, ...],
    code: ErrorCode,
) -> None:
    call = ContractCall(identity.contract_address, function, tuple(("", value) for value in values))
    with pytest.raises(IpnftError) as caught:
        await chain.preflight_call(call, identity, signer.address)
    assert caught.value.code is code


async def test_on_another_chain_the_caller_decides(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    call = ContractCall(identity.contract_address, SET_ROYALTY, (("", RECIPIENT), ("", "1")))
    other = replace(identity, code_hash="0x" + "00" * 32)
    assert (await chain.preflight_call(call, other, signer.address)).gas_limit == 0


async def test_a_transfer_pays(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    before = await chain.balance_of(OTHER_RECIPIENT)
    receipt = await carry_out(chain, signer, identity, ContractCall(OTHER_RECIPIENT, "", (), 10**15))
    assert receipt.succeeded
    assert await chain.balance_of(OTHER_RECIPIENT) == before + 10**15


async def test_what_happened_to_a_token(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer = under_test.chain, under_test.signer
    call, other = mint_call(RECIPIENT), mint_call(OTHER_RECIPIENT)
    token_id = call.asset_ids[0].int
    minted = await mint(chain, signer, identity, call)
    await mint(chain, signer, identity, other)
    suspended = await carry_out(chain, signer, identity, set_validity(identity, token_id, 1))
    revoked = await carry_out(chain, signer, identity, set_validity(identity, token_id, 2))
    await carry_out(chain, signer, identity, set_validity(identity, other.asset_ids[0].int, 2))

    born, first, second = await chain.token_events(token_id)
    assert isinstance(born, TransferEvent)
    assert born.is_mint
    assert (born.recipient, born.tx_hash, born.block_number) == (RECIPIENT, minted.tx_hash, minted.block.number)
    assert isinstance(first, ValidityEvent)
    assert (first.validity, first.reason_hash, first.signer) == ("SUSPENDED", REASON_HASH, signer.address)
    assert first.timestamp_s == suspended.block.timestamp_s
    assert isinstance(second, ValidityEvent)
    assert (second.validity, second.tx_hash) == ("REVOKED", revoked.tx_hash)

    assert await chain.token_then(token_id, minted.block.number - 1) is None
    assert await chain.token_then(token_id, 0) is None  # no contract is there yet
    assert await chain.token_then(token_id, minted.block.number) == (RECIPIENT, "VALID")
    assert await chain.token_then(token_id, suspended.block.number) == (RECIPIENT, "SUSPENDED")
    assert await chain.token_then(token_id, revoked.block.number) == (RECIPIENT, "REVOKED")
