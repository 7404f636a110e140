"""Blocking looks at the machine, each in a thread of its own that nobody has to wait for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def aside(look: Callable[[], T]) -> T:
    """What `look` answers. A look that never returns, as at a dead network drive, holds up neither the loop nor the
    other looks, nor the end of the program: its thread is a daemon and belongs to no pool."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if answer.done():  # nobody waits any more
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # None only where T is

    def run() -> None:
        result: T | None = None
        failure: Exception | None = None
        try:
            result = look()
        except Exception as error:  # noqa: BLE001 - handed to who asked
            failure = error
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    return await answer
