"""One transaction on the register: the port `Transaction`, joined from its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ipnft_desktop.adapters.database.alert_records import AlertRecords
from ipnft_desktop.adapters.database.asset_lists import AssetLists
from ipnft_desktop.adapters.database.asset_records import AssetRecords
from ipnft_desktop.adapters.database.chain_records import ChainRecords
from ipnft_desktop.adapters.database.mint_detours import MintDetours
from ipnft_desktop.adapters.database.signer_records import SignerRecords
from ipnft_desktop.adapters.database.tables import AuditTable
from ipnft_desktop.adapters.database.worker_records import WorkerRecords


class SqlTransaction(AssetRecords, AssetLists, MintDetours, SignerRecords, WorkerRecords, ChainRecords, AlertRecords):
    """Implements the port `Transaction` on a connection whose transaction the caller begins and ends."""

    def append_audit(self, actor: str, action: str, subject: str, facts: Mapping[str, str], at: datetime) -> None:
        self._insert(AuditTable, {"actor": actor, "action": action, "subject": subject, "facts": dict(facts), "at": at})

    def append_audits(
        self, actor: str, action: str, facts_of: Sequence[tuple[str, Mapping[str, str]]], at: datetime
    ) -> None:
        alike = {"actor": actor, "action": action, "at": at}
        self._insert(AuditTable, *[{**alike, "subject": subject, "facts": dict(facts)} for subject, facts in facts_of])
