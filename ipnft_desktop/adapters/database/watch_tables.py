"""Tables of those who work on the register and watch over it: programs, their leases, alerts, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, HASH_CHARS, Base, index_where
from ipnft_desktop.domain.alerts import AlertKind


class WorkerTable(Base):
    """Programs at work on a shared register. Times are the database's own: the programs' clocks may differ."""

    __tablename__ = "workers"

    worker_id: Mapped[UUID] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


class SignerLeaseTable(Base):
    """Which program may use a signer's nonces, until when. The token counts the changes of its holder."""

    __tablename__ = "signer_leases"

    signer: Mapped[str] = mapped_column(String(ADDRESS_CHARS), primary_key=True)
    worker_id: Mapped[UUID]
    fencing_token: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]


class AlertTable(Base):
    """Alerts; at most one of a kind and subject is open."""

    __tablename__ = "alerts"

    alert_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(Word(AlertKind))
    subject: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("kind", AlertKind),
        index_where("cleared_at IS NULL", "uq_alerts_open", "kind", "subject", unique=True),
    )


class AuditTable(Base):
    """What was done, by whom. Triggers refuse every change and removal (see the first migration)."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "subject", "audit_id"),
        Index(None, "actor", "audit_id"),
        Index(None, "action", "audit_id"),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    audit_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Old and new value of each field that changed."""
    key_id: Mapped[str | None] = mapped_column(String(16))
    """Which key sealed the row; none before rows were sealed."""
    mac: Mapped[bytes | None]
    """Seals the row and, with it, all before it."""


class AuditAnchorTable(Base):
    """Points of the audit log whose seals were written into a chain; the transactions are among the others."""

    __tablename__ = "audit_anchors"
    __table_args__ = (UniqueConstraint("chain_instance_id", "tx_hash"),)

    anchor_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    audit_id: Mapped[int] = mapped_column(Integer)
    mac: Mapped[bytes]
    key_id: Mapped[str] = mapped_column(String(16))
    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"))
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(200))
    block_number: Mapped[int | None] = mapped_column(BigInteger)
    block_hash: Mapped[str | None] = mapped_column(String(HASH_CHARS))
    mined_at: Mapped[datetime | None]
