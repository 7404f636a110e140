"""A run into a file: one line an asset, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.batch_runs import RunItem
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.batch_runs import BatchRuns
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles

TITLES = ("asset", "asset_id", "outcome", "reason", "detail", "token_id", "transaction", "recipient", "job")
_TELL_EVERY_ROWS = 500


class RunItemExport:
    """What is exported are the items of a run as they are on record now."""

    def __init__(self, files: SheetFiles, runs: BatchRuns) -> None:
        self._files = files
        self._runs = runs

    async def export(self, run_id: UUID, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file and return how many assets are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        items = await self._runs.items(run_id)
        await work.run(lambda: self._write(items, sheet_format, target, work))
        return len(items)

    def _write(self, items: Sequence[RunItem], sheet_format: SheetFormat, target: Path, work: LongWork) -> None:
        with self._files.create(target, sheet_format, TITLES) as output:
            for done, item in enumerate(items):
                if done % _TELL_EVERY_ROWS == 0:
                    work.report(done / len(items))
                output.write(_cells(item))


def _cells(item: RunItem) -> list[Cell]:
    return [
        item.name,
        str(item.asset_id),
        item.outcome.value,
        item.code or "",
        item.detail,
        "" if item.token_id is None else hex(item.token_id),
        item.tx_hash or "",
        item.recipient or "",
        "" if item.job_id is None else str(item.job_id),
    ]
