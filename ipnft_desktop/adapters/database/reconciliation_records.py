"""What was found different from chain and content, in a transaction, and what people decided about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    ChainTokenTable,
    FindingTable,
    IgnoredTokenTable,
    NotedStandingTable,
    ReconciliationTable,
    table,
)
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.minting import MINTABLE_STATES
from ipnft_desktop.domain.reconciliation import Finding, ReconciliationRun

_CHAIN = ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_NOTED_HERE = NotedStandingTable.chain_instance_id == _CHAIN
_NOTED = select(*table(NotedStandingTable).c).where(_NOTED_HERE, among(NotedStandingTable.asset_id, "assets"))
_IGNORED = select(IgnoredTokenTable.token_id, IgnoredTokenTable.reason).where(
    IgnoredTokenTable.chain_instance_id == _CHAIN
)
_LATEST = select(*table(ReconciliationTable).c).where(ReconciliationTable.chain_instance_id == _CHAIN)
_FINDINGS = (
    select(*[column for column in table(FindingTable).c if column.name not in ("chain_instance_id", "position")])
    .where(FindingTable.chain_instance_id == _CHAIN)
    .order_by(FindingTable.position)
)
_UNMINTED = (
    select(ChainTokenTable.asset_id, ChainTokenTable.token_id)
    .join(AssetTable, AssetTable.asset_id == ChainTokenTable.asset_id)
    .where(ChainTokenTable.chain_instance_id == _CHAIN, AssetTable.state.in_(sorted(MINTABLE_STATES)))
    .order_by(ChainTokenTable.token_id)
    .limit(bindparam("limit"))
)


class ReconciliationRecords(Records):
    """The part of a transaction that keeps findings and decisions."""

    def note_standing(
        self, asset_id: UUID, at: datetime, *, holder: str | None = None, validity: Validity | None = None
    ) -> None:
        values = {"holder": holder, "validity": validity}
        told: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        where = (_NOTED_HERE, NotedStandingTable.asset_id == asset_id)
        if not self._change(update(NotedStandingTable).where(*where).values(noted_at=at, **told)):
            row = {"chain_instance_id": self._active_chain_instance(), "asset_id": asset_id, "noted_at": at}
            self._insert(NotedStandingTable, {**values, **row})

    def forget_standing(self, asset_id: UUID, *, holder: bool = False, validity: bool = False) -> None:
        gone: dict[str, Any] = {}
        if holder:
            gone["holder"] = None
        if validity:
            gone["validity"] = None
        where = (_NOTED_HERE, NotedStandingTable.asset_id == asset_id)
        self._change(update(NotedStandingTable).where(*where).values(**gone))

    def noted_holders(self, asset_ids: Collection[UUID]) -> dict[UUID, str]:
        rows = self._all(_NOTED, {"assets": list(asset_ids)}) if asset_ids else ()
        return {row["asset_id"]: row["holder"] for row in rows if row["holder"] is not None}

    def ignore_token(self, token_id: int, reason: str, actor: str, at: datetime) -> None:
        self.heed_token(token_id)
        self._insert(
            IgnoredTokenTable,
            {
                "chain_instance_id": self._active_chain_instance(),
                "token_id": token_id,
                "reason": reason,
                "ignored_by": actor,
                "ignored_at": at,
            },
        )

    def heed_token(self, token_id: int) -> None:
        here = IgnoredTokenTable.chain_instance_id == _CHAIN
        self._change(delete(IgnoredTokenTable).where(here, IgnoredTokenTable.token_id == token_id))

    def ignored_tokens(self) -> dict[int, str]:
        return {row["token_id"]: row["reason"] for row in self._all(_IGNORED)}

    def record_reconciliation(self, run: ReconciliationRun) -> None:
        chain = self._active_chain_instance()
        if chain is None:
            return
        self._change(delete(ReconciliationTable).where(ReconciliationTable.chain_instance_id == chain))
        counts = {"asset_count": run.asset_count, "token_count": run.token_count}
        row = {"chain_instance_id": chain, "ended_at": run.ended_at, "is_scheduled": run.is_scheduled}
        self._insert(ReconciliationTable, {**row, **counts})
        self._insert(
            FindingTable,
            *[
                {"chain_instance_id": chain, "position": position, **asdict(finding)}
                for position, finding in enumerate(run.findings)
            ],
        )

    def latest_reconciliation(self) -> ReconciliationRun | None:
        row = self._first(_LATEST)
        if row is None:
            return None
        findings = tuple(Finding(**finding) for finding in self._all(_FINDINGS))
        return ReconciliationRun(row["ended_at"], row["is_scheduled"], row["asset_count"], row["token_count"], findings)

    def unminted_with_token(self, limit: int) -> Sequence[tuple[UUID, int]]:
        return [(row["asset_id"], row["token_id"]) for row in self._all(_UNMINTED, {"limit": limit})]
