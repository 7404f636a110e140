"""Signs with a key of one's own: encrypted on the disk, in memory only while it is unlocked."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.account_signer import Account, AccountSigner, account_of
from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.keystore_files import Keystore, Password, read_keystore
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID
from ipnft_desktop.domain.errors import ErrorCode, UserError

DEMO_ACCOUNTS = 20
"""How many accounts of the published mnemonic a Hardhat node funds."""
FREE_ATTEMPTS = 5
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 900


class KeystoreSigner(AccountSigner):
    """One keystore; implements the ports `Signer` and `KeyLock`, and `services.key_custody.GuardedKey`.

    `is_local_chain` is asked before a signature with one of Hardhat's published keys: see `EthereumChain.is_local`.
    `now_s` is any clock that only goes forward. May be used from any thread, but for `unlock`.
    """

    def __init__(
        self, file: Path, is_local_chain: Callable[[], bool], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._file = file
        self._is_local_chain = is_local_chain
        self._attempts = AttemptLimit(now_s)
        self._unlocking = asyncio.Lock()
        self._keystore: Keystore | None = None
        self._known_address: str | None = None
        self._account: Account | None = None
        self._on_signature: Callable[[], None] = _nobody_listens

    def __repr__(self) -> str:
        return f"KeystoreSigner({'locked' if self.is_locked else 'unlocked'})"

    @property
    def address(self) -> str:
        """The account, checksummed. A file without an address tells it once it was unlocked: KEYSTORE_LOCKED before.

        Raises UserError KEYSTORE_INVALID.
        """
        address = self._known_address or self._read().address
        if address is None:
            raise UserError(ErrorCode.KEYSTORE_LOCKED, "this file tells its account only after it is unlocked")
        return address

    @property
    def is_locked(self) -> bool:
        """Whether the key is only on the disk."""
        return self._account is None

    async def prepare(self) -> None:
        """Read the file and load what opens it, aside from the event loop. Raises UserError KEYSTORE_INVALID."""
        await asyncio.get_running_loop().run_in_executor(None, self._load)

    async def unlock(self, password: str) -> None:
        """Decrypt the key: takes about a second of another thread. An attempt that is cancelled counts as wrong.

        Raises UserError KEYSTORE_WRONG_PASSWORD (fact `attempts_left`), KEYSTORE_LOCKED (fact `wait_s`) after five
        wrong ones in a row, KEYSTORE_INVALID.
        """
        attempt = Password(password)
        del password  # no local of a frame that an exception passes through
        await self.prepare()
        async with self._unlocking:
            self._attempts.spend()
            account = await asyncio.get_running_loop().run_in_executor(None, self._read().opened, attempt)
            if account is None:
                raise self._attempts.refusal()
            self._attempts.forget()
            self._known_address, self._account = account.address, account

    def lock(self) -> None:
        """Forget the key until the next `unlock`."""
        self._account = None

    def hear_signatures(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each signature, in the thread that asked for it."""
        self._on_signature = listener

    def _account_for(self, chain_id: int) -> Account:
        account = self._account
        if account is None:
            raise UserError(ErrorCode.KEYSTORE_LOCKED, "the signing key is locked")
        is_local = chain_id == LOCAL_CHAIN_ID and self._is_local_chain()
        if not is_local and account.address in demo_addresses():
            raise UserError(ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN, "this key is published with Hardhat")
        self._on_signature()
        return account

    def _read(self) -> Keystore:
        """The file as it was when it was first read: the account must not change under a running program."""
        if self._keystore is None:
            self._keystore = read_keystore(self._file)
        return self._keystore

    def _load(self) -> None:
        ethereum_libraries.load_keystores()
        demo_addresses()
        self._read()


class AttemptLimit:
    """Guessing at the keyboard is slowed down: from the fifth wrong password in a row on each costs a wait.

    The wait begins at a minute and doubles up to a quarter of an hour. It is kept in memory only: whoever has the file
    guesses without this program, and is held up by the file's own key derivation.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._wrong = 0
        self._free_at_s = -math.inf

    def spend(self) -> None:
        """Count an attempt, as a wrong one for the time being. Raises UserError KEYSTORE_LOCKED while it must wait."""
        if self._wait_s:
            raise self.refusal()
        self._wrong += 1
        doublings = self._wrong - FREE_ATTEMPTS
        if doublings >= 0:
            self._free_at_s = self._now_s() + min(FIRST_WAIT_S * 2 ** min(doublings, 10), LONGEST_WAIT_S)

    def forget(self) -> None:
        """The password was right."""
        self._wrong, self._free_at_s = 0, -math.inf

    def refusal(self) -> UserError:
        """What to say after a wrong password."""
        if wait_s := self._wait_s:
            detail = f"{self._wrong} wrong passwords in a row; try again in {wait_s} s"
            return UserError(ErrorCode.KEYSTORE_LOCKED, detail, wait_s=str(wait_s))
        left = max(FREE_ATTEMPTS - self._wrong, 1)
        detail = f"{left} attempts left" if left > 1 else "one attempt left"
        return UserError(ErrorCode.KEYSTORE_WRONG_PASSWORD, detail, attempts_left=str(left))

    @property
    def _wait_s(self) -> int:
        return max(0, math.ceil(self._free_at_s - self._now_s())) if self._wrong >= FREE_ATTEMPTS else 0


@cache
def demo_addresses() -> frozenset[str]:
    """The accounts whose keys Hardhat publishes. Takes 60 ms the first time."""
    return frozenset(account_of(account_key(DEMO_MNEMONIC, index).secret).address for index in range(DEMO_ACCOUNTS))


def _nobody_listens() -> None:
    """Until somebody does."""
