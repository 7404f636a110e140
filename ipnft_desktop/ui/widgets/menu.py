"""The menu all others are made of."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.ui.theme.theme import theme


class Menu(QMenu):
    """A menu in the house style, wherever it opens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
