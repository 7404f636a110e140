"""The process that is killed: the real core on a profile, asking for mints until it is told to drain.

Its node belongs to the driver, so that it lives on when this process is killed, as any node of somebody else would.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.soak.link import Kind, line, message
from benchmarks.work import new_requests
from ipnft_desktop.adapters.chain.hardhat_node import ACCOUNTS
from ipnft_desktop.adapters.chain.node_files import find_node_files
from ipnft_desktop.bootstrap.adapters import build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged
from ipnft_desktop.program_log import open_log
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings

REQUEST_EVERY_S = 0.2
BATCH_SHARE, BATCH_MOST = 0.25, 5
CANCEL_SHARE, CANCEL_WITHIN_S = 0.1, 0.05
"""How many requests are given up, and how soon: a mint takes about as long."""
ASSETS_AT_ONCE = 20
START_AGAIN_S = 0.5
SETTLE_LOOK_S = 0.2


class Driver:
    """The other end of the link."""

    def __init__(self) -> None:
        self.drain = asyncio.Event()
        self._hear_node: Callable[[NodeStatus | None], None] = lambda _status: None

    def on_node(self, hear: Callable[[NodeStatus | None], None]) -> None:
        """Who hears of a node that runs, or (None) of its end."""
        self._hear_node = hear

    def say(self, kind: Kind, **facts: Any) -> None:
        """Write a line at once: this process may not live to write it later."""
        os.write(sys.stdout.fileno(), line(kind, **facts))

    async def listen(self) -> None:
        """Read until the driver has gone; then this process is of no use."""
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while text := await reader.readline():
            heard = message(text)
            match heard:
                case (Kind.NODE, facts):
                    version = find_node_files().hardhat_version
                    self._hear_node(NodeStatus(facts["rpc_url"], facts["pid"], ACCOUNTS, 0, version))
                case (Kind.NODE_ENDED, _):
                    self._hear_node(None)
                case (Kind.DRAIN, _):
                    self.drain.set()
                case _:
                    raise RuntimeError(f"a line of the driver that says nothing: {text!r}")
        os._exit(1)


class DriversNode:
    """The port `NodeHost` over the link."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._status: NodeStatus | None = None
        self._changed = asyncio.Condition()
        self._news: set[asyncio.Task[None]] = set()
        driver.on_node(self._on_node)

    async def check(self) -> str:
        """Versions of Node and Hardhat."""
        return find_node_files().versions

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        """Ask for a node and wait for its address."""
        self._driver.say(Kind.START_NODE)
        async with self._changed:
            await self._changed.wait_for(lambda: self._status is not None)
        assert self._status is not None
        return self._status

    async def stop(self) -> None:
        """Have it ended: a half restored node is of no use to the next start."""
        if self._status is not None:
            self._driver.say(Kind.STOP_NODE)
            await self.wait_ended()

    async def kill(self) -> None:
        """As `stop`."""
        await self.stop()

    async def wait_ended(self) -> int | None:
        """Wait until the driver says so; the driver kills it, so the code is that of SIGKILL."""
        if self._status is None:
            return None
        async with self._changed:
            await self._changed.wait_for(lambda: self._status is None)
        return -9

    async def status(self) -> NodeStatus | None:
        """What the driver said last."""
        return self._status

    def _on_node(self, status: NodeStatus | None) -> None:
        self._status = status
        telling = asyncio.ensure_future(self._tell())
        self._news.add(telling)
        telling.add_done_callback(self._news.discard)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Customer:
    """Asks for mints, one after the other, some as batches, and changes its mind about a few."""

    def __init__(self, core: Core, driver: Driver, chooser: random.Random) -> None:
        self._core = core
        self._driver = driver
        self._chooser = chooser
        self._assets: list[MintRequest] = []

    async def ask(self) -> None:
        """One request, which may be cancelled at once. Raises the IpnftError that kept it from the record."""
        size = self._chooser.randint(2, BATCH_MOST) if self._chooser.random() < BATCH_SHARE else 1
        if len(self._assets) < size:
            self._assets += await new_requests(self._core, ASSETS_AT_ONCE)
            self._driver.say(Kind.CREATED, assets=[request.asset_id.hex for request in self._assets])
        requests, self._assets = self._assets[:size], self._assets[size:]
        job = await self._core.desk.request(requests)
        self._driver.say(Kind.REQUESTED, assets=[request.asset_id.hex for request in requests])
        if self._chooser.random() < CANCEL_SHARE:
            await asyncio.sleep(self._chooser.random() * CANCEL_WITHIN_S)
            with contextlib.suppress(IpnftError):  # it may have ended meanwhile
                await self._core.desk.cancel(job.job_id)
                self._driver.say(Kind.CANCELLED)


async def run(profile: Path, chooser: random.Random) -> None:
    """Start, ask, start again whenever the environment falls; ends once told to drain and nothing is open."""
    driver = Driver()
    listening = asyncio.create_task(driver.listen())
    open_log(profile)
    settings = Settings()
    adapters = dataclasses.replace(build_adapters(profile, settings), node=DriversNode(driver))
    core = build_core(profile, settings, adapters)
    fallen = asyncio.Event()

    def on_event(event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged) and not event.is_ready:
            fallen.set()

    core.events.subscribe(on_event)
    customer = Customer(core, driver, chooser)
    while True:
        fallen.clear()
        try:
            await core.environment.start(lambda _report: None)
        except IpnftError as error:
            driver.say(Kind.TROUBLE, code=error.code, detail=error.detail)
            await asyncio.sleep(START_AGAIN_S)
            continue
        driver.say(Kind.READY)
        if await _until_fallen(core, customer, driver, fallen):
            break
    listening.cancel()
    driver.say(Kind.SETTLED)


async def _until_fallen(core: Core, customer: Customer, driver: Driver, fallen: asyncio.Event) -> bool:
    """Ask for mints while the environment stands; True once drained and settled."""
    while not fallen.is_set():
        if driver.drain.is_set():
            if core.desk.queue_depth == 0:
                return True
            await asyncio.sleep(SETTLE_LOOK_S)
            continue
        try:
            await customer.ask()
        except IpnftError as error:
            driver.say(Kind.TROUBLE, code=error.code, detail=error.detail)
        await asyncio.sleep(REQUEST_EVERY_S)
    return False


if __name__ == "__main__":
    _, folder, seed = sys.argv
    asyncio.run(run(Path(folder), random.Random(int(seed))))
