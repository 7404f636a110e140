"""What every signer of one account does the same: typed requests become signed bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.raw_transactions import UnsignedTransaction, transaction_hash
from ipnft_desktop.domain.audit import AuditPoint, anchor_data
from ipnft_desktop.domain.chain import Fees, TransactionPlan
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_verify.signing import Statement

TRANSFER_GAS = 21_000
"""What a transaction without data to an account costs (Ethereum yellow paper, appendix G)."""
MOST_GAS_A_BYTE = 40
"""What a byte of a transaction's data costs at most, where it does nothing but be there (EIP-7623, floor price)."""


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """An address (checksummed), and a way to sign that does not show its key."""

    address: str
    sign_digest: Callable[[bytes], bytes]


def account_of(secret: bytes) -> Account:
    """The account of a private key. Raises ValueError where the 32 bytes are no key of the curve."""
    # Imported here: the window starts without these libraries.
    ethereum_libraries.load()
    from coincurve import PrivateKey
    from eth_hash.auto import keccak
    from eth_utils.address import to_checksum_address

    from ipnft_desktop.adapters.chain.hd_keys import sign_digest

    key = PrivateKey(secret)
    public_key = key.public_key.format(compressed=False)
    return Account(str(to_checksum_address(keccak(public_key[1:])[-20:])), partial(sign_digest, key))


class AccountSigner(ABC):
    """The signing half of the port `Signer`; where the account comes from is said by whoever derives from it."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The account, checksummed."""

    @abstractmethod
    def _account_for(self, chain_id: int) -> Account:
        """The account, if it may sign for this chain; else a UserError. Called once a signature, from any thread."""

    def sign(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        """Sign a mint."""
        to = bytes.fromhex(plan.to[2:])
        request = UnsignedTransaction(plan.chain_id, nonce, to, plan.data, plan.gas_limit, plan.fees)
        return self._record(request, TransactionPurpose.MINT)

    def sign_self_transfer(
        self, chain_id: int, nonce: int, fees: Fees, purpose: TransactionPurpose
    ) -> TransactionRecord:
        """Sign a transaction that sends nothing to ourselves: it only uses up a nonce."""
        to = bytes.fromhex(self.address[2:])
        return self._record(UnsignedTransaction(chain_id, nonce, to, b"", TRANSFER_GAS, fees), purpose)

    def sign_anchor(self, chain_id: int, nonce: int, fees: Fees, point: AuditPoint) -> TransactionRecord:
        """Sign a transaction that sends nothing to ourselves, with a seal of the audit log as its data."""
        data = anchor_data(point)
        gas_limit = TRANSFER_GAS + MOST_GAS_A_BYTE * len(data)
        request = UnsignedTransaction(chain_id, nonce, bytes.fromhex(self.address[2:]), data, gas_limit, fees)
        return self._record(request, TransactionPurpose.ANCHOR)

    def sign_call(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        """Sign any other call of a contract, or a transfer."""
        to = bytes.fromhex(plan.to[2:])
        request = UnsignedTransaction(plan.chain_id, nonce, to, plan.data, plan.gas_limit, plan.fees, plan.value_wei)
        return self._record(request, TransactionPurpose.CALL)

    def sign_evidence(self, statement: Statement) -> bytes:
        """Sign that an evidence bundle is ours (EIP-712): r, s and 27 or 28, 65 bytes."""
        signature = self._account_for(statement.chain_id).sign_digest(statement.digest())
        return signature[:64] + bytes([27 + signature[64]])

    def sign_deployment(self, chain_id: int, nonce: int, data: bytes, gas_limit: int, fees: Fees) -> tuple[bytes, str]:
        """Sign the creation of a contract; returns raw bytes and hash."""
        request = UnsignedTransaction(chain_id, nonce, b"", data, gas_limit, fees)
        raw = request.signed(self._account_for(chain_id).sign_digest)
        return raw, transaction_hash(raw)

    def _record(self, request: UnsignedTransaction, purpose: TransactionPurpose) -> TransactionRecord:
        account = self._account_for(request.chain_id)
        raw = request.signed(account.sign_digest)
        return TransactionRecord(
            tx_hash=transaction_hash(raw),
            raw=raw,
            signer=account.address,
            nonce=request.nonce,
            gas_limit=request.gas_limit,
            max_fee_per_gas_wei=request.fees.max_fee_per_gas_wei,
            max_priority_fee_per_gas_wei=request.fees.max_priority_fee_per_gas_wei,
            purpose=purpose,
        )
