"""What many ask for at the same moment, asked once: one round trip and one commit serve all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gathering(Generic[Q, A]):
    """Collects questions while an earlier group is being answered, then asks for them together.

    Nobody waits for company: a question that comes alone is asked alone, at once.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[Q]], Awaitable[Sequence[A | Exception]]],
        most: int,
        falls_apart: Callable[[Exception], bool] = lambda _error: False,
    ) -> None:
        """`ask` answers a group of at most `most` questions in their order; an exception in the place of an answer is
        raised for that question only, one that it raises itself for all of the group. Unless the group `falls_apart`
        over it: then each is asked alone, so that nobody bears another's fault."""
        self._ask = ask
        self._most = most
        self._falls_apart = falls_apart
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to one question."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._task is None:
            # In a context of its own: a group does not belong to whoever happened to ask first.
            self._task = asyncio.create_task(self._answer_all(), name="gathering", context=Context())
        return await answer

    async def stop(self) -> None:
        """Ask nothing any more of what waits, and give up what is being asked; who waits is cancelled."""
        while self._waiting or self._task is not None:  # somebody may ask while the task is being ended
            waiting, self._waiting = self._waiting, []
            for _, answer in waiting:
                answer.cancel()
            task = self._task
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                if self._task is task:  # it never took its first step
                    self._task = None

    async def _answer_all(self) -> None:
        try:
            while True:
                await asyncio.sleep(0)  # Whoever is about to ask in this turn of the loop may still join.
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                group = [(question, answer) for question, answer in group if not answer.done()]
                if group:
                    await self._answer(group)
                if not self._waiting:
                    return
        finally:
            self._task = None

    async def _answer(self, group: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in group])
        except asyncio.CancelledError:
            _give_up(group)
            raise
        except Exception as error:  # noqa: BLE001 - handed to those who asked
            if len(group) > 1 and self._falls_apart(error):
                await self._answer_each(group)
                return
            answers = [error] * len(group)
        for (_, future), answer in zip(group, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def _answer_each(self, group: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            for question, future in group:
                if not future.done():  # who was cancelled meanwhile wants it no more
                    await self._answer([(question, future)])
        except asyncio.CancelledError:
            _give_up(group)
            raise


def _give_up(group: list[tuple[Q, asyncio.Future[A]]]) -> None:
    for _, future in group:
        future.cancel()
