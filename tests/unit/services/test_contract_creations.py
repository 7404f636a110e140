"""Where contracts come from: found in the newest transactions, look by look, whatever a look could not come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.inspection.blocks import BlockLine, BlockPage
from ipnft_desktop.domain.inspection.transactions import TransactionLine, TransactionPage, TransactionPlace
from ipnft_desktop.services.inspector.contract_creations import MOST_TRANSACTIONS, PAGES_AT_ONCE, ContractCreations

EMPTY_BLOCKS_A_PAGE = 1_000


class Chain:
    """One transaction in each block that has one; some create a contract. Every branch has hashes of its own."""

    def __init__(self, head: int, creating: set[int], is_empty: Callable[[int], bool] = lambda _number: False) -> None:
        self.head_number, self.creating, self.is_empty = head, creating, is_empty
        self.branch = "a"
        self.answers: int | None = None
        """How often it answers before it is gone."""
        self.pages = 0

    async def blocks(self, below: int | None, limit: int) -> BlockPage:
        number = self.head_number if below is None else below - 1
        if number > self.head_number:
            return BlockPage((), number)
        return BlockPage((BlockLine(number, f"{self.branch}{number}", "", 0, 0, 0, 0, 0),), number)

    async def transactions(self, below: TransactionPlace, limit: int) -> TransactionPage:
        if self.answers is not None:
            if not self.answers:
                raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "gone")
            self.answers -= 1
        self.pages += 1
        lines: list[TransactionLine] = []
        last = number = below.block_number
        while number > 0 and len(lines) < limit and last - number < EMPTY_BLOCKS_A_PAGE:
            number -= 1
            if not self.is_empty(number):
                lines.append(self.line(number))
        return TransactionPage(tuple(lines), TransactionPlace(number, 0) if number else None)

    def line(self, number: int) -> TransactionLine:
        created = f"{self.branch}-contract {number}" if number in self.creating else None
        place = TransactionPlace(number, 0)
        return TransactionLine(f"hash {number}", place, 7, True, "ann", None, created, 0, 0, "", "", 21_000, 1)


def creations(chain: Any) -> ContractCreations:
    parts: list[Any] = [chain, None, None]
    return ContractCreations(*parts)


def contracts(*numbers: int, branch: str = "a") -> set[str]:
    return {f"{branch}-contract {number}" for number in numbers}


async def test_what_a_node_that_went_away_did_not_tell_is_looked_at_when_it_is_back() -> None:
    chain = Chain(300, {10, 250, 302})
    chain.answers = 1
    looking = creations(chain)
    with pytest.raises(EnvironmentFault):
        await looking.newest()
    chain.answers, chain.head_number = 0, 303
    with pytest.raises(EnvironmentFault):
        await looking.newest()
    chain.answers = None
    found = await looking.newest()
    assert set(found) == contracts(10, 250, 302)
    assert (found["a-contract 250"].block_number, found["a-contract 250"].creator) == (250, "ann")
    chain.pages = 0
    assert await looking.newest() == found
    assert chain.pages == 0, "each transaction is looked at once"


async def test_a_long_way_of_empty_blocks_is_gone_in_pieces() -> None:
    chain = Chain(20_000, {50}, lambda number: number != 50)
    looking, looks = creations(chain), 1
    while not await looking.newest():
        looks += 1
        assert chain.pages <= looks * PAGES_AT_ONCE
    assert set(await looking.newest()) == contracts(50)
    assert looks == -(-20_000 // (PAGES_AT_ONCE * EMPTY_BLOCKS_A_PAGE))


async def test_only_the_newest_transactions_are_looked_through() -> None:
    chain = Chain(10_000, {10_000 - MOST_TRANSACTIONS, 10_001 - MOST_TRANSACTIONS})
    looking = creations(chain)
    for _ in range(3):
        assert set(await looking.newest()) == contracts(10_001 - MOST_TRANSACTIONS)


async def test_another_branch_is_looked_through_anew() -> None:
    chain = Chain(300, {10, 250})
    looking = creations(chain)
    await looking.newest()
    chain.branch, chain.head_number = "b", 260
    assert set(await looking.newest()) == contracts(10, 250, branch="b")
