"""The register as it first was: assets, their mints, the chain and its journal, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE_APPEND_ONLY = """
CREATE TRIGGER audit_log_no_{action} BEFORE {ACTION} ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END
"""
_POSTGRESQL_REFUSAL = """
CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$
"""
_POSTGRESQL_APPEND_ONLY = """
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()
"""


def upgrade() -> None:
    for name, create in _TABLES.items():
        create(name)
    _make_audit_log_append_only()


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_refuse()")


def _make_audit_log_append_only() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_REFUSAL)
        op.execute(_POSTGRESQL_APPEND_ONLY)
        return
    for action in ("update", "delete"):
        op.execute(_SQLITE_APPEND_ONLY.format(action=action, ACTION=action.upper()))


def _bytewise(max_chars: int) -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(max_chars).with_variant(sa.String(max_chars, collation="C"), "postgresql")


def _enterprises(table: str) -> None:
    op.create_table(
        table,
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", _bytewise(400), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", name="pk_enterprises"),
        sa.UniqueConstraint("enterprise_id", "name_key", name="uq_enterprises_enterprise_id_name_key"),
    )


def _wallets(table: str) -> None:
    op.create_table(
        table,
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(42), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.enterprise_id"], name="fk_wallets_enterprise_id"),
        sa.PrimaryKeyConstraint("enterprise_id", name="pk_wallets"),
    )


def _assets(table: str) -> None:
    op.create_table(
        table,
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", _bytewise(40), nullable=False),
        sa.Column("asset_type", _bytewise(40), nullable=False),
        sa.Column("legal_status", _bytewise(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", _bytewise(400), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_key", _bytewise(400), nullable=False),
        sa.Column("application_number", sa.String(100), nullable=False),
        sa.Column("creator_name", sa.String(200), nullable=False),
        sa.Column("creation_date", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("transferable", sa.Boolean(), nullable=False),
        sa.Column("commercial_use", sa.Boolean(), nullable=False),
        sa.Column("derivatives", sa.Boolean(), nullable=False),
        sa.Column("attribution", sa.Boolean(), nullable=False),
        sa.Column("revenue_share_bp", sa.Integer(), nullable=False),
        sa.Column("licence_expires_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("custom_fields", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "asset_type IN ('PATENT', 'TRADEMARK', 'COPYRIGHT', 'DESIGN', 'TRADE_SECRET', 'SOFTWARE', 'OTHER')",
            name=op.f("ck_assets_asset_type"),
        ),
        sa.CheckConstraint(
            "legal_status IN ('UNREGISTERED', 'PENDING', 'REGISTERED', 'EXPIRED', 'DISPUTED')",
            name=op.f("ck_assets_legal_status"),
        ),
        sa.CheckConstraint(
            "state IN ('DRAFT', 'MINT_PENDING', 'MINTING', 'MINTED', 'MINT_FAILED', 'MINT_CANCELLED')",
            name=op.f("ck_assets_state"),
        ),
        sa.CheckConstraint("revenue_share_bp BETWEEN 0 AND 10000", name=op.f("ck_assets_revenue_share_bp")),
        sa.ForeignKeyConstraint(
            ["enterprise_id", "enterprise_key"],
            ["enterprises.enterprise_id", "enterprises.name_key"],
            name="fk_assets_enterprise_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("asset_id", name="pk_assets"),
    )
    op.create_index("ix_assets_asset_type_asset_id", table, ["asset_type", "asset_id"])
    op.create_index("ix_assets_created_at_asset_id", table, ["created_at", "asset_id"])
    op.create_index("ix_assets_enterprise_key_asset_id", table, ["enterprise_key", "asset_id"])
    op.create_index("ix_assets_name_key_asset_id", table, ["name_key", "asset_id"])
    op.create_index("ix_assets_state_asset_id", table, ["state", "asset_id"])
    op.create_index("ix_assets_state_asset_type_asset_id", table, ["state", "asset_type", "asset_id"])
    op.create_index("ix_assets_state_created_at_asset_id", table, ["state", "created_at", "asset_id"])
    op.create_index("ix_assets_state_enterprise_key_asset_id", table, ["state", "enterprise_key", "asset_id"])
    op.create_index("ix_assets_state_name_key_asset_id", table, ["state", "name_key", "asset_id"])


def _attachments(table: str) -> None:
    op.create_table(
        table,
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("cid", sa.String(100), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("is_image", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.asset_id"], name="fk_attachments_asset_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachments"),
        sa.UniqueConstraint("asset_id", "position", name="uq_attachments_asset_id_position"),
    )
    op.create_index(
        "uq_attachments_image",
        table,
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("is_image = 1"),
        postgresql_where=sa.text("is_image"),
    )


def _chain_instances(table: str) -> None:
    op.create_table(
        table,
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_address", sa.String(42), nullable=False),
        sa.Column("code_hash", sa.String(66), nullable=False),
        sa.Column("instance_id", sa.String(66), nullable=False),
        sa.Column("deployment_block", sa.BigInteger(), nullable=False),
        sa.Column("deployment_block_hash", sa.String(66), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("is_active = (retired_at IS NULL)", name=op.f("ck_chain_instances_retired")),
        sa.PrimaryKeyConstraint("chain_instance_id", name="pk_chain_instances"),
        sa.UniqueConstraint("instance_id", name="uq_chain_instances_instance_id"),
    )
    op.create_index(
        "uq_chain_instances_active",
        table,
        ["is_active"],
        unique=True,
        sqlite_where=sa.text("is_active = 1"),
        postgresql_where=sa.text("is_active"),
    )


def _journal_blocks(table: str) -> None:
    op.create_table(
        table,
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_hash", sa.String(66), nullable=False),
        sa.Column("timestamp_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_journal_blocks"),
    )


def _journal_transactions(table: str) -> None:
    op.create_table(
        table,
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_number"], ["journal_blocks.number"], name="fk_journal_transactions_block_number", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("block_number", "position", name="pk_journal_transactions"),
    )


def _mint_jobs(table: str) -> None:
    op.create_table(
        table,
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", _bytewise(40), nullable=False),
        sa.Column("stage", _bytewise(40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=False),
        sa.Column("required_confirmations", sa.Integer(), nullable=False),
        sa.Column("confirmations", sa.Integer(), nullable=False),
        sa.Column("directory_cid", sa.String(100), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_kind", _bytewise(40), nullable=True),
        sa.Column("failure_code", _bytewise(40), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("failure_gas_spent", sa.Boolean(), nullable=True),
        sa.Column("failure_safe_to_retry", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "failure_kind IN ('VALIDATION_FAILED', 'TRANSACTION_REJECTED', 'TRANSACTION_FAILED', "
            "'CONFIRMATION_TIMEOUT', 'SYSTEM_ERROR', 'CHAIN_RESET')",
            name=op.f("ck_mint_jobs_failure_kind"),
        ),
        sa.CheckConstraint("stage <> 'FAILED' OR failure_kind IS NOT NULL", name=op.f("ck_mint_jobs_failure")),
        sa.CheckConstraint(
            "stage IN ('REQUESTED', 'PREPARING', 'SUBMITTING', 'CONFIRMING', 'FINALIZING', 'COMPLETED', "
            "'FAILED', 'CANCELLED')",
            name=op.f("ck_mint_jobs_stage"),
        ),
        sa.CheckConstraint("strategy IN ('SINGLE', 'BATCH')", name=op.f("ck_mint_jobs_strategy")),
        sa.PrimaryKeyConstraint("job_id", name="pk_mint_jobs"),
        sa.UniqueConstraint("idempotency_key", name="uq_mint_jobs_idempotency_key"),
    )
    op.create_index("ix_mint_jobs_stage_requested_at_job_id", table, ["stage", "requested_at", "job_id"])
    op.create_index("ix_mint_jobs_stage_strategy_completed_at", table, ["stage", "strategy", "completed_at"])


def _mint_intents(table: str) -> None:
    op.create_table(
        table,
        sa.Column("intent_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.String(42), nullable=False),
        sa.Column("recipient_type", _bytewise(40), nullable=False),
        sa.Column("metadata_cid", sa.String(100), nullable=True),
        sa.Column("token_uri", sa.String(300), nullable=True),
        sa.CheckConstraint("recipient_type IN ('ENTERPRISE', 'USER')", name=op.f("ck_mint_intents_recipient_type")),
        sa.CheckConstraint("is_current OR NOT is_open", name=op.f("ck_mint_intents_open_is_current")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.asset_id"], name="fk_mint_intents_asset_id"),
        sa.ForeignKeyConstraint(["job_id"], ["mint_jobs.job_id"], name="fk_mint_intents_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("intent_id", name="pk_mint_intents"),
        sa.UniqueConstraint("job_id", "position", name="uq_mint_intents_job_id_position"),
    )
    op.create_index("ix_mint_intents_asset_id", table, ["asset_id"])
    op.create_index(
        "uq_mint_intents_current",
        table,
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "uq_mint_intents_open",
        table,
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )


def _transactions(table: str) -> None:
    op.create_table(
        table,
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("max_fee_per_gas_wei", sa.String(78), nullable=False),
        sa.Column("max_priority_fee_per_gas_wei", sa.String(78), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(66), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.Column("gas_price_wei", sa.String(78), nullable=True),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"], ["chain_instances.chain_instance_id"], name="fk_transactions_chain_instance_id"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["mint_jobs.job_id"], name="fk_transactions_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "attempt", name="pk_transactions"),
        sa.UniqueConstraint("chain_instance_id", "tx_hash", name="uq_transactions_chain_instance_id_tx_hash"),
    )
    op.create_index(
        "uq_transactions_nonce",
        table,
        ["chain_instance_id", "signer", "nonce"],
        unique=True,
        sqlite_where=sa.text("is_live = 1"),
        postgresql_where=sa.text("is_live"),
    )


def _tokens(table: str) -> None:
    op.create_table(
        table,
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.String(78), nullable=False),
        sa.Column("intent_id", sa.Uuid(), nullable=False),
        sa.Column("minted_to", sa.String(42), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"], ["chain_instances.chain_instance_id"], name="fk_tokens_chain_instance_id"
        ),
        sa.ForeignKeyConstraint(["intent_id"], ["mint_intents.intent_id"], name="fk_tokens_intent_id"),
        sa.PrimaryKeyConstraint("chain_instance_id", "token_id", name="pk_tokens"),
        sa.UniqueConstraint("intent_id", name="uq_tokens_intent_id"),
    )


def _audit_log(table: str) -> None:
    op.create_table(
        table,
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit_log"),
        sqlite_autoincrement=True,
    )


_TABLES = {
    "enterprises": _enterprises,
    "wallets": _wallets,
    "assets": _assets,
    "attachments": _attachments,
    "chain_instances": _chain_instances,
    "journal_blocks": _journal_blocks,
    "journal_transactions": _journal_transactions,
    "mint_jobs": _mint_jobs,
    "mint_intents": _mint_intents,
    "transactions": _transactions,
    "tokens": _tokens,
    "audit_log": _audit_log,
}
