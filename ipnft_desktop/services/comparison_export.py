"""Verdicts and findings into a file: one line an asset, or one a finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from ipnft_desktop.domain.reconciliation import Finding
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.verified_facts import VerifiedField

T = TypeVar("T")

VERDICT_TITLES = ("asset", "asset_id", "agrees", "causes", *(field.value.lower() for field in VerifiedField))
FINDING_TITLES = ("cause", "asset", "asset_id", "token_id", "file", "register", "found", "repair")
_TELL_EVERY_ROWS = 500


class ComparisonExport:
    """What is exported is what was found, not what holds now. The file appears whole or not at all.

    Every method raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault DISK_FULL; WorkCancelled.
    """

    def __init__(self, files: SheetFiles, session: Session) -> None:
        self._files = files
        self._session = session

    async def verdicts(
        self, verdicts: Sequence[AssetVerdict], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        """Write verdicts; returns how many."""
        self._session.require_reader()
        return await work.run(
            lambda: self._write(VERDICT_TITLES, verdicts, _cells_of_verdict, sheet_format, target, work)
        )

    async def findings(
        self, findings: Sequence[Finding], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        """Write findings; returns how many."""
        self._session.require_reader()
        return await work.run(
            lambda: self._write(FINDING_TITLES, findings, _cells_of_finding, sheet_format, target, work)
        )

    def _write(
        self,
        titles: Sequence[str],
        rows: Sequence[T],
        cells: Callable[[T], list[Cell]],
        sheet_format: SheetFormat,
        target: Path,
        work: LongWork,
    ) -> int:
        with self._files.create(target, sheet_format, titles) as output:
            for done, row in enumerate(rows):
                if done % _TELL_EVERY_ROWS == 0:
                    work.report(done / len(rows))
                output.write(cells(row))
        return len(rows)


def _cells_of_verdict(verdict: AssetVerdict) -> list[Cell]:
    words = {True: "yes", False: "no", None: ""}
    return [
        verdict.name,
        str(verdict.asset_id),
        words[verdict.is_sound],
        " ".join(verdict.causes),
        *(words[verdict.agrees(field)] for field in VerifiedField),
    ]


def _cells_of_finding(finding: Finding) -> list[Cell]:
    return [
        finding.cause.value,
        finding.asset_name,
        str(finding.asset_id or ""),
        "" if finding.token_id is None else f"0x{finding.token_id:x}",
        finding.subject,
        finding.register,
        finding.found,
        finding.repair.value,
    ]
