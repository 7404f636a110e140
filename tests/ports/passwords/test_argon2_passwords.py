"""Argon2id by libsodium, at its smallest cost but where the cost itself is the question."""

from __future__ import annotations

import asyncio
import re

import pytest

from ipnft_desktop.adapters.passwords import MEMORY_BYTES, OPERATIONS, Argon2Passwords
from ipnft_desktop.domain.people import Password

SMALL = {"operations": 1, "memory_bytes": 8192}


@pytest.fixture
def passwords() -> Argon2Passwords:
    return Argon2Passwords(**SMALL)


async def test_only_the_password_itself_is_right(passwords: Argon2Passwords) -> None:
    kept = await passwords.hash(Password("correct horse battery"))
    assert await passwords.verify(kept, Password("correct horse battery"))
    for wrong in ("Correct horse battery", "correct horse battery ", "", "correct horse battery\0"):
        assert not await passwords.verify(kept, Password(wrong))
    assert await passwords.hash(Password("correct horse battery")) != kept, "salted"


@pytest.mark.parametrize(
    ("typed", "again"),
    [("Gen\u00e8ve 12345", "Gene\u0300ve 12345"), ("密码密码密码密码", "密码密码密码密码"), ("\udcff" * 10,) * 2],
)
async def test_any_text_may_be_a_password_however_it_is_composed(
    passwords: Argon2Passwords, typed: str, again: str
) -> None:
    assert await passwords.verify(await passwords.hash(Password(typed)), Password(again))


async def test_nobodys_hash_costs_the_same_and_is_never_right(passwords: Argon2Passwords) -> None:
    """The parameters decide what a verification costs; those of the stand-in are the ones in force."""
    kept = await passwords.hash(Password("correct horse battery"))
    nobodys = passwords.nobodys_hash
    parameters = re.compile(r"\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$")
    assert parameters.match(kept)[0] == parameters.match(nobodys)[0]  # type: ignore[index]
    assert len(kept) == len(nobodys)
    assert not await passwords.verify(None, Password("correct horse battery"))
    assert not await passwords.verify(nobodys, Password("correct horse battery")), "and it is computed, not refused"


async def test_the_cost_in_force_is_the_moderate_one_and_the_loop_goes_on_meanwhile() -> None:
    assert (OPERATIONS, MEMORY_BYTES) == (3, 256 * 2**20)
    hashing = asyncio.ensure_future(Argon2Passwords().hash(Password("correct horse battery")))
    for _ in range(5):
        await asyncio.sleep(0)
        assert not hashing.done()
    assert (await hashing).startswith("$argon2id$v=19$m=262144,t=3,p=1$")


def test_a_password_shows_itself_to_nobody() -> None:
    assert "battery" not in repr(Password("correct horse battery"))
