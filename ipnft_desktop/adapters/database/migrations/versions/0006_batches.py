"""Runs of many mints: their transactions, what was expected of each, what was left out; mints that wait for company.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_runs",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", _word(), nullable=False),
        sa.Column("congestion", _word(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.CheckConstraint("strategy IN ('MANUAL', 'AUTOMATIC')", name=op.f("ck_batch_runs_strategy")),
        sa.CheckConstraint("congestion IN ('LOW', 'MEDIUM', 'HIGH')", name=op.f("ck_batch_runs_congestion")),
        sa.PrimaryKeyConstraint("run_id", name="pk_batch_runs"),
    )
    op.create_index("ix_batch_runs_requested_at_run_id", "batch_runs", ["requested_at", "run_id"])
    op.create_table(
        "batches",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("gas_estimated", sa.BigInteger(), nullable=True),
        sa.Column("gas_single", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["mint_jobs.job_id"], name="fk_batches_job_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["batch_runs.run_id"], name="fk_batches_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name="pk_batches"),
    )
    op.create_index("ix_batches_run_id_position", "batches", ["run_id", "position"])
    op.create_table(
        "batch_omissions",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("asset_name", sa.String(200), nullable=False),
        sa.Column("code", _word(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["batch_runs.run_id"], name="fk_batch_omissions_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_batch_omissions"),
    )
    op.create_table(
        "gathered_mints",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(42), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.asset_id"], name="fk_gathered_mints_asset_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("asset_id", name="pk_gathered_mints"),
    )
    op.create_index("ix_gathered_mints_asked_at_asset_id", "gathered_mints", ["asked_at", "asset_id"])


def _word() -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
