"""Full-text search over descriptions too, filters, and an index for every column that is shown.

SQLite gets an FTS5 index of trigrams, kept in step by `search_index.py`, PostgreSQL one of pg_trgm where the
server has that extension and lets us create it; without it a search reads every asset. There is no way back: a backup
is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROWS_AT_ONCE = 5_000
_SEPARATOR = "\x1f"

_FTS = (
    # The text is in its case folded already. Without positions the index is a third of the size.
    "CREATE VIRTUAL TABLE asset_index USING fts5(search_text, content='assets', content_rowid='search_id', "
    "tokenize='trigram case_sensitive 1', detail=none, columnsize=0)",
    # Bytes gathered before they are written: larger ones make building it three times as fast.
    "INSERT INTO asset_index (asset_index, rank) VALUES ('hashsize', 33554432)",
    "INSERT INTO asset_index (asset_index) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE asset_terms USING fts5vocab('asset_index', 'row')",
)
_PG_TRGM = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_assets_search_text ON assets USING gin (search_text gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RAISE NOTICE 'pg_trgm is not available: searches read every asset';
END $$
"""


def upgrade() -> None:
    op.add_column("assets", sa.Column("application_key", _bytewise(400), nullable=False, server_default=""))
    op.add_column("assets", sa.Column("creator_key", _bytewise(400), nullable=False, server_default=""))
    op.add_column("assets", sa.Column("search_id", sa.Integer(), nullable=True))
    context = op.get_context()
    if not context.as_sql:
        _fill(op.get_bind())
    op.create_index("uq_assets_search_id", "assets", ["search_id"], unique=True)
    for column in ("application_key", "legal_status", "creator_key", "creation_date", "updated_at"):
        op.create_index(f"ix_assets_{column}_asset_id", "assets", [column, "asset_id"])
        op.create_index(f"ix_assets_state_{column}_asset_id", "assets", ["state", column, "asset_id"])
    filtered = ["asset_type", "legal_status", "state", "enterprise_id", "creation_date", "created_at"]
    ordered = ["asset_id", "enterprise_key", "updated_at", "name_key", "application_key", "creator_key"]
    op.create_index("ix_assets_filter", "assets", [*filtered, *ordered])
    op.create_index("ix_assets_search", "assets", ["search_id", *filtered])
    if context.dialect.name == "postgresql":
        op.execute(_PG_TRGM)
    else:
        for statement in _FTS:
            op.execute(statement)


def _bytewise(max_chars: int) -> TypeEngine[str]:
    """Text that sorts by code point in PostgreSQL too."""
    return sa.String(max_chars).with_variant(sa.String(max_chars, collation="C"), "postgresql")


def _fill(connection: sa.Connection) -> None:
    """No SQL function folds case as Python does."""
    texts = [sa.column(name, sa.String()) for name in ("name", "application_number", "creator_name", "description")]
    keys = [sa.column(name, sa.String()) for name in ("application_key", "creator_key", "search_text")]
    assets = sa.table("assets", sa.column("asset_id", sa.Uuid()), *texts, *keys, sa.column("search_id", sa.Integer()))
    page = sa.select(assets.c.asset_id, *texts).order_by(assets.c.asset_id).limit(_ROWS_AT_ONCE)
    change = assets.update().where(assets.c.asset_id == sa.bindparam("of_asset"))
    is_sqlite = connection.dialect.name == "sqlite"
    number = 0
    rows = connection.execute(page).all()
    while rows:
        values: list[dict[str, object]] = []
        for asset_id, *fields in rows:
            number += 1
            values.append(
                {
                    "of_asset": asset_id,
                    "application_key": fields[1].casefold(),
                    "creator_key": fields[2].casefold(),
                    "search_text": _SEPARATOR.join(fields).casefold() + _SEPARATOR * 2,
                    "search_id": number if is_sqlite else None,
                }
            )
        connection.execute(change, values)
        rows = connection.execute(page.where(assets.c.asset_id > rows[-1][0])).all()
