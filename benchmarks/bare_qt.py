"""The peer of the first paint: an empty main window with nothing behind it, which says when it was painted."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

PAINTED = "window.painted"


class _Window(QMainWindow):
    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: self._log.write_text(PAINTED, "utf-8"))


if __name__ == "__main__":
    application = QApplication(sys.argv)
    window = _Window(Path(sys.argv[1]))
    window.resize(1440, 900)
    window.show()
    sys.exit(application.exec())
