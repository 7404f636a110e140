"""Single backup files: their names, what makes one usable, and how a file reaches the disk."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason

COMPANIONS = ("-wal", "-shm", "-journal")
"""Endings of the files SQLite keeps beside a database; a log of one database must never meet another."""

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_CAN_SYNC_FOLDERS = os.name == "posix"
_TIME = "%Y%m%dT%H%M%S"
_NAME = re.compile(
    r"(?P<stem>.+)-(?P<seconds>\d{8}T\d{6})\.(?P<milliseconds>\d{3})Z-(?P<revision>\w+)"
    rf"-(?P<reason>{'|'.join(BackupReason)})\.db"
)


class DamagedDatabase(EnvironmentFault):
    """The file is no database any more, or contradicts itself."""

    def __init__(self, finding: str | Phrase) -> None:
        super().__init__(ErrorCode.DATABASE_UNAVAILABLE, phrase("the file is damaged: {finding}", finding=finding))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy must have in common with its original: the revision and the number of rows of every table."""

    revision: str
    row_counts: dict[str, int]


def name_of(stem: str, at: datetime, revision: str, reason: BackupReason) -> str:
    """`register-20261122T023000.000Z-0002-automatic.db`."""
    return f"{stem}-{time_in_name(at)}-{revision}-{reason}.db"


def time_in_name(at: datetime) -> str:
    """A moment in UTC, to the millisecond, sortable and allowed in file names everywhere."""
    return f"{at.astimezone(UTC).strftime(_TIME)}.{at.microsecond // 1000:03}Z"


def backup_at(file: Path, stem: str) -> BackupFile | None:
    """The backup a file is by its name; None for any other file, or one that went away."""
    match = _NAME.fullmatch(file.name)
    if match is None or match["stem"] != stem:
        return None
    try:
        at = datetime.strptime(match["seconds"], _TIME).replace(
            microsecond=int(match["milliseconds"]) * 1000, tzinfo=UTC
        )
        return BackupFile(file.name, file.stat().st_size, at, match["revision"], BackupReason(match["reason"]))
    except (ValueError, FileNotFoundError):
        return None


def contents(connection: sqlite3.Connection) -> Contents:
    """Contents as the connection's present snapshot has them. Raises sqlite3.Error."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    counts = {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a name of the schema
        for (name,) in tables
    }
    revision = connection.execute("SELECT coalesce(max(version_num), '') FROM alembic_version").fetchone()[0]
    return Contents(revision, counts)


def verified(file: Path) -> Contents:
    """Read a closed database through: every page, index and reference. Leaves no files beside it.

    Raises DamagedDatabase, EnvironmentFault DATABASE_UNAVAILABLE.
    """
    with faults(file.name), closing(sqlite3.connect(f"{_uri(file)}?mode=ro&immutable=1", uri=True)) as connection:
        finding = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if finding != "ok":
            raise DamagedDatabase(finding)
        if orphan := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise DamagedDatabase(
                phrase("a row of {table} refers to a missing row of {other}", table=orphan[0], other=orphan[2])
            )
        return contents(connection)


def open_existing(file: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection to a database in use. A missing file is an error, not a new database. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{_uri(file)}?mode=rw", uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False
    )


def flush_file(file: Path) -> None:
    """Bring a finished file to the disk. Never one that SQLite has open in this process: closing it here would drop
    SQLite's locks (POSIX)."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


@contextmanager
def flushing(file: Path) -> Generator[Callable[[int, int, int], None], None, None]:
    """A new file and the function that brings to the disk what was written to it so far, by whomever. It can be the
    `progress` of an SQLite backup and does not look at what that says."""
    with file.open("xb") as opened:

        def flush(_status: int, _pages_left: int, _pages: int) -> None:
            os.fsync(opened.fileno())

        yield flush


def flush_folder(folder: Path) -> None:
    """Bring names made, changed or removed in a folder to the disk, where the system can."""
    if not _CAN_SYNC_FOLDERS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the file itself is broken; a lock or a failing disk may pass."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "").startswith(_DAMAGE)


@contextmanager
def faults(what: str | Phrase) -> Generator[None, None, None]:
    """Errors of SQLite and of the file system as DamagedDatabase, EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE;
    `what` names the file."""
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedDatabase(phrase("{what}: {reason}", what=what, reason=error)) from error
        full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        raise EnvironmentFault(_code(full), phrase("{what}: {reason}", what=what, reason=error)) from error
    except OSError as error:
        told = phrase("{what}: {reason}", what=what, reason=error.strerror or error)
        raise EnvironmentFault(_code(error.errno in _OUT_OF_SPACE), told) from error


@contextmanager
def removed_on_failure(file: Path) -> Generator[None, None, None]:
    """Whatever fails inside leaves no such file."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
        raise


def _code(is_full: bool) -> ErrorCode:
    return ErrorCode.DISK_FULL if is_full else ErrorCode.DATABASE_UNAVAILABLE


def _uri(file: Path) -> str:
    return file.absolute().as_uri()
