"""Anchors of the audit log in a transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import RowMapping, bindparam, select, update

from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import AuditAnchorTable, table
from ipnft_desktop.domain.audit import AuditAnchor, AuditPoint
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import Defect

_MINED = update(table(AuditAnchorTable)).where(
    AuditAnchorTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery(),
    AuditAnchorTable.tx_hash == bindparam("of_hash"),
)


class AnchorRecords(Records):
    """The part of a transaction that deals with anchors; their signed bytes are with the other transactions."""

    def record_anchor(self, anchor: AuditAnchor) -> None:
        """Raises Defect where no chain is bound."""
        chain = self._active_chain_instance()
        if chain is None:
            raise Defect("nothing is anchored before a chain is bound")
        self._insert(
            AuditAnchorTable,
            {
                "chain_instance_id": chain,
                "audit_id": anchor.point.audit_id,
                "mac": anchor.point.mac,
                "key_id": anchor.key_id,
                "tx_hash": anchor.tx_hash,
                "requested_at": anchor.requested_at,
                "requested_by": anchor.requested_by,
            },
        )

    def record_anchor_mined(self, tx_hash: str, block: BlockRef | None) -> None:
        seen = {
            "block_number": block and block.number,
            "block_hash": block and block.block_hash,
            "mined_at": block and datetime.fromtimestamp(block.timestamp_s, UTC),
        }
        self._change(_MINED.values(**seen), {"of_hash": tx_hash})

    def audit_anchors(self, limit: int) -> tuple[AuditAnchor, ...]:
        statement = select(*table(AuditAnchorTable).c).order_by(AuditAnchorTable.anchor_id.desc()).limit(limit)
        chain = self._active_chain_instance()
        return tuple(_anchor_of(row, chain) for row in self._all(statement))


def _anchor_of(row: RowMapping, present_chain: int | None) -> AuditAnchor:
    return AuditAnchor(
        point=AuditPoint(row["audit_id"], row["mac"]),
        key_id=row["key_id"],
        tx_hash=row["tx_hash"],
        requested_at=row["requested_at"],
        requested_by=row["requested_by"],
        on_present_chain=row["chain_instance_id"] == present_chain,
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        mined_at=row["mined_at"],
    )
