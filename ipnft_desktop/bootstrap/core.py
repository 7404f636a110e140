"""The only place that builds parts and joins them.

`build_core` imports the database and chain libraries, which takes a second: run it in a thread once the window is on
screen. Tests pass fakes for any part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.services.chain_binding import RegisterChainBinding
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.demo_register import DemoRegister
from ipnft_desktop.services.environment import EnvironmentParts, EnvironmentService
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.minting import MintEngine, MintPolicy
from ipnft_desktop.services.ports import (
    Chain,
    Clock,
    ContentStore,
    Database,
    LocalChainControls,
    NodeHost,
    Signer,
)
from ipnft_desktop.services.preflight import Preflight, ProfileLock
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.stage_pace import StagePace
from ipnft_desktop.services.verification import VerificationService
from ipnft_desktop.settings import Settings

DATABASE_FILE = "register.db"
CONTENT_FOLDER = "content"
NODE_HOME = "node-home"
DEMO_ACTOR = "demo"

log = logging.getLogger("ipnft")
node_log = logging.getLogger("ipnft.node")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Adapters:
    """Everything outside the services, behind their ports."""

    database: Database
    content: ContentStore
    chain: Chain
    controls: LocalChainControls
    signer: Signer
    node: NodeHost
    lock: ProfileLock
    demo_address: Callable[[int], str]
    clock: Clock = field(default_factory=SystemClock)


@dataclass(frozen=True, slots=True)
class Core:
    """The program without its window."""

    profile: Path
    settings: Settings
    events: EventHub
    register: RegisterService
    desk: MintDesk
    verification: VerificationService
    environment: EnvironmentService
    adapters: Adapters
    actor: str
    """Who acts, as the audit log names them."""
    stage_pace: StagePace
    log_lines: list[Callable[[str], None]]
    """Who hears log lines, on the event loop."""

    async def close(self) -> None:
        """End the node and close everything; safe to call in any state."""
        await self.stage_pace.close()
        await self.environment.close()
        lock = self.adapters.lock
        if isinstance(lock, ProfileFileLock):
            lock.release()


def build_adapters(profile: Path, settings: Settings) -> Adapters:
    """The real thing: SQLite, local blocks, a Hardhat node, its demonstration keys."""
    from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
    from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
    from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
    from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
    from ipnft_desktop.adapters.chain.local_controls import HardhatControls
    from ipnft_desktop.adapters.chain.local_signer import LocalSigner
    from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
    from ipnft_desktop.adapters.database.sql_database import SqlDatabase

    rpc = JsonRpc(settings.rpc_timeout_s)
    chain = EthereumChain(rpc, terms=CollectionTerms(royalty_bp=settings.royalty_bp))

    def is_local() -> bool:
        return chain.is_local

    return Adapters(
        database=SqlDatabase(f"sqlite:///{profile / DATABASE_FILE}"),
        content=LocalBlockStore(profile / CONTENT_FOLDER),
        chain=chain,
        controls=HardhatControls(rpc),
        signer=LocalSigner(is_local),
        node=HardhatNode(
            profile / NODE_HOME, preferred_port=settings.node_port, start_timeout_s=settings.node_timeout_s
        ),
        lock=ProfileFileLock(profile),
        demo_address=lambda index: LocalSigner(is_local, index).address,
    )


def build_core(profile: Path, settings: Settings, adapters: Adapters | None = None) -> Core:
    """Join adapters and services."""
    parts = adapters or build_adapters(profile, settings)
    events = EventHub()
    log_lines: list[Callable[[str], None]] = [log.info]

    def on_log(line: str) -> None:
        for hear in tuple(log_lines):
            hear(line)

    policy = MintPolicy(required_confirmations=settings.confirmations, max_fee_wei=int(settings.max_fee_eth * 10**18))
    watcher = ChainWatcher(parts.chain, events)
    journal = ChainJournal(parts.database, parts.chain, parts.controls)
    engine = MintEngine(
        parts.database,
        parts.content,
        parts.chain,
        parts.signer,
        watcher,
        journal,
        events,
        parts.clock,
        policy,
    )
    desk = MintDesk(engine, parts.database, parts.chain, parts.signer, events, parts.clock, policy, DEMO_ACTOR)
    register = RegisterService(parts.database, parts.content, events, parts.clock, DEMO_ACTOR)
    environment = EnvironmentService(
        EnvironmentParts(
            preflight=Preflight(profile, parts.lock, parts.node).check,
            database=parts.database,
            content=parts.content,
            node=parts.node,
            chain=parts.chain,
            binding=RegisterChainBinding(
                parts.database, parts.chain, parts.signer, watcher, journal, events, parts.clock, DEMO_ACTOR
            ),
            demo=DemoRegister(register, DEMO_DATA, parts.demo_address, wanted=settings.demo_data),
            recovery=desk,
            on_node_log=node_log.info,
        ),
        events,
        on_log,
    )
    return Core(
        profile=profile,
        settings=settings,
        events=events,
        register=register,
        desk=desk,
        verification=VerificationService(parts.database, parts.chain, parts.content),
        environment=environment,
        adapters=parts,
        actor=DEMO_ACTOR,
        stage_pace=StagePace(parts.controls, events, settings.stage_pace_ms / 1000, lambda: desk.is_open),
        log_lines=log_lines,
    )
