"""Several transactions under the nonce of one attempt, several programs on one register, deployments and alerts.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FORMER = "transactions_0001"
_COPY = f"""
INSERT INTO transactions (
    job_id, attempt, position, purpose, is_live, chain_instance_id, tx_hash, raw, signer, nonce, gas_limit,
    max_fee_per_gas_wei, max_priority_fee_per_gas_wei, signed_at, block_number, block_hash, gas_used, gas_price_wei
)
SELECT
    former.job_id, former.attempt, 0, 'MINT', former.is_live, former.chain_instance_id, former.tx_hash, former.raw,
    former.signer, former.nonce, former.gas_limit, former.max_fee_per_gas_wei, former.max_priority_fee_per_gas_wei,
    coalesce(jobs.signed_at, jobs.last_attempt_at, jobs.requested_at),
    former.block_number, former.block_hash, former.gas_used, former.gas_price_wei
FROM {_FORMER} AS former JOIN mint_jobs AS jobs ON jobs.job_id = former.job_id
ORDER BY coalesce(jobs.signed_at, jobs.last_attempt_at, jobs.requested_at), former.nonce
"""  # noqa: S608 - put together from constants


def upgrade() -> None:
    _extend_jobs()
    _set_former_transactions_aside()
    _transactions("transactions")
    op.execute(_COPY)
    op.drop_table(_FORMER)
    _workers("workers")
    _signer_leases("signer_leases")
    _deployments("deployments")
    _alerts("alerts")


def _extend_jobs() -> None:
    """Never by making the table anew: dropping the old one would take the intents along."""
    op.add_column("mint_jobs", sa.Column("worker_id", sa.Uuid(), nullable=True))
    op.drop_index("ix_mint_jobs_stage_strategy_completed_at", "mint_jobs")
    op.create_index(
        "ix_mint_jobs_completed_at_job_id",
        "mint_jobs",
        ["completed_at", "job_id"],
        sqlite_where=sa.text("completed_at IS NOT NULL"),
        postgresql_where=sa.text("completed_at IS NOT NULL"),
    )


def _set_former_transactions_aside() -> None:
    """Nothing refers to this table. Names of indexes are unique in a whole database, so they make room too."""
    op.drop_index("uq_transactions_nonce", "transactions")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_transactions", "transactions")
    op.rename_table("transactions", _FORMER)


def _word() -> TypeEngine[str]:
    return sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def _transactions(table: str) -> None:
    op.create_table(
        table,
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", _word(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("max_fee_per_gas_wei", sa.String(78), nullable=False),
        sa.Column("max_priority_fee_per_gas_wei", sa.String(78), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(66), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("gas_price_wei", sa.String(78), nullable=True),
        sa.CheckConstraint("purpose IN ('MINT', 'CANCEL', 'FILL')", name=op.f("ck_transactions_purpose")),
        sa.CheckConstraint("(job_id IS NULL) = (attempt IS NULL)", name=op.f("ck_transactions_attempt")),
        sa.CheckConstraint("(job_id IS NULL) = (purpose = 'FILL')", name=op.f("ck_transactions_fill")),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"], ["chain_instances.chain_instance_id"], name="fk_transactions_chain_instance_id"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["mint_jobs.job_id"], name="fk_transactions_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("transaction_id", name="pk_transactions"),
        sa.UniqueConstraint("job_id", "attempt", "position", name="uq_transactions_job_id_attempt_position"),
    )
    _unique_while_live("uq_transactions_nonce", table, ["chain_instance_id", "signer", "nonce", "position"])
    _unique_while_live("uq_transactions_hash", table, ["chain_instance_id", "tx_hash"])
    op.create_index(
        "ix_transactions_chain_instance_id_block_number",
        table,
        ["chain_instance_id", "block_number"],
        sqlite_where=sa.text("block_number IS NOT NULL"),
        postgresql_where=sa.text("block_number IS NOT NULL"),
    )


def _unique_while_live(name: str, table: str, columns: list[str]) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=True,
        sqlite_where=sa.text("is_live = 1"),
        postgresql_where=sa.text("is_live"),
    )


def _workers(table: str) -> None:
    op.create_table(
        table,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name="pk_workers"),
    )


def _signer_leases(table: str) -> None:
    op.create_table(
        table,
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("fencing_token", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signer", name="pk_signer_leases"),
    )


def _deployments(table: str) -> None:
    op.create_table(
        table,
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", name="pk_deployments"),
    )
    op.create_index(
        "uq_deployments_open",
        table,
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )


def _alerts(table: str) -> None:
    op.create_table(
        table,
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("kind", _word(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('SUCCESS_RATE_LOW', 'MINT_TOO_OLD', 'RETRIES_FAILED')", name=op.f("ck_alerts_kind")
        ),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
    )
    op.create_index(
        "uq_alerts_open",
        table,
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
