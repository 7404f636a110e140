"""The program's log file: rotating, in the profile, free of secrets because nothing secret is ever handed to it."""

from __future__ import annotations

import logging
import time
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue

LOG_FILE = Path("logs") / "ipnft.log"
FILE_BYTES = 2_000_000
FILES_KEPT = 3


class _Writer(QueueHandler):
    """Hands each record to a thread that writes and rotates the file: the event loop never waits for the disk."""

    def __init__(self, file: RotatingFileHandler) -> None:
        records: SimpleQueue[logging.LogRecord] = SimpleQueue()
        super().__init__(records)
        self._file = file
        self._thread: QueueListener | None = QueueListener(records, file)
        self._thread.start()

    def close(self) -> None:
        """Write what is still queued and end the thread; harmless once it has ended."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            self._file.close()
        super().close()


def open_log(profile: Path) -> None:
    """Write everything below the logger `ipnft` to `<profile>/logs/ipnft.log`, with times in UTC.

    Raises OSError, and changes nothing, if the file cannot be written.
    """
    path = profile / LOG_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    file.setFormatter(formatter)
    logger = logging.getLogger("ipnft")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(_Writer(file))


def close_log() -> None:
    """End writing; the file is complete."""
    logger = logging.getLogger("ipnft")
    for handler in tuple(logger.handlers):
        if isinstance(handler, _Writer):
            logger.removeHandler(handler)
            handler.close()
