"""How many tokens a transaction made, and the indexes from which figures are summed up.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COUNT = """
    UPDATE transactions SET token_count = (
        SELECT count(*) FROM mint_intents
        JOIN tokens ON tokens.intent_id = mint_intents.intent_id
        WHERE mint_intents.job_id = transactions.job_id
    )
    WHERE block_number IS NOT NULL AND purpose = 'MINT'
        AND EXISTS (
            SELECT 1 FROM mint_intents
            JOIN tokens ON tokens.intent_id = mint_intents.intent_id
            JOIN mint_jobs ON mint_jobs.job_id = mint_intents.job_id
            WHERE mint_intents.job_id = transactions.job_id AND mint_jobs.attempt = transactions.attempt
        )
"""
"""As they stand: a mined transaction of the attempt that made the tokens on record. `tokens` has each intent once."""


def upgrade() -> None:
    op.add_column("transactions", sa.Column("token_count", sa.Integer(), nullable=True))
    op.execute(_COUNT)
    _index("figures", "block_number IS NOT NULL", "is_live", "token_count", "gas_used", "gas_price_wei")
    _index("batches", "token_count > 1", "token_count", "gas_used", "job_id")
    _index("adopted", "NOT is_live AND token_count = 1")


def _index(name: str, condition: str, *columns: str) -> None:
    op.create_index(
        f"ix_transactions_{name}",
        "transactions",
        ["chain_instance_id", "signed_at", *columns],
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
