"""People and their addresses, a sealed audit log, deleted assets, saved filters, publications, encrypted files,
agreements, pages on the web.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_TRANSACTION_CHECKS = {
    "purpose": "purpose IN ('MINT', 'CANCEL', 'FILL', 'ANCHOR')",
    "fill": "(job_id IS NULL) = (purpose IN ('FILL', 'ANCHOR'))",
}
_ALERT_CHECKS = {"kind": "kind IN ('SUCCESS_RATE_LOW', 'MINT_TOO_OLD', 'RETRIES_FAILED', 'AUDIT_BROKEN')"}


def upgrade() -> None:
    _users()
    _memberships()
    _former_names()
    _address_book()
    _seal_audit_log()
    _recheck("transactions", _TRANSACTION_CHECKS)
    _recheck("alerts", _ALERT_CHECKS)
    _audit_anchors()
    _deleted_assets()
    _saved_filters()
    _publications()
    op.add_column("assets", sa.Column("external_url", sa.String(500), nullable=True))
    op.add_column("attachments", sa.Column("agreement", _bytewise(40), nullable=True))
    op.add_column("attachments", sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    op.create_index("ix_attachments_cid", "attachments", ["cid"])
    _content_removals()


def _bytewise(max_chars: int) -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(max_chars).with_variant(sa.String(max_chars, collation="C"), "postgresql")


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", _bytewise(400), nullable=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("role", _bytewise(40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('ADMIN', 'OPERATOR', 'VIEWER')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_memberships_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.enterprise_id"], name="fk_memberships_enterprise_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "enterprise_id", name="pk_memberships"),
    )


def _former_names() -> None:
    op.create_table(
        "former_names",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.enterprise_id"], name="fk_former_names_enterprise_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enterprise_id", "until", name="pk_former_names"),
    )


def _address_book() -> None:
    op.create_table(
        "address_book",
        sa.Column("address", sa.String(42), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_address_book"),
    )


def _seal_audit_log() -> None:
    """Rows from before are not sealed: the key is not known here, and nobody may change them."""
    op.add_column("audit_log", sa.Column("changes", sa.JSON(), nullable=True))
    op.add_column("audit_log", sa.Column("key_id", sa.String(16), nullable=True))
    op.add_column("audit_log", sa.Column("mac", sa.LargeBinary(), nullable=True))
    for column in ("subject", "actor", "action"):
        op.create_index(f"ix_audit_log_{column}_audit_id", "audit_log", [column, "audit_id"])


def _recheck(name: str, checks: Mapping[str, str]) -> None:
    """Put other conditions in the place of a table's checks. SQLite makes it anew for that; nothing refers to it."""
    with op.batch_alter_table(name) as table:
        for check, condition in checks.items():
            table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
            table.create_check_constraint(op.f(f"ck_{name}_{check}"), condition)


def _audit_anchors() -> None:
    op.create_table(
        "audit_anchors",
        sa.Column("anchor_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("chain_instance_id", sa.Integer(), nullable=False),
        sa.Column("tx_hash", sa.String(66), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(200), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(66), nullable=True),
        sa.Column("mined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chain_instance_id"], ["chain_instances.chain_instance_id"], name="fk_audit_anchors_chain_instance_id"
        ),
        sa.PrimaryKeyConstraint("anchor_id", name="pk_audit_anchors"),
        sa.UniqueConstraint("chain_instance_id", "tx_hash", name="uq_audit_anchors_chain_instance_id_tx_hash"),
    )


def _deleted_assets() -> None:
    op.create_table(
        "deleted_assets",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_by", sa.String(200), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", name="pk_deleted_assets"),
    )
    op.create_index("ix_deleted_assets_deleted_at_asset_id", "deleted_assets", ["deleted_at", "asset_id"])


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("filter_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("filter_id", name="pk_saved_filters"),
        sa.UniqueConstraint("owner_id", "name", name="uq_saved_filters_owner_id_name"),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("cid", sa.String(100), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("NOT is_missing OR published_at IS NOT NULL", name=op.f("ck_publications_missing")),
        sa.PrimaryKeyConstraint("cid", name="pk_publications"),
    )
    waiting = sa.text("published_at IS NULL")
    op.create_index(
        "ix_publications_waiting",
        "publications",
        ["requested_at", "cid"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _content_removals() -> None:
    op.create_table(
        "content_removals",
        sa.Column("cid", sa.String(100), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cid", name="pk_content_removals"),
    )
