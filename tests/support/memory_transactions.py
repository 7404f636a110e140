"""Transactions of the chain in memory: JSON instead of RLP, SHA-256 instead of keccak-256, a name instead of a key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.audit import AuditPoint, anchor_data
from ipnft_desktop.domain.chain import Fees, MintCall, TransactionPlan
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_verify.signing import Statement

DEMO_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
TRANSFER_GAS = 21_000


def memory_hash(data: bytes) -> str:
    """Stands for keccak-256, which the standard library lacks."""
    return "0x" + hashlib.sha256(data).hexdigest()


class MemorySigner:
    """Signs by naming itself; `refusal` is raised instead while set."""

    def __init__(self, address: str = DEMO_ADDRESS) -> None:
        self._address = address
        self.refusal: IpnftError | None = None

    @property
    def address(self) -> str:
        return self._address

    async def prepare(self) -> None:
        pass

    def sign(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        raw = self._raw("mint", plan.chain_id, nonce, plan.to, plan.data, plan.gas_limit, plan.fees)
        return MemoryTransaction.read(raw).record()

    def sign_self_transfer(
        self, chain_id: int, nonce: int, fees: Fees, purpose: TransactionPurpose
    ) -> TransactionRecord:
        raw = self._raw("self", chain_id, nonce, self._address, b"", TRANSFER_GAS, fees)
        return MemoryTransaction.read(raw).record(purpose)

    def sign_anchor(self, chain_id: int, nonce: int, fees: Fees, point: AuditPoint) -> TransactionRecord:
        raw = self._raw("self", chain_id, nonce, self._address, anchor_data(point), TRANSFER_GAS, fees)
        return MemoryTransaction.read(raw).record(TransactionPurpose.ANCHOR)

    def sign_call(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        raw = self._raw(
            "call", plan.chain_id, nonce, plan.to, plan.data, plan.gas_limit, plan.fees, value_wei=plan.value_wei
        )
        return MemoryTransaction.read(raw).record(TransactionPurpose.CALL)

    def sign_evidence(self, statement: Statement) -> bytes:
        if self.refusal:
            raise self.refusal
        return hashlib.sha512(f"{self._address} {statement}".encode()).digest() + b"\x1b"

    def sign_deployment(self, chain_id: int, nonce: int, data: bytes, gas_limit: int, fees: Fees) -> tuple[bytes, str]:
        raw = self._raw("deploy", chain_id, nonce, None, data, gas_limit, fees)
        return raw, memory_hash(raw)

    def _raw(
        self,
        kind: str,
        chain_id: int,
        nonce: int,
        to: str | None,
        data: bytes,
        gas_limit: int,
        fees: Fees,
        value_wei: int = 0,
    ) -> bytes:
        if self.refusal:
            raise self.refusal
        return json.dumps(
            {
                "kind": kind,
                "chain_id": chain_id,
                "signer": self._address,
                "nonce": nonce,
                "to": to,
                "data": data.hex(),
                "gas_limit": gas_limit,
                "max_fee_wei": fees.max_fee_per_gas_wei,
                "priority_fee_wei": fees.max_priority_fee_per_gas_wei,
                "value_wei": value_wei,
            }
        ).encode()


@dataclass(frozen=True, slots=True)
class MemoryTransaction:
    """What the raw bytes say."""

    raw: bytes
    tx_hash: str
    kind: str
    chain_id: int
    signer: str
    nonce: int
    to: str | None
    data: bytes
    gas_limit: int
    max_fee_wei: int
    priority_fee_wei: int
    value_wei: int

    @classmethod
    def read(cls, raw: bytes) -> MemoryTransaction:
        fields: dict[str, Any] = json.loads(raw)
        fields["data"] = bytes.fromhex(fields["data"])
        return cls(raw, memory_hash(raw), **fields)

    def record(self, purpose: TransactionPurpose = TransactionPurpose.MINT) -> TransactionRecord:
        """As a signer journals it."""
        return TransactionRecord(
            self.tx_hash,
            self.raw,
            self.signer,
            self.nonce,
            self.gas_limit,
            self.max_fee_wei,
            self.priority_fee_wei,
            purpose,
        )

    def outbids(self, other: MemoryTransaction) -> bool:
        """Whether it may take the other's place in a pool: both fees at least a tenth higher."""
        return (
            self.max_fee_wei * 10 >= other.max_fee_wei * 11
            and self.priority_fee_wei * 10 >= other.priority_fee_wei * 11
        )

    def shares_nonce(self, other: MemoryTransaction) -> bool:
        """Whether the chain can mine only one of the two."""
        return (self.signer, self.nonce) == (other.signer, other.nonce)

    def price_wei(self, base_fee_wei: int) -> int:
        """Price per gas in a block of this base fee (EIP-1559)."""
        return min(self.max_fee_wei, base_fee_wei + self.priority_fee_wei)


def created_address(transaction: MemoryTransaction) -> str:
    """Where a deployment puts its contract. Decimal digits only: such an address has its checksum whatever its case."""
    digest = hashlib.sha256(f"{transaction.signer}{transaction.nonce}".encode()).digest()
    return f"0x{int.from_bytes(digest, 'big') % 10**40:040d}"


def gas_of(call: MintCall) -> int:
    return 50_000 + 25_000 * len(call.asset_ids)


def encoded(call: MintCall) -> bytes:
    ids = [str(asset_id) for asset_id in call.asset_ids]
    return json.dumps([ids, list(call.recipients), call.directory_digest.hex()]).encode()


def decoded(data: bytes) -> MintCall:
    ids, recipients, digest = json.loads(data)
    return MintCall(tuple(map(UUID, ids)), tuple(recipients), bytes.fromhex(digest))
