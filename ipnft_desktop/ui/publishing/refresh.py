"""Reads something anew as often as it changed, and once at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ipnft_desktop.ui.tasks import PageTasks


class Refresh:
    """What is asked for while it is under way is done once more behind it, never lost and never twice."""

    def __init__(self, tasks: PageTasks, read: Callable[[], Awaitable[None]], name: str) -> None:
        self._tasks = tasks
        self._read = read
        self._name = name
        self._is_wanted = False
        self._is_running = False

    def ask(self) -> None:
        """Do it now, or once more behind the one under way. The page must not be closed."""
        self._is_wanted = True
        if not self._is_running:
            self._is_running = True
            self._tasks.start(self._run(), self._name)

    async def _run(self) -> None:
        try:
            while self._is_wanted:
                self._is_wanted = False
                await self._read()
        finally:
            self._is_running = False
