"""The audit log in a transaction."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Text, cast, func, or_, select, type_coerce

from ipnft_desktop.adapters.database.audit_chain import pending_row
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import AuditTable, table
from ipnft_desktop.domain.audit import (
    AuditEntry,
    AuditLine,
    AuditPage,
    AuditQuery,
    FieldChanges,
)

_ROWS = select(
    AuditTable.audit_id,
    *[type_coerce(column, Text).label(column.name) for column in table(AuditTable).c if column.name != "audit_id"],
)
"""As the driver reads them: a row that was written past the program must not keep the others from being read."""

UNREADABLE_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_SEARCHED = (AuditTable.actor, AuditTable.action, AuditTable.subject, AuditTable.facts, AuditTable.changes)


class AuditRecords(Records):
    """The part of a transaction that writes down who did what, and reads it."""

    def __init__(self, connection: Connection, worker: UUID | None = None) -> None:
        super().__init__(connection, worker)
        self.audit_rows: list[bytes] = []
        """To be sealed and written at the end of the commit that this belongs to."""

    def append_audit(
        self,
        actor: str,
        action: str,
        subject: str,
        facts: Mapping[str, str],
        at: datetime,
        changes: FieldChanges | None = None,
    ) -> None:
        """Raises ValueError for a line that cannot be kept."""
        self.audit_rows.append(pending_row(AuditLine(at, actor, action, subject, facts, changes or {})))

    def append_audits(
        self, actor: str, action: str, facts_of: Sequence[tuple[str, Mapping[str, str]]], at: datetime
    ) -> None:
        for subject, facts in facts_of:
            self.append_audit(actor, action, subject, facts, at)

    def audit_page(self, query: AuditQuery, before: int | None, limit: int) -> AuditPage:
        statement = _matching(query).order_by(AuditTable.audit_id.desc()).limit(limit + 1)
        if before is not None:
            statement = statement.where(AuditTable.audit_id < before)
        rows = self._all(statement)
        return AuditPage(tuple(_entry_of(row) for row in rows[:limit]), is_last=len(rows) <= limit)

    def audit_entries(self, after: int, limit: int) -> tuple[AuditEntry, ...]:
        statement = _ROWS.where(AuditTable.audit_id > after).order_by(AuditTable.audit_id).limit(limit)
        return tuple(_entry_of(row) for row in self._all(statement))

    def audit_entry(self, audit_id: int) -> AuditEntry | None:
        row = self._first(_ROWS.where(AuditTable.audit_id == audit_id))
        return None if row is None else _entry_of(row)

    def last_audit_entry(self) -> AuditEntry | None:
        row = self._first(_ROWS.order_by(AuditTable.audit_id.desc()).limit(1))
        return None if row is None else _entry_of(row)

    def last_audit_id(self) -> int:
        return self._value(select(func.max(AuditTable.audit_id))) or 0


def _matching(query: AuditQuery) -> Select[*tuple[Any, ...]]:
    statement = _ROWS
    if query.actor:
        statement = statement.where(AuditTable.actor == query.actor)
    if query.action:
        is_below = AuditTable.action.startswith(f"{query.action}.", autoescape=True)
        statement = statement.where(or_(AuditTable.action == query.action, is_below))
    if query.subject:
        statement = statement.where(AuditTable.subject == query.subject)
    if query.since is not None:
        statement = statement.where(AuditTable.at >= query.since)
    if query.until is not None:
        statement = statement.where(AuditTable.at < query.until)
    if query.text:
        spellings = {query.text, json.dumps(query.text)[1:-1]}  # JSON columns keep other letters than ASCII as numbers
        found = [cast(column, Text).icontains(each, autoescape=True) for column in _SEARCHED for each in spellings]
        statement = statement.where(or_(*found))
    return statement


def _entry_of(row: RowMapping) -> AuditEntry:
    """Also of a row written past the program: what cannot be read is shown as it is, and no seal fits it."""
    return AuditEntry(
        row["audit_id"],
        AuditLine(
            _moment(row["at"]),
            _text(row["actor"]),
            _text(row["action"]),
            _text(row["subject"]),
            {name: _text(value) for name, value in _object(row["facts"]).items()},
            {name: _pair(value) for name, value in _object(row["changes"]).items()},
        ),
        row["key_id"],
        _mac(row["mac"]),
    )


def _moment(value: object) -> datetime:
    """PostgreSQL hands out moments, SQLite the text it keeps, in UTC."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return UNREADABLE_MOMENT
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


def _object(value: object) -> Mapping[str, object]:
    """PostgreSQL hands out what the JSON says, SQLite its text."""
    try:
        content: object = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        content = str(value)
    if isinstance(content, dict):
        return typing.cast("Mapping[str, object]", content)
    return {} if content is None else {"": content}


def _pair(value: object) -> tuple[str | None, str | None]:
    match value:
        case [str() | None as old, str() | None as new]:
            return old, new
        case _:
            return None, repr(value)


def _mac(value: object) -> bytes | None:
    return value if value is None or isinstance(value, bytes) else b""
