"""One transaction on the register: the port `Transaction`, joined from its parts."""

from __future__ import annotations

from ipnft_desktop.adapters.database.abi_records import AbiRecords
from ipnft_desktop.adapters.database.account_lists import AccountLists
from ipnft_desktop.adapters.database.activity_lists import ActivityLists
from ipnft_desktop.adapters.database.alert_records import AlertRecords
from ipnft_desktop.adapters.database.anchor_records import AnchorRecords
from ipnft_desktop.adapters.database.audit_records import AuditRecords
from ipnft_desktop.adapters.database.batch_records import BatchRecords
from ipnft_desktop.adapters.database.chain_records import ChainRecords
from ipnft_desktop.adapters.database.content_records import ContentRecords
from ipnft_desktop.adapters.database.correction_records import CorrectionRecords
from ipnft_desktop.adapters.database.deleted_asset_records import DeletedAssetRecords
from ipnft_desktop.adapters.database.filter_records import FilterRecords
from ipnft_desktop.adapters.database.index_lists import IndexLists
from ipnft_desktop.adapters.database.index_records import IndexRecords
from ipnft_desktop.adapters.database.mint_detours import MintDetours
from ipnft_desktop.adapters.database.mint_figure_records import MintFigureRecords
from ipnft_desktop.adapters.database.people_records import PeopleRecords
from ipnft_desktop.adapters.database.publication_records import PublicationRecords
from ipnft_desktop.adapters.database.reconciliation_records import ReconciliationRecords
from ipnft_desktop.adapters.database.signer_records import SignerRecords
from ipnft_desktop.adapters.database.worker_records import WorkerRecords
from ipnft_desktop.adapters.database.write_records import WriteRecords


class SqlTransaction(
    DeletedAssetRecords,
    BatchRecords,
    CorrectionRecords,
    MintDetours,
    SignerRecords,
    WorkerRecords,
    WriteRecords,
    ChainRecords,
    AlertRecords,
    PeopleRecords,
    AuditRecords,
    AnchorRecords,
    PublicationRecords,
    ContentRecords,
    FilterRecords,
    AbiRecords,
    MintFigureRecords,
    ActivityLists,
    AccountLists,
    IndexRecords,
    ReconciliationRecords,
    IndexLists,
):
    """Implements the port `Transaction` on a connection whose transaction the caller begins and ends."""
