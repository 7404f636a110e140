"""The real core without a window: the same parts on the same node, with nothing to draw."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.bootstrap.adapters import build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.program_log import close_log, open_log
from ipnft_desktop.services.node_ports import NodeHost
from ipnft_desktop.settings import Settings

JOURNAL_TIMEOUT_S = 60


class LastingNode:
    """A node host whose process outlives the programs that use it, so that what comes next meets the same node."""

    def __init__(self, node: HardhatNode) -> None:
        self._node = node
        self._on_log: Callable[[str], None] | None = None

    async def check(self) -> str:
        """Versions, for the environment's first stage."""
        return await self._node.check()

    def prefer_port(self, port: int) -> None:
        """For the next start of the process."""
        self._node.prefer_port(port)

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """The running process; what it prints goes to `on_log` until `stop`."""
        self._on_log = on_log
        return await self._node.start(self._hear)

    async def stop(self) -> None:
        """Leave the process running, its lines unheard."""
        self._on_log = None

    async def kill(self) -> None:
        """End the process."""
        await self._node.kill()

    async def wait_ended(self) -> int | None:
        """As the process itself."""
        return await self._node.wait_ended()

    async def status(self) -> NodeStatus | None:
        """As the process itself; None while no program has it, so that each begins with `start`."""
        return await self._node.status() if self._on_log else None

    def _hear(self, line: str) -> None:
        if self._on_log:
            self._on_log(line)


@asynccontextmanager
async def lasting_node(home: Path) -> AsyncGenerator[LastingNode]:
    """A node for several programs one after another; ended by its process id at the end."""
    node = HardhatNode(home)
    await node.start(lambda _line: None)
    try:
        yield LastingNode(node)
    finally:
        await node.stop()


@asynccontextmanager
async def open_core(profile: Path, node: NodeHost | None = None) -> AsyncGenerator[Core]:
    """A core whose environment is ready and whose journal holds the whole chain; closed in order at the end."""
    open_log(profile)
    settings = Settings()
    adapters = build_adapters(profile, settings)
    core = build_core(profile, settings, adapters if node is None else dataclasses.replace(adapters, node=node))
    try:
        await core.environment.start(lambda _report: None)
        await journal_complete(core)
        yield core
    finally:
        await core.close()
        close_log()


async def journal_complete(core: Core) -> None:
    """Wait until the journal holds the chain as it is now, blocks of other clients too."""
    async with asyncio.timeout(JOURNAL_TIMEOUT_S):
        head = await core.adapters.chain.head()
        while True:
            last = await core.adapters.database.read(lambda tx: tx.last_recorded_block())
            if last is not None and last.number >= head.number:
                return
            await asyncio.sleep(0.05)
