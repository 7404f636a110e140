"""Connections as the register needs them: one engine for writing, one that cannot write."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

LOCK_TIMEOUT_S = 10
READERS = 2

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # FULL: a commit is on the disk before anything is sent; NORMAL could lose the last commits to a power cut.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # Without it INSERT OR REPLACE would remove audit rows past their trigger.
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA busy_timeout = {LOCK_TIMEOUT_S * 1000}",
)


def writing_engine(url: URL) -> Engine:
    """The engine of the one writer thread. SQLite: it takes the write lock at BEGIN, so nothing is read that another
    process changes before we write."""
    engine = _engine(url, connections=1)
    if url.get_backend_name() == "sqlite":
        _set_up_sqlite(engine, begin="BEGIN IMMEDIATE", extra=())
    return engine


def migrating_engine(url: URL) -> Engine:
    """A writing engine of SQLite on which tables may be made anew: with foreign keys in force, dropping the old table
    would delete the rows that refer to it (https://sqlite.org/lang_altertable.html, "Making other kinds of changes").
    """
    engine = _engine(url, connections=1)
    _set_up_sqlite(engine, begin="BEGIN IMMEDIATE", extra=("PRAGMA foreign_keys = OFF",))
    return engine


def reading_engine(url: URL) -> Engine:
    """The engine of the reader threads: each transaction sees one snapshot, and writing is refused."""
    engine = _engine(url, connections=READERS)
    if url.get_backend_name() == "sqlite":
        # Searches of a large register touch the same 100 MB of indexes each time: with the usual 2 MB every page is
        # asked of the system again. A small register takes what it needs.
        _set_up_sqlite(engine, begin="BEGIN", extra=("PRAGMA query_only = ON", "PRAGMA cache_size = -262144"))
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _engine(url: URL, connections: int) -> Engine:
    # Errors go into logs and crash reports; the values of a statement must not.
    return create_engine(url, pool_size=connections, max_overflow=0, hide_parameters=True)


def _set_up_sqlite(engine: Engine, begin: str, extra: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        # The driver's own transaction handling begins too late and knows no IMMEDIATE.
        connection.isolation_level = None
        for statement in (*_SQLITE_SETTINGS, *extra):
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)
