"""The list of mints into a file: what is in view, in its order, nothing shortened."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.mint_activity import JobAnchor, JobGroup, JobQuery, JobRow
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.mint_activity import Desk
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

TITLES = (
    *("job", "asset", "asset_id", "assets", "stage", "error", "attempt", "nonce", "transaction", "block", "gas_used"),
    *("fee_wei", "recipient", "requested_by", "requested_at", "signed_at", "mined_at", "completed_at"),
)
_READING_SHARE = 0.8
"""Of the progress; the rest is the writing of the file."""


class ActivityExport:
    """Reads page by page into a spool, so that neither memory nor a long snapshot grows with the list."""

    def __init__(self, files: SheetFiles, database: Database, desk: Desk, session: Session) -> None:
        self._files = files
        self._database = database
        self._desk = desk
        self._session = session

    async def export(self, query: JobQuery, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file and return how many jobs are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        self._session.require_reader()
        rows = Spool[JobRow]()
        try:
            await self._collect(query, rows, work)
            await work.run(lambda: self._write(sheet_format, target, rows, work))
            return len(rows)
        finally:
            rows.close()

    async def _collect(self, query: JobQuery, rows: Spool[JobRow], work: LongWork) -> None:
        troubled = frozenset(self._desk.troubles)
        counts = await work.wait(self._database.read(lambda tx: tx.count_jobs(query, troubled)))
        total = max(1, counts.of.get(query.group, counts.of[JobGroup.ALL]))
        after: JobAnchor | None = None
        while True:
            after = await work.wait(
                self._database.read(lambda tx, after=after: _keep_page(tx, query, after, troubled, rows))
            )
            work.report(min(1.0, len(rows) / total) * _READING_SHARE)
            if after is None:
                return

    def _write(self, sheet_format: SheetFormat, target: Path, rows: Spool[JobRow], work: LongWork) -> None:
        done = 0
        with self._files.create(target, sheet_format, TITLES) as output:
            for chunk in rows.chunks():
                for row in chunk:
                    output.write(_cells(row))
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(rows))


def _keep_page(
    tx: Transaction, query: JobQuery, after: JobAnchor | None, troubled: frozenset[UUID], rows: Spool[JobRow]
) -> JobAnchor | None:
    """Read the page behind an anchor in the reader's thread; returns where the next one begins."""
    page = tx.job_page(query, after, CHUNK, troubled)
    for row in page.rows:
        rows.add(row)
    return page.next_anchor


def _cells(row: JobRow) -> list[Cell]:
    times = row.times
    moments = (times.requested_at, times.signed_at, times.mined_at, times.completed_at)
    numbers = (row.nonce, row.tx_hash, row.block_number, row.gas_used, row.fee_wei)
    return [
        str(row.job_id),
        row.asset_name,
        str(row.asset_id),
        str(row.item_count),
        row.stage.value,
        row.code or "",
        str(max(row.attempt, 1)),
        *("" if number is None else str(number) for number in numbers),
        row.recipient,
        row.requested_by,
        *(at.isoformat() if at else "" for at in moments),
    ]
