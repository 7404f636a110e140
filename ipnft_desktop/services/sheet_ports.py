"""What import and export need of spreadsheet files. All of it touches the file system: call it in an executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from ipnft_desktop.domain.canonical_json import Json
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat, SheetRow

OnShare = Callable[[float], None]
"""How much of a file is done, 0 to 1; whatever it raises ends the work, which is how it is cancelled."""

Cell = str | bool | None | Mapping[str, Json]
"""Text, and in JSON also what is no text."""


class Sheet(Protocol):
    """A file that was opened for import."""

    @property
    def facts(self) -> SheetFacts: ...
    def rows(self, on_share: OnShare) -> Iterator[SheetRow]:
        """Every row that is not empty, one at a time; may be asked for again.

        Raises UserError SHEET_INVALID naming the row that cannot be read, or when the file is another one by now.
        """
        ...


class SheetOutput(Protocol):
    """A file in the making. It takes its name when the `with` block ends well; otherwise nothing is left of it."""

    def __enter__(self) -> SheetOutput: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def write(self, cells: Sequence[Cell]) -> None:
        """Add a row. Raises EnvironmentFault DISK_FULL, UserError SHEET_NOT_WRITTEN."""
        ...


class SheetFiles(Protocol):
    """Opens and makes spreadsheet files."""

    def open(self, file: Path, on_share: OnShare) -> Sheet:
        """A CSV or XLSX file, told apart by content. Raises UserError SHEET_INVALID."""
        ...

    def create(self, target: Path, sheet_format: SheetFormat, titles: Sequence[str]) -> SheetOutput:
        """A file with a header; in JSON the titles are the keys. An older file of the name is replaced."""
        ...
