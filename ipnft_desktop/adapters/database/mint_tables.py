"""Tables of the mints. Uniqueness here is the second barrier against a double mint."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Uint256, Word, one_of
from ipnft_desktop.adapters.database.schema import (
    ADDRESS_CHARS,
    CID_MAX_CHARS,
    HASH_CHARS,
    URI_MAX_CHARS,
    Base,
    index_where,
    unique_where,
)
from ipnft_desktop.domain.audit import ACTOR_MAX_CHARS
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import FailureKind, MintStage, MintStrategy, RecipientType, TransactionPurpose


class MintJobTable(Base):
    """Jobs: one transaction's worth of minting, persisted at every barrier.

    `worker_id` names the program that works on an open job of a shared register; empty where the register has only
    one program.
    """

    __tablename__ = "mint_jobs"
    __table_args__ = (
        one_of("strategy", MintStrategy),
        one_of("stage", MintStage),
        one_of("failure_kind", FailureKind),
        CheckConstraint("stage <> 'FAILED' OR failure_kind IS NOT NULL", name="failure"),
        Index(None, "stage", "requested_at", "job_id"),
        Index(None, "requested_at", "job_id"),
        index_where("completed_at IS NOT NULL", "ix_mint_jobs_completed_at_job_id", "completed_at", "job_id"),
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
    requested_by: Mapped[str] = mapped_column(String(ACTOR_MAX_CHARS), server_default="")
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
    worker_id: Mapped[UUID | None]


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
        Index(None, "recipient", "job_id"),
        unique_where("is_open", "uq_mint_intents_open", "asset_id"),
        unique_where("is_current", "uq_mint_intents_current", "asset_id"),
    )


class TransactionTable(Base):
    """Signed bytes, written before any node saw them: those of each attempt of a job, and fills, anchors and calls,
    which have no job.

    All of one attempt share a nonce; the first (`position` 0) holds it while `is_live`: it may still be mined. A hash
    is unique among the live ones of its chain only: signing is deterministic, so the same mint on a new chain may
    repeat it, and one adopted batch may have minted for several jobs.

    `token_count` is how many tokens of its job a mined transaction made, as far as they are on record; of one that is
    not live they were adopted. It is kept, and indexed with what a transaction cost, because all of them are summed up.
    """

    __tablename__ = "transactions"

    transaction_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("mint_jobs.job_id", ondelete="CASCADE"))
    attempt: Mapped[int | None] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[TransactionPurpose] = mapped_column(Word(TransactionPurpose))
    is_live: Mapped[bool]
    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"))
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    raw: Mapped[bytes]
    signer: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    nonce: Mapped[int] = mapped_column(BigInteger)
    gas_limit: Mapped[int] = mapped_column(BigInteger)
    max_fee_per_gas_wei: Mapped[int] = mapped_column(Uint256)
    max_priority_fee_per_gas_wei: Mapped[int] = mapped_column(Uint256)
    signed_at: Mapped[datetime]
    block_number: Mapped[int | None] = mapped_column(BigInteger)
    block_hash: Mapped[str | None] = mapped_column(String(HASH_CHARS))
    gas_used: Mapped[int | None] = mapped_column(BigInteger)
    gas_price_wei: Mapped[int | None] = mapped_column(Uint256)
    token_count: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        one_of("purpose", TransactionPurpose),
        CheckConstraint("(job_id IS NULL) = (attempt IS NULL)", name="attempt"),
        CheckConstraint("(job_id IS NULL) = (purpose IN ('FILL', 'ANCHOR', 'CALL'))", name="fill"),
        UniqueConstraint("job_id", "attempt", "position"),
        Index(None, "tx_hash", "job_id"),
        unique_where("is_live", "uq_transactions_nonce", "chain_instance_id", "signer", "nonce", "position"),
        unique_where("is_live", "uq_transactions_hash", "chain_instance_id", "tx_hash"),
        index_where(
            "block_number IS NOT NULL",
            "ix_transactions_chain_instance_id_block_number",
            "chain_instance_id",
            "block_number",
        ),
        index_where(
            "block_number IS NOT NULL",
            "ix_transactions_figures",
            "chain_instance_id",
            "signed_at",
            "is_live",
            "token_count",
            "gas_used",
            "gas_price_wei",
        ),
        index_where(
            "token_count > 1",
            "ix_transactions_batches",
            "chain_instance_id",
            "signed_at",
            "token_count",
            "gas_used",
            "job_id",
        ),
        index_where("NOT is_live AND token_count = 1", "ix_transactions_adopted", "chain_instance_id", "signed_at"),
    )


class TokenTable(Base):
    """Tokens seen at the required depth."""

    __tablename__ = "tokens"

    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"), primary_key=True)
    token_id: Mapped[int] = mapped_column(Uint256, primary_key=True)
    intent_id: Mapped[UUID] = mapped_column(ForeignKey("mint_intents.intent_id"), unique=True)
    minted_to: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
