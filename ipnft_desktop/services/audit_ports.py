"""What a transaction on the register does with the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ipnft_desktop.domain.audit import (
    AuditAnchor,
    AuditEntry,
    AuditFinding,
    AuditPage,
    AuditPoint,
    AuditQuery,
    FieldChanges,
    PendingRestore,
)
from ipnft_desktop.domain.chain import BlockRef


class Sealer(Protocol):
    """Seals rows of the audit log with a key that it does not show."""

    @property
    def key_id(self) -> str:
        """Tells keys apart."""
        ...

    def mac(self, audit_id: int, previous_mac: bytes, canonical: bytes) -> bytes:
        """The seal of a row, from its number, the seal before it and its canonical bytes."""
        ...


class AuditProof(Protocol):
    """What is kept apart from the register, so that its audit log can be judged. What writes blocks, and raises
    EnvironmentFault KEY_FOLDER_UNAVAILABLE or DISK_FULL."""

    @property
    def seal(self) -> Sealer:
        """Of the register that is open."""
        ...

    @property
    def findings(self) -> Sequence[AuditFinding]:
        """What was found out of order when the register was opened."""
        ...

    @property
    def last(self) -> AuditPoint | None:
        """The last row that was written, as noted apart from the register."""
        ...

    @property
    def verified(self) -> AuditPoint | None:
        """The row up to which the log was verified."""
        ...

    def note_verified(self, point: AuditPoint | None) -> None:
        """The log is sound up to here; None to begin anew."""
        ...

    def note_restore(self, restore: PendingRestore | None) -> None:
        """A backup takes the register's place, or None: it did not after all. The log tells of it once opened."""
        ...


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

    def audit_page(self, query: AuditQuery, before: int | None, limit: int) -> AuditPage:
        """Rows from the newest to the oldest, those before the row `before`."""
        ...

    def audit_entries(self, after: int, limit: int) -> tuple[AuditEntry, ...]:
        """Rows in the order they were written, those after the row `after`."""
        ...

    def audit_entry(self, audit_id: int) -> AuditEntry | None: ...
    def last_audit_entry(self) -> AuditEntry | None: ...
    def record_anchor(self, anchor: AuditAnchor) -> None:
        """Written together with its transaction (`record_fill`), before it is sent. A chain must be bound."""
        ...

    def record_anchor_mined(self, tx_hash: str, block: BlockRef | None) -> None:
        """The block that has it, or None: that block vanished."""
        ...

    def audit_anchors(self, limit: int) -> tuple[AuditAnchor, ...]:
        """Newest first."""
        ...

    def last_audit_id(self) -> int:
        """0 while there is none."""
        ...
