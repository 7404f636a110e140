"""The list of runs into a file: each with what was expected of it and what it used."""

from __future__ import annotations

from pathlib import Path

from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome, RunAnchor
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

TITLES = (
    *("run", "requested_at", "requested_by", "strategy", "congestion", "assets", "minted", "failed", "not_attempted"),
    *("transactions", "gas_estimated", "gas_used", "gas_singly", "saved_gas", "saved_percent", "fee_wei"),
)


class RunExport:
    """Reads page by page into a spool, so that memory does not grow with the list."""

    def __init__(self, files: SheetFiles, database: Database, session: Session) -> None:
        self._files = files
        self._database = database
        self._session = session

    async def export(self, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file, newest run first, and return how many are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        self._session.require_reader()
        rows = Spool[BatchRun]()
        try:
            after: RunAnchor | None = None
            while True:
                after = await work.wait(self._database.read(lambda tx, after=after: _keep_page(tx, after, rows)))
                if after is None:
                    break
            await work.run(lambda: self._write(sheet_format, target, rows, work))
            return len(rows)
        finally:
            rows.close()

    def _write(self, sheet_format: SheetFormat, target: Path, rows: Spool[BatchRun], work: LongWork) -> None:
        done = 0
        with self._files.create(target, sheet_format, TITLES) as output:
            for chunk in rows.chunks():
                for run in chunk:
                    output.write(_cells(run))
                done += len(chunk)
                work.report(done / len(rows))


def _keep_page(tx: Transaction, after: RunAnchor | None, rows: Spool[BatchRun]) -> RunAnchor | None:
    """Read the page behind an anchor in the reader's thread; returns where the next one begins."""
    page = tx.runs(after, CHUNK)
    for run in page:
        rows.add(run)
    return page[-1].anchor if len(page) == CHUNK else None


def _cells(run: BatchRun) -> list[Cell]:
    counts = run.counts
    outcomes = (ItemOutcome.MINTED, ItemOutcome.FAILED, ItemOutcome.NOT_ATTEMPTED)
    percent = run.saved_percent
    return [
        str(run.run_id),
        run.requested_at.isoformat(),
        run.requested_by,
        run.strategy.value,
        run.congestion.value if run.congestion else "",
        str(run.item_count),
        *(str(counts.get(outcome, 0)) for outcome in outcomes),
        str(len(run.batches)),
        str(run.gas_estimated),
        str(run.gas_used),
        *("" if value is None else str(value) for value in (run.gas_singly, run.saved_gas)),
        "" if percent is None else f"{percent:.2f}",
        str(run.fee_wei),
    ]
