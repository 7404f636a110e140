"""Pages one behind the other, each as large as its place."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class PageStack(QStackedWidget):
    """Asks no page how large it would like to be.

    Qt asks all of them, hidden ones too, for the height of each wrapped text whenever anything in view changes its
    size: 25 ms to no purpose where the window has a size of its own.
    """

    def sizeHint(self) -> QSize:
        """No wish."""
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """The window's own minimum counts."""
        return QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        """The place is given."""
        return False
