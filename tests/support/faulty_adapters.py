"""Adapters that fail as told and then heal, around the real ones: database, content store, clock."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.support.kill_points import Delegate, TransactionWatch

T = TypeVar("T")


def disk_full() -> OperationalError:
    """What SQLite raises when the disk is full, as SQLAlchemy hands it on."""
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    full.sqlite_errorname = "SQLITE_FULL"
    return OperationalError("INSERT", {}, full)


class FailingDatabase(Delegate):
    """Every write that takes `step` fails and is rolled back, `times` often."""

    def __init__(self, database: Any, step: str, error: Callable[[], Exception], times: int) -> None:
        super().__init__(database)
        self._step = step
        self._error = error
        self._left = times
        self._failed = asyncio.Event()

    async def failed(self) -> None:
        """Wait until it has failed as often as it was told to."""
        await self._failed.wait()

    async def write(self, work: Callable[[Any], T]) -> T:
        if self._left == 0:
            result: T = await self._real.write(work)
            return result

        def fail() -> None:
            self._left -= 1
            raise self._error()

        try:
            result = await self._real.write(lambda tx: work(TransactionWatch(tx, self._step, after=fail)))
        finally:
            if self._left == 0:
                self._failed.set()
        return result


class FailingContent(Delegate):
    """While `is_down`, nothing can be stored."""

    def __init__(self, content: Any) -> None:
        super().__init__(content)
        self.is_down = False
        self.refusals = 0
        self._refused = asyncio.Condition()

    async def refused(self, times: int) -> None:
        """Wait until it has refused so often."""
        async with self._refused:
            await self._refused.wait_for(lambda: self.refusals >= times)

    async def add_directories(self, directories: Sequence[Mapping[str, bytes]]) -> Any:
        if not self.is_down:
            return await self._real.add_directories(directories)
        self.refusals += 1
        async with self._refused:
            self._refused.notify_all()
        raise EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE, "the disk of the content store is gone")


class LeapingClock:
    """The machine's clock, which somebody sets."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset
