"""One program at a time per workspace, by a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ipnft_desktop.domain.errors import ErrorCode, UserError


class ProfileFileLock:
    """Holds a file such as `<profile>/.lock`."""

    def __init__(self, file: Path) -> None:
        # Taken in one executor thread, released in another.
        self.file = file
        self._lock = FileLock(self.file, thread_local=False)

    @property
    def is_held(self) -> bool:
        """Whether this program holds it."""
        return self._lock.is_locked

    def is_free(self) -> bool:
        """Whether nobody holds it: taken and given back at once, by a lock of its own."""
        if not self.file.parent.is_dir():
            return True
        try:
            with FileLock(self.file, thread_local=False).acquire(timeout=0):
                return True
        except Timeout:
            return False

    def acquire(self) -> None:
        """Take the lock, or keep it; raises UserError ALREADY_RUNNING at once if another program holds it."""
        if self._lock.is_locked:
            return
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise UserError(ErrorCode.ALREADY_RUNNING) from error

    def release(self) -> None:
        """Give it back."""
        self._lock.release()

    def remove(self) -> None:
        """Give it back together with its file, for nobody will want it again. Raises OSError."""
        # While it is held, so that nobody takes it in between; who waits for a file that is gone makes a new one.
        try:
            with suppress(PermissionError):
                self.file.unlink(missing_ok=True)
        finally:
            self._lock.release()
        if os.name == "nt":  # removes no file that is open: neither ours before, nor that of another holder now
            with suppress(PermissionError):
                self.file.unlink(missing_ok=True)
