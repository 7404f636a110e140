"""A register of a million assets in seconds: rows the program itself wrote, copied inside the database under new ids.

What a row looks like is therefore the program's business; only the columns that must differ are named here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from benchmarks.asset_texts import Descriptions
from ipnft_desktop.adapters.database.search_index import searched_text
from ipnft_desktop.domain.assets import AssetType, LegalStatus

MINTED_TABLES = ("mint_jobs", "mint_intents", "transactions", "tokens")
_ASSETS, _JOBS, _INTENTS = "01800000", "01800001", "01800002"

# New values by column, as SQL over the running number `n`; all other columns are copied. Copies stand on block 0 and
# below nonce 0, so that nothing the program does later can meet them.
_COPIED_AS: Mapping[str, str] = {
    "name": "name || printf(' %07d', n)",
    "name_key": "name_key || printf(' %07d', n)",
    "application_number": "application_number || '-' || n",
    "application_key": "application_key || '-' || n",
    "search_text": "search_text || ' ' || n",
    "search_id": "n + 1000000000",
    "asset_type": "type_of(n)",
    "legal_status": "legal_status_of(n)",
    "enterprise_id": "enterprise_id_of(n)",
    "enterprise_key": "enterprise_key_of(n)",
    "creation_date": "date('2000-01-01', (n * 7919 % 9000) || ' days')",
    "created_at": "strftime('%Y-%m-%d %H:%M:%f000', '2020-01-01', n || ' seconds')",
    "updated_at": "strftime('%Y-%m-%d %H:%M:%f000', '2021-01-01', (n * 7907 % 1000003) || ' seconds')",
    "idempotency_key": "printf('%032x', n)",
    "transaction_id": "NULL",
    "tx_hash": "'0x' || printf('%064x', n)",
    "nonce": "-n",
    "block_number": "0",
    "token_id": "token_id(n)",
}
_TEXTS_COPIED_AS: Mapping[str, str] = {
    "search_text": "searched_text(name || printf(' %07d', n), application_number || '-' || n, creator_name, n)",
    "description": "description_of(n)",
}


@dataclass(frozen=True, slots=True)
class Templates:
    """Assets the program made: one that was never minted, one that is MINTED."""

    draft: UUID
    minted: UUID

    @classmethod
    def of(cls, made: Mapping[str, str]) -> Templates:
        """From what a scenario printed."""
        return cls(UUID(made["draft"]), UUID(made["minted"]))


def copied_asset(number: int) -> UUID:
    """Id of the copy with this number, from 1; it looks like a UUID v7, so the index grows as it does in use."""
    return UUID(_copied_id(_ASSETS, number))


def add_copies(file: Path, templates: Templates, drafts: int, minted: int, *, with_texts: bool = False) -> None:
    """Add so many drafts and, numbered after them, so many minted assets to a register that no program has open.

    `with_texts` gives each a description of its own and enters it into the search index, which takes most of the time.
    """
    # isolation_level None: the driver begins no transaction of its own.
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _add_functions(connection)
        # The file is thrown away after the run: a crash may spoil it.
        for pragma in ("synchronous = OFF", "temp_store = MEMORY", "cache_size = -262144"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = _dropped_indexes(connection, ("assets", *MINTED_TABLES))
        copied_as = {**_COPIED_AS, **(_TEXTS_COPIED_AS if with_texts else {})}
        _copy(connection, "assets", "asset_id", templates.draft.hex, range(1, drafts + 1), copied_as)
        numbers = range(drafts + 1, drafts + minted + 1)
        _copy(connection, "assets", "asset_id", templates.minted.hex, numbers, copied_as)
        _copy_mints(connection, templates.minted.hex, numbers)
        for sql in indexes:
            connection.execute(sql)
        if with_texts:
            connection.execute("INSERT INTO asset_index (asset_index) VALUES ('rebuild')")
        connection.execute("COMMIT")


def _add_functions(connection: sqlite3.Connection) -> None:
    """What differs from copy to copy beyond a number, as functions of the number."""
    enterprises = connection.execute("SELECT enterprise_id, name_key FROM enterprises").fetchall()
    # The description is wanted twice a row.
    text_of = lru_cache(maxsize=8)(Descriptions().text)
    types, statuses = list(AssetType), list(LegalStatus)
    functions: dict[str, Callable[[int], str]] = {
        "token_id": _token_id,
        "description_of": text_of,
        "type_of": lambda number: types[number % len(types)],
        "legal_status_of": lambda number: statuses[number // 7 % len(statuses)],
        "enterprise_id_of": lambda number: enterprises[number // 3 % len(enterprises)][0],
        "enterprise_key_of": lambda number: enterprises[number // 3 % len(enterprises)][1],
    }
    for name, function in functions.items():
        connection.create_function(name, 1, function, deterministic=True)

    def searched(name: str, application: str, creator: str, number: int) -> str:
        return searched_text(name, application, creator, text_of(number))

    connection.create_function("searched_text", 4, searched, deterministic=True)


def _copy_mints(connection: sqlite3.Connection, asset_id: str, numbers: range) -> None:
    found = connection.execute("SELECT job_id, intent_id FROM mint_intents WHERE asset_id = ?", (asset_id,))
    ((job_id, intent_id),) = found
    for table, key, value in zip(
        MINTED_TABLES, ("job_id", "job_id", "job_id", "intent_id"), (job_id, job_id, job_id, intent_id), strict=True
    ):
        _copy(connection, table, key, value, numbers, _COPIED_AS)


def _copy(
    connection: sqlite3.Connection, table: str, key: str, value: str, numbers: range, values_of: Mapping[str, str]
) -> None:
    if not numbers:
        return
    ids = {"asset_id": _ASSETS, "job_id": _JOBS, "intent_id": _INTENTS}
    copied_as = {**values_of, **{column: _copied_id_sql(prefix) for column, prefix in ids.items()}}
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
