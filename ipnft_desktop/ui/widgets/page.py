"""The frame every page shares: a header with title and actions, and a body with the house margins."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class PageHeader(QWidget):
    """Title and subtitle at the left, actions at the right, the primary one last."""

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
        self.setFixedHeight(Size.HEADER)
        self._title = Text(title, TextSize.TITLE, Weight.BOLD)
        self._subtitle = ElidedLabel(subtitle, TextSize.BODY, ink=Ink.MUTED)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(Space.XL, 0, Space.XL, 0)
        self._line.setSpacing(Space.S)
        self._line.addWidget(self._title, 0, Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self._subtitle, 1, Qt.AlignmentFlag.AlignVCenter)

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Change the title and the muted text behind it."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)

    def add_action(self, widget: QWidget) -> None:
        """Add a control at the right end."""
        self._line.addWidget(widget)


class Page(QWidget):
    """A header over a body; `body` is a row of cards with the house margins and gaps."""

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice_ground: QWidget = self
        """Over this part of the page notices may lie: best where nothing is to be pressed at the bottom."""
        self.header = PageHeader(title, subtitle)
        self.body = QHBoxLayout()
        self.body.setContentsMargins(Space.XL, 0, Space.XL, Space.L)
        self.body.setSpacing(Space.L)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addLayout(self.body, 1)
