"""JSON files: an array with an object a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ipnft_desktop.services.sheet_ports import Cell


class JsonBody:
    """Rows of a JSON file; the titles are the keys."""

    def __init__(self, part: Path, titles: Sequence[str]) -> None:
        self._file = part.open("x", encoding="utf-8", newline="\n")
        self._titles = titles
        self._separator = "[\n"

    def add(self, cells: Sequence[Cell]) -> None:
        """Write an object."""
        values = [dict(cell) if isinstance(cell, Mapping) else cell for cell in cells]
        row = dict(zip(self._titles, values, strict=True))
        self._file.write(self._separator + json.dumps(row, ensure_ascii=False))
        self._separator = ",\n"

    def finish(self) -> None:
        """Close the array."""
        self._file.write("[]\n" if self._separator == "[\n" else "\n]\n")
        self._file.close()

    def drop(self) -> None:
        """Let go of the file."""
        self._file.close()
