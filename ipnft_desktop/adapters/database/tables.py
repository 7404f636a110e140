"""The tables, once for SQLite and PostgreSQL. Uniqueness here is the second barrier against a double mint.

Only what cannot be derived is stored, except where a list of a million rows needs it: sort keys, `is_open` and
`is_current`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import BytewiseText, Uint256, UtcDateTime, Word, one_of
from ipnft_desktop.domain.assets import AssetType, LegalStatus
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import AssetState, FailureKind, MintStage, MintStrategy, RecipientType

ADDRESS_CHARS = 42
HASH_CHARS = 66
CID_MAX_CHARS = 100
URI_MAX_CHARS = 300
KEY_MAX_CHARS = 400
"""A name of 200 characters may grow when its case is folded."""


class Base(DeclarativeBase):
    """Registry of the tables; constraints get names, because a constraint without one cannot be migrated."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {UUID: Uuid, datetime: UtcDateTime, date: Date, bytes: LargeBinary}  # noqa: RUF012


def table(model: type[Base]) -> Table[Any]:
    """The table of a model, for the statements of SQLAlchemy Core."""
    return Base.metadata.tables[model.__tablename__]


def unique_where(flag: str, name: str, *columns: str) -> Index:
    """A partial unique index: at most one row with these values has the flag set."""
    return Index(name, *columns, unique=True, sqlite_where=text(f"{flag} = 1"), postgresql_where=text(flag))


class EnterpriseTable(Base):
    """Owners of assets. `name_key` is the name with its case folded, for sorting."""

    __tablename__ = "enterprises"
    __table_args__ = (UniqueConstraint("enterprise_id", "name_key"),)

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS))


class WalletTable(Base):
    """The address that receives an enterprise's tokens. Two enterprises may share one."""

    __tablename__ = "wallets"

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.enterprise_id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    label: Mapped[str] = mapped_column(String(200))


class AssetTable(Base):
    """Assets with their licence. Every order of `SortKey` has an index, alone and behind the state, ended by the id
    so that a page can start behind any row."""

    __tablename__ = "assets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["enterprise_id", "enterprise_key"],
            ["enterprises.enterprise_id", "enterprises.name_key"],
            onupdate="CASCADE",
        ),
        one_of("asset_type", AssetType),
        one_of("legal_status", LegalStatus),
        one_of("state", AssetState),
        CheckConstraint("revenue_share_bp BETWEEN 0 AND 10000", name="revenue_share_bp"),
        Index(None, "name_key", "asset_id"),
        Index(None, "asset_type", "asset_id"),
        Index(None, "enterprise_key", "asset_id"),
        Index(None, "state", "asset_id"),
        Index(None, "created_at", "asset_id"),
        Index(None, "state", "name_key", "asset_id"),
        Index(None, "state", "asset_type", "asset_id"),
        Index(None, "state", "enterprise_key", "asset_id"),
        Index(None, "state", "created_at", "asset_id"),
    )

    asset_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[AssetState] = mapped_column(Word(AssetState))
    asset_type: Mapped[AssetType] = mapped_column(Word(AssetType))
    legal_status: Mapped[LegalStatus] = mapped_column(Word(LegalStatus))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS))
    enterprise_id: Mapped[UUID]
    enterprise_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS))
    application_number: Mapped[str] = mapped_column(String(100))
    creator_name: Mapped[str] = mapped_column(String(200))
    creation_date: Mapped[date]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)
    transferable: Mapped[bool]
    commercial_use: Mapped[bool]
    derivatives: Mapped[bool]
    attribution: Mapped[bool]
    revenue_share_bp: Mapped[int] = mapped_column(Integer)
    licence_expires_on: Mapped[date | None]
    search_text: Mapped[str] = mapped_column(Text)
    """Name, application number and creator with their case folded; LIKE folds only ASCII."""
    description: Mapped[str] = mapped_column(Text)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(JSON)


class AttachmentTable(Base):
    """Files of an asset, in order; at most one of them is its picture."""

    __tablename__ = "attachments"

    attachment_id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.asset_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]
    cid: Mapped[str] = mapped_column(String(CID_MAX_CHARS))
    confidential: Mapped[bool]
    is_image: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("asset_id", "position"),
        unique_where("is_image", "uq_attachments_image", "asset_id"),
    )


class ChainInstanceTable(Base):
    """Chains this register was bound to. At most one is not retired; tokens of a retired one have vanished."""

    __tablename__ = "chain_instances"

    chain_instance_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    is_active: Mapped[bool]
    chain_id: Mapped[int] = mapped_column(BigInteger)
    contract_address: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    code_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    instance_id: Mapped[str] = mapped_column(String(HASH_CHARS), unique=True)
    deployment_block: Mapped[int] = mapped_column(BigInteger)
    deployment_block_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    bound_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("is_active = (retired_at IS NULL)", name="retired"),
        unique_where("is_active", "uq_chain_instances_active", "is_active"),
    )


