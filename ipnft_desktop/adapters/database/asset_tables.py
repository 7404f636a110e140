"""Tables of the register proper: enterprises, their assets and files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import BytewiseText, Word, one_of
from ipnft_desktop.adapters.database.schema import (
    ADDRESS_CHARS,
    CID_MAX_CHARS,
    KEY_MAX_CHARS,
    Base,
    index_where,
    unique_where,
)
from ipnft_desktop.domain.assets import AgreementType, AssetType, LegalStatus
from ipnft_desktop.domain.minting import AssetState


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


FILTER_INDEX, SEARCH_INDEX = "ix_assets_filter", "ix_assets_search"
FILTER_COLUMNS = ("asset_type", "legal_status", "state", "enterprise_id", "creation_date", "created_at")
ORDER_COLUMNS = ("asset_id", "enterprise_key", "updated_at", "name_key", "application_key", "creator_key")
"""What a list is ordered by and not filtered."""


class AssetTable(Base):
    """Assets with their licence. Every order of `SortKey` has an index, alone and behind the state, ended by the id
    so that a page can start behind any row. `ix_assets_filter` answers filters in any order without a row, and
    `ix_assets_search` by the number in the full-text index."""

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
        Index(None, "application_key", "asset_id"),
        Index(None, "legal_status", "asset_id"),
        Index(None, "creator_key", "asset_id"),
        Index(None, "creation_date", "asset_id"),
        Index(None, "updated_at", "asset_id"),
        Index(None, "state", "application_key", "asset_id"),
        Index(None, "state", "legal_status", "asset_id"),
        Index(None, "state", "creator_key", "asset_id"),
        Index(None, "state", "creation_date", "asset_id"),
        Index(None, "state", "updated_at", "asset_id"),
        Index(FILTER_INDEX, *FILTER_COLUMNS, *ORDER_COLUMNS),
        Index(SEARCH_INDEX, "search_id", *FILTER_COLUMNS),
        Index("uq_assets_search_id", "search_id", unique=True),
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
    external_url: Mapped[str | None] = mapped_column(String(500))
    search_text: Mapped[str] = mapped_column(Text)
    """What is searched, see `searched_text`."""
    description: Mapped[str] = mapped_column(Text)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    application_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS), server_default="")
    creator_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS), server_default="")
    search_id: Mapped[int | None] = mapped_column(Integer)
    """Number of the row in the full-text index of SQLite; none on PostgreSQL."""


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
    sealed_key: Mapped[bytes | None]
    """Key of an encrypted file, itself encrypted with the register's; none for a file that is stored as it is."""
    is_image: Mapped[bool]
    agreement: Mapped[AgreementType | None] = mapped_column(Word(AgreementType))

    __table_args__ = (
        Index(None, "cid"),
        UniqueConstraint("asset_id", "position"),
        unique_where("is_image", "uq_attachments_image", "asset_id"),
    )


class DeletedAssetTable(Base):
    """Deleted assets with all that is needed to bring them back."""

    __tablename__ = "deleted_assets"
    __table_args__ = (Index(None, "deleted_at", "asset_id"),)

    asset_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    deleted_at: Mapped[datetime]
    deleted_by: Mapped[str] = mapped_column(String(200))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)


class SavedFilterTable(Base):
    """Searches a person gave a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    filter_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublicationTable(Base):
    """Content that somebody wanted on an IPFS node: one line for an address, which several assets may share."""

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint("NOT is_missing OR published_at IS NOT NULL", name="missing"),
        index_where("published_at IS NULL", "ix_publications_waiting", "requested_at", "cid"),
    )

    cid: Mapped[str] = mapped_column(String(CID_MAX_CHARS), primary_key=True)
    requested_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    is_missing: Mapped[bool]
    """The node was asked and did not have it, although it had been published."""
    failure: Mapped[str | None] = mapped_column(Text)


class ContentRemovalTable(Base):
    """Files that may leave the content store of the program that changed them, as far as nothing else names them."""

    __tablename__ = "content_removals"

    cid: Mapped[str] = mapped_column(String(CID_MAX_CHARS), primary_key=True)
    requested_at: Mapped[datetime]
