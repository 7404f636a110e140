"""Signs with a key that everybody knows: the local node's demonstration accounts. Never for a public chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.account_signer import Account, AccountSigner, account_of
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID
from ipnft_desktop.domain.errors import ErrorCode, UserError

DEMO_MNEMONIC = "test test test test test test test test test test test junk"
"""Published with Hardhat; hardhat.config.js funds its accounts."""


class LocalSigner(AccountSigner):
    """One demonstration account; implements the port `Signer`.

    `is_local_chain` is asked before each signature: chain id and loopback address, see `EthereumChain.is_local`.
    Elsewhere signing raises UserError TEST_KEY_ON_PUBLIC_CHAIN.
    The key is derived at first use, best by `prepare`; a signature takes 0.3 ms. May be used from any thread.
    """

    def __init__(self, is_local_chain: Callable[[], bool], account_index: int = 0) -> None:
        self._is_local_chain = is_local_chain
        self._account_index = account_index
        self._account: Account | None = None

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

    def _account_for(self, chain_id: int) -> Account:
        if chain_id != LOCAL_CHAIN_ID or not self._is_local_chain():
            raise UserError(ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN, "this key is published with Hardhat")
        return self._derived()

    def _derived(self) -> Account:
        if self._account is None:
            self._account = _derive(self._account_index)
        return self._account


def _derive(index: int) -> Account:
    # Imported here: the window starts without these libraries.
    ethereum_libraries.load()
    from ipnft_desktop.adapters.chain.hd_keys import account_key

    return account_of(account_key(DEMO_MNEMONIC, index).secret)