class MintJobTable(Base):
    """Jobs: one transaction's worth of minting, persisted at every barrier."""

    __tablename__ = "mint_jobs"
    __table_args__ = (
        one_of("strategy", MintStrategy),
        one_of("stage", MintStage),
        one_of("failure_kind", FailureKind),
        CheckConstraint("stage <> 'FAILED' OR failure_kind IS NOT NULL", name="failure"),
        Index(None, "stage", "requested_at", "job_id"),
        Index(None, "stage", "strategy", "completed_at"),
    )

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    strategy: Mapped[MintStrategy] = mapped_column(Word(MintStrategy))
    stage: Mapped[MintStage] = mapped_column(Word(MintStage))
    attempt: Mapped[int] = mapped_column(Integer)
    idempotency_key: Mapped[str] = mapped_column(String(200), unique=True)
    required_confirmations: Mapped[int] = mapped_column(Integer)
    confirmations: Mapped[int] = mapped_column(Integer)
    directory_cid: Mapped[str | None] = mapped_column(String(CID_MAX_CHARS))
    requested_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    mined_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    last_attempt_at: Mapped[datetime | None]
    failure_kind: Mapped[FailureKind | None] = mapped_column(Word(FailureKind))
    failure_code: Mapped[ErrorCode | None] = mapped_column(Word(ErrorCode))
    failure_detail: Mapped[str | None] = mapped_column(Text)
    failure_gas_spent: Mapped[bool | None]
    failure_safe_to_retry: Mapped[bool | None]


class MintIntentTable(Base):
    """Items of a job. An asset has at most one open intent, and one that tells how it stands (`is_current`)."""

    __tablename__ = "mint_intents"

    intent_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("mint_jobs.job_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.asset_id"))
    is_open: Mapped[bool]
    is_current: Mapped[bool]
    recipient: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    recipient_type: Mapped[RecipientType] = mapped_column(Word(RecipientType))
    metadata_cid: Mapped[str | None] = mapped_column(String(CID_MAX_CHARS))
    token_uri: Mapped[str | None] = mapped_column(String(URI_MAX_CHARS))

    __table_args__ = (
        one_of("recipient_type", RecipientType),
        CheckConstraint("is_current OR NOT is_open", name="open_is_current"),
        UniqueConstraint("job_id", "position"),
        Index(None, "asset_id"),
        unique_where("is_open", "uq_mint_intents_open", "asset_id"),
        unique_where("is_current", "uq_mint_intents_current", "asset_id"),
    )


class TransactionTable(Base):
    """Signed bytes of each attempt, written before any node saw them. A live one holds its nonce.

    A hash is unique on its chain only: signing is deterministic, so the same mint on a new chain may repeat it.
    """

    __tablename__ = "transactions"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("mint_jobs.job_id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"))
    is_live: Mapped[bool]
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    raw: Mapped[bytes]
    signer: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    nonce: Mapped[int] = mapped_column(BigInteger)
    gas_limit: Mapped[int] = mapped_column(BigInteger)
    max_fee_per_gas_wei: Mapped[int] = mapped_column(Uint256)
    max_priority_fee_per_gas_wei: Mapped[int] = mapped_column(Uint256)
    block_number: Mapped[int | None] = mapped_column(BigInteger)
    block_hash: Mapped[str | None] = mapped_column(String(HASH_CHARS))
    gas_used: Mapped[int | None] = mapped_column(BigInteger)
    gas_price_wei: Mapped[int | None] = mapped_column(Uint256)

    __table_args__ = (
        UniqueConstraint("chain_instance_id", "tx_hash"),
        unique_where("is_live", "uq_transactions_nonce", "chain_instance_id", "signer", "nonce"),
    )


class TokenTable(Base):
    """Tokens seen at the required depth."""

    __tablename__ = "tokens"

    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"), primary_key=True)
    token_id: Mapped[int] = mapped_column(Uint256, primary_key=True)
    intent_id: Mapped[UUID] = mapped_column(ForeignKey("mint_intents.intent_id"), unique=True)
    minted_to: Mapped[str] = mapped_column(String(ADDRESS_CHARS))


class JournalBlockTable(Base):
    """Blocks of the present chain, for the node that keeps none."""

    __tablename__ = "journal_blocks"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    block_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    timestamp_s: Mapped[int] = mapped_column(BigInteger)


class JournalTransactionTable(Base):
    """Raw transactions of the journalled blocks, in order; those of other programs too."""

    __tablename__ = "journal_transactions"

    block_number: Mapped[int] = mapped_column(
        ForeignKey("journal_blocks.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    raw: Mapped[bytes]


class AuditTable(Base):
    """What was done, by whom. Triggers refuse every change and removal (see the first migration)."""

    __tablename__ = "audit_log"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - a number is never given twice

    audit_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
