"""The seals of the audit log: each row carries one that covers it and, with it, all rows before.

A seal needs the row's number and the seal before it, so the lines of a commit are written at its end, all at once:
one look at the last row, one insert. Where the last rows were removed the chain goes on from the head that is known
apart from the register, so that the gap stays in the log for ever.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from ipnft_desktop.adapters.audit_head import AuditHead, AuditHeadFile
from ipnft_desktop.adapters.audit_seal import AuditSeal
from ipnft_desktop.adapters.database.tables import AuditTable, table
from ipnft_desktop.domain.audit import (
    ACTION_MAX_CHARS,
    ACTOR_MAX_CHARS,
    BEFORE_ALL,
    SUBJECT_MAX_CHARS,
    AuditFault,
    AuditFinding,
    AuditLine,
    AuditPoint,
)
from ipnft_desktop.services.session import PROGRAM

_ROWS_AT_ONCE = 500
_APPEND_LOCK = 0x69706E6175
"""Key of the advisory lock under which programs that share a PostgreSQL register append one after the other."""

_LAST = select(AuditTable.audit_id, AuditTable.key_id, AuditTable.mac).order_by(AuditTable.audit_id.desc()).limit(1)
_LAST_SQL = "SELECT audit_id, mac FROM audit_log ORDER BY audit_id DESC LIMIT 1"
_INSERT = insert(table(AuditTable))

log = logging.getLogger("ipnft")


def pending_row(line: AuditLine) -> bytes:
    """A line on its way into the log: the bytes that are sealed, and nothing else, for a large import has hundreds of
    thousands of them. Text that is none, such as half a character in a name from outside, is kept spelled out. Raises
    ValueError for a line that is too long."""
    if (
        len(line.actor) > ACTOR_MAX_CHARS
        or len(line.action) > ACTION_MAX_CHARS
        or len(line.subject) > SUBJECT_MAX_CHARS
    ):
        raise ValueError(f"too long for the audit log: {line.action}")
    try:
        return line.canonical()
    except UnicodeEncodeError:
        return _spelled_out(line).canonical()


def _columns(pending: bytes) -> dict[str, Any]:
    """What is written is what is sealed."""
    columns = json.loads(pending)
    return {**columns, "at": datetime.fromisoformat(columns["at"]), "changes": columns["changes"] or None}


def _spelled_out(line: AuditLine) -> AuditLine:
    def mended(text: str) -> str:
        return text.encode(errors="backslashreplace").decode()

    return replace(
        line,
        actor=mended(line.actor),
        subject=mended(line.subject),
        facts={mended(name): mended(value) for name, value in line.facts.items()},
        changes={mended(name): (old and mended(old), new and mended(new)) for name, (old, new) in line.changes.items()},
    )


def append_unsealed(connection: Connection, rows: Sequence[bytes]) -> None:
    """Write rows of a register that has no key."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        connection.execute(_INSERT, [_columns(row) for row in rows[start : start + _ROWS_AT_ONCE]])


class AuditChain:
    """Appends sealed rows for one open register. `open` comes first; all calls come from one thread at a time."""

    def __init__(self, head_file: AuditHeadFile) -> None:
        self._file = head_file
        self._seal: AuditSeal | None = None
        self._tail = BEFORE_ALL
        """Last row that is committed, as far as this program knows."""
        self._appended: AuditPoint | None = None

    def open(self, connection: Connection) -> None:
        """Compare the log with what is known apart from it, and write down what is to be told about that.

        Raises EnvironmentFault KEY_FOLDER_UNAVAILABLE or DISK_FULL.
        """
        self._seal, is_new_key = self._file.open()
        _lock(connection)
        last = connection.execute(_LAST).first()
        self._tail = AuditPoint(last.audit_id, last.mac or b"") if last else BEFORE_ALL
        lines = self._compared(connection, self._file.head, is_new_key or last is None or last.key_id is None)
        if last is not None and last.key_id not in (None, self._seal.key_id):
            # First of the new key's rows: without it, rows of another key are taken for changed ones.
            lines.insert(0, self._found(AuditFault.KEY_REPLACED, self._tail.audit_id + 1))
        self.append(connection, [pending_row(line) for line in lines])

    def _compared(self, connection: Connection, head: AuditHead | None, may_lack_head: bool) -> list[AuditLine]:
        """What the head tells about the log. Where the log lacks that row or has it otherwise, the chain goes on from
        the head, so that this shows for ever."""
        if head is None:
            return [] if may_lack_head else [self._found(AuditFault.HEAD_MISSING, self._tail.audit_id)]
        is_known = _is_in(connection, head.last)
        if head.restore is not None and (head.restore.is_done or not is_known):
            return [head.restore.line(head.last)]
        if is_known:
            return []
        self._tail = AuditPoint(max(self._tail.audit_id, head.last.audit_id), head.last.mac)
        return [self._found(AuditFault.TRUNCATED, head.last.audit_id)]

    def _found(self, fault: AuditFault, audit_id: int) -> AuditLine:
        self._file.findings.append(AuditFinding(fault, audit_id))
        log.warning("audit.opened fault=%s row=%d", fault, audit_id)
        return AuditLine(datetime.now(UTC), PROGRAM, fault.action, "", {"row": str(audit_id)})

    def opened(self) -> None:
        """What `open` wrote is committed."""
        self.committed()
        self._file.change(last=self._tail, restore=None)

    def append(self, connection: Connection, rows: Sequence[bytes]) -> None:
        """Write sealed rows in the transaction that is open, as the last thing before its commit."""
        self._appended = None
        if not rows:
            return
        _lock(connection)
        tail = self._last_row(connection)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            tail = self._write(connection, tail, rows[start : start + _ROWS_AT_ONCE])
        self._appended = tail

    def _write(self, connection: Connection, tail: AuditPoint, rows: Sequence[bytes]) -> AuditPoint:
        assert self._seal is not None
        sealed: list[dict[str, Any]] = []
        for row in rows:
            audit_id = tail.audit_id + 1
            tail = AuditPoint(audit_id, self._seal.mac(audit_id, tail.mac, row))
            sealed.append({**_columns(row), "audit_id": audit_id, "key_id": self._seal.key_id, "mac": tail.mac})
        connection.execute(_INSERT, sealed[0] if len(sealed) == 1 else sealed)
        return tail

    def committed(self) -> None:
        """The transaction of the last `append` is on the disk."""
        if self._appended is not None:
            self._tail, self._appended = self._appended, None
            self._file.note_last(self._tail)

    def close(self) -> None:
        """Leave the head on the disk."""
        self._file.close()

    def _last_row(self, connection: Connection) -> AuditPoint:
        """What the next row follows. On a shared register others append too; what somebody removed, changed or put
        there without a seal while we run is not followed."""
        # Straight to the driver: it is asked in every commit, and SQLAlchemy's part would cost more than the question.
        last = connection.exec_driver_sql(_LAST_SQL).first()
        if last is None or last[0] <= self._tail.audit_id:
            return self._tail
        return AuditPoint(last[0], last[1] or self._tail.mac)


def _lock(connection: Connection) -> None:
    """SQLite has one writer by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_APPEND_LOCK})"))


def _is_in(connection: Connection, point: AuditPoint) -> bool:
    if point == BEFORE_ALL:
        return True
    row = connection.execute(select(AuditTable.mac).where(AuditTable.audit_id == point.audit_id)).first()
    return row is not None and (row.mac or b"") == point.mac
