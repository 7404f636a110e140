"""Opening the register's database: its folder, its integrity, its revision; a damaged one is restored.

Every migration runs in one transaction, on SQLite as on PostgreSQL: a program killed in the middle leaves the former
revision. On SQLite a verified backup comes first. Backups of PostgreSQL are the business of the server's
administrator; this program makes none there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from ipnft_desktop.adapters.database import migrations, search_index
from ipnft_desktop.adapters.database.backup_files import DamagedDatabase, faults, is_damage
from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.database.engines import migrating_engine
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.backup_keeper import BackupReason

QUICK_CHECK_MAX_BYTES = 16 * 1024 * 1024
"""Up to this size every page is looked at on each opening; beyond it, only when there is a reason for doubt."""

MIGRATION_LOCK = 0x69706E6674
"""Key of the advisory lock under which programs that share a PostgreSQL register migrate it one after the other."""
MIGRATION_LOCK_TIMEOUT_S = 60.0


def prepare(url: URL, engine: Engine, on_replaced: Callable[[str], None] | None = None) -> Phrase:
    """Make the database usable and return a line about it, such as "SQLite register.db, revision 0002".

    `engine` writes to it and has no connection in use. The line also tells of a damaged SQLite file that was replaced
    by its newest usable backup; `on_replaced` hears the name of that backup.

    Raises EnvironmentFault DATABASE_UNAVAILABLE or DISK_FULL, UserError DATABASE_NEWER; SQLAlchemy's errors pass.
    """
    if url.get_backend_name() != "sqlite":
        _prepare_postgresql(engine)
        return phrase("PostgreSQL {name}, revision {revision}", name=url.database, revision=migrations.HEAD)
    file = Path(url.database or "")
    with faults(str(file.parent)):
        file.parent.mkdir(parents=True, exist_ok=True)
    line = phrase("SQLite {name}, revision {revision}", name=file.name, revision=migrations.HEAD)
    replaced = _prepare_sqlite(url, engine, file, on_replaced)
    return phrase("{line}, {replaced}", line=line, replaced=replaced) if replaced else line


def _prepare_postgresql(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_LOCK_TIMEOUT_S * 1000:.0f}ms'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        if not _is_at_head(_revision(connection)):
            migrations.upgrade(connection)


def _prepare_sqlite(url: URL, engine: Engine, file: Path, on_replaced: Callable[[str], None] | None) -> Phrase | None:
    """What is worth adding to the line: that a backup had to be restored."""
    backups = DatabaseBackups(file)
    try:
        _check_and_migrate(url, engine, file, backups)
        return None
    except (DBAPIError, DamagedDatabase) as error:
        if isinstance(error, DBAPIError) and not is_damage(error.orig):
            raise
        engine.dispose()
        restored = backups.restore_newest()
        if restored is None:
            raise
    backup, aside = restored
    if on_replaced is not None:
        on_replaced(backup.name)
    _check_and_migrate(url, engine, file, backups)
    return phrase(
        "restored from the backup of {at} UTC; the damaged file is kept as {aside}",
        at=f"{backup.at:%Y-%m-%d %H:%M}",
        aside=aside,
    )


def _check_and_migrate(url: URL, engine: Engine, file: Path, backups: DatabaseBackups) -> None:
    _refuse_emptied(file, backups)
    wants_check = _wants_check(file, backups)
    with engine.begin() as connection:
        if wants_check:
            _check_integrity(connection, thorough=backups.is_check_wanted)
        is_at_head = _is_at_head(_revision(connection))
        # It reads every asset, minutes for a million. A program that was killed left the index as its assets are.
        if is_at_head and (backups.is_check_wanted or _is_small(file)):
            search_index.repair(connection)
    if wants_check and backups.is_check_wanted:
        backups.want_check(wanted=False)
    if not is_at_head:
        _migrate_sqlite(url, backups)


def _refuse_emptied(file: Path, backups: DatabaseBackups) -> None:
    """SQLite would take a file cut down to nothing for a new register."""
    if file.is_file() and file.stat().st_size == 0 and backups.list():
        raise DamagedDatabase(phrase("it is empty"))


def _wants_check(file: Path, backups: DatabaseBackups) -> bool:
    """Looking at every page takes a second per gigabyte and more, so a large file is spared it after a clean end.

    SQLite removes its log and the log's index when the last connection closes; one left behind means the program was
    killed.
    """
    try:
        return (
            _is_small(file)
            or any(file.with_name(file.name + ending).exists() for ending in ("-wal", "-shm"))
            or backups.is_check_wanted
        )
    except OSError:
        return False


def _is_small(file: Path) -> bool:
    return file.is_file() and file.stat().st_size <= QUICK_CHECK_MAX_BYTES


def _check_integrity(connection: Connection, *, thorough: bool) -> None:
    """Thorough also compares indexes with their tables, which costs several times as much."""
    check = "integrity_check" if thorough else "quick_check"
    finding = connection.execute(text(f"PRAGMA {check}(1)")).scalar_one()
    if finding != "ok":
        raise DamagedDatabase(finding)


def _is_at_head(revision: str | None) -> bool:
    """Raises UserError DATABASE_NEWER for a revision this program does not know."""
    if revision == migrations.HEAD:
        return True
    if revision is not None and not migrations.knows(revision):
        raise UserError(
            ErrorCode.DATABASE_NEWER,
            phrase("revision {revision}, this program knows {head}", revision=revision, head=migrations.HEAD),
        )
    return False


def _migrate_sqlite(url: URL, backups: DatabaseBackups) -> None:
    engine = migrating_engine(url)
    try:
        # BEGIN IMMEDIATE: from here to the commit nobody else writes, so the backup is what the migration starts from.
        with engine.begin() as connection:
            revision = _revision(connection)
            if _is_at_head(revision):
                return
            if revision is not None:
                _back_up(backups)
            migrations.upgrade(connection)
            if orphan := connection.execute(text("PRAGMA foreign_key_check")).first():
                raise Defect(f"the migration left rows of {orphan[0]} without their {orphan[2]}")
    finally:
        backups.close()
        engine.dispose()


def _back_up(backups: DatabaseBackups) -> None:
    try:
        backups.make(BackupReason.BEFORE_MIGRATION)
    except DamagedDatabase as error:
        # Only the copy is known to be damaged, no reason to replace the register; the next start looks at it closely.
        told = phrase("no migration without a backup: {reason}", reason=error.reason)
        raise EnvironmentFault(error.code, told) from error


def _revision(connection: Connection) -> str | None:
    """Revision of an existing register, None for an empty database."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if tables:
        raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "the file is a database, but not of this program")
    return None
