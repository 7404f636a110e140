"""The coroutines of one page: started here, owned here, cancelled here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol


class Closable(Protocol):
    """Whatever ends what it has under way."""

    async def close(self) -> None: ...


async def close_all(parts: Iterable[Closable], on_error: Callable[[Exception], None]) -> None:
    """Close one after the other, each of them also where another one fails, which `on_error` hears."""
    for part in parts:
        try:
            await part.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must be closed
            on_error(error)


class PageTasks:
    """Owns the tasks of a page so that none outlives it.

    A failed task hands its exception to `on_error`; a cancelled one is silent.
    """

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        self._running: dict[asyncio.Task[Any], str] = {}
        self._closed = False

    def start(self, coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a coroutine as a task of this page.

        Raises:
            RuntimeError: the page is closed; the coroutine is closed unrun.
        """
        if self._closed:
            coroutine.close()
            raise RuntimeError(f"page closed, cannot start {name}")
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running[task] = name
        task.add_done_callback(self._on_done)
        return task

    def is_running(self, name: str) -> bool:
        """Whether a task of this name is under way."""
        # A task that is done is forgotten a turn later; what comes in between must not wait for it.
        return any(known == name and not task.done() for task, known in self._running.items())

    async def cancel(self, name: str) -> None:
        """Cancel the tasks of this name and wait until they have stopped; they report nothing."""
        named = tuple(task for task, known in self._running.items() if known == name)
        for task in named:
            task.cancel()
        await asyncio.gather(*named, return_exceptions=True)

    async def wait(self, name: str) -> None:
        """Wait until the tasks of this name have ended by themselves."""
        if named := [task for task, known in self._running.items() if known == name]:
            await asyncio.wait(named)

    async def close(self) -> None:
        """Cancel everything and wait until it has stopped; nothing can be started afterwards."""
        self._closed = True
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        del self._running[task]
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, Exception):
            self._on_error(error)
