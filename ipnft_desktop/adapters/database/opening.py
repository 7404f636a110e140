"""Opening the register's database: its folder, its integrity, its revision."""

from __future__ import annotations

import errno
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError

QUICK_CHECK_MAX_BYTES = 16 * 1024 * 1024
"""Up to this size every page is looked at on each opening; beyond it, only after an end that left a log behind."""


def prepare(url: URL, engine: Engine) -> str:
    """Make the database usable and return a line about it, such as "SQLite register.db, revision 0001".

    Raises EnvironmentFault DATABASE_UNAVAILABLE or DISK_FULL, UserError DATABASE_NEWER; SQLAlchemy's errors pass.
    """
    file = _sqlite_file(url)
    wants_check = file is not None and _wants_check(file)
    if file is not None:
        _make_folder(file.parent)
    with engine.begin() as connection:
        if wants_check:
            _check_integrity(connection)
        _bring_up_to_date(connection)
    if file is not None:
        return f"SQLite {file.name}, revision {migrations.HEAD}"
    return f"PostgreSQL {url.database}, revision {migrations.HEAD}"


def _sqlite_file(url: URL) -> Path | None:
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        code = ErrorCode.DISK_FULL if error.errno == errno.ENOSPC else ErrorCode.DATABASE_UNAVAILABLE
        raise EnvironmentFault(code, f"{folder}: {error.strerror}") from error


def _wants_check(file: Path) -> bool:
    """Looking at every page takes a second per gigabyte and more, so a large file is spared it after a clean end.

    SQLite removes its log when the last connection closes; a log left behind means the program was killed.
    """
    log = file.with_name(file.name + "-wal")
    try:
        return file.stat().st_size <= QUICK_CHECK_MAX_BYTES or (log.exists() and log.stat().st_size > 0)
    except OSError:
        return False


def _check_integrity(connection: Connection) -> None:
    finding = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if finding != "ok":
        raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, f"the file is damaged: {finding}")


def _bring_up_to_date(connection: Connection) -> None:
    revision = _revision(connection)
    if revision == migrations.HEAD:
        return
    if revision is not None and not migrations.knows(revision):
        raise UserError(ErrorCode.DATABASE_NEWER, f"revision {revision}, this program knows {migrations.HEAD}")
    migrations.upgrade(connection)


def _revision(connection: Connection) -> str | None:
    """Revision of an existing register, None for an empty database."""
    try:
        with connection.begin_nested():
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except DatabaseError:
        # No such table, or no database at all: the inspection below tells them apart.
        if inspect(connection).get_table_names():
            raise EnvironmentFault(
                ErrorCode.DATABASE_UNAVAILABLE, "the file is a database, but not of this program"
            ) from None
        return None
