"""A core with real adapters on a real node, with a fault proxy between the two, and hands on both."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE, Adapters
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, Fees, TransactionPlan
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged, WritingFrozen
from ipnft_desktop.domain.minting import MintJob, MintProgress
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.faults.ends import tokens_of
from tests.support.database_factory import migrated_file
from tests.support.fault_proxy import PATIENCE_S, FaultProxy, fault_proxy
from tests.support.node_oracle import ask
from tests.support.real_core import NO_DEMO, add_assets, core_on

FOREIGN_FEES = Fees(10**10, 2 * 10**9, 10**9)


class Genesis:
    """A node with an empty chain, and the way back to it, which can be gone as often as one likes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._mark = ask(url, "evm_snapshot")

    def go_back(self) -> None:
        """As a node that was started anew: first block, full balances, mining at once."""
        assert ask(self.url, "evm_revert", self._mark)
        self._mark = ask(self.url, "evm_snapshot")
        ask(self.url, "evm_setAutomine", True)


def same(parts: Adapters) -> Adapters:
    """The adapters as they are."""
    return parts


class Watch:
    """What is told of one mint, and a way to wait for a piece of it."""

    def __init__(self, core: Core, job: MintJob) -> None:
        self.job_id = job.job_id
        self.seen: list[MintProgress] = []
        self._news = asyncio.Event()
        self.outcome = asyncio.ensure_future(core.desk.outcome(job.job_id, self._hear))

    def _hear(self, progress: MintProgress) -> None:
        self.seen.append(progress)
        self._news.set()

    async def until(self, wanted: Callable[[MintProgress], object]) -> MintProgress:
        """The first progress, told already or still to come, that is wanted."""
        looked = 0
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while looked < len(self.seen):
                    looked += 1
                    if wanted(self.seen[looked - 1]):
                        return self.seen[looked - 1]
                self._news.clear()
                await self._news.wait()

    async def ended(self) -> MintJob:
        """The job as it ended."""
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.shield(self.outcome)

    @property
    def is_open(self) -> bool:
        """Whether the outcome is still unknown."""
        return not self.outcome.done()

    async def close(self) -> None:
        """Stop listening."""
        self.outcome.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self.outcome


