"""Spreadsheet files on the disk, behind the port `SheetFiles`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Protocol
from uuid import uuid4

from ipnft_desktop.adapters.spreadsheets.csv_files import CsvBody, CsvSheet
from ipnft_desktop.adapters.spreadsheets.faults import reading_faults, unreadable, writing_faults
from ipnft_desktop.adapters.spreadsheets.json_files import JsonBody
from ipnft_desktop.adapters.spreadsheets.source import Source
from ipnft_desktop.adapters.spreadsheets.xlsx_files import XlsxBody, XlsxSheet
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.sheet_ports import Cell, OnShare, Sheet, SheetOutput

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins a workbook of before 2007, and one that is locked by a password."""


class _Body(Protocol):
    def add(self, cells: Sequence[Cell]) -> None: ...
    def finish(self) -> None: ...
    def drop(self) -> None: ...


_BODIES: Mapping[SheetFormat, Callable[[Path, Sequence[str]], _Body]] = MappingProxyType(
    {SheetFormat.CSV: CsvBody, SheetFormat.XLSX: XlsxBody, SheetFormat.JSON: JsonBody}
)


class LocalSheetFiles:
    """Implements the port `SheetFiles`."""

    def open(self, file: Path, on_share: OnShare) -> Sheet:
        """Raises UserError SHEET_INVALID."""
        with reading_faults():
            source = Source(file, on_share)
            if source.head == _OLE:
                raise unreadable(
                    "this workbook is locked by a password or older than 2007; save it as .xlsx without one"
                )
            return XlsxSheet(source) if source.head.startswith(_ZIP) else CsvSheet(source)

    def create(self, target: Path, sheet_format: SheetFormat, titles: Sequence[str]) -> SheetOutput:
        """Raises EnvironmentFault DISK_FULL, UserError SHEET_NOT_WRITTEN."""
        return _PartFile(target, _BODIES[sheet_format], titles)


class _PartFile:
    """Written beside its place under another name, which it takes when it is whole and on the disk."""

    def __init__(self, target: Path, body: Callable[[Path, Sequence[str]], _Body], titles: Sequence[str]) -> None:
        self._target = target
        self._part = target.with_name(f".{uuid4().hex}.part")
        with writing_faults():
            self._body = body(self._part, titles)

    def __enter__(self) -> SheetOutput:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._discard()
            return
        try:
            with writing_faults():
                self._body.finish()
                with self._part.open("rb+") as written:
                    os.fsync(written.fileno())
                self._part.replace(self._target)
        except BaseException:
            self._discard()
            raise

    def write(self, cells: Sequence[Cell]) -> None:
        with writing_faults():
            self._body.add(cells)

    def _discard(self) -> None:
        with suppress(OSError):
            self._body.drop()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)
