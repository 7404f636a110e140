"""What a transaction on the register does with the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ipnft_desktop.domain.audit import FieldChanges


class AuditTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def append_audit(
        self,
        actor: str,
        action: str,
        subject: str,
        facts: Mapping[str, str],
        at: datetime,
        changes: FieldChanges | None = None,
    ) -> None:
        """A line; `changes` are the old and the new value of each field that an edit changed."""
        ...

    def append_audits(
        self, actor: str, action: str, facts_of: Sequence[tuple[str, Mapping[str, str]]], at: datetime
    ) -> None:
        """A line for each subject with its facts."""
        ...
