"""The tables, once for SQLite and PostgreSQL; whoever needs one takes it from here, so that all are declared.

Only what cannot be derived is stored, except where a list of a million rows needs it: sort keys, `is_open` and
`is_current`.
"""

from __future__ import annotations

from ipnft_desktop.adapters.database.abi_tables import ImportedAbiTable
from ipnft_desktop.adapters.database.asset_tables import (
    AssetTable,
    AttachmentTable,
    ContentRemovalTable,
    DeletedAssetTable,
    EnterpriseTable,
    PublicationTable,
    SavedFilterTable,
    WalletTable,
)
from ipnft_desktop.adapters.database.batch_tables import (
    BatchOmissionTable,
    BatchRunTable,
    BatchTable,
    GatheredMintTable,
)
from ipnft_desktop.adapters.database.chain_tables import (
    ChainInstanceTable,
    DeploymentTable,
    JournalBlockTable,
    JournalTransactionTable,
)
from ipnft_desktop.adapters.database.index_tables import (
    ChainEventTable,
    ChainIndexTable,
    ChainTokenTable,
    IndexedBlockTable,
    RoleHolderTable,
)
from ipnft_desktop.adapters.database.mint_tables import MintIntentTable, MintJobTable, TokenTable, TransactionTable
from ipnft_desktop.adapters.database.people_tables import AddressTable, FormerNameTable, MembershipTable, UserTable
from ipnft_desktop.adapters.database.reconciliation_tables import (
    FindingTable,
    IgnoredTokenTable,
    NotedStandingTable,
    ReconciliationTable,
)
from ipnft_desktop.adapters.database.schema import Base, table
from ipnft_desktop.adapters.database.watch_tables import (
    AlertTable,
    AuditAnchorTable,
    AuditTable,
    SignerLeaseTable,
    WorkerTable,
)
from ipnft_desktop.adapters.database.write_tables import ContractWriteTable, ValidityChangeTable

__all__ = [
    "AddressTable",
    "AlertTable",
    "AssetTable",
    "AttachmentTable",
    "AuditAnchorTable",
    "AuditTable",
    "Base",
    "BatchOmissionTable",
    "BatchRunTable",
    "BatchTable",
    "ChainEventTable",
    "ChainIndexTable",
    "ChainInstanceTable",
    "ChainTokenTable",
    "ContentRemovalTable",
    "ContractWriteTable",
    "DeletedAssetTable",
    "DeploymentTable",
    "EnterpriseTable",
    "FindingTable",
    "FormerNameTable",
    "GatheredMintTable",
    "IgnoredTokenTable",
    "ImportedAbiTable",
    "IndexedBlockTable",
    "JournalBlockTable",
    "JournalTransactionTable",
    "MembershipTable",
    "MintIntentTable",
    "MintJobTable",
    "NotedStandingTable",
    "PublicationTable",
    "ReconciliationTable",
    "RoleHolderTable",
    "SavedFilterTable",
    "SignerLeaseTable",
    "TokenTable",
    "TransactionTable",
    "UserTable",
    "ValidityChangeTable",
    "WalletTable",
    "WorkerTable",
    "table",
]
