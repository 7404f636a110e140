"""Alerts about calls that wait while blocks are mined.

There is no way back: a backup is made before every migration.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ALERTS = (
    "kind IN ('SUCCESS_RATE_LOW', 'MINT_TOO_OLD', 'RETRIES_FAILED', 'AUDIT_BROKEN', 'STORES_DIFFER', 'CALL_STUCK')"
)


def upgrade() -> None:
    with op.batch_alter_table("alerts") as table:
        table.drop_constraint(op.f("ck_alerts_kind"), type_="check")
        table.create_check_constraint(op.f("ck_alerts_kind"), _ALERTS)
