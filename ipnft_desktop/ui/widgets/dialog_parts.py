"""What small dialogs share: a head with an icon, and a foot with the buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.text import Text


class IconLabel(QLabel):
    """One icon that follows the theme."""

    def __init__(self, icon: Icon, ink: Ink = Ink.FG, size_px: int = Size.ICON) -> None:
        super().__init__()
        self._icon, self._ink, self._size_px = icon, ink, size_px
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_icon(self, icon: Icon, ink: Ink) -> None:
        """Show another icon."""
        self._icon, self._ink = icon, ink
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self.setPixmap(icon_pixmap(self._icon, self._ink, self._size_px))


class DialogHead(QWidget):
    """An icon, a title, and one sentence under it."""

    def __init__(self, icon: Icon, title: str, sentence: str) -> None:
        super().__init__()
        self.sentence = Text(sentence, TextSize.BODY, ink=Ink.MUTED, wrap=True)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(Text(title, TextSize.LEAD, Weight.BOLD, wrap=True))
        words.addWidget(self.sentence)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.M)
        picture = QVBoxLayout()
        picture.addWidget(IconLabel(icon, Ink.ACCENT, Size.ICON_RAIL))
        picture.addStretch(1)
        line.addLayout(picture)
        line.addLayout(words, 1)


def foot(*buttons: QPushButton) -> QHBoxLayout:
    """The buttons in a line, at the right."""
    line = QHBoxLayout()
    line.setContentsMargins(0, Space.XS, 0, 0)
    line.setSpacing(Space.S)
    line.addStretch(1)
    for button in buttons:
        line.addWidget(button)
    return line