@dataclass
class World:
    """The program (`core`), the network (`proxy`) and the node (`ask`)."""

    node_url: str
    proxy: FaultProxy
    profile: Path
    core: Core
    settings: Settings
    assets: list[Asset] = field(default_factory=list)
    frozen: list[WritingFrozen] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    _is_frozen: asyncio.Event = field(default_factory=asyncio.Event)
    _is_closed: bool = False

    async def start(self) -> World:
        """Run all stages."""
        self.core.events.subscribe(self._on_event)
        await self.core.environment.start(lambda _report: None)
        return self

    async def again(self, change: Callable[[Adapters], Adapters] = same) -> None:
        """Close the program and open it again over the same profile."""
        await self.close()
        self.core = core_on(self.proxy.url, self.profile, self.settings, change=change)
        self._is_closed = False
        await self.start()

    async def close(self) -> None:
        """End the program, unless it has ended already."""
        for watch in self.watches:
            await watch.close()
        self.watches.clear()
        if not self._is_closed:
            self._is_closed = True
            await self.core.close()

    async def add(self, count: int = 1) -> list[Asset]:
        """Drafts."""
        added = await add_assets(self.core, count)
        self.assets += added
        return added

    async def request(self, asset: Asset, recipient: str | None = None) -> Watch:
        """Ask for a mint and listen to it."""
        job = await self.core.desk.request([MintRequest(asset.asset_id, recipient or asset.enterprise.wallet_address)])
        return self.listen(job)

    def listen(self, job: MintJob) -> Watch:
        """Listen to a mint that is under way."""
        watch = Watch(self.core, job)
        self.watches.append(watch)
        return watch

    async def ask(self, method: str, *params: Any) -> Any:
        """Ask the node itself, past the proxy and the program."""
        return await asyncio.to_thread(ask, self.node_url, method, *params)

    async def tokens(self, asset: Asset) -> int:
        """How many tokens of the asset the node knows, in whatever contract."""
        return len(await asyncio.to_thread(tokens_of, self.node_url, asset.asset_id))

    async def state(self, asset: Asset) -> str:
        """The asset's state as the register says it."""
        return (await self.core.register.asset(asset.asset_id)).state

    async def job(self, asset: Asset) -> MintJob:
        """The asset's latest job as recorded."""
        job = await self.core.desk.job_of(asset.asset_id)
        assert job is not None
        return job

    async def nonce(self) -> int:
        """Transactions that the signer has on the chain."""
        return int(await self.ask("eth_getTransactionCount", self.core.adapters.signer.address, "latest"), 16)

    async def sent_with(self, nonce: int) -> dict[str, Any]:
        """The mined transaction that used a nonce of the signer."""
        signer = self.core.adapters.signer.address.lower()
        for number in range(int(await self.ask("eth_blockNumber"), 16), 0, -1):
            for sent in (await self.ask("eth_getBlockByNumber", hex(number), True))["transactions"]:
                if sent["from"].lower() == signer and int(sent["nonce"], 16) == nonce:
                    return dict(sent)
        raise AssertionError(f"no block holds nonce {nonce}")

    async def until_frozen(self) -> WritingFrozen:
        """Wait until the program has stopped writing by itself; returns what it told about it."""
        async with asyncio.timeout(PATIENCE_S):
            await self._is_frozen.wait()
        return self.frozen[-1]

    async def foreign_transaction(self) -> str:
        """Somebody with the same key sends a transaction of his own with the next nonce; returns its hash."""
        signer = LocalSigner(lambda: True)
        plan = TransactionPlan(LOCAL_CHAIN_ID, "0x" + "11" * 20, b"", 21_000, FOREIGN_FEES)
        signed = signer.sign(plan, await self.nonce())
        await self.ask("eth_sendRawTransaction", "0x" + signed.raw.hex())
        return signed.tx_hash

    @asynccontextmanager
    async def blocks_coming(self) -> AsyncIterator[None]:
        """Meanwhile the chain grows by itself, as others send transactions."""

        async def grow() -> None:
            while True:
                await self.ask("evm_mine")
                await asyncio.sleep(0.05)

        growing = asyncio.ensure_future(grow())
        try:
            yield
        finally:
            growing.cancel()
            await asyncio.gather(growing, return_exceptions=True)

    def rows(self, table: str) -> int:
        """How many rows SQLite has, past the program."""
        connection = sqlite3.connect(f"file:{self.profile / DATABASE_FILE}?mode=ro", uri=True)
        try:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        finally:
            connection.close()

    def states_in_sqlite(self) -> dict[UUID, str]:
        """Each asset's state, past the program."""
        connection = sqlite3.connect(f"file:{self.profile / DATABASE_FILE}?mode=ro", uri=True)
        try:
            return {_uuid(key): state for key, state in connection.execute("SELECT asset_id, state FROM assets")}
        finally:
            connection.close()

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, WritingFrozen):
            self.frozen.append(event)
        if isinstance(event, EnvironmentChanged) and not event.is_ready and self.frozen:
            self._is_frozen.set()


def _uuid(stored: bytes | str) -> UUID:
    return UUID(bytes=stored) if isinstance(stored, bytes) else UUID(stored)


@asynccontextmanager
async def world_on(
    node_url: str,
    profile: Path,
    settings: Settings = NO_DEMO,
    change: Callable[[Adapters], Adapters] = same,
    *,
    started: bool = True,
) -> AsyncIterator[World]:
    """A world with an environment that is up. When it ends, what is true of every asset at all times is asserted."""
    profile.mkdir(parents=True)  # noqa: ASYNC240 - a test may take its time
    migrated_file(profile)
    async with fault_proxy(node_url) as proxy:
        world = World(node_url, proxy, profile, core_on(proxy.url, profile, settings, change=change), settings)
        try:
            if started:
                await world.start()
            yield world
        finally:
            await world.close()
        await nothing_doubled_or_lost(world)


async def nothing_doubled_or_lost(world: World) -> None:
    """At most one token each; one exactly where the register says so; none where it says failed, cancelled, draft."""
    states = world.states_in_sqlite()
    assert states.keys() == {asset.asset_id for asset in world.assets}, "an asset's row is lost"
    for asset in world.assets:
        tokens, state = await world.tokens(asset), states[asset.asset_id]
        assert tokens <= 1, f"{tokens} tokens of one asset"
        if state == "MINTED":
            assert tokens == 1, "the register says MINTED, the node has no token"
        if state in ("DRAFT", "MINT_FAILED", "MINT_CANCELLED"):
            assert tokens == 0, f"the register says {state}, the node has a token"


def with_settings(**changes: Any) -> Settings:
    """Settings without demonstration data."""
    return replace(NO_DEMO, **changes)


OpenWorld = Callable[..., AbstractAsyncContextManager[World]]
"""Makes a world with settings or adapters of the test's own; as `world_on` behind its folder."""
