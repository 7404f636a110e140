"""A spreadsheet dropped on a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.register.image_picker import dropped_files

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Endings of names that are taken; what a file is, its content tells."""


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
        if len(files) != 1 or files[0].suffix.lower() not in SUFFIXES or not self._is_wanted():
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._use(files[0])
        return True
