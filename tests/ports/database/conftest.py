from __future__ import annotations

import importlib.util
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from tests.support import samples
from tests.support.database_factory import migrated_file, sqlite_url
from tests.support.register_under_test import RegisterUnderTest

POSTGRESQL_URL = os.environ.get("IPNFT_TEST_POSTGRES_URL", "")
HAS_POSTGRESQL = bool(POSTGRESQL_URL) and importlib.util.find_spec("psycopg") is not None


def _emptied_postgresql() -> str:
    engine = create_engine(make_url(POSTGRESQL_URL))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return POSTGRESQL_URL


@pytest.fixture(params=["sqlite", "postgresql"] if HAS_POSTGRESQL else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty register."""
    return sqlite_url(migrated_file(tmp_path)) if request.param == "sqlite" else _emptied_postgresql()


@pytest.fixture
async def database(url: str) -> AsyncIterator[SqlDatabase]:
    """An open, empty register."""
    database = SqlDatabase(url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def register(database: SqlDatabase) -> RegisterUnderTest:
    """A register with one enterprise, bound to a chain."""
    register = RegisterUnderTest(database, samples.enterprise())
    await database.write(lambda tx: tx.insert_enterprise(register.owner))
    await database.write(lambda tx: tx.bind_chain(samples.identity(), samples.NOW))
    return register


OpenDatabase = Callable[[str], Awaitable[SqlDatabase]]


@pytest.fixture
async def open_database() -> AsyncIterator[OpenDatabase]:
    """Opens registers by URL and closes them afterwards."""
    opened: list[SqlDatabase] = []

    async def open_one(url: str) -> SqlDatabase:
        database = SqlDatabase(url)
        opened.append(database)
        await database.open()
        return database

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
def migrated_sqlite(tmp_path: Path) -> str:
    """URL of an empty SQLite register."""
    return sqlite_url(migrated_file(tmp_path))
