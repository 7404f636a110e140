"""Tables of the chain: which one this register belongs to, its contract's deployment, and its journalled blocks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, HASH_CHARS, Base, unique_where


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


class DeploymentTable(Base):
    """Contract creations, recorded before any node saw them. The open one is not bound to the register yet."""

    __tablename__ = "deployments"

    deployment_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    is_open: Mapped[bool]
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    raw: Mapped[bytes]
    chain_id: Mapped[int] = mapped_column(BigInteger)
    signer: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    nonce: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]

    __table_args__ = (unique_where("is_open", "uq_deployments_open", "is_open"),)


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
