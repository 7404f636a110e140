"""One preparation at a time. The system drops the lock when its holders have ended, so it is never left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

POLL_S = 0.2

if os.name == "nt":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def only_one(lock_file: Path, on_wait: Callable[[], None]) -> Generator[None]:
    """Hold the lock; `on_wait` is called once when somebody else holds it and this process waits."""
    with lock_file.open("a+b") as handle:
        handle.seek(0)
        if not _try_lock(handle.fileno()):
            on_wait()
            while not _try_lock(handle.fileno()):
                time.sleep(POLL_S)
        # Children hold it too: when this process is killed, its pip or npm may still be writing.
        os.set_inheritable(handle.fileno(), True)
        yield
