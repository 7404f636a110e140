"""Many values on their way through a temporary file, so that memory does not grow with their number."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

CHUNK = 500


class Spool(Generic[T]):
    """Write first, then read any number of times. Not for two threads at once.

    The file has no name on systems that allow it, is readable by the owner only, and goes with `close` or the program.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="ipnft-")  # noqa: SIM115 - lives as long as the spool
        self._waiting: list[T] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, value: T) -> None:
        """Keep one more."""
        self._waiting.append(value)
        self._count += 1
        if len(self._waiting) == CHUNK:
            self._flush()

    def chunks(self) -> Iterator[list[T]]:
        """All values in order, `CHUNK` at a time; also after a reading that was given up half-way."""
        self._flush()
        end = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # noqa: S301 - nobody else writes into this file

    def close(self) -> None:
        """Remove the file. Closing twice is harmless."""
        self._file.close()

    def _flush(self) -> None:
        if self._waiting:
            pickle.dump(self._waiting, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._waiting = []
