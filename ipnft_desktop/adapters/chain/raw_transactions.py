"""Signed transactions as bytes: written from a plan, and put together again from what a node tells of a block.

Encodings: EIP-155 (legacy), EIP-2930 (type 1), EIP-1559 (type 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.json_rpc import Json, as_bytes, as_list, as_object, as_quantity, as_text
from ipnft_desktop.domain.chain import Fees, parse_address
from ipnft_desktop.domain.errors import Defect
from ipnft_desktop.domain.minting import TransactionRecord
from ipnft_verify.rlp import Encodable, encode

_DYNAMIC_FEE = 2
_LEGACY_PARITY = 27


@dataclass(frozen=True, slots=True)
class UnsignedTransaction:
    """An EIP-1559 transaction; `to` is empty for a deployment."""

    chain_id: int
    nonce: int
    to: bytes
    data: bytes
    gas_limit: int
    fees: Fees
    value_wei: int = 0

    def signed(self, sign_digest: Callable[[bytes], bytes]) -> bytes:
        """Raw bytes, with a signature made by `sign_digest`: digest -> r, s and recovery id (65 bytes)."""
        fields: list[Encodable] = [
            self.chain_id,
            self.nonce,
            self.fees.max_priority_fee_per_gas_wei,
            self.fees.max_fee_per_gas_wei,
            self.gas_limit,
            self.to,
            self.value_wei,
            self.data,
            [],  # access list
        ]
        signature = sign_digest(keccak(_typed(_DYNAMIC_FEE, fields)))
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
        return _typed(_DYNAMIC_FEE, [*fields, signature[64], r, s])


def transaction_hash(raw: bytes) -> str:
    """The hash under which the chain knows these bytes."""
    return "0x" + keccak(raw).hex()


def rebuild(transaction: Mapping[str, Json]) -> bytes:
    """Raw bytes of a mined transaction from its fields and signature, as `eth_getBlockByNumber` tells them.

    Raises Defect when they do not give the transaction's hash, and for types without a rule here (blobs).
    """
    kind = as_quantity(transaction.get("type", "0x0"))
    match kind:
        case 0:
            head = _head(transaction, [_number(transaction, "gasPrice")])
            raw = encode([*head, _number(transaction, "v"), *_signature(transaction)])
        case 1:
            raw = _rebuild_typed(transaction, kind, [_number(transaction, "gasPrice")])
        case 2:
            fees = [_number(transaction, "maxPriorityFeePerGas"), _number(transaction, "maxFeePerGas")]
            raw = _rebuild_typed(transaction, kind, fees)
        case _:
            raise Defect(f"a transaction of type {kind} cannot be journalled")
    if transaction_hash(raw) != as_text(transaction.get("hash")):
        raise Defect("a journalled transaction does not give its own hash", tx_hash=str(transaction.get("hash")))
    return raw


def mined_record(transaction: Mapping[str, Json]) -> TransactionRecord:
    """A mined transaction as its signer would have journalled it. Raises Defect as `rebuild` does."""
    raw = rebuild(transaction)
    # Older kinds offer one price for both.
    price_wei = _number(transaction, "gasPrice")
    is_dynamic = as_quantity(transaction.get("type", "0x0")) == _DYNAMIC_FEE
    return TransactionRecord(
        tx_hash=transaction_hash(raw),
        raw=raw,
        signer=parse_address(as_text(transaction.get("from"))),
        nonce=_number(transaction, "nonce"),
        gas_limit=_number(transaction, "gas"),
        max_fee_per_gas_wei=_number(transaction, "maxFeePerGas") if is_dynamic else price_wei,
        max_priority_fee_per_gas_wei=_number(transaction, "maxPriorityFeePerGas") if is_dynamic else price_wei,
    )


def _rebuild_typed(transaction: Mapping[str, Json], kind: int, prices: Sequence[Encodable]) -> bytes:
    parity = as_quantity(transaction.get("yParity", transaction.get("v")))
    if parity >= _LEGACY_PARITY:  # so Hardhat tells it of a transaction that nobody signed
        parity -= _LEGACY_PARITY
    return _typed(
        kind,
        [
            _number(transaction, "chainId"),
            *_head(transaction, prices),
            _access_list(transaction),
            parity,
            *_signature(transaction),
        ],
    )


def _head(transaction: Mapping[str, Json], prices: Sequence[Encodable]) -> list[Encodable]:
    to = transaction.get("to")
    return [
        _number(transaction, "nonce"),
        *prices,
        _number(transaction, "gas"),
        b"" if to is None else as_bytes(to),
        _number(transaction, "value"),
        as_bytes(transaction.get("input")),
    ]


def _access_list(transaction: Mapping[str, Json]) -> list[Encodable]:
    entries = [as_object(entry) for entry in as_list(transaction.get("accessList"))]
    return [
        [as_bytes(entry.get("address")), [as_bytes(key) for key in as_list(entry.get("storageKeys"))]]
        for entry in entries
    ]


def _signature(transaction: Mapping[str, Json]) -> tuple[int, int]:
    return _number(transaction, "r"), _number(transaction, "s")


def _number(transaction: Mapping[str, Json], name: str) -> int:
    return as_quantity(transaction.get(name))


def _typed(kind: int, fields: Sequence[Encodable]) -> bytes:
    return bytes([kind]) + encode(fields)
