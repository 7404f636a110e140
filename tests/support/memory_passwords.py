"""Passwords hashed at once, for tests that are not about hashing."""

from __future__ import annotations

import hashlib

from ipnft_desktop.domain.people import Password


class MemoryPasswords:
    """Implements the port `PasswordHasher`; `asked` tells what was verified, an unknown account as None."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def hash(self, password: Password) -> str:
        return hashlib.sha256(password.encode()).hexdigest()

    async def verify(self, password_hash: str | None, password: Password) -> bool:
        self.asked.append(password_hash)
        return await self.hash(password) == password_hash
