"""Pictures for views that are looked at outside an event loop."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

from ipnft_desktop.ui.pictures import PictureStore


class NoPictures(PictureStore):
    """Has none and never looks for any."""

    def __init__(self) -> None:
        super().__init__(_never)

    def picture(self, cid: str, size: QSize, dpr: float) -> QPixmap | None:
        """None, and nothing is read for it."""
        return None


async def _never(cid: str) -> bytes:
    raise AssertionError(cid)


def no_pictures() -> PictureStore:
    """A store for one view."""
    return NoPictures()
