"""The index against nodes that know less of the chain than it does: forgotten is only what the chain took back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import ChainSlice, IndexedBlock, IndexReach
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.events import BlockArrived, EnvironmentChanged
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.event_hub import EventHub

FIRST, BRANCHED = 100, 160
MANY = 200
"""Blocks that are indexed before anything happens: the heights below this one."""


def block(number: int, branch: str = "a") -> IndexedBlock:
    names = [branch if at >= BRANCHED else "a" for at in (number, number - 1)]
    own, parent = (f"0x{name}{at:063x}" for name, at in zip(names, (number, number - 1), strict=True))
    return IndexedBlock(BlockRef(number, own, number), parent)


class Register:
    """The index alone, kept as a list."""

    def __init__(self) -> None:
        self.blocks = [block(number) for number in range(FIRST, MANY)]

    async def read(self, work: Callable[[Any], Any]) -> Any:
        return work(self)

    write = read

    def index_reach(self) -> IndexReach:
        return IndexReach(FIRST, FIRST + len(self.blocks))

    def indexed_block(self, number: int) -> IndexedBlock | None:
        return next((each for each in self.blocks if each.block.number == number), None)

    def append_to_index(self, piece: ChainSlice) -> None:
        self.blocks += piece.blocks

    def drop_from_index(self, last_kept: int) -> None:
        self.blocks = [each for each in self.blocks if each.block.number <= last_kept]


class Node:
    """Has the blocks below a height, on one of two branches."""

    def __init__(self) -> None:
        self.height, self.branch = MANY, "a"
        self.hidden = range(0)
        self.asked = asyncio.Event()

    def serve(self, height: int, branch: str = "a") -> None:
        self.height, self.branch = height, branch

    async def head(self) -> BlockRef:
        self.asked.set()
        return block(self.height - 1, self.branch).block

    async def block_at(self, number: int) -> BlockRef | None:
        return block(number, self.branch).block if number < self.height and number not in self.hidden else None

    async def slice_from(self, first: int, last: int) -> ChainSlice:
        return ChainSlice(tuple(block(number, self.branch) for number in range(first, last + 1)), ())


class Same:
    async def require_same(self) -> None: ...


class Following:
    """An index that follows a node."""

    def __init__(self, *, is_ours: bool) -> None:
        self.register, self.node, self.events = Register(), Node(), EventHub()
        parts: list[Any] = [self.register, self.node, Same(), self.events, None, None]
        self.indexing = ChainIndexing(*parts, first_block_of=lambda _: FIRST, is_ours=is_ours)

    async def look(self) -> None:
        """Until a whole round from one question for the head to the next has changed nothing."""
        seen: list[IndexedBlock] = []
        looks, is_settled = 0, False
        while not is_settled:
            self.node.asked.clear()
            self.events.publish(BlockArrived(block(self.node.height - 1, self.node.branch).block, 1))
            await self.node.asked.wait()
            now = list(self.register.blocks)
            is_settled, seen = looks > 0 and now == seen, now
            looks += 1

    @property
    def last(self) -> IndexedBlock | None:
        return self.register.blocks[-1] if self.register.blocks else None


@pytest.fixture
async def start(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Following]]:
    monkeypatch.setattr("ipnft_desktop.services.chain_indexing.FIRST_RETRY_S", 0.01)
    begun: list[Following] = []

    def begin(*, is_ours: bool) -> Following:
        following = Following(is_ours=is_ours)
        following.indexing.start()
        following.events.publish(EnvironmentChanged(True))
        begun.append(following)
        return following

    yield begin
    for each in begun:
        await each.indexing.stop()


@pytest.mark.parametrize("height", [MANY - 1, BRANCHED, FIRST + 1, FIRST, FIRST - 10])
async def test_a_node_of_others_that_is_only_behind_is_waited_for(start: Callable[..., Following], height: int) -> None:
    following = start(is_ours=False)
    following.node.serve(height)
    await following.look()
    assert following.last == block(MANY - 1)
    following.node.serve(MANY + 3)
    await following.look()
    assert following.last == block(MANY + 2)


async def test_a_shorter_chain_of_ours_has_lost_its_blocks(start: Callable[..., Following]) -> None:
    following = start(is_ours=True)
    following.node.serve(BRANCHED)
    await following.look()
    assert following.last == block(BRANCHED - 1)
    following.node.serve(FIRST - 10)
    await following.look()
    assert following.last is None


@pytest.mark.parametrize("is_ours", [True, False])
@pytest.mark.parametrize("height", [MANY - 1, MANY, MANY + 5])
async def test_another_branch_is_followed_whoever_keeps_the_chain(
    start: Callable[..., Following], is_ours: bool, height: int
) -> None:
    following = start(is_ours=is_ours)
    following.node.serve(height, "b")
    await following.look()
    assert following.register.blocks == [block(number, "b") for number in range(FIRST, height)]


async def test_a_block_that_a_node_does_not_know_though_it_should_is_no_reason_to_forget(
    start: Callable[..., Following],
) -> None:
    following = start(is_ours=False)
    following.node.hidden = range(BRANCHED, MANY)
    await following.look()
    assert following.last == block(MANY - 1)
    fault = following.indexing.status.fault
    assert fault is not None
    assert fault.code is ErrorCode.NODE_UNREACHABLE
