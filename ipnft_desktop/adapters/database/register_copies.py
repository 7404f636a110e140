"""A register's file copied while it is in use, and what such a file holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ipnft_desktop.adapters.database.backup_files import (
    COMPANIONS,
    DamagedDatabase,
    faults,
    flush_file,
    flushing,
    open_existing,
    verified,
)
from ipnft_desktop.adapters.database.backup_files import contents as contents_of
from ipnft_desktop.adapters.database.engines import LOCK_TIMEOUT_S
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.workspaces import RegisterFigures

PAGES_A_STEP = 1000


def copy_pages(source: sqlite3.Connection, target: Path, on_share: Callable[[float], None] | None = None) -> None:
    """SQLite's online backup (https://sqlite.org/backup.html) into a new file, from the snapshot that is open on
    `source`. Raises sqlite3.Error, OSError, and what `on_share` raises."""
    with flushing(target) as flush, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")  # a half made copy is thrown away
        copy.execute("PRAGMA synchronous = OFF")

        def step(status: int, pages_left: int, pages: int) -> None:
            # Little by little: a hundred megabytes flushed at once would hold up the commits of the register.
            flush(status, pages_left, pages)
            if on_share is not None:
                on_share(1 - pages_left / max(1, pages))

        source.backup(copy, pages=PAGES_A_STEP, progress=step)


def copy_register(register: Path, target: Path, on_share: Callable[[float], None]) -> str:
    """A verified copy of a register, which may be in use, from one snapshot; returns its revision.

    Raises EnvironmentFault DATABASE_UNAVAILABLE, as DamagedDatabase when it does not verify, or DISK_FULL, and what
    `on_share` raises. Then the caller removes what is left.
    """
    with faults(register.name):
        with closing(open_existing(register, LOCK_TIMEOUT_S)) as source:
            source.execute("PRAGMA query_only = ON")
            source.execute("BEGIN")
            original = contents_of(source)
            copy_pages(source, target, on_share)
        if verified(target) != original:
            raise DamagedDatabase(phrase("the copy differs from the register"))
        flush_file(target)
    return original.revision


def figures_of(register: Path) -> RegisterFigures:
    """What a register holds, which may be in use. One that was never opened holds nothing.

    Raises EnvironmentFault DATABASE_UNAVAILABLE.
    """
    if not register.exists():
        return RegisterFigures()
    with faults(register.name), closing(open_existing(register, LOCK_TIMEOUT_S)) as connection:
        connection.execute("PRAGMA query_only = ON")
        return _figures(connection)


def figures_of_copy(register: Path) -> RegisterFigures:
    """As `figures_of`, of a closed copy; leaves no files beside it."""
    uri = f"{register.absolute().as_uri()}?mode=ro&immutable=1"
    with faults(register.name), closing(sqlite3.connect(uri, uri=True)) as connection:
        return _figures(connection)


def _figures(connection: sqlite3.Connection) -> RegisterFigures:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tokens'").fetchone():
        return RegisterFigures()  # made a moment ago: its tables are not there yet
    assets, tokens, block = connection.execute(
        "SELECT (SELECT count(*) FROM assets),"
        " (SELECT count(*) FROM tokens JOIN chain_instances USING (chain_instance_id) WHERE is_active),"
        " (SELECT coalesce(max(number), 0) FROM journal_blocks)"
    ).fetchone()
    return RegisterFigures(assets, tokens, block)


def size_of(register: Path) -> int:
    """Bytes of a register's file and its log, which a copy of it may need."""
    files = (register, register.with_name(register.name + COMPANIONS[0]))
    return sum(file.stat().st_size for file in files if file.exists())
