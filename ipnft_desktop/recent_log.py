"""The latest lines of the log in memory, so that a page built at any moment can show what happened before it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from ipnft_desktop.program_log import log, message_of

LINES_KEPT = 2_000
NODE_LINES_KEPT = 1_000
"""What the node prints is kept apart: several lines a transaction, which must not push the others out."""

_NODE_LOGGER = "ipnft.node"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record as people read it."""

    number: int
    """Counts up by one a record, so that a reader knows what it has seen."""
    at: datetime
    """In UTC."""
    level: int
    """As in `logging`."""
    is_of_node: bool
    """Whether the chain node printed it."""
    text: str
    """Message and facts, on one line, without tracebacks: those are in the file."""


class RecentLog(logging.Handler):
    """Hears the program's log on whatever thread it is written, between `attach` and `detach`."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._lines: deque[LogLine] = deque(maxlen=LINES_KEPT)
        self._node_lines: deque[LogLine] = deque(maxlen=NODE_LINES_KEPT)
        self._newest = 0

    @property
    def newest(self) -> int:
        """Number of the newest line; 0 before the first."""
        return self._newest

    def attach(self) -> None:
        """Hear everything from INFO on below the logger `ipnft`."""
        if log.level == logging.NOTSET:
            log.setLevel(logging.INFO)
        log.addHandler(self)

    def detach(self) -> None:
        """Hear no more; what was heard can still be read."""
        log.removeHandler(self)

    def since(self, number: int) -> list[LogLine]:
        """The lines kept that are newer than this number, oldest first."""
        with self._guard:
            found = [*_newer(self._lines, number), *_newer(self._node_lines, number)]
        return sorted(found, key=lambda line: line.number)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        is_of_node = record.name == _NODE_LOGGER
        at = datetime.fromtimestamp(record.created, UTC)
        text = message_of(record)
        with self._guard:
            self._newest += 1
            line = LogLine(self._newest, at, record.levelno, is_of_node, text)
            (self._node_lines if is_of_node else self._lines).append(line)


def _newer(lines: deque[LogLine], number: int) -> Iterator[LogLine]:
    return takewhile(lambda line: line.number > number, reversed(lines))
