"""The program's log file: rotating, in the profile, free of secrets because nothing secret is ever handed to it.

One line a record: time in UTC, level, logger, message, and behind it `key=value` facts. What is logged inside
`traced(job_id)` carries `mint=<id>`, so that one search for the id tells a mint from the click to its receipt. Indented
lines (tracebacks) belong to the record above them; no message can begin a line of its own.
"""

from __future__ import annotations

import copy
import json
import logging
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from uuid import UUID

LOG_FILE = Path("logs") / "ipnft.log"
FILE_BYTES = 2_000_000
FILES_KEPT = 3

FactValue = str | int | UUID | None
"""What a fact may be: bytes are left out, for they may be a key."""

log = logging.getLogger("ipnft")

_mint: ContextVar[UUID | None] = ContextVar("mint", default=None)


@contextmanager
def traced(job_id: UUID | None) -> Generator[None]:
    """Let everything logged inside carry this mint's id: in this task, in tasks and `to_thread` begun from it.

    None takes the id away again: for a task that outlives the mint it happens to be begun from.
    """
    token = _mint.set(job_id)
    try:
        yield
    finally:
        _mint.reset(token)


def log_event(name: str, /, level: int = logging.INFO, **facts: FactValue) -> None:
    """Write what happened as `name` (`mint.signed`) with its facts; those that are None are left out.

    A fact `mint` takes the place of the id of `traced`. Values are never secrets: the file is read by others.
    """
    if log.isEnabledFor(level):
        log.log(level, name, extra={"facts": facts})


def message_of(record: logging.LogRecord) -> str:
    """Message and facts of a record on one line, as the file has them; call it on the thread that logged it."""
    facts: Mapping[str, FactValue] = getattr(record, "facts", {})
    facts = {"mint": getattr(record, "mint", None) or _mint.get(), **facts}
    words = [_inert(record.getMessage())]
    words += [f"{key}={_quoted(str(value))}" for key, value in facts.items() if value is not None]
    return " ".join(words)


def open_log(profile: Path) -> None:
    """Write everything below the logger `ipnft` to `<profile>/logs/ipnft.log`, with times in UTC.

    Raises OSError, and changes nothing, if the file cannot be written.
    """
    path = profile / LOG_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = _Writer(path)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(writer)


def close_log() -> None:
    """End writing; the file is complete."""
    for handler in tuple(log.handlers):
        if isinstance(handler, _Writer):
            log.removeHandler(handler)
            handler.close()


class _Writer(QueueHandler):
    """Hands each record to a thread that writes and rotates the file: the event loop never waits for the disk."""

    def __init__(self, path: Path) -> None:
        records: SimpleQueue[logging.LogRecord] = SimpleQueue()
        super().__init__(records)
        self._file = _LogFile(path, records)
        self._thread: QueueListener | None = QueueListener(records, self._file)
        self._thread.start()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Take down what the other thread cannot know, or must not keep alive: the mint, arguments, frames."""
        taken = copy.copy(record)
        taken.msg, taken.args = record.getMessage(), None
        if record.exc_info:
            taken.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
            taken.exc_info = None
        setattr(taken, "mint", _mint.get())  # noqa: B010 - a record has no declared place for it
        return taken

    def close(self) -> None:
        """Write what is still queued and end the thread; harmless once it has ended."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            self._file.close()
        super().close()


class _LogFile(RotatingFileHandler):
    """The file and its predecessors. Lines that come in one go are flushed together, once none is waiting."""

    def __init__(self, path: Path, waiting: SimpleQueue[logging.LogRecord]) -> None:
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
        self.setFormatter(_LineFormatter())
        self._waiting = waiting
        self._size_bytes = path.stat().st_size

    def emit(self, record: logging.LogRecord) -> None:
        # The inherited way formats each line twice and asks the file system three times a line.
        try:
            line = f"{self.format(record)}\n"
            size_bytes = len(line.encode())
            if self._size_bytes + size_bytes > self.maxBytes:
                self.doRollover()
                self._size_bytes = 0
            if self.stream is None:  # the last turn over failed half-way
                self.stream = self._open()
            self.stream.write(line)
            self._size_bytes += size_bytes
            if self._waiting.empty():
                self.stream.flush()
        except Exception:  # noqa: BLE001 - a full disk must not end the thread that writes
            self.handleError(record)


class _LineFormatter(logging.Formatter):
    """`time level logger message key=value…`, then the traceback, indented."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = f"{moment}.{int(record.msecs):03d}Z {record.levelname} {record.name} {message_of(record)}"
        if not record.exc_text:
            return line
        return "\n".join((line, *(f"  {_inert(below)}" for below in record.exc_text.split("\n"))))


def _quoted(value: str) -> str:
    """The value as one word: as it is where it cannot be misread, else as a JSON string."""
    if value and value.isprintable() and not any(mark in value for mark in ' "='):
        return value
    return _inert(json.dumps(value, ensure_ascii=False))


def _inert(text: str) -> str:
    """The text with line breaks, control and direction characters written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
