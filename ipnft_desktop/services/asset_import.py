"""Assets out of a spreadsheet: open it, map its columns, check every row, store all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.asset_cells import CellProblem, EnterpriseNames, RowReading, read_row
from ipnft_desktop.domain.asset_columns import (
    TITLES,
    AssetColumn,
    ColumnUse,
    CustomColumn,
    guess_uses,
    missing_columns,
    repeated_uses,
)
from ipnft_desktop.domain.assets import Asset, AssetDraft
from ipnft_desktop.domain.errors import Defect, ErrorCode, FieldProblem, ProblemKind, UserError
from ipnft_desktop.domain.events import AssetsImported
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat, SheetRow
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.register import compose_asset
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Sheet, SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

MAX_ROWS = 200_000
"""Assets of one file. They are stored in one commit, and so long nobody else writes."""
MAX_PROBLEMS = 1_000
"""Problems that are told one by one; beyond that their number is."""
SAMPLE_ROWS = 5
_VALUE_CHARS = 80


@dataclass(frozen=True, slots=True)
class SheetSample:
    """A file with its header and first rows, and what its columns most likely hold."""

    sheet: Sheet
    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    uses: tuple[ColumnUse, ...]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What keeps a row from being imported."""

    row: int
    """As the spreadsheet counts."""
    column: str
    """Its header in the file, or what it should be called."""
    problem: FieldProblem
    value: str
    """The beginning of what stands there."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row on its way into the register."""

    number: int
    asset_id: UUID | None
    draft: AssetDraft


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """What an import would do. What was checked is what is stored: the rows are kept aside, until `close`."""

    import_id: UUID
    facts: SheetFacts
    rows: Spool[ImportedRow]
    known_ids: frozenset[UUID]
    """Of assets that are in the register already, or deleted: their rows are left out, never written over."""
    enterprise_ids: frozenset[UUID]
    problems: tuple[RowProblem, ...]
    problem_count: int
    first: tuple[ImportedRow, ...]
    """The first rows as they were understood, for people to look at."""

    @property
    def new_count(self) -> int:
        """Assets that would be added."""
        return len(self.rows) - len(self.known_ids)

    def close(self) -> None:
        """Drop the rows. Touches the file system only to forget a file."""
        self.rows.close()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; the audit log has a line under the same id."""

    import_id: UUID
    facts: SheetFacts
    added: int
    left_out: int


class AssetImport:
    """Import in three steps. Each may be cancelled by its `LongWork`, the last one until its commit."""

    def __init__(self, files: SheetFiles, database: Database, events: EventHub, clock: Clock, session: Session) -> None:
        self._files = files
        self._database = database
        self._events = events
        self._clock = clock
        self._session = session

    async def open(self, file: Path, work: LongWork) -> SheetSample:
        """Read a file through once. Raises UserError SHEET_INVALID or PERMISSION_DENIED, WorkCancelled."""
        self._session.require(Permission.EDIT_ASSETS)
        return await work.run(lambda: _sample(self._files.open(file, work.report)))

    async def check(self, sample: SheetSample, uses: Sequence[ColumnUse], work: LongWork) -> ImportCheck:
        """Check every row with the rules of the asset form; close the answer when it is of no more use.

        Raises UserError SHEET_INVALID where required columns are missing or the file cannot be read, PERMISSION_DENIED;
        WorkCancelled.
        """
        user = self._session.require(Permission.EDIT_ASSETS)
        _require_columns(uses)
        enterprises = await self._database.read(lambda tx: tx.enterprises())
        names = EnterpriseNames(enterprises, user.acts_for)
        checking = _Checking(sample, uses, names, self._clock.now().astimezone().date())
        try:
            await work.run(lambda: checking.run(work))
            known = await self._known_ids(checking.ids, work)
        except BaseException:
            checking.rows.close()
            raise
        return ImportCheck(
            import_id=UUID(int=uuid7().int),
            facts=sample.sheet.facts,
            rows=checking.rows,
            known_ids=known,
            enterprise_ids=frozenset(checking.enterprise_ids),
            problems=tuple(checking.problems),
            problem_count=checking.problem_count,
            first=tuple(checking.first),
        )

    async def apply(self, check: ImportCheck, work: LongWork) -> ImportReport:
        """Add all rows that are new, in one commit, as drafts.

        Raises UserError PERMISSION_DENIED, ASSET_CHANGED when an asset of the file came into the register since the
        check; WorkCancelled. Then nothing was added.
        """
        self._session.require(Permission.EDIT_ASSETS, check.enterprise_ids)
        if check.problem_count or not check.new_count:
            raise Defect("an import without rows, or with problems, must not be applied")
        actor, now = self._session.actor, self._clock.now()

        def store(tx: Transaction) -> None:
            enterprises = {enterprise.enterprise_id: enterprise for enterprise in tx.enterprises()}
            if not check.enterprise_ids <= enterprises.keys():
                raise UserError(ErrorCode.ASSET_CHANGED, "an enterprise of the file was removed; check the file again")
            done = 0
            for chunk in check.rows.chunks():
                assets = [
                    compose_asset(
                        row.draft,
                        enterprises[row.draft.enterprise_id],
                        (),
                        asset_id=row.asset_id or UUID(int=uuid7().int),
                        state=AssetState.DRAFT,
                        version=1,
                        created_at=now,
                        updated_at=now,
                    )
                    for row in chunk
                    if row.asset_id not in check.known_ids
                ]
                _store(tx, assets, actor, check)
                done += len(chunk)
                work.report(done / len(check.rows))
            tx.append_audit(actor, "asset.import", str(check.import_id), _facts(check), now)

        await work.wait(self._database.write(store))
        self._events.publish(AssetsImported(check.new_count))
        return ImportReport(check.import_id, check.facts, check.new_count, len(check.known_ids))

    async def write_problems(self, problems: Sequence[RowProblem], target: Path, work: LongWork) -> None:
        """Save the problems as CSV, for whoever mends the file. Raises as `SheetOutput`."""

        def write() -> None:
            with self._files.create(target, SheetFormat.CSV, ("Row", "Column", "Problem", "Value")) as output:
                for each in problems:
                    output.write((str(each.row), each.column, each.problem.message, each.value))

        await work.run(write)

    async def _known_ids(self, ids: Sequence[UUID], work: LongWork) -> frozenset[UUID]:
        known: set[UUID] = set()
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            known |= await self._database.read(lambda tx, some=some: tx.taken_asset_ids(some))
            work.report(1.0)
        return frozenset(known)


class _Checking:
    """One pass over the rows of a file, in a thread."""

    def __init__(self, sample: SheetSample, uses: Sequence[ColumnUse], names: EnterpriseNames, today: date) -> None:
        self._sample = sample
        self._uses = uses
        self._names = names
        self._today = today
        self._row_of_id: dict[UUID, int] = {}
        self.rows = Spool[ImportedRow]()
        self.enterprise_ids: set[UUID] = set()
        self.problems: list[RowProblem] = []
        self.problem_count = 0
        self.first: list[ImportedRow] = []

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Ids that rows name."""
        return tuple(self._row_of_id)

    def run(self, work: LongWork) -> None:
        """Read, understand and keep aside every row behind the header."""
        rows = self._sample.sheet.rows(work.report)
        next(rows, None)
        for row in rows:
            if len(self.rows) == MAX_ROWS:
                raise UserError(
                    ErrorCode.SHEET_INVALID,
                    phrase("there are more than {most} rows; split the file", most=MAX_ROWS),
                    field="file",
                )
            reading = self._read(row)
            # Problems are looked for to the end, but nothing will be stored any more.
            if not self.problem_count:
                imported = ImportedRow(row.number, reading.asset_id, reading.draft)
                self.rows.add(imported)
                if len(self.first) < SAMPLE_ROWS:
                    self.first.append(imported)
                self.enterprise_ids.add(reading.draft.enterprise_id)
        if not len(self.rows) and not self.problem_count:
            raise UserError(ErrorCode.SHEET_INVALID, "there is no row below the header", field="file")

    def _read(self, row: SheetRow) -> RowReading:
        cells: dict[AssetColumn, str] = {}
        custom: dict[str, str] = {}
        for use, text in zip(self._uses, row.cells, strict=False):
            if isinstance(use, AssetColumn):
                cells[use] = text
            elif isinstance(use, CustomColumn):
                custom[use.key] = text
        reading = read_row(cells, custom, self._names, self._today)
        for each in reading.problems:
            self._note(row, self._header_of(each), each.problem, self._value(row, each))
        self._look_for_more(row, reading.asset_id)
        return reading

    def _look_for_more(self, row: SheetRow, asset_id: UUID | None) -> None:
        """What only shows beside the header and the other rows."""
        for at in range(len(self._uses), len(row.cells)):
            if row.cells[at]:
                problem = FieldProblem("file", ProblemKind.NO_HEADER)
                self._note(row, f"{at + 1}", problem, row.cells[at])
        if asset_id is not None and asset_id.int:
            first = self._row_of_id.setdefault(asset_id, row.number)
            if first != row.number:
                problem = FieldProblem(AssetColumn.ASSET_ID, ProblemKind.STANDS_TWICE, str(first))
                self._note(row, TITLES[AssetColumn.ASSET_ID], problem, str(asset_id))

    def _note(self, row: SheetRow, column: str, problem: FieldProblem, value: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(RowProblem(row.number, column, problem, value[:_VALUE_CHARS]))

    def _header_of(self, problem: CellProblem) -> str:
        use = problem.column
        if use in self._uses:
            return self._sample.headers[self._uses.index(use)]
        return use.title if isinstance(use, CustomColumn) else TITLES[use]

    def _value(self, row: SheetRow, problem: CellProblem) -> str:
        at = self._uses.index(problem.column) if problem.column in self._uses else len(row.cells)
        return row.cells[at] if at < len(row.cells) else ""


def _sample(sheet: Sheet) -> SheetSample:
    """Raises UserError SHEET_INVALID where there is no header, or what follows cannot be read."""
    rows = sheet.rows(lambda _share: None)
    header = next(rows, None)
    if header is None:
        raise UserError(ErrorCode.SHEET_INVALID, "there is no row in the file", field="file")
    headers = tuple(" ".join(cell.split()) for cell in header.cells)
    return SheetSample(sheet, headers, tuple(islice(rows, SAMPLE_ROWS)), guess_uses(headers))


def _require_columns(uses: Sequence[ColumnUse]) -> None:
    missing = ", ".join(TITLES[column] for column in missing_columns(uses))
    if missing:
        raise UserError(
            ErrorCode.SHEET_INVALID, phrase("no column is read as: {missing}", missing=missing), field="columns"
        )
    twice = repeated_uses(uses)
    if twice:
        names = ", ".join(use.title if isinstance(use, CustomColumn) else TITLES[use] for use in twice)
        raise UserError(
            ErrorCode.SHEET_INVALID, phrase("more than one column is read as: {names}", names=names), field="columns"
        )


def _store(tx: Transaction, assets: Sequence[Asset], actor: str, check: ImportCheck) -> None:
    """Raises UserError ASSET_CHANGED."""
    if tx.taken_asset_ids([asset.asset_id for asset in assets]):
        raise UserError(ErrorCode.ASSET_CHANGED, "an asset of the file was added meanwhile; check the file again")
    tx.insert_assets(assets)
    imported = str(check.import_id)
    lines = [(str(asset.asset_id), {"name": asset.name, "import": imported}) for asset in assets]
    if assets:
        tx.append_audits(actor, "asset.create", lines, assets[0].created_at)


def _facts(check: ImportCheck) -> dict[str, str]:
    return {
        "file": check.facts.file_name,
        "sha256": check.facts.sha256,
        "assets": str(check.new_count),
        "left_out": str(len(check.known_ids)),
    }
