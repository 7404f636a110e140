"""The demonstration key: right signatures, never for a public chain, never seen. The oracle is eth_account."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.typed_transactions import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC, LocalSigner
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, Fees, TransactionPlan
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_verify.signing import Statement

FEES = Fees(3_000_000_000, 1_000_000_000, 2_000_000_000)
PLAN = TransactionPlan(LOCAL_CHAIN_ID, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", b"\x01\x02" * 90, 123_456, FEES)


STATEMENT = Statement(
    LOCAL_CHAIN_ID,
    PLAN.to,
    "0x" + "ab" * 32,
    "0x" + "cd" * 32,
    "0x018f0000000070008000000000000004",
    "2026-01-02T03:04:05Z",
)


@pytest.fixture
def signer() -> LocalSigner:
    return LocalSigner(lambda: True)


@pytest.mark.parametrize("index", [0, 1, 19])
def test_keys_are_those_of_the_mnemonic(index: int) -> None:
    Account.enable_unaudited_hdwallet_features()
    expected = Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")

    assert account_key(DEMO_MNEMONIC, index).secret == bytes(expected.key)
    assert LocalSigner(lambda: True, index).address == expected.address


async def test_a_mint_is_signed_as_planned(signer: LocalSigner) -> None:
    await signer.prepare()
    record = signer.sign(PLAN, 7)

    assert Account.recover_transaction(record.raw) == signer.address == record.signer
    assert record.tx_hash == "0x" + keccak(record.raw).hex()
    assert (record.nonce, record.gas_limit) == (7, 123_456)
    fields = TypedTransaction.from_bytes(HexBytes(record.raw)).as_dict()
    assert {name: fields[name] for name in ("chainId", "nonce", "gas", "value", "accessList")} == {
        "chainId": LOCAL_CHAIN_ID,
        "nonce": 7,
        "gas": 123_456,
        "value": 0,
        "accessList": (),
    }
    assert fields["data"] == PLAN.data
    assert HexBytes(fields["to"]) == HexBytes(PLAN.to)
    assert (fields["maxFeePerGas"], fields["maxPriorityFeePerGas"]) == (
        FEES.max_fee_per_gas_wei,
        FEES.max_priority_fee_per_gas_wei,
    )


def test_equal_requests_give_equal_bytes(signer: LocalSigner) -> None:
    assert signer.sign(PLAN, 7) == LocalSigner(lambda: True).sign(PLAN, 7)


def test_a_deployment_is_signed(signer: LocalSigner) -> None:
    raw, tx_hash = signer.sign_deployment(LOCAL_CHAIN_ID, 0, b"\x60" * 6000, 3_000_000, FEES)

    assert Account.recover_transaction(raw) == signer.address
    assert tx_hash == "0x" + keccak(raw).hex()
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    assert (fields["to"], fields["data"]) == (b"", b"\x60" * 6000)


def test_evidence_is_signed_as_wallets_would(signer: LocalSigner) -> None:
    signature = signer.sign_evidence(STATEMENT)

    message = encode_typed_data(full_message=STATEMENT.typed_data())
    assert Account.recover_message(message, signature=signature) == signer.address
    assert signature == bytes(Account.sign_message(message, account_key(DEMO_MNEMONIC, 0).secret).signature)


@pytest.mark.parametrize(("chain_id", "is_local"), [(LOCAL_CHAIN_ID, False), (1, True), (1, False)])
def test_a_public_chain_is_refused(chain_id: int, is_local: bool) -> None:
    signer = LocalSigner(lambda: is_local)
    plan = TransactionPlan(chain_id, PLAN.to, PLAN.data, PLAN.gas_limit, FEES)

    for attempt in (
        lambda: signer.sign(plan, 0),
        lambda: signer.sign_deployment(chain_id, 0, b"", 1, FEES),
        lambda: signer.sign_evidence(replace(STATEMENT, chain_id=chain_id)),
    ):
        with pytest.raises(UserError) as caught:
            attempt()
        assert caught.value.code is ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN


def test_the_key_is_never_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = account_key(DEMO_MNEMONIC, 0)
    signer = LocalSigner(lambda: True)
    signer.sign(PLAN, 0)
    seen = [repr(signer), str(signer), repr(vars(signer)), caplog.text]
    broken = TransactionPlan(LOCAL_CHAIN_ID, "0xnonsense", b"", 1, FEES)
    for refused in (LocalSigner(lambda: False), signer):
        try:
            refused.sign(broken if refused is signer else PLAN, 0)
        except (UserError, ValueError) as error:
            seen += ["".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())]
    assert len(seen) == 6
    for text in seen:
        assert key.to_hex() not in text.lower()
        assert str(key.to_int()) not in text
        assert repr(key.secret) not in text
        assert "junk" not in text


def test_signing_from_many_threads(signer: LocalSigner) -> None:
    with ThreadPoolExecutor(4) as pool:
        records = list(pool.map(lambda nonce: signer.sign(PLAN, nonce), range(40)))
    assert [record.nonce for record in records] == list(range(40))
    assert {Account.recover_transaction(record.raw) for record in records} == {signer.address}
