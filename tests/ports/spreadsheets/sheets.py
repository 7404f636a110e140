"""Short ways to make files and to read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.domain.sheets import SheetFormat, SheetRow

FILES = LocalSheetFiles()


def unwatched(_share: float) -> None:
    """For work nobody watches."""


def read(file: Path) -> list[SheetRow]:
    """Every row of a file."""
    return list(FILES.open(file, unwatched).rows(unwatched))


def cells(file: Path) -> list[tuple[str, ...]]:
    """The cells of every row."""
    return [row.cells for row in read(file)]


def write(target: Path, sheet_format: SheetFormat, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """A file of ours."""
    with FILES.create(target, sheet_format, titles) as output:
        for row in rows:
            output.write(row)
    return target


def saved(folder: Path, content: bytes | str, name: str = "in.csv") -> Path:
    """A file of somebody else."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
