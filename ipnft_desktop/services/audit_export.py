"""The audit log into a file: what is in view, newest first, with the seals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ipnft_desktop.domain.audit import AuditEntry, AuditQuery
from ipnft_desktop.domain.canonical_json import Json, canonical_json
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

TITLES = ("row", "at", "actor", "action", "subject", "facts", "changes", "key", "seal")
_READING_SHARE = 0.7
"""Of the progress; the rest is the writing of the file."""


class AuditExport:
    """Reads page by page into a spool, so that neither memory nor a long snapshot grows with the log."""

    def __init__(self, files: SheetFiles, database: Database, session: Session) -> None:
        self._files = files
        self._database = database
        self._session = session

    async def export(self, query: AuditQuery, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file and return how many rows of the log are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        self._session.require_reader()
        entries = Spool[AuditEntry]()
        try:
            await self._collect(query, entries, work)
            await work.run(lambda: self._write(sheet_format, target, entries, work))
            return len(entries)
        finally:
            entries.close()

    async def _collect(self, query: AuditQuery, entries: Spool[AuditEntry], work: LongWork) -> None:
        newest = max(1, await self._database.read(lambda tx: tx.last_audit_id()))
        before: int | None = None
        while True:
            before = await work.wait(self._database.read(lambda tx, b=before: _keep_page(tx, query, b, entries)))
            if before is None:
                return
            work.report((newest - before) / newest * _READING_SHARE)

    def _write(self, sheet_format: SheetFormat, target: Path, entries: Spool[AuditEntry], work: LongWork) -> None:
        done = 0
        with self._files.create(target, sheet_format, TITLES) as output:
            for chunk in entries.chunks():
                for entry in chunk:
                    output.write(_cells(entry, is_json=sheet_format is SheetFormat.JSON))
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(entries))


def _keep_page(tx: Transaction, query: AuditQuery, before: int | None, entries: Spool[AuditEntry]) -> int | None:
    """Read the page before a row in the reader's thread; returns where the next one begins."""
    page = tx.audit_page(query, before, CHUNK)
    for entry in page.entries:
        entries.add(entry)
    return None if page.is_last else page.entries[-1].audit_id


def _cells(entry: AuditEntry, *, is_json: bool) -> list[Cell]:
    """Facts and changes are objects in JSON and its text elsewhere; no change is nothing."""
    line = entry.line
    changes: Mapping[str, Json] = {field: list(values) for field, values in line.changes.items()}
    return [
        str(entry.audit_id),
        line.at.isoformat(),
        line.actor,
        line.action,
        line.subject,
        dict(line.facts) if is_json else canonical_json(line.facts).decode(),
        changes if is_json else canonical_json(changes).decode() if changes else "",
        entry.key_id or "",
        entry.mac.hex() if entry.mac else "",
    ]
