"""The audit log grows and does nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.errors import IpnftError
from tests.support import samples

FACTS = {"name": "Räder 轮", "gas": "21000"}


def _rows(tx: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx._connection.execute(text("SELECT actor, action, subject FROM audit_log"))]


async def test_an_entry_is_kept(database: SqlDatabase) -> None:
    await database.write(lambda tx: tx.append_audit("ann", "asset.create", "an asset", FACTS, samples.NOW))
    assert await database.read(_rows) == [("ann", "asset.create", "an asset")]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "INSERT OR REPLACE INTO audit_log (audit_id, at, actor, action, subject, facts) "
        "SELECT audit_id, at, 'nobody', action, subject, facts FROM audit_log",
    ],
    ids=["update", "delete", "replace"],
)
async def test_an_entry_is_neither_changed_nor_removed(database: SqlDatabase, tampering: str, url: str) -> None:
    if "OR REPLACE" in tampering and not url.startswith("sqlite"):
        pytest.skip("only SQLite has this statement")
    await database.write(lambda tx: tx.append_audit("ann", "asset.create", "an asset", FACTS, samples.NOW))
    with pytest.raises(IpnftError, match="append only"):
        await database.write(lambda tx: tx._connection.execute(text(tampering)))
    assert await database.read(_rows) == [("ann", "asset.create", "an asset")]


async def test_an_entry_goes_with_the_work_it_tells_of(database: SqlDatabase) -> None:
    def work(tx: Any) -> None:
        tx.append_audit("ann", "asset.create", "an asset", FACTS, samples.NOW)
        raise RuntimeError("the work failed")

    with pytest.raises(RuntimeError):
        await database.write(work)
    assert await database.read(_rows) == []
