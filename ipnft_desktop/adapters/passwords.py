"""Passwords of people, hashed with Argon2id (RFC 9106) by libsodium."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from types import ModuleType

from ipnft_desktop.domain.people import Password

OPERATIONS = 3
MEMORY_BYTES = 256 * 2**20
"""libsodium's "moderate": 0.55 s and 256 MiB on a machine of two cores."""


class Argon2Passwords:
    """Implements the port `PasswordHasher`. One at a time: each takes a quarter of a gigabyte while it runs."""

    def __init__(self, operations: int = OPERATIONS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._operations = operations
        self._memory_bytes = memory_bytes
        self._one = asyncio.Semaphore(1)

    async def hash(self, password: Password) -> str:
        """A new hash in its text form, `$argon2id$v=19$m=...`."""
        async with self._one:
            return await asyncio.to_thread(self._hash, password)

    async def verify(self, password_hash: str | None, password: Password) -> bool:
        """Whether this is the password; the time it takes tells nothing about whether there is an account."""
        async with self._one:
            return await asyncio.to_thread(_verify, password_hash or self.nobodys_hash, password) and bool(
                password_hash
            )

    def _hash(self, password: Password) -> str:
        hashed: bytes = _argon2().str(password.encode(), opslimit=self._operations, memlimit=self._memory_bytes)
        return hashed.decode("ascii")

    @property
    def nobodys_hash(self) -> str:
        """A hash of the same cost that no password has."""
        salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        return f"$argon2id$v=19$m={self._memory_bytes // 1024},t={self._operations},p=1${salt}${digest}"


def _verify(password_hash: str, password: Password) -> bool:
    from nacl.exceptions import InvalidkeyError

    try:
        return bool(_argon2().verify(password_hash.encode("ascii"), password.encode()))
    except InvalidkeyError:
        return False


def _argon2() -> ModuleType:
    """Loaded at the first use, in a thread: the window starts without it."""
    from nacl.pwhash import argon2id

    return argon2id
