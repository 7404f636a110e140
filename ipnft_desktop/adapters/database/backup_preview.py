"""A register compared with one of its backups, by SQLite itself, reading both and writing to neither.

A backup of an earlier revision has fewer tables and columns: what is compared is what both have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.database.backup_files import faults, open_existing
from ipnft_desktop.adapters.database.engines import LOCK_TIMEOUT_S
from ipnft_desktop.domain.restore_preview import Difference, RestorePreview

NAMES_TOLD = 20


@dataclass(frozen=True, slots=True)
class _Compared:
    """A table: what tells two rows apart, what a person calls them, and what makes two rows differ."""

    table: str
    key: tuple[str, ...]
    label: str
    columns: tuple[str, ...] = ()
    depending: tuple[str, str] | None = None
    """A table whose rows belong to these by the key, and what of them makes two differ too, as SQL."""


_ASSETS = _Compared("assets", ("asset_id",), "name", ("version", "state", "updated_at"))
_ENTERPRISES = _Compared("enterprises", ("enterprise_id",), "name", ("name",), ("wallets", "address || ' ' || label"))
_PEOPLE = _Compared(
    "users",
    ("user_id",),
    "name",
    ("name", "display_name", "role", "is_active", "password_hash"),
    ("memberships", "enterprise_id"),
)
_ADDRESSES = _Compared("address_book", ("address",), "label", ("label", "note"))
_FILTERS = _Compared("saved_filters", ("filter_id",), "name", ("name", "query"))
_MINTS = _Compared("mint_jobs", ("job_id",), "job_id", ("stage", "attempt"))
_TOKENS = _Compared("tokens", ("chain_instance_id", "token_id"), "token_id")
_AUDIT = _Compared("audit_log", ("audit_id",), "action")


def compare(register: Path, backup: Path) -> RestorePreview:
    """What would change if the backup took the register's place; takes seconds where a million assets are compared.

    Raises EnvironmentFault DATABASE_UNAVAILABLE, as DamagedDatabase where one of them cannot be read.
    """
    with faults(backup.name), closing(open_existing(register, LOCK_TIMEOUT_S)) as connection:
        connection.execute("ATTACH DATABASE ? AS backup", (f"{backup.absolute().as_uri()}?mode=ro&immutable=1",))
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")  # one snapshot of the register, which goes on being written
        return RestorePreview(
            assets=_difference(connection, _ASSETS),
            enterprises=_difference(connection, _ENTERPRISES),
            people=_difference(connection, _PEOPLE),
            addresses=_difference(connection, _ADDRESSES),
            filters=_difference(connection, _FILTERS),
            mints=_difference(connection, _MINTS),
            newer_tokens=_difference(connection, _TOKENS).disappearing,
            audit_rows_lost=_difference(connection, _AUDIT).disappearing,
            changed_at=_newest(connection, "main"),
            backup_changed_at=_newest(connection, "backup"),
        )


def _difference(connection: sqlite3.Connection, compared: _Compared) -> Difference:
    present, former = (_columns(connection, schema, compared.table) for schema in ("main", "backup"))
    if not former:
        # The backup is older than the table; a register is never older than its backups.
        count, names = _count_and_names(connection, compared, f"FROM main.{compared.table} AS one")
        return Difference(disappearing=count, first_disappearing=names)
    disappearing, first_disappearing = _only_in(connection, "main", "backup", compared)
    returning, first_returning = _only_in(connection, "backup", "main", compared)
    changing, first_changing = _changing(connection, compared, [c for c in compared.columns if c in present & former])
    return Difference(disappearing, returning, changing, first_disappearing, first_returning, first_changing)


def _only_in(connection: sqlite3.Connection, here: str, there: str, compared: _Compared) -> tuple[int, tuple[str, ...]]:
    absent = f"NOT EXISTS (SELECT 1 FROM {there}.{compared.table} AS other WHERE {_same_key(compared)})"  # noqa: S608
    return _count_and_names(connection, compared, f"FROM {here}.{compared.table} AS one WHERE {absent}")


def _changing(
    connection: sqlite3.Connection, compared: _Compared, columns: Sequence[str]
) -> tuple[int, tuple[str, ...]]:
    if not columns:
        return 0, ()
    differs = " OR ".join(f"one.{column} IS NOT other.{column}" for column in columns)
    if compared.depending:
        main, backup = (_of_depending(schema, compared.key[0], *compared.depending) for schema in ("main", "backup"))
        differs += f" OR {main} IS NOT {backup}"
    return _count_and_names(
        connection,
        compared,
        f"FROM main.{compared.table} AS one JOIN backup.{compared.table} AS other ON {_same_key(compared)} "
        f"WHERE {differs}",
    )


def _of_depending(schema: str, key: str, table: str, values: str) -> str:
    """All that belongs to a row, as one text."""
    rows = f"SELECT {values} AS v FROM {schema}.{table} WHERE {key} = one.{key} ORDER BY 1"  # noqa: S608
    return f"(SELECT group_concat(v) FROM ({rows}))"  # noqa: S608


def _count_and_names(connection: sqlite3.Connection, compared: _Compared, rows: str) -> tuple[int, tuple[str, ...]]:
    # Names of tables and columns are our own constants.
    count: int = connection.execute(f"SELECT count(*) {rows}").fetchone()[0]
    if not count:
        return 0, ()
    names = connection.execute(f"SELECT one.{compared.label} {rows} ORDER BY 1 LIMIT {NAMES_TOLD}")
    return count, tuple(str(name) for (name,) in names)


def _same_key(compared: _Compared) -> str:
    return " AND ".join(f"one.{column} = other.{column}" for column in compared.key)


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> frozenset[str]:
    """Of this table; none where there is no such table."""
    return frozenset(row[1] for row in connection.execute(f"PRAGMA {schema}.table_info({table})"))


def _newest(connection: sqlite3.Connection, schema: str) -> datetime | None:
    # The log only grows, so its last row is its newest.
    row = connection.execute(
        f"SELECT at FROM {schema}.audit_log ORDER BY audit_id DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    return None if row is None else datetime.fromisoformat(row[0]).replace(tzinfo=UTC)
