"""The whole core over doubles: real services, a real SQLite register, chain, node and content store in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from ipnft_desktop.adapters.audit_head import AuditHeadFile
from ipnft_desktop.adapters.chain.inspection.contract_codec import AbiCodec
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.adapters.workspaces.layout import workspace_folder, workspace_key_folder
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE, Adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Asset, AssetQuery
from ipnft_desktop.domain.chain import Fees, MintCall, NodeStatus, TransactionPlan
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import BlockArrived, DomainEvent, IndexAdvanced
from ipnft_desktop.services.environment_state import StageReport
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.database_factory import migrated_file, sqlite_url
from tests.support.memory_chain import MemoryChain, MemorySigner
from tests.support.memory_content_store import MemoryContentStore
from tests.support.memory_inspection import MemoryInspection
from tests.support.memory_passwords import MemoryPasswords
from tests.support.memory_peer import MemoryPeer
from tests.support.memory_transactions import encoded
from tests.support.signed_in import signed_in

NO_DEMO = Settings(demo_data=False)
BANK = "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199"
"""The node's last demonstration account."""


class MemoryNode:
    """A node process that exists only as a flag; killing it cuts the chain off and forgets its state."""

    def __init__(self, chain: MemoryChain, *, keeps_state: bool) -> None:
        self._chain = chain
        self._keeps_state = keeps_state
        self._running = False
        self._ended = asyncio.Event()
        self.fault: IpnftError | None = None

    async def check(self) -> str:
        if self.fault:
            raise self.fault
        return "Node 0, Hardhat 0"

    def prefer_port(self, port: int) -> None: ...

    async def start(self, on_log: Callable[[str], None]) -> NodeStatus:
        if not self._keeps_state:
            self._chain.reset()
        self._chain.unreachable = False
        self._running = True
        self._ended.clear()
        status = await self.status()
        assert status is not None
        return status

    async def stop(self) -> None:
        self._running = False
        self._ended.set()

    async def wait_ended(self) -> int | None:
        await self._ended.wait()
        return 1

    async def kill(self) -> None:
        self._running = False
        self._ended.set()
        self._chain.unreachable = True

    async def status(self) -> NodeStatus | None:
        return NodeStatus("http://127.0.0.1:1", 1, 20, 0, "0") if self._running else None


class FreeLock:
    """Nobody else ever holds it, unless told so."""

    def __init__(self) -> None:
        self.fault: IpnftError | None = None

    def acquire(self) -> None:
        if self.fault:
            raise self.fault


class MemoryCore:
    """A core with its doubles in reach. `again` is the program started anew over the same profile and chain."""

    def __init__(
        self,
        profile: Path,
        settings: Settings = NO_DEMO,
        chain: MemoryChain | None = None,
        content: MemoryContentStore | None = None,
    ) -> None:
        self.profile = profile
        self.settings = settings
        self.chain = chain or MemoryChain()
        self.node = MemoryNode(self.chain, keeps_state=chain is not None)
        self.content = content or MemoryContentStore()
        self.peer = MemoryPeer(self.content)
        self.lock = FreeLock()
        self.reports: list[StageReport] = []
        folder = workspace_folder(profile, settings.workspace)
        if folder.is_dir() and not (folder / DATABASE_FILE).exists():
            migrated_file(folder)
        self.audit = AuditHeadFile(KeyFolder(workspace_key_folder(profile, settings.key_folder, settings.workspace)))
        adapters = Adapters(
            database=SqlDatabase(sqlite_url(folder / DATABASE_FILE), self.audit),
            content=self.content,
            chain=self.chain,
            controls=self.chain,
            signer=MemorySigner(),
            node=self.node,
            lock=self.lock,
            demo_address=lambda index: f"0x{index:040d}",
            bank=MemorySigner(BANK),
            passwords=MemoryPasswords(),
            audit=self.audit,
            peer=self.peer,
            inspection=MemoryInspection(self.chain),
            codec=AbiCodec(),
        )
        self.core: Core = signed_in(build_core(profile, settings, adapters))

    async def start(self) -> MemoryCore:
        """Run all stages."""
        self.reports.clear()
        await self.core.environment.start(self.reports.append)
        return self

    async def again(self) -> MemoryCore:
        """Close, then open the same profile over the same content and a chain that goes on."""
        await self.core.close()
        return await MemoryCore(self.profile, self.settings, self.chain, self.content).start()

    async def add_assets(self, count: int = 1) -> list[Asset]:
        """Drafts of one enterprise, in the register."""
        known = await self.core.register.enterprises()
        owner = known[0] if known else samples.enterprise()
        assets = [samples.asset(owner, name=f"Asset {number}") for number in range(count)]
        await self.core.register.add_assets(assets, () if known else (owner,))
        return assets

    async def state_of(self, asset: Asset) -> str:
        """The asset's state as the register says it."""
        return (await self.core.register.asset(asset.asset_id)).state

    async def count(self) -> int:
        """All assets."""
        return await self.core.register.count(AssetQuery())


def hear_changes(core: Core) -> list[DomainEvent]:
    """What is told from now on; the chain's newest head and its index, told at any moment, are left out."""
    heard: list[DomainEvent] = []
    core.events.subscribe(
        lambda event: None if isinstance(event, BlockArrived | IndexAdvanced) else heard.append(event)
    )
    return heard


async def when_indexed(core: Core) -> None:
    """Wait until the index of the chain holds its newest block, and writes no more."""
    changed = asyncio.Event()
    end = core.events.subscribe(lambda _event: changed.set())
    try:
        while True:
            changed.clear()
            reach = await core.adapters.database.read(lambda tx: tx.index_reach())
            if reach is not None and reach.next_block > (await core.adapters.chain.head()).number:
                return
            await changed.wait()
    finally:
        end()


def request(asset: Asset) -> MintRequest:
    """Mint for the asset's own enterprise."""
    return MintRequest(asset.asset_id, asset.enterprise.wallet_address)


OTHER_MINTER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def mint_behind_its_back(memory: MemoryCore, asset: Asset) -> None:
    """Another minter of the same contract is faster."""
    ready = memory.core.environment.ready
    assert ready is not None
    signer = MemorySigner(OTHER_MINTER)
    call = MintCall((asset.asset_id,), (asset.enterprise.wallet_address,), b"\x01" * 32)
    plan = TransactionPlan(
        ready.identity.chain_id, ready.identity.contract_address, encoded(call), 500_000, Fees(10**10, 10**9, 10**9)
    )
    memory.chain.mine_foreign(signer.sign(plan, memory.chain.next_nonce_of(OTHER_MINTER)).raw)
