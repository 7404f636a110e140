"""A file that is imported: read through once, and known again."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from ipnft_desktop.adapters.spreadsheets.faults import unreadable
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat
from ipnft_desktop.services.sheet_ports import OnShare

FILE_MAX_BYTES = 256 * 1024 * 1024
_CHUNK_BYTES = 1 << 20


class Source:
    """The file's size and hash. The hash goes into the audit log, so what is read later must be the same file."""

    def __init__(self, file: Path, on_share: OnShare) -> None:
        """Raises UserError SHEET_INVALID for what is no file, empty or larger than `FILE_MAX_BYTES`; OSError."""
        # Asked before opening: to open a named pipe would wait for its writer, perhaps for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            raise unreadable("this is a folder or a device, not a file")
        self.file = file
        digest = hashlib.sha256()
        with file.open("rb") as opened:
            self._stamp = _stamp(opened.fileno())
            self.size_bytes = self._stamp[0]
            if not self.size_bytes:
                raise unreadable("the file is empty")
            if self.size_bytes > FILE_MAX_BYTES:
                raise unreadable(f"the file is larger than {FILE_MAX_BYTES // 1024**2} MB; split it")
            self.head = b""
            while chunk := opened.read(_CHUNK_BYTES):
                self.head = self.head or chunk[:8]
                digest.update(chunk)
                on_share(min(1.0, opened.tell() / self.size_bytes))
            self.check(opened.fileno())
        self._sha256 = digest.hexdigest()

    def check(self, opened: int) -> None:
        """Raises UserError SHEET_INVALID if this file descriptor leads to other content than was read at first."""
        if _stamp(opened) != self._stamp:
            raise unreadable("the file changed while it was read; open it again")

    def facts(self, sheet_format: SheetFormat, encoding: str = "") -> SheetFacts:
        """What is known of the file."""
        return SheetFacts(self.file.name, sheet_format, encoding, self.size_bytes, self._sha256)


def _stamp(opened: int) -> tuple[int, int]:
    found = os.fstat(opened)
    return found.st_size, found.st_mtime_ns
