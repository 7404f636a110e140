"""Assets into a spreadsheet: what is in view, in its order, with the columns that were chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.domain.asset_cells import YES, asset_cells
from ipnft_desktop.domain.asset_columns import TITLES, AssetColumn, CustomColumn
from ipnft_desktop.domain.assets import AssetQuery, PageAnchor
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

CUSTOM_FIELDS_KEY = "custom_fields"
_YES_OR_NO = (
    AssetColumn.TRANSFERABLE,
    AssetColumn.COMMERCIAL_USE,
    AssetColumn.DERIVATIVES,
    AssetColumn.ATTRIBUTION,
)
_MAY_BE_ABSENT = (AssetColumn.LICENCE_EXPIRES_ON, AssetColumn.TOKEN_ID)
_READING_SHARE = 0.7
"""Of the progress; the rest is the writing of the file."""

_Line = tuple[dict[AssetColumn, str], dict[str, str]]
"""An asset's cells and its custom fields."""


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be exported."""

    query: AssetQuery
    columns: Sequence[AssetColumn]
    custom_fields: bool
    """Whether custom fields are exported too: a column each, in JSON one object."""
    format: SheetFormat


class AssetExport:
    """Reading pages behind an anchor, so that neither memory nor a long snapshot grows with the register."""

    def __init__(self, files: SheetFiles, database: Database, session: Session) -> None:
        self._files = files
        self._database = database
        self._session = session

    async def export(self, wish: ExportWish, target: Path, work: LongWork) -> int:
        """Write the file and return how many assets are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        self._session.require_reader()
        lines = Spool[_Line]()
        try:
            keys = await self._collect(wish, lines, work)
            await work.run(lambda: self._write(wish, target, lines, keys, work))
            return len(lines)
        finally:
            lines.close()

    async def _collect(self, wish: ExportWish, lines: Spool[_Line], work: LongWork) -> list[str]:
        """Read everything once; returns the names of all custom fields."""
        keys: set[str] = set()
        total = max(1, await self._database.read(lambda tx: tx.count_assets(wish.query)))
        after: PageAnchor | None = None
        while True:
            after = await work.wait(
                self._database.read(lambda tx, after=after: _keep_page(tx, wish, after, lines, keys))
            )
            work.report(min(1.0, len(lines) / total) * _READING_SHARE)
            if after is None:
                return sorted(keys)

    def _write(self, wish: ExportWish, target: Path, lines: Spool[_Line], keys: Sequence[str], work: LongWork) -> None:
        is_json = wish.format is SheetFormat.JSON
        done = 0
        with self._files.create(target, wish.format, _titles(wish, keys)) as output:
            for chunk in lines.chunks():
                for cells, custom in chunk:
                    output.write(_object(wish, cells, custom) if is_json else _row(wish, cells, custom, keys))
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(lines))


def _titles(wish: ExportWish, keys: Sequence[str]) -> list[str]:
    if wish.format is SheetFormat.JSON:
        return [column.value for column in wish.columns] + [CUSTOM_FIELDS_KEY] * wish.custom_fields
    return [TITLES[column] for column in wish.columns] + [CustomColumn(key).title for key in keys]


def _row(
    wish: ExportWish, cells: Mapping[AssetColumn, str], custom: Mapping[str, str], keys: Sequence[str]
) -> list[Cell]:
    return [*(cells[column] for column in wish.columns), *(custom.get(key, "") for key in keys)]


def _object(wish: ExportWish, cells: Mapping[AssetColumn, str], custom: Mapping[str, str]) -> list[Cell]:
    """The values of a JSON object: yes and no as true and false, what may be absent as null."""
    values: list[Cell] = []
    for column in wish.columns:
        cell = cells[column]
        if column in _YES_OR_NO:
            values.append(cell == YES)
        else:
            values.append(cell or None if column in _MAY_BE_ABSENT else cell)
    return [*values, custom] if wish.custom_fields else values


def _keep_page(
    tx: Transaction, wish: ExportWish, after: PageAnchor | None, lines: Spool[_Line], keys: set[str]
) -> PageAnchor | None:
    """Read the page behind the anchor in the reader's thread, and say where the next one begins."""
    page = tx.asset_page(wish.query, after, CHUNK)
    assets = {asset.asset_id: asset for asset in tx.assets([row.asset_id for row in page.rows])}
    for row in page.rows:
        asset = assets[row.asset_id]
        lines.add((asset_cells(asset, row), dict(asset.custom_fields)))
        if wish.custom_fields:
            keys.update(asset.custom_fields)
    return page.next_anchor
