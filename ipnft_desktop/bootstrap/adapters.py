"""Everything outside the services, and how the real thing is built from the settings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.bundle_files import LocalBundleFiles
from ipnft_desktop.adapters.passwords import Argon2Passwords
from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.adapters.workspaces import layout
from ipnft_desktop.bootstrap.stage_parts import StageAdapters
from ipnft_desktop.domain.errors import UserError
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.backup_keeper import Backups
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.evidence_ports import BundleFiles, ChainProofs
from ipnft_desktop.services.inspector_ports import ChainInspection, ContractCodec
from ipnft_desktop.services.key_custody import GuardedKey, KeystoreShelf
from ipnft_desktop.services.node_ports import LocalChainControls, NodeHost
from ipnft_desktop.services.people_ports import PasswordHasher
from ipnft_desktop.services.ports import Clock, ContentStore, Database
from ipnft_desktop.services.preflight import ProfileLock
from ipnft_desktop.services.publication_ports import IpfsPeer
from ipnft_desktop.services.sheet_ports import SheetFiles
from ipnft_desktop.settings import Settings

if TYPE_CHECKING:
    from ipnft_desktop.adapters.content.kubo_peer import CarSource

DATABASE_FILE = layout.REGISTER_FILE
BANK_ACCOUNT = 19
"""The last of the node's demonstration accounts, which no demonstration asset belongs to."""

log = logging.getLogger("ipnft")


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
    peer: IpfsPeer
    inspection: ChainInspection
    codec: ContractCodec
    clock: Clock = field(default_factory=SystemClock)
    passwords: PasswordHasher = field(default_factory=Argon2Passwords)
    sheets: SheetFiles = field(default_factory=LocalSheetFiles)
    key: GuardedKey | None = None
    """The lock of the signing key; None for the demonstration key, which needs none."""
    keystores: KeystoreShelf | None = None
    backups: Backups | None = None
    """None where the register is on a server, whose administrator keeps them."""
    proofs: ChainProofs | None = None
    """None where the chain proves nothing: one in memory."""
    bundles: BundleFiles = field(default_factory=LocalBundleFiles)
    bank: Signer | None = None
    """A demonstration account that pays others on a chain of our own; None where the chain is kept by others."""
    impersonate: Callable[[str], Signer] | None = None
    """Makes the signer of an account whose key nobody here holds, which a node of our own takes without a signature;
    None where the chain is kept by others."""
    stage: StageAdapters | None = None
    """What shows are played with; None where the chain is kept by others."""
    audit: AuditProof | None = None
    """Key and head of the audit log; None where it is not sealed."""


def build_adapters(profile: Path, settings: Settings) -> Adapters:
    """The real thing. By default SQLite, local blocks, a Hardhat node of our own and its demonstration key; settings
    name a PostgreSQL register, an existing node and an encrypted keystore instead. Keystores belong to the profile,
    everything else to the workspace."""
    from ipnft_desktop.adapters.audit_head import AuditHeadFile
    from ipnft_desktop.adapters.chain import ethereum_libraries
    from ipnft_desktop.adapters.chain.attached_node import AttachedNode
    from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
    from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
    from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
    from ipnft_desktop.adapters.chain.impersonation import ImpersonatedSigner
    from ipnft_desktop.adapters.chain.inspection.contract_codec import AbiCodec
    from ipnft_desktop.adapters.chain.inspection.node_inspection import NodeInspection
    from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
    from ipnft_desktop.adapters.chain.keystore_files import KeystoreFolder
    from ipnft_desktop.adapters.chain.keystore_signer import KeystoreSigner
    from ipnft_desktop.adapters.chain.local_controls import HardhatControls
    from ipnft_desktop.adapters.chain.local_signer import LocalSigner
    from ipnft_desktop.adapters.chain.receipt_proofs import ReceiptProofs
    from ipnft_desktop.adapters.chain.stage_proxy import StageProxy
    from ipnft_desktop.adapters.chain.staged_node import ProxiedNode
    from ipnft_desktop.adapters.chain.token_oracle import NodeTokenOracle
    from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
    from ipnft_desktop.adapters.database.backups import backups_of
    from ipnft_desktop.adapters.database.sql_database import SqlDatabase
    from ipnft_desktop.adapters.key_folder import KeyFolder
    from ipnft_desktop.adapters.register_keys import RegisterKeyFiles

    ethereum_libraries.load()  # before the threads that use them, and the window's own, can meet in them
    rpc = JsonRpc(settings.rpc_timeout_s)
    fallback_urls = tuple(settings.rpc_fallback_urls.split())
    chain = EthereumChain(rpc, terms=CollectionTerms(royalty_bp=settings.royalty_bp), fallback_urls=fallback_urls)
    folder = layout.workspace_folder(profile, settings.workspace)
    database_url = settings.database_url or f"sqlite:///{folder / DATABASE_FILE}"

    keys = KeyFolder(layout.workspace_key_folder(profile, settings.key_folder, settings.workspace))
    audit = AuditHeadFile(keys)

    def is_local() -> bool:
        return chain.is_local

    key = KeystoreSigner(profile / settings.keystore, is_local) if settings.keystore else None
    node: NodeHost
    stage: StageAdapters | None = None
    if settings.rpc_url:
        node = AttachedNode(
            settings.rpc_url,
            fallback_urls=fallback_urls,
            expected_chain_id=settings.chain_id or None,
            timeout_s=settings.rpc_timeout_s,
        )
    else:
        proxy = StageProxy()
        own = HardhatNode(
            folder / layout.NODE_HOME, preferred_port=settings.node_port, start_timeout_s=settings.node_timeout_s
        )
        node = staged = ProxiedNode(own, proxy)
        stage = StageAdapters(proxy, staged, NodeTokenOracle(lambda: staged.direct_url, settings.rpc_timeout_s))
    content = LocalBlockStore(folder / layout.CONTENT_FOLDER, RegisterKeyFiles(keys))
    return Adapters(
        database=SqlDatabase(database_url, audit),
        content=content,
        chain=chain,
        controls=HardhatControls(rpc),
        signer=key or LocalSigner(is_local),
        bank=None if settings.rpc_url else LocalSigner(is_local, BANK_ACCOUNT),
        impersonate=None if settings.rpc_url else lambda address: ImpersonatedSigner(address, is_local),
        node=node,
        stage=stage,
        lock=ProfileFileLock(layout.lock_file(profile, settings.workspace)),
        demo_address=lambda index: LocalSigner(is_local, index).address,
        key=key,
        keystores=KeystoreFolder(profile / layout.KEYSTORE_FOLDER),
        backups=backups_of(database_url),
        audit=audit,
        proofs=ReceiptProofs(rpc),
        peer=_ipfs_peer(content, settings.kubo_api),
        inspection=NodeInspection(rpc),
        codec=AbiCodec(),
    )


def _ipfs_peer(content: CarSource, address: str) -> IpfsPeer:
    from ipnft_desktop.adapters.content.kubo_peer import KuboPeer

    peer = KuboPeer(content)
    try:
        peer.use(address)
    except UserError as error:
        # Publishing is aside from all other work: an address without use keeps nobody from it.
        log.warning("the setting kubo_api is not used: %s", error.detail)
    return peer
