"""Collects Python's garbage on the window's thread only.

Python collects wherever an allocation crosses a threshold. In a worker thread that can destroy Qt objects there,
which Qt forbids: timers complain, and now and then the process dies.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 200
_GENERATION_THRESHOLDS = (5_000, 10, 25)
"""New objects before generation 0 is collected, collections of 0 before 1, of 1 before 2."""


class WindowThreadCollector(QObject):
    """Replaces automatic collection from its creation until `stop`. Create it on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Hand collection back to Python."""
        self._timer.stop()
        gc.enable()

    def keep_what_is_loaded(self) -> None:
        """Modules and their constants live as long as the program: no collection need look at them again."""
        gc.freeze()

    def _collect(self) -> None:
        """The oldest generation that is due; younger ones are collected with it."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > _GENERATION_THRESHOLDS[generation]:
                gc.collect(generation)
                return
