"""Alerts as recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, RowMapping, bindparam, select, text, update

from ipnft_desktop.adapters.database.column_types import UtcDateTime, Word
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import AlertTable, table
from ipnft_desktop.domain.alerts import Alert, AlertKind

_RAISE = text(
    """
    INSERT INTO alerts (kind, subject, facts, raised_at) VALUES (:kind, :subject, :facts, :raised_at)
    ON CONFLICT DO NOTHING RETURNING alert_id
    """
).bindparams(
    bindparam("kind", type_=Word(AlertKind)), bindparam("facts", type_=JSON), bindparam("raised_at", type_=UtcDateTime)
)
_CLEAR = (
    update(table(AlertTable))
    .where(
        AlertTable.kind == bindparam("of_kind"),
        AlertTable.subject == bindparam("of_subject"),
        AlertTable.cleared_at.is_(None),
    )
    .returning(table(AlertTable))
)
_NEWEST = select(*table(AlertTable).c).order_by(AlertTable.alert_id.desc()).limit(bindparam("limit"))
_NEWEST_OPEN = _NEWEST.where(AlertTable.cleared_at.is_(None))


class AlertRecords(Records):
    """The part of a transaction that deals with alerts."""

    def raise_alert(self, kind: AlertKind, subject: str, facts: Mapping[str, str], at: datetime) -> Alert | None:
        alert_id = self._value(_RAISE, {"kind": kind, "subject": subject, "facts": dict(facts), "raised_at": at})
        return None if alert_id is None else Alert(alert_id, kind, subject, dict(facts), at)

    def clear_alert(self, kind: AlertKind, subject: str, at: datetime) -> Alert | None:
        row = self._first(_CLEAR, {"of_kind": kind, "of_subject": subject, "cleared_at": at})
        return None if row is None else _alert(row)

    def alerts(self, limit: int, *, only_open: bool = False) -> tuple[Alert, ...]:
        rows = self._all(_NEWEST_OPEN if only_open else _NEWEST, {"limit": limit})
        return tuple(_alert(row) for row in rows)


def _alert(row: RowMapping) -> Alert:
    return Alert(**row)
