"""Who asked for a mint, and the indexes of the list of all mints.

Who asked is taken from the audit log as far as that tells it. There is no way back: a backup is made before every
migration.
"""

from __future__ import annotations

import json
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROWS_AT_ONCE = 5_000
_REQUESTS = ("mint.requested", "mint.adopted")


def upgrade() -> None:
    op.add_column("mint_jobs", sa.Column("requested_by", sa.String(200), nullable=False, server_default=""))
    if not op.get_context().as_sql:
        _fill(op.get_bind())
    op.create_index("ix_mint_jobs_requested_at_job_id", "mint_jobs", ["requested_at", "job_id"])
    op.create_index("ix_mint_intents_recipient_job_id", "mint_intents", ["recipient", "job_id"])
    op.create_index("ix_transactions_tx_hash_job_id", "transactions", ["tx_hash", "job_id"])


def _fill(connection: sa.Connection) -> None:
    """The job of a request stands in the facts of its line, which is text in one database and JSON in the other."""
    lines = sa.table("audit_log", *map(sa.column, ("audit_id", "action", "actor")), sa.column("facts", sa.Text()))
    page = (
        sa.select(lines.c.audit_id, lines.c.actor, sa.cast(lines.c.facts, sa.Text()))
        .where(lines.c.action.in_(_REQUESTS))
        .order_by(lines.c.audit_id)
        .limit(_ROWS_AT_ONCE)
    )
    jobs = sa.table("mint_jobs", sa.column("job_id", sa.Uuid()), sa.column("requested_by", sa.String()))
    change = jobs.update().where(jobs.c.job_id == sa.bindparam("of_job"))
    rows = connection.execute(page).all()
    while rows:
        asked = {job_id: str(actor) for _, actor, facts in rows if (job_id := _job_in(facts)) is not None}
        if asked:
            values = [{"of_job": job_id, "requested_by": actor} for job_id, actor in asked.items()]
            connection.execute(change, values)
        rows = connection.execute(page.where(lines.c.audit_id > rows[-1][0])).all()


def _job_in(facts: object) -> UUID | None:
    """None for a line that was written past the program: the log shows it, and no migration fails for it."""
    try:
        return UUID(json.loads(str(facts))["job"])
    except (KeyError, TypeError, ValueError):
        return None
