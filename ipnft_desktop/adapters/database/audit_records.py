"""The audit log in a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import AuditTable
from ipnft_desktop.domain.audit import FieldChanges


class AuditRecords(Records):
    """The part of a transaction that writes down who did what."""

    def append_audit(
        self,
        actor: str,
        action: str,
        subject: str,
        facts: Mapping[str, str],
        at: datetime,
        changes: FieldChanges | None = None,
    ) -> None:
        kept = {field: list(values) for field, values in changes.items()} if changes else None
        line = {"actor": actor, "action": action, "subject": subject, "facts": dict(facts), "at": at, "changes": kept}
        self._insert(AuditTable, line)

    def append_audits(
        self, actor: str, action: str, facts_of: Sequence[tuple[str, Mapping[str, str]]], at: datetime
    ) -> None:
        alike = {"actor": actor, "action": action, "at": at}
        self._insert(AuditTable, *[{**alike, "subject": subject, "facts": dict(facts)} for subject, facts in facts_of])
