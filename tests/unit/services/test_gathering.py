"""Questions of the same moment are asked together; nobody bears another's fault."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ipnft_desktop.services.gathering import Gathering


class Oracle:
    """Doubles numbers; refuses a group in which one is negative."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    async def ask(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        await asyncio.sleep(0)
        if any(number < 0 for number in numbers):
            raise ValueError("negative")
        return [2 * number for number in numbers]


async def ask_all(gathering: Gathering[int, int], *numbers: int) -> list[int | BaseException]:
    return await asyncio.gather(*[gathering(number) for number in numbers], return_exceptions=True)


async def test_what_is_asked_at_one_moment_is_one_group_of_limited_size() -> None:
    oracle = Oracle()
    assert await ask_all(Gathering(oracle.ask, 3), 1, 2, 3, 4) == [2, 4, 6, 8]
    assert oracle.groups == [[1, 2, 3], [4]]


async def test_a_group_that_falls_apart_is_asked_one_by_one() -> None:
    oracle = Oracle()
    first, refused, last = await ask_all(Gathering(oracle.ask, 3, lambda error: True), 1, -2, 3)
    assert (first, last) == (2, 6)
    assert isinstance(refused, ValueError)
    assert oracle.groups == [[1, -2, 3], [1], [-2], [3]]


async def test_what_meets_all_alike_is_asked_once() -> None:
    oracle = Oracle()
    outcomes = await ask_all(Gathering(oracle.ask, 3, lambda error: False), 1, -2, 3)
    assert all(isinstance(outcome, ValueError) for outcome in outcomes)
    assert oracle.groups == [[1, -2, 3]]


async def test_stopping_in_the_midst_of_a_group_that_fell_apart_cancels_all_of_it() -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def ask(numbers: Sequence[int]) -> list[int]:
        if len(numbers) > 1:
            raise ValueError("together")
        begun.set()
        await never.wait()
        return []

    gathering: Gathering[int, int] = Gathering(ask, 3, lambda error: True)
    waiting = [asyncio.ensure_future(gathering(number)) for number in range(3)]
    await begun.wait()
    await gathering.stop()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    done, _ = await asyncio.wait(waiting, timeout=1)
    assert done == set(waiting)


async def test_who_gave_up_is_not_asked_for_when_the_group_falls_apart() -> None:
    asked: list[list[int]] = []

    async def ask(numbers: Sequence[int]) -> list[int]:
        asked.append(list(numbers))
        if len(numbers) > 1:
            waiting[1].cancel()
            await asyncio.sleep(0)
            raise ValueError("together")
        return list(numbers)

    gathering: Gathering[int, int] = Gathering(ask, 3, lambda error: True)
    waiting = [asyncio.ensure_future(gathering(number)) for number in range(3)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert (outcomes[0], outcomes[2]) == (0, 2)
    assert asked == [[0, 1, 2], [0], [2]]


async def test_stopping_before_the_first_step_ends() -> None:
    oracle = Oracle()
    gathering: Gathering[int, int] = Gathering(oracle.ask, 3)
    question = gathering(1)
    question.send(None)  # as far as its wait; the task that answers has not begun
    async with asyncio.timeout(1):
        await gathering.stop()
    question.close()
    assert oracle.groups == []
