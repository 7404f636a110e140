"""Carries the lines a child process prints from its pipe to the event loop, and never lets them become a flood."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

MAX_PENDING_LINES = 200
"""Lines waiting for the event loop; older ones are left out, and said to be."""
MAX_KEPT_LINES = 30


class ProcessOutput:
    """Reads what a process prints, in a thread of its own, until the process ends.

    `clean` turns each line, in that thread, into what may be shown; empty drops it. On the event loop `on_line` is
    called for each line left, in bursts, and `on_end` once, after the last line, with the exit code.
    """

    def __init__(
        self,
        process: subprocess.Popen[str],
        clean: Callable[[str], str],
        on_line: Callable[[str], None],
        on_end: Callable[[int], None],
    ) -> None:
        self._process = process
        self._clean = clean
        self._on_line = on_line
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._pending: deque[str] = deque()
        self._left_out = 0
        self._kept: deque[str] = deque(maxlen=MAX_KEPT_LINES)
        # A daemon, because a program that crashes must not wait for its node, which waits for the program.
        self._thread = threading.Thread(target=self._read, name="node-output", daemon=True)
        self._thread.start()

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The newest lines, for an error report."""
        with self._lock:
            return tuple(self._kept)

    def join(self) -> None:
        """Wait until the process has ended and its output is read. Blocks: not for the event loop."""
        self._thread.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            for line in pipe:
                text = self._clean(line)
                if text:
                    self._put(text)
        exit_code = self._process.wait()
        self._call_on_loop(lambda: self._finish(exit_code))

    def _put(self, text: str) -> None:
        with self._lock:
            is_first = not self._pending
            self._pending.append(text)
            self._kept.append(text)
            if len(self._pending) > MAX_PENDING_LINES:
                self._pending.popleft()
                self._left_out += 1
        if is_first:
            self._call_on_loop(self._deliver)

    def _call_on_loop(self, action: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(action)

    def _deliver(self) -> None:
        with self._lock:
            lines, self._pending = self._pending, deque()
            left_out, self._left_out = self._left_out, 0
        if left_out:
            self._on_line(f"({left_out} lines left out)")
        for line in lines:
            self._on_line(line)

    def _finish(self, exit_code: int) -> None:
        self._deliver()
        self._on_end(exit_code)
