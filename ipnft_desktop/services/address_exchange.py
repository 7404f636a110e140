"""The address book out of files and into them: CSV, XLSX and JSON in, CSV and JSON out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipnft_desktop.domain.address_import import (
    COLUMNS,
    TITLES,
    AddressImport,
    AddressLine,
    LineStanding,
    TypedLine,
    compare,
)
from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.people import AddressBookEntry, Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.sheets import SheetFormat, SheetRow
from ipnft_desktop.services.address_book import AddressBook, changes_of_entry, known_addresses
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import SheetFiles

LINES_MAX = 10_000
JSON_MAX_BYTES = 16 * 2**20


class AddressExchange:
    """Taking in asks for EDIT_ADDRESSES; UserError PERMISSION_DENIED or SIGN_IN_REQUIRED otherwise."""

    def __init__(
        self, files: SheetFiles, book: AddressBook, database: Database, session: Session, clock: Clock
    ) -> None:
        self._files = files
        self._book = book
        self._database = database
        self._session = session
        self._clock = clock

    async def preview(self, file: Path) -> AddressImport:
        """What a file would change. CSV and XLSX have a header, whose titles may be Chinese; JSON is a list of objects
        with the keys `address`, `label` and `note`.

        Raises UserError SHEET_INVALID naming the row, or the column that is missing.
        """
        self._session.require(Permission.EDIT_ADDRESSES)
        lines = await asyncio.to_thread(self._read, file)
        known = await self._database.read(known_addresses)
        return await asyncio.to_thread(compare, file.name, lines, known)

    async def apply(self, wanted: AddressImport) -> int:
        """Take in what is new or changed, all in one commit; returns how many entries that were.

        Raises UserError SHEET_INVALID while a line is bad, RECORD_CHANGED where the book changed since the preview.
        """
        user = self._session.require(Permission.EDIT_ADDRESSES)
        bad = wanted.of(LineStanding.BAD)
        if bad:
            raise UserError(
                ErrorCode.SHEET_INVALID,
                phrase("row {row} is not right", row=bad[0].typed.row),
                row=str(bad[0].typed.row),
            )
        changes = wanted.of(LineStanding.NEW, LineStanding.CHANGED)

        def work(tx: Transaction) -> None:
            now = self._clock.now()
            stored = {known.address: known.entry for known in known_addresses(tx)}
            for line in changes:
                if line.entry is None or stored.get(line.entry.address) != line.before:
                    raise UserError(ErrorCode.RECORD_CHANGED, line.typed.label)
                facts = {"label": line.entry.label, "file": wanted.file_name}
                action = "address.change" if line.before else "address.add"
                tx.append_audit(user.name, action, line.entry.address, facts, now, _changes(line))
            tx.put_addresses([line.entry for line in changes if line.entry], now)

        await self._database.write(work)
        await self._book.load()
        return len(changes)

    async def export(self, target: Path, sheet_format: SheetFormat) -> int:
        """Write every address that has a name, wallets of enterprises too; returns how many.

        Raises EnvironmentFault DISK_FULL, UserError SHEET_NOT_WRITTEN or SIGN_IN_REQUIRED.
        """
        self._session.require_reader()
        # One line an address: the wallet of an enterprise comes before an entry for it, or another one's.
        entries = {known.address: known.entry for known in reversed(await self._book.list())}
        await asyncio.to_thread(self._write, target, sheet_format, tuple(reversed(entries.values())))
        return len(entries)

    def _write(self, target: Path, sheet_format: SheetFormat, entries: tuple[AddressBookEntry, ...]) -> None:
        with self._files.create(target, sheet_format, COLUMNS) as output:
            for entry in entries:
                output.write((entry.address, entry.label, entry.note))

    def _read(self, file: Path) -> list[TypedLine]:
        lines = _read_json(file) if file.suffix.lower() == ".json" else self._read_sheet(file)
        if not lines:
            raise UserError(ErrorCode.SHEET_INVALID, "there is no address in it", field="file")
        if len(lines) > LINES_MAX:
            raise UserError(
                ErrorCode.SHEET_INVALID,
                phrase("more than {most} addresses; split the file", most=LINES_MAX),
                field="file",
            )
        return lines

    def _read_sheet(self, file: Path) -> list[TypedLine]:
        header: dict[str, int] | None = None
        lines: list[TypedLine] = []
        for row in self._files.open(file, _unheard).rows(_unheard):
            if header is None:
                header = _columns(row)
            elif len(lines) <= LINES_MAX:
                cells = {column: row.cells[place] for column, place in header.items() if place < len(row.cells)}
                note = cells.get("note", "") if "note" in header else None
                lines.append(TypedLine(row.number, cells.get("address", ""), cells.get("label", ""), note))
        return lines


def _columns(header: SheetRow) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, title in enumerate(header.cells):
        column = TITLES.get(title.strip().casefold())
        if column is not None:
            places.setdefault(column, place)
    for column in ("address", "label"):
        if column not in places:
            raise UserError(
                ErrorCode.SHEET_INVALID,
                phrase('the column "{column}" is missing', column=column),
                field="file",
                column=column,
            )
    return places


def _read_json(file: Path) -> list[TypedLine]:
    try:
        if file.stat().st_size > JSON_MAX_BYTES:
            raise UserError(
                ErrorCode.SHEET_INVALID,
                phrase("the file is larger than {most} MB", most=JSON_MAX_BYTES // 2**20),
                field="file",
            )
        content: Any = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise UserError(ErrorCode.SHEET_INVALID, error.strerror or str(error), field="file") from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            ErrorCode.SHEET_INVALID, phrase("this is no JSON in UTF-8: {error}", error=error), field="file"
        ) from error
    if not isinstance(content, list):
        raise UserError(ErrorCode.SHEET_INVALID, "this is no list of addresses", field="file")
    entries: list[Any] = content  # pyright: ignore[reportUnknownVariableType]
    return [_json_line(row, entry) for row, entry in enumerate(entries, 1)]


def _json_line(row: int, entry: Any) -> TypedLine:
    if not isinstance(entry, Mapping):
        raise UserError(
            ErrorCode.SHEET_INVALID, phrase("entry {row} is no object", row=row), field="file", row=str(row)
        )
    values: Mapping[str, Any] = entry  # pyright: ignore[reportUnknownVariableType]
    for column in COLUMNS:
        if not isinstance(values.get(column, ""), str):
            raise UserError(
                ErrorCode.SHEET_INVALID,
                phrase('"{column}" of entry {row} is no text', column=column, row=row),
                field="file",
                row=str(row),
                column=column,
            )
    return TypedLine(row, values.get("address", ""), values.get("label", ""), values.get("note"))


def _changes(line: AddressLine) -> FieldChanges | None:
    return changes_of_entry(line.before, line.entry) if line.before and line.entry else None


def _unheard(share: float) -> None:
    """A list of addresses is read in a moment; nobody waits for news of it."""
