"""Run by alembic for each command. The connection and its transaction belong to the caller."""

from __future__ import annotations

from alembic import context

from ipnft_desktop.adapters.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
