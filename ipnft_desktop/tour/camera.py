"""Watches the window as a person would, and takes its pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

T = TypeVar("T")

LOOK_AGAIN_S = 0.02
PATIENCE_S = 30.0
_DIM = QColor(0, 0, 0, 90)


class StoryStuck(Exception):
    """What should have come into view did not."""


async def seen(what: str, look: Callable[[], T | None]) -> T:
    """Look at the window again and again until `look` finds what it wants; raises StoryStuck after a while."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := look()):  # noqa: ASYNC110 - what a person sees has no event
                await asyncio.sleep(LOOK_AGAIN_S)
            return found
    except TimeoutError as error:
        raise StoryStuck(what) from error


class Camera:
    """Saves numbered pictures of one window, with its dialogs where a person sees them."""

    def __init__(self, window: QWidget, folder: Path, is_still: Callable[[], bool]) -> None:
        """`is_still` tells that nothing in view is being loaded any more."""
        self._window = window
        self._is_still = is_still
        self._folder = folder
        self._taken: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def pictures(self) -> tuple[Path, ...]:
        """Files written so far."""
        return tuple(self._taken)

    async def take(self, name: str) -> None:
        """Photograph the window under a name, once the pictures in it are loaded."""
        self._compose()  # Painting asks for the pictures that are missing.
        await seen("all pictures in view", self._is_still)
        file = self._folder / f"{len(self._taken) + 1:02d}-{name}.png"
        if not self._compose().save(str(file)):
            raise StoryStuck(f"cannot write {file.name}")
        self._taken.append(file)

    def _compose(self) -> QPixmap:
        picture = self._window.grab()
        dialogs = [dialog for dialog in self._window.findChildren(QDialog) if dialog.isVisible() and dialog.isWindow()]
        painter = QPainter(picture)
        for dialog in dialogs:
            painter.fillRect(self._window.rect(), _DIM)
            free = self._window.size() - dialog.size()
            painter.drawPixmap(QPoint(free.width() // 2, free.height() // 2), dialog.grab())
        painter.end()
        return picture
