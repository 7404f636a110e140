"""Watches the window as a person would, and takes its pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.theme.theme import theme

T = TypeVar("T")

LOOK_AGAIN_S = 0.02
PATIENCE_S = 30.0
_LAYOUT_ROUNDS = 4
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
    """Saves numbered pictures of one window, with its dialogs and menus where a person sees them, each in the light
    and the dark theme: the same moment twice, for nothing happens between the two."""

    def __init__(
        self, window: QWidget, folder: Path, is_still: Callable[[], bool], dark: tuple[bool, ...] = (False, True)
    ) -> None:
        """Pictures lie in `folder` in a folder of their language and theme, such as `en-dark`. `is_still` tells that
        nothing in view is being loaded any more; `dark` which themes there are."""
        self._window = window
        self._is_still = is_still
        self._themes = dark
        self._folder = folder
        self._language = language().current
        self._count = 0
        self._taken: list[Path] = []

    @property
    def pictures(self) -> tuple[Path, ...]:
        """Files written so far."""
        return tuple(self._taken)

    async def take(self, name: str) -> None:
        """Photograph the window under a name, once the pictures in it are loaded."""
        self._compose()  # Painting asks for the pictures that are missing.
        await seen("all pictures in view", self._is_still)
        self._count += 1
        # A switch dresses every widget anew: each picture begins with the theme that the last one ended with.
        for is_dark in sorted(self._themes, key=lambda is_dark: is_dark is not theme().tokens.is_dark):
            theme().set_dark(is_dark)
            theme().finish()
            for _ in range(_LAYOUT_ROUNDS):  # what one round lays out may move what is in it
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            folder = self._folder / f"{self._language}-{theme().tokens.name}"
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{self._count:02d}-{name}.png"
            if not self._compose().save(str(file)):
                raise StoryStuck(f"cannot write {file.name}")
            self._taken.append(file)

    def _compose(self) -> QPixmap:
        picture = self._window.grab()
        painter = QPainter(picture)
        for above in self._window.findChildren(QWidget):
            if not (above.isWindow() and above.isVisible()):
                continue
            if isinstance(above, QDialog):
                painter.fillRect(self._window.rect(), _DIM)
                free = self._window.size() - above.size()
                painter.drawPixmap(QPoint(free.width() // 2, free.height() // 2), above.grab())
            else:
                painter.drawPixmap(self._window.mapFromGlobal(above.pos()), above.grab())
        painter.end()
        return picture
