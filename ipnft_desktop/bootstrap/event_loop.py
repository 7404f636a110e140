"""One event loop for Qt and asyncio, from the first window to the exit code."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, cast

import qasync
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from ipnft_desktop.settings import APP_NAME


def run_on_qt(program: Callable[[QApplication], Coroutine[Any, Any, int]]) -> int:
    """Run `program` to its end on a new QApplication; returns its exit code. Ctrl+C closes the windows."""
    app = QApplication([APP_NAME])
    app.setApplicationName(APP_NAME)
    # The program ends when its coroutine does, after the node was stopped, not when a window goes.
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop, _signals_close_windows(app):
        return cast("int", loop.run_until_complete(program(app)))  # pyright: ignore[reportUnknownMemberType]


@contextmanager
def _signals_close_windows(app: QApplication) -> Generator[None]:
    """Let SIGINT and SIGTERM end the program in order.

    Python handles a signal only between bytecodes, and Qt's loop may run none for long: the wake-up socket makes Qt
    hand over.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    notifier = QSocketNotifier(theirs.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: theirs.recv(64))
    wakeup_before = signal.set_wakeup_fd(ours.fileno())

    def close(_number: int, _frame: object) -> None:
        app.closeAllWindows()

    handlers = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup_before)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()
