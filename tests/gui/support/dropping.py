"""Files let fall on a part of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.widgets.file_drop import FileDrop

_kept: list[QMimeData] = []
"""An event does not own its data."""


def drop_of(*paths: Path, at: QPoint | None = None) -> QDropEvent:
    """These files, and an address of the web that nobody takes."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths] + [QUrl("https://example.org/a.png")])
    _kept[:] = [data]
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(at or QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)


def drop_files(on: QWidget, *paths: Path, at: QPoint | None = None) -> None:
    """Let them fall on a widget that must take them."""
    event = drop_of(*paths, at=at)
    takers = [child for child in on.children() if isinstance(child, FileDrop)]
    if takers:
        assert takers[0].eventFilter(on, event)
    else:
        on.dropEvent(event)
    assert event.isAccepted()
