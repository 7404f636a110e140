"""Is the audit log as it was written? Every row's seal is made anew and compared; the first bad row is named."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from ipnft_desktop.domain.audit import (
    BEFORE_ALL,
    AuditEntry,
    AuditFault,
    AuditFinding,
    AuditPoint,
    AuditVerdict,
)
from ipnft_desktop.services.audit_ports import Sealer


class AuditJudge:
    """Takes the rows in their order, some at a time, and stops at the first that is bad.

    Rows from before anything was sealed are counted and not judged. So are rows of another key, as long as none of
    ours came before and our first one says that the key was lost: what a row says is sealed, the name of its key is
    not.
    """

    def __init__(self, seal: Sealer, head: AuditPoint | None, since: AuditPoint | None = None) -> None:
        """`head` is the last row as known apart from the log; `since` a row that was verified before."""
        self._seal = seal
        self._head = head
        self._since = since
        self._last = since or BEFORE_ALL
        self._is_sealed = since is not None
        """Whether a sealed row came already."""
        self._judged_from = since.audit_id if since else None
        self._judged = self._unsealed = self._of_others = 0
        self._first_of_others: AuditEntry | None = None
        self._has_met_head = since is not None and head is not None and head.audit_id <= since.audit_id
        self.finding: AuditFinding | None = None

    @property
    def after(self) -> int:
        """Number of the row behind which to read on."""
        return self._last.audit_id

    def take(self, entries: Sequence[AuditEntry]) -> int:
        """Judge the next rows; returns how many were given."""
        for entry in entries:
            if self.finding is None:
                self._judge(entry)
        return len(entries)

    def verdict(self) -> AuditVerdict:
        """What is known once all rows were taken."""
        head = self._head
        if self.finding is None and head is not None:
            if head.audit_id > self.after:
                self.finding = AuditFinding(AuditFault.TRUNCATED, self.after + 1)
            elif head.mac and not self._has_met_head:
                self.finding = AuditFinding(AuditFault.REMOVED, head.audit_id)
        return AuditVerdict(self._judged, self._unsealed, self._of_others, self._judged_from, self._last, self.finding)

    def _judge(self, entry: AuditEntry) -> None:
        head = self._head
        is_head = head is not None and head.audit_id == entry.audit_id
        self._has_met_head |= is_head
        if entry.mac is None:
            if self._is_sealed or (is_head and head is not None and head.mac):
                self._find(AuditFault.UNSEALED, entry)
            else:
                self._unsealed += 1
                self._last = AuditPoint(entry.audit_id, b"")
            return
        if self._is_sealed and entry.audit_id != self.after + 1:
            self.finding = AuditFinding(AuditFault.REMOVED, self.after + 1)
        elif entry.key_id != self._seal.key_id:
            self._take_of_other_key(entry, entry.mac)
        else:
            self._judge_sealed(entry, entry.mac)
        if self.finding is None and is_head and head is not None and head.mac != entry.mac:
            self._find(AuditFault.EDITED, entry)  # by somebody who has the key, or calls it a row of another one

    def _take_of_other_key(self, entry: AuditEntry, mac: bytes) -> None:
        if self._judged_from is not None:
            self._find(AuditFault.OTHER_KEY, entry)
            return
        self._first_of_others = self._first_of_others or entry
        self._of_others += 1
        self._is_sealed = True
        self._last = AuditPoint(entry.audit_id, mac)

    def _judge_sealed(self, entry: AuditEntry, mac: bytes) -> None:
        try:
            sealed = self._seal.mac(entry.audit_id, self._last.mac, entry.line.canonical())
        except ValueError:  # somebody wrote what no line holds
            sealed = b""
        first = self._first_of_others if self._judged_from is None else None
        if not hmac.compare_digest(sealed, mac):
            is_cut_at_the_start = not self._is_sealed and entry.audit_id > self.after + 1
            self._find(AuditFault.REMOVED if is_cut_at_the_start else AuditFault.EDITED, entry)
        elif first is not None and entry.line.action != AuditFault.KEY_REPLACED.action:
            self._find(AuditFault.OTHER_KEY, first)
        else:
            self._judged += 1
            self._is_sealed = True
            self._judged_from = self._judged_from or entry.audit_id
            self._last = AuditPoint(entry.audit_id, mac)

    def _find(self, fault: AuditFault, entry: AuditEntry) -> None:
        number = self.after + 1 if fault is AuditFault.REMOVED else entry.audit_id
        self.finding = AuditFinding(fault, number)
