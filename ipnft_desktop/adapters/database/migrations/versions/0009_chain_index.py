"""The index of the chain: blocks, what their logs told, and tokens, roles and terms of our contract by that.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = (
    "'MINTED', 'TRANSFERRED', 'APPROVED', 'OPERATOR_APPROVED', 'VALIDITY_CHANGED', 'DIRECTORY_AMENDED', "
    "'METADATA_UPDATED', 'TOKEN_ROYALTY_CHANGED', 'DEFAULT_ROYALTY_CHANGED', 'PAUSED', 'UNPAUSED', 'ROLES_UPDATED', "
    "'OWNERSHIP_TRANSFERRED', 'HANDOVER_REQUESTED', 'HANDOVER_CANCELLED', 'UNREADABLE', 'FOREIGN'"
)


def upgrade() -> None:
    op.create_table(
        "chain_indexes",
        *_of_chain("chain_indexes"),
        sa.Column("first_block", sa.BigInteger(), nullable=False),
        sa.Column("next_block", sa.BigInteger(), nullable=False),
        sa.Column("admin", sa.String(42), nullable=True),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("default_royalty_receiver", sa.String(42), nullable=True),
        sa.Column("default_royalty_bp", sa.String(78), nullable=True),
        sa.PrimaryKeyConstraint("chain_instance_id", name="pk_chain_indexes"),
    )
    _blocks()
    _events()
    _tokens()
    op.create_table(
        "role_holders",
        *_of_chain("role_holders"),
        sa.Column("account", sa.String(42), nullable=False),
        sa.Column("roles", sa.String(78), nullable=False),
        sa.Column("handover_asked_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("chain_instance_id", "account", name="pk_role_holders"),
    )


def _blocks() -> None:
    op.create_table(
        "indexed_blocks",
        *_of_chain("indexed_blocks"),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_hash", sa.String(66), nullable=False),
        sa.Column("parent_hash", sa.String(66), nullable=False),
        sa.Column("timestamp_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain_instance_id", "number", name="pk_indexed_blocks"),
    )
    op.create_index("ix_indexed_blocks_block_hash", "indexed_blocks", ["block_hash"])


def _events() -> None:
    op.create_table(
        "chain_events",
        *_of_chain("chain_events"),
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("address", sa.String(42), nullable=False),
        sa.Column("topics", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("kind", _word(), nullable=False),
        sa.Column("token_id", sa.String(78), nullable=True),
        sa.Column("sender", sa.String(42), nullable=True),
        sa.Column("recipient", sa.String(42), nullable=True),
        sa.Column("number", sa.String(78), nullable=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=True),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_chain_events_kind")),
        sa.PrimaryKeyConstraint("chain_instance_id", "block_number", "log_index", name="pk_chain_events"),
    )
    place = ["block_number", "log_index"]
    op.create_index("ix_chain_events_tx_hash", "chain_events", ["tx_hash", *place])
    for column in ("kind", "address"):
        op.create_index(f"ix_chain_events_{column}", "chain_events", ["chain_instance_id", column, *place])
    for column in ("token_id", "sender", "recipient"):
        is_told = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_chain_events_{column}",
            "chain_events",
            ["chain_instance_id", column, *place],
            sqlite_where=is_told,
            postgresql_where=is_told,
        )


def _tokens() -> None:
    op.create_table(
        "chain_tokens",
        *_of_chain("chain_tokens"),
        sa.Column("token_id", sa.String(78), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(42), nullable=True),
        sa.Column("minted_block", sa.BigInteger(), nullable=True),
        sa.Column("minted_tx_hash", sa.String(66), nullable=True),
        sa.Column("validity", _word(), nullable=False),
        sa.Column("reason_digest", sa.LargeBinary(32), nullable=True),
        sa.Column("royalty_receiver", sa.String(42), nullable=True),
        sa.Column("royalty_bp", sa.String(78), nullable=True),
        sa.Column("directory_digest", sa.LargeBinary(32), nullable=True),
        sa.CheckConstraint("validity IN ('VALID', 'SUSPENDED', 'REVOKED')", name=op.f("ck_chain_tokens_validity")),
        sa.PrimaryKeyConstraint("chain_instance_id", "token_id", name="pk_chain_tokens"),
    )
    op.create_index("ix_chain_tokens_owner", "chain_tokens", ["chain_instance_id", "owner", "token_id"])


def _of_chain(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("chain_instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"],
            ["chain_instances.chain_instance_id"],
            name=f"fk_{table}_chain_instance_id",
        ),
    )


def _word() -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
