"""What was found different from chain and content, and what people decided about it.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CAUSES = (
    "'TOKEN_MISSING', 'TRANSACTION_UNKNOWN', 'OTHER_BLOCK', 'GAS_DIFFERS', 'UNKNOWN_TOKEN', 'STRANGE_TOKEN', "
    "'OWNER_MOVED', 'VALIDITY_DIFFERS', 'URI_DIFFERS', 'METADATA_MISSING', 'METADATA_DAMAGED', 'RECORD_CHANGED', "
    "'FILE_MISSING', 'FILE_DAMAGED', 'FILE_RECORD_CHANGED', 'NO_RECORD', 'INDEX_BEHIND'"
)


_ALERTS = "kind IN ('SUCCESS_RATE_LOW', 'MINT_TOO_OLD', 'RETRIES_FAILED', 'AUDIT_BROKEN', 'STORES_DIFFER')"


def upgrade() -> None:
    with op.batch_alter_table("alerts") as table:
        table.drop_constraint(op.f("ck_alerts_kind"), type_="check")
        table.create_check_constraint(op.f("ck_alerts_kind"), _ALERTS)
    op.create_table(
        "noted_standings",
        *_of_chain("noted_standings"),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(42), nullable=True),
        sa.Column("validity", _word(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("validity IN ('VALID', 'SUSPENDED', 'REVOKED')", name=op.f("ck_noted_standings_validity")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.asset_id"], name="fk_noted_standings_asset_id"),
        sa.PrimaryKeyConstraint("chain_instance_id", "asset_id", name="pk_noted_standings"),
    )
    op.create_table(
        "ignored_tokens",
        *_of_chain("ignored_tokens"),
        sa.Column("token_id", sa.String(78), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ignored_by", sa.String(200), nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chain_instance_id", "token_id", name="pk_ignored_tokens"),
    )
    op.create_table(
        "reconciliations",
        *_of_chain("reconciliations"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("asset_count", sa.Integer(), nullable=False),
        sa.Column("token_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain_instance_id", name="pk_reconciliations"),
    )
    op.create_table(
        "findings",
        sa.Column("chain_instance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cause", _word(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("asset_name", sa.String(200), nullable=False),
        sa.Column("token_id", sa.String(78), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.CheckConstraint(f"cause IN ({_CAUSES})", name=op.f("ck_findings_cause")),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"],
            ["reconciliations.chain_instance_id"],
            name="fk_findings_chain_instance_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chain_instance_id", "position", name="pk_findings"),
    )


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
