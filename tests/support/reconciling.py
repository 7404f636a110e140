"""A register that is compared with chain and content, and what may be changed past the program."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.reconciliation import Cause, Finding
from ipnft_desktop.services.long_work import LongWork
from tests.support.core_factory import MemoryCore, request, when_indexed


async def minted(memory: MemoryCore, count: int = 3) -> list[Asset]:
    """Assets of one enterprise, minted one by one or together."""
    return await mint_all(memory, await memory.add_assets(count))


async def mint_all(memory: MemoryCore, assets: list[Asset]) -> list[Asset]:
    """In one transaction; as the register has them then."""
    await memory.core.desk.mint([request(asset) for asset in assets])
    await when_indexed(memory.core)
    return [await memory.core.register.asset(asset.asset_id) for asset in assets]


async def findings(memory: MemoryCore) -> tuple[Finding, ...]:
    """What a new comparison finds."""
    await when_indexed(memory.core)
    run = await memory.core.reconciliation.reconcile(LongWork())
    assert await memory.core.reconciliation.latest() == run
    return run.findings


async def the_finding(memory: MemoryCore, cause: Cause) -> Finding:
    """The only one."""
    found = await findings(memory)
    assert [each.cause for each in found] == [cause]
    return found[0]


async def the_first(memory: MemoryCore, cause: Cause) -> Finding:
    """The first of this cause, among others."""
    return next(each for each in await findings(memory) if each.cause is cause)


def change_token(memory: MemoryCore, asset: Asset, **changes: str) -> None:
    """The contract answers otherwise, by no event."""
    tokens = memory.chain._state.tokens  # pyright: ignore[reportPrivateUsage]
    key = next(key for key in tokens if key[1] == token_id_of(asset.asset_id))
    tokens[key] = replace(tokens[key], **changes)


def set_column(memory: MemoryCore, statement: str, *values: object) -> None:
    """Change the register's file past the program."""
    with closing(sqlite3.connect(memory.profile / DATABASE_FILE)) as connection, connection:
        assert connection.execute(statement, values).rowcount, statement


def column(memory: MemoryCore, query: str, *values: object) -> list[tuple[object, ...]]:
    """Read the register's file past the program."""
    with closing(sqlite3.connect(memory.profile / DATABASE_FILE)) as connection:
        return connection.execute(query, values).fetchall()


def audited(memory: MemoryCore) -> list[str]:
    """What was done, in order."""
    rows = column(memory, "SELECT action FROM audit_log WHERE action LIKE 'reconcile.%' ORDER BY audit_id")
    return [str(action) for (action,) in rows]


def audited_changes(memory: MemoryCore) -> list[dict[str, list[str | None]]]:
    """From and to of each field, in order."""
    rows = column(memory, "SELECT changes FROM audit_log WHERE action LIKE 'reconcile.%' ORDER BY audit_id")
    return [json.loads(str(changes)) if changes else {} for (changes,) in rows]
