"""Passwords of people, hashed with Argon2id (RFC 9106) by libsodium."""

from __future__ import annotations

import asyncio
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from importlib import import_module
from typing import Any

OPERATIONS = 3
MEMORY_BYTES = 256 * 2**20
"""libsodium's "moderate": 0.55 s and 256 MiB on a machine of two cores."""


@dataclass(frozen=True, slots=True, repr=False)
class _Secret:
    """A password on its way: event loops log the arguments of what they run, tracebacks may print locals; not this."""

    text: str

    def encode(self) -> bytes:
        """One spelling for what looks alike (RFC 8265, OpaqueString); a lone surrogate is no reason to fail."""
        return unicodedata.normalize("NFC", self.text).encode(errors="surrogatepass")


class Argon2Passwords:
    """Implements the port `PasswordHasher`. One at a time: each takes a quarter of a gigabyte while it runs."""

    def __init__(self, operations: int = OPERATIONS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._operations = operations
        self._memory_bytes = memory_bytes
        self._one = asyncio.Semaphore(1)

    async def hash(self, password: str) -> str:
        """A new hash in its text form, `$argon2id$v=19$m=...`."""
        secret = _Secret(password)
        del password  # no local of a frame that an exception passes through
        async with self._one:
            return await asyncio.to_thread(self._hash, secret)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; the time it takes tells nothing about whether there is an account."""
        secret = _Secret(password)
        del password  # no local of a frame that an exception passes through
        async with self._one:
            return await asyncio.to_thread(_verify, password_hash or self._nobodys(), secret) and bool(password_hash)

    def _hash(self, secret: _Secret) -> str:
        hashed: bytes = _argon2().str(secret.encode(), opslimit=self._operations, memlimit=self._memory_bytes)
        return hashed.decode("ascii")

    def _nobodys(self) -> str:
        """A hash of the same cost that no password has."""
        salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        return f"$argon2id$v=19$m={self._memory_bytes // 1024},t={self._operations},p=1${salt}${digest}"


def _verify(password_hash: str, secret: _Secret) -> bool:
    wrong: type[Exception] = import_module("nacl.exceptions").InvalidkeyError
    try:
        return bool(_argon2().verify(password_hash.encode("ascii"), secret.encode()))
    except wrong:
        return False


def _argon2() -> Any:
    """Loaded at the first use, in a thread: the window starts without it."""
    return import_module("nacl.pwhash.argon2id")
