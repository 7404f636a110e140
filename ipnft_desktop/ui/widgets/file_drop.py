"""Files dropped on a part of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


def dropped_files(event: QDropEvent) -> list[Path]:
    """The local files of a drop; web addresses are left out."""
    if event.possibleActions() & Qt.DropAction.CopyAction:
        return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return []


class FileDrop(QObject):
    """Lets a widget take files; `dropped` carries their paths and where they fell, a `QPoint` of the widget."""

    dropped = Signal(object, object)

    def __init__(self, widget: QWidget, is_wanted: Callable[[Sequence[Path]], bool] = bool) -> None:
        """What is not wanted is left to the widgets around."""
        super().__init__(widget)
        self._is_wanted = is_wanted
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer the events of a drag; those without wanted files are left to the widget."""
        if not isinstance(event, QDropEvent) or not (files := dropped_files(event)) or not self._is_wanted(files):
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(files, event.position().toPoint())
        return True
