"""The schema's history. Found beside this file, so that a packaged folder works like a checkout."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

HEAD = "0012"
"""Newest revision; a database that states it is opened without loading alembic."""

_FOLDER = Path(__file__).resolve().parent


def are_complete() -> bool:
    """Whether the newest revision and what runs it are there."""
    return (_FOLDER / "env.py").is_file() and any((_FOLDER / "versions").glob(f"{HEAD}_*.py"))


def knows(revision: str) -> bool:
    """Whether this program has the revision in its history; False for one written by a newer program."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory(str(_FOLDER)).get_revision(revision)
    except CommandError:
        return False
    return True


def upgrade(connection: Connection) -> None:
    """Bring the schema to `HEAD` inside the caller's transaction: all of it, or nothing after a crash."""
    # Loading alembic costs a quarter of a second, wanted only on the first start and after an update.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
