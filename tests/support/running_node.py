"""A node that the test runs, seen from the program: it finds it, uses it, and leaves it running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ipnft_desktop.domain.chain import NodeStatus


class RunningNode:
    """Implements the port `NodeHost` over an address."""

    def __init__(self, rpc_url: str) -> None:
        self._status = NodeStatus(rpc_url, 0, 20, 0, "of the test")
        self._is_in_use = False
        self._ended = asyncio.Event()

    async def check(self) -> str:
        return "a node of the test"

    def prefer_port(self, port: int) -> None: ...

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        self._is_in_use = True
        self._ended.clear()
        return self._status

    async def stop(self) -> None:
        self._is_in_use = False
        self._ended.set()

    async def kill(self) -> None:
        await self.stop()

    async def wait_ended(self) -> int | None:
        await self._ended.wait()
        return None

    async def status(self) -> NodeStatus | None:
        return self._status if self._is_in_use else None
