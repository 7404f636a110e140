"""Tables of the chain's index: what its blocks told, and how tokens, roles and terms stand by that. All of it can be
read from the chain again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Uint256, Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, HASH_CHARS, Base, index_where
from ipnft_desktop.domain.chain_events import EventKind
from ipnft_desktop.domain.chain_view import TokenValidity

DIGEST_BYTES = 32


class ChainIndexTable(Base):
    """How far the index of a chain reaches, and the terms of our contract there by its events."""

    __tablename__ = "chain_indexes"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    first_block: Mapped[int] = mapped_column(BigInteger)
    next_block: Mapped[int] = mapped_column(BigInteger)
    admin: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    is_paused: Mapped[bool]
    default_royalty_receiver: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    default_royalty_bp: Mapped[int | None] = mapped_column(Uint256)


class IndexedBlockTable(Base):
    """Blocks whose logs were taken in."""

    __tablename__ = "indexed_blocks"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    block_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    parent_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    timestamp_s: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index(None, "block_hash"),)


class ChainEventTable(Base):
    """Logs of these blocks, as they came and, as far as their kind is known, read. Which columns a kind fills is said
    by `ChainEvent`. Every index ends in the order of the chain, so that a page is read from it."""

    __tablename__ = "chain_events"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    block_number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    log_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    address: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    topics: Mapped[bytes]
    data: Mapped[bytes]
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    token_id: Mapped[int | None] = mapped_column(Uint256)
    sender: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    recipient: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    number: Mapped[int | None] = mapped_column(Uint256)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES))

    __table_args__ = (
        one_of("kind", EventKind),
        Index("ix_chain_events_tx_hash", "tx_hash", "block_number", "log_index"),
        Index("ix_chain_events_kind", "chain_instance_id", "kind", "block_number", "log_index"),
        Index("ix_chain_events_address", "chain_instance_id", "address", "block_number", "log_index"),
        *(
            index_where(
                f"{column} IS NOT NULL",
                f"ix_chain_events_{column}",
                "chain_instance_id",
                column,
                "block_number",
                "log_index",
            )
            for column in ("token_id", "sender", "recipient")
        ),
    )


class ChainTokenTable(Base):
    """Tokens of our contract by its events. `asset_id` is the token's id as a UUID, where it is one."""

    __tablename__ = "chain_tokens"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    token_id: Mapped[int] = mapped_column(Uint256, primary_key=True)
    asset_id: Mapped[UUID | None]
    owner: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    minted_block: Mapped[int | None] = mapped_column(BigInteger)
    minted_tx_hash: Mapped[str | None] = mapped_column(String(HASH_CHARS))
    validity: Mapped[TokenValidity] = mapped_column(Word(TokenValidity))
    reason_digest: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES))
    royalty_receiver: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    royalty_bp: Mapped[int | None] = mapped_column(Uint256)
    directory_digest: Mapped[bytes | None] = mapped_column(LargeBinary(DIGEST_BYTES))

    __table_args__ = (
        one_of("validity", TokenValidity),
        Index("ix_chain_tokens_owner", "chain_instance_id", "owner", "token_id"),
    )


class RoleHolderTable(Base):
    """Accounts with roles on our contract, and those that asked for the admin's."""

    __tablename__ = "role_holders"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    account: Mapped[str] = mapped_column(String(ADDRESS_CHARS), primary_key=True)
    roles: Mapped[int] = mapped_column(Uint256)
    handover_asked_s: Mapped[int | None] = mapped_column(BigInteger)
