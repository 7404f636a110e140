"""Calls that change a contract's state, and changes of a certificate's validity with the documents that say why.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CHECKS = {
    "purpose": "purpose IN ('MINT', 'CANCEL', 'FILL', 'ANCHOR', 'CALL')",
    "fill": "(job_id IS NULL) = (purpose IN ('FILL', 'ANCHOR', 'CALL'))",
}


def upgrade() -> None:
    with op.batch_alter_table("transactions") as table:
        for check, condition in _CHECKS.items():
            table.drop_constraint(op.f(f"ck_transactions_{check}"), type_="check")
            table.create_check_constraint(op.f(f"ck_transactions_{check}"), condition)
    _contract_writes()
    op.create_table(
        "validity_changes",
        sa.Column("write_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("validity", _word(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("cid", sa.String(100), nullable=False),
        sa.CheckConstraint("validity IN ('VALID', 'SUSPENDED', 'REVOKED')", name=op.f("ck_validity_changes_validity")),
        sa.ForeignKeyConstraint(["write_id"], ["contract_writes.write_id"], name="fk_validity_changes_write_id"),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.asset_id"], name="fk_validity_changes_asset_id"),
        sa.PrimaryKeyConstraint("write_id", name="pk_validity_changes"),
    )
    op.create_index("ix_validity_changes_asset_id_write_id", "validity_changes", ["asset_id", "write_id"])
    op.create_index("ix_validity_changes_cid", "validity_changes", ["cid"])


def _contract_writes() -> None:
    op.create_table(
        "contract_writes",
        sa.Column("write_id", sa.Integer(), nullable=False),
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(42), nullable=False),
        sa.Column("function", sa.String(500), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("value_wei", sa.String(78), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(66), nullable=True),
        sa.Column("mined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("gas_price_wei", sa.String(78), nullable=True),
        sa.Column("succeeded", sa.Boolean(), nullable=True),
        sa.Column("revert", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.String(66), nullable=True),
        sa.CheckConstraint("(succeeded IS NULL) = (block_number IS NULL)", name=op.f("ck_contract_writes_block")),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"], ["chain_instances.chain_instance_id"], name="fk_contract_writes_chain_instance_id"
        ),
        sa.PrimaryKeyConstraint("write_id", name="pk_contract_writes"),
        sa.UniqueConstraint("chain_instance_id", "tx_hash", name="uq_contract_writes_chain_instance_id_tx_hash"),
    )
    _index("open", "succeeded IS NULL AND replaced_by IS NULL")
    _index("block_number", "block_number IS NOT NULL", "block_number")


def _index(name: str, condition: str, *columns: str) -> None:
    op.create_index(
        f"ix_contract_writes_{name}",
        "contract_writes",
        ["chain_instance_id", *columns],
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _word() -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
