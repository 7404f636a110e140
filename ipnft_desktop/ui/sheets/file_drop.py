"""A spreadsheet dropped on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.widgets.file_drop import dropped_files

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Endings of names that are taken; what a file is, its content tells."""


def is_sheet(files: Sequence[Path]) -> bool:
    """Whether this is what a page imports: one spreadsheet."""
    return len(files) == 1 and files[0].suffix.lower() in SUFFIXES


class SheetDrop(QObject):
    """Takes one spreadsheet at a time, also where it falls on a child that takes nothing itself."""

    def __init__(self, page: QWidget, use: Callable[[Path], object], is_wanted: Callable[[], bool]) -> None:
        super().__init__(page)
        self._use = use
        self._is_wanted = is_wanted
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what can be imported."""
        if not isinstance(event, QDropEvent) or event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return super().eventFilter(watched, event)
        files = dropped_files(event)
        if not is_sheet(files) or not self._is_wanted():
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._use(files[0])
        return True
