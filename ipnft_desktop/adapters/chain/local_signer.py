"""Signs with a key that everybody knows: the local node's demonstration accounts. Never for a public chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ipnft_desktop.adapters.chain.raw_transactions import UnsignedTransaction, transaction_hash
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, Fees, TransactionPlan
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import TransactionRecord

DEMO_MNEMONIC = "test test test test test test test test test test test junk"
"""Published with Hardhat; hardhat.config.js funds its accounts."""


class LocalSigner:
    """One demonstration account; implements the port `Signer`.

    `is_local_chain` is asked before each signature: chain id and loopback address, see `EthereumChain.is_local`.
    The key is derived at first use, best by `prepare`; a signature takes 0.3 ms. May be used from any thread.
    """

    def __init__(self, is_local_chain: Callable[[], bool], account_index: int = 0) -> None:
        self._is_local_chain = is_local_chain
        self._account_index = account_index
        self._account: _Account | None = None

    def __repr__(self) -> str:
        return f"LocalSigner(account {self._account_index})"

    @property
    def address(self) -> str:
        """The account, checksummed; derived here and now unless `prepare` has been awaited."""
        return self._derived().address

    async def prepare(self) -> None:
        """Derive the key aside from the event loop: libraries included it takes 0.2 s the first time."""
        if self._account is None:
            await asyncio.get_running_loop().run_in_executor(None, self._derived)

    def sign(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        """Sign a mint. Raises UserError TEST_KEY_ON_PUBLIC_CHAIN."""
        to = bytes.fromhex(plan.to[2:])
        raw = self._signed(UnsignedTransaction(plan.chain_id, nonce, to, plan.data, plan.gas_limit, plan.fees))
        return TransactionRecord(
            tx_hash=transaction_hash(raw),
            raw=raw,
            signer=self.address,
            nonce=nonce,
            gas_limit=plan.gas_limit,
            max_fee_per_gas_wei=plan.fees.max_fee_per_gas_wei,
            max_priority_fee_per_gas_wei=plan.fees.max_priority_fee_per_gas_wei,
        )

    def sign_deployment(self, chain_id: int, nonce: int, data: bytes, gas_limit: int, fees: Fees) -> tuple[bytes, str]:
        """Sign the creation of a contract; returns raw bytes and hash. Raises UserError TEST_KEY_ON_PUBLIC_CHAIN."""
        raw = self._signed(UnsignedTransaction(chain_id, nonce, b"", data, gas_limit, fees))
        return raw, transaction_hash(raw)

    def _signed(self, transaction: UnsignedTransaction) -> bytes:
        if transaction.chain_id != LOCAL_CHAIN_ID or not self._is_local_chain():
            raise UserError(ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN, "this key is published with Hardhat")
        return transaction.signed(self._derived().sign_digest)

    def _derived(self) -> _Account:
        if self._account is None:
            self._account = _derive(self._account_index)
        return self._account


@dataclass(frozen=True, slots=True, repr=False)
class _Account:
    """An address, and a way to sign that does not show its key."""

    address: str
    sign_digest: Callable[[bytes], bytes]


def _derive(index: int) -> _Account:
    # Imported here: the window starts without these libraries.
    from eth_hash.auto import keccak
    from eth_utils.address import to_checksum_address

    from ipnft_desktop.adapters.chain.hd_keys import account_key, sign_digest

    key = account_key(DEMO_MNEMONIC, index)
    public_key = key.public_key.format(compressed=False)
    return _Account(str(to_checksum_address(keccak(public_key[1:])[-20:])), partial(sign_digest, key))
