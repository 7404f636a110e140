"""A register of one file, looked at from outside: also while it is closed, and while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.opening import QUICK_CHECK_MAX_BYTES
from ipnft_desktop.services.doctor.ports import RegisterFacts

_BUSY_TIMEOUT_S = 2.0


class SqliteRegisterFile:
    """Implements the port `RegisterFile`; nothing is written."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def facts(self) -> RegisterFacts:
        """Of a file that is no database, only that it is there."""
        if not self._file.is_file():
            return RegisterFacts(exists=False, newest_revision=migrations.HEAD)
        size_bytes = self._file.stat().st_size
        try:
            with closing(self._reading()) as connection:
                revision = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()[0]
                newest = connection.execute("SELECT at FROM audit_log ORDER BY audit_id DESC LIMIT 1").fetchone()
        except sqlite3.Error:
            return RegisterFacts(exists=True, newest_revision=migrations.HEAD, size_bytes=size_bytes)
        last_change = datetime.fromisoformat(newest[0]).replace(tzinfo=UTC) if newest else None
        return RegisterFacts(True, revision or "", migrations.HEAD, size_bytes, last_change)

    def damage(self) -> str | None:
        """As the opening looks at it."""
        if self._file.stat().st_size > QUICK_CHECK_MAX_BYTES:
            return None
        try:
            with closing(self._reading()) as connection:
                finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            return str(error)
        return "" if finding == "ok" else finding

    def _reading(self) -> sqlite3.Connection:
        # A closed register must stay so: a log made here would pass for one that a killed program left. One that is
        # in use has a log, and what is in it belongs to the register.
        in_use = self._file.with_name(f"{self._file.name}-wal").exists()
        how = "mode=ro" if in_use else "mode=ro&immutable=1"
        return sqlite3.connect(f"{self._file.absolute().as_uri()}?{how}", uri=True, timeout=_BUSY_TIMEOUT_S)
