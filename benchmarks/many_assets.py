"""A register of a million assets in seconds: rows the program itself wrote, copied inside the database under new ids.

What a row looks like is therefore the program's business; only the columns that must differ are named here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

MINTED_TABLES = ("mint_jobs", "mint_intents", "transactions", "tokens")
_ASSETS, _JOBS, _INTENTS = "01800000", "01800001", "01800002"

# New values by column, as SQL over the running number `n`; all other columns are copied. Copies stand on block 0 and
# below nonce 0, so that nothing the program does later can meet them.
_COPIED_AS: Mapping[str, str] = {
    "name": "name || printf(' %07d', n)",
    "name_key": "name_key || printf(' %07d', n)",
    "application_number": "application_number || '-' || n",
    "search_text": "search_text || ' ' || n",
    "idempotency_key": "printf('%032x', n)",
    "transaction_id": "NULL",
    "tx_hash": "'0x' || printf('%064x', n)",
    "nonce": "-n",
    "block_number": "0",
    "token_id": "token_id(n)",
}


@dataclass(frozen=True, slots=True)
class Templates:
    """Assets the program made: one that was never minted, one that is MINTED."""

    draft: UUID
    minted: UUID


def copied_asset(number: int) -> UUID:
    """Id of the copy with this number, from 1; it looks like a UUID v7, so the index grows as it does in use."""
    return UUID(_copied_id(_ASSETS, number))


def add_copies(file: Path, templates: Templates, drafts: int, minted: int) -> None:
    """Add so many drafts and, numbered after them, so many minted assets to a register that no program has open."""
    # isolation_level None: the driver begins no transaction of its own.
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.create_function("token_id", 1, _token_id, deterministic=True)
        # The file is thrown away after the run: a crash may spoil it.
        for pragma in ("synchronous = OFF", "temp_store = MEMORY", "cache_size = -262144"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = _dropped_indexes(connection, ("assets", *MINTED_TABLES))
        _copy(connection, "assets", "asset_id", templates.draft.hex, range(1, drafts + 1))
        numbers = range(drafts + 1, drafts + minted + 1)
        _copy(connection, "assets", "asset_id", templates.minted.hex, numbers)
        _copy_mints(connection, templates.minted.hex, numbers)
        for sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")


def _copy_mints(connection: sqlite3.Connection, asset_id: str, numbers: range) -> None:
    found = connection.execute("SELECT job_id, intent_id FROM mint_intents WHERE asset_id = ?", (asset_id,))
    ((job_id, intent_id),) = found
    for table, key, value in zip(
        MINTED_TABLES, ("job_id", "job_id", "job_id", "intent_id"), (job_id, job_id, job_id, intent_id), strict=True
    ):
        _copy(connection, table, key, value, numbers)


def _copy(connection: sqlite3.Connection, table: str, key: str, value: str, numbers: range) -> None:
    if not numbers:
        return
    ids = {"asset_id": _ASSETS, "job_id": _JOBS, "intent_id": _INTENTS}
    copied_as = {**_COPIED_AS, **{column: _copied_id_sql(prefix) for column, prefix in ids.items()}}
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(copied_as.get(column, f"template.{column}") for column in columns)
    connection.execute(
        f"WITH RECURSIVE numbers(n) AS "
        f"(SELECT {numbers[0]} UNION ALL SELECT n + 1 FROM numbers WHERE n < {numbers[-1]}) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM numbers, "
        f"(SELECT * FROM {table} WHERE {key} = ?) AS template",
        (value,),
    )


def _dropped_indexes(connection: sqlite3.Connection, tables: Sequence[str]) -> list[str]:
    """Take the indexes away, which are cheaper built at the end; returns the statements that bring them back."""
    marks = ", ".join("?" * len(tables))
    found = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def _token_id(number: int) -> str:
    return str(copied_asset(number).int)


def _copied_id(prefix: str, number: int) -> str:
    return f"{prefix}000070008000{number:012x}"


def _copied_id_sql(prefix: str) -> str:
    return f"printf('{prefix}000070008000%012x', n)"
