"""A register with a sealed audit log, and somebody who gets at its file past the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ipnft_desktop.adapters.audit_head import AuditHeadFile
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.domain.audit import AuditVerdict
from ipnft_desktop.services.audit_verification import AuditJudge
from tests.support import samples

SQLITE_TRIGGERS = ("audit_log_no_update", "audit_log_no_delete")


class SealedRegister:
    """A register that is opened and closed by its tests, and its key folder."""

    def __init__(self, url: str, keys: Path) -> None:
        self.url = url
        self.keys = keys
        self.proof = AuditHeadFile(KeyFolder(keys))
        self.database = SqlDatabase(url, self.proof)

    async def open(self) -> SealedRegister:
        await self.database.open()
        return self

    async def again(self) -> SealedRegister:
        """The next program on the same register."""
        await self.database.close()
        return await SealedRegister(self.url, self.keys).open()

    async def say(self, *actions: str) -> None:
        """A line each, in a commit of its own."""
        for action in actions:
            await self.database.write(lambda tx, a=action: tx.append_audit("ann", a, "a", {"n": a}, samples.NOW))

    async def actions(self) -> list[str]:
        return [entry.line.action for entry in await self.database.read(lambda tx: tx.audit_entries(0, 1000))]

    async def verdict(self) -> AuditVerdict:
        """Of the whole log."""
        entries = await self.database.read(lambda tx: tx.audit_entries(0, 1000))
        judge = AuditJudge(self.proof.seal, self.proof.last)
        judge.take(entries)
        return judge.verdict()


def tamper(file: Path, statements: Sequence[str]) -> None:
    """Change an SQLite register as somebody would who may write its file: without the triggers."""
    with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
        triggers = [
            row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        ]
        for trigger in SQLITE_TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
        for trigger in triggers:
            if any(name in trigger for name in SQLITE_TRIGGERS):
                connection.execute(trigger)
