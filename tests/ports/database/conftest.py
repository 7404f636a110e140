from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from tests.support import samples
from tests.support.database_factory import memory_folder, migrated_file, sqlite_url
from tests.support.postgresql import PostgresqlServer
from tests.support.register_under_test import RegisterUnderTest


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """The server, started when a test first wants it."""
    server = PostgresqlServer()
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[str]:
    """URL of an empty register on PostgreSQL."""
    url = postgresql.new_database()
    yield url
    postgresql.drop(url)


@pytest.fixture
def migrated_sqlite() -> Iterator[str]:
    """URL of an empty SQLite register."""
    with tempfile.TemporaryDirectory(prefix="ipnft-register-", dir=memory_folder()) as folder:
        yield sqlite_url(migrated_file(Path(folder)))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """URL of an empty register, once on each database."""
    return request.getfixturevalue("migrated_sqlite" if request.param == "sqlite" else "postgresql_url")


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
