"""Named points of a mint at which the program is killed, and adapters that do it; the program knows nothing of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from ipnft_desktop.domain.chain import SendReply

T = TypeVar("T")


class Moment(Enum):
    """When, with respect to a step of a database transaction, or to a call of another port."""

    BEFORE = "before"
    INSIDE = "inside"
    """Written, but not committed."""
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class KillPoint:
    """A step (a method of a port) and the moment at it."""

    step: str
    moment: Moment


KILL_POINTS: Mapping[str, KillPoint] = {
    "before-A": KillPoint("open_jobs", Moment.BEFORE),
    "after-A": KillPoint("open_jobs", Moment.AFTER),
    "storing-content": KillPoint("add_directories", Moment.BEFORE),
    "content-stored": KillPoint("add_directories", Moment.AFTER),
    "inside-B": KillPoint("record_signed", Moment.INSIDE),
    "after-B": KillPoint("record_signed", Moment.AFTER),
    "before-send": KillPoint("send_raw", Moment.BEFORE),
    "during-send": KillPoint("send_raw", Moment.AFTER),
    "before-C": KillPoint("record_accepted", Moment.BEFORE),
    "after-C": KillPoint("record_accepted", Moment.AFTER),
    "before-D": KillPoint("record_final", Moment.BEFORE),
    "after-D": KillPoint("record_final", Moment.AFTER),
    "inside-E": KillPoint("record_minted", Moment.INSIDE),
    "after-E": KillPoint("record_minted", Moment.AFTER),
}

WRITE_KILL_POINTS: Mapping[str, KillPoint] = {
    "inside-record-write": KillPoint("record_write", Moment.INSIDE),
    "after-record-write": KillPoint("record_write", Moment.AFTER),
    "before-send": KILL_POINTS["before-send"],
    "during-send": KILL_POINTS["during-send"],
    "before-write-mined": KillPoint("record_write_mined", Moment.BEFORE),
    "after-write-mined": KillPoint("record_write_mined", Moment.AFTER),
}
"""Of a call of a contract that is no mint."""


def die() -> None:
    """As a power cut ends a program: no handler, no buffer, no commit."""
    os.kill(os.getpid(), signal.SIGKILL)


class Delegate:
    """Everything that is not overridden goes to the real adapter."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class TransactionWatch(Delegate):
    """Tells of one method of a database transaction, before it runs and after it ran."""

    def __init__(
        self, tx: Any, step: str, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
    ) -> None:
        super().__init__(tx)
        self._step = step
        self._before = before
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name != self._step:
            return method

        def watched(*arguments: Any, **named: Any) -> Any:
            if self._before:
                self._before()
            result = method(*arguments, **named)
            if self._after:
                self._after()
            return result

        return watched


class FatalDatabase(Delegate):
    """Kills the program at a step of a write."""

    def __init__(self, database: Any, point: KillPoint) -> None:
        super().__init__(database)
        self._point = point

    async def write(self, work: Callable[[Any], T]) -> T:
        point, reached = self._point, list[str]()

        def watched(tx: Any) -> T:
            match point.moment:
                case Moment.BEFORE:
                    return work(TransactionWatch(tx, point.step, before=die))
                case Moment.INSIDE:
                    return work(TransactionWatch(tx, point.step, after=die))
                case Moment.AFTER:
                    return work(TransactionWatch(tx, point.step, after=lambda: reached.append(point.step)))

        result: T = await self._real.write(watched)
        if reached:
            die()
        return result


class FatalChain(Delegate):
    """Kills the program around the handing over of signed bytes."""

    def __init__(self, chain: Any, point: KillPoint) -> None:
        super().__init__(chain)
        self._point = point
        self._contract_is_there = False

    async def identity_of(self, deployment: Any) -> Any:
        """Behind the deployment the next transaction is a mint."""
        self._contract_is_there = True
        return await self._real.identity_of(deployment)

    async def send_raw(self, raw: bytes) -> SendReply:
        is_the_point = self._point.step == "send_raw" and self._contract_is_there
        if is_the_point and self._point.moment is Moment.BEFORE:
            die()
        reply: SendReply = await self._real.send_raw(raw)
        if is_the_point and self._point.moment is Moment.AFTER:
            die()
        return reply


class FatalContent(Delegate):
    """Kills the program while it stores metadata."""

    def __init__(self, content: Any, point: KillPoint) -> None:
        super().__init__(content)
        self._point = point

    async def add_directories(self, directories: Sequence[Mapping[str, bytes]]) -> Any:
        if self._point.moment is Moment.BEFORE and self._is_the_point:
            # Half of it is on the disk already.
            await self._real.add_bytes(next(iter(directories[0].values())))
            die()
        stored = await self._real.add_directories(directories)
        if self._is_the_point:
            die()
        return stored

    @property
    def _is_the_point(self) -> bool:
        return self._point.step == "add_directories"
