"""The dialog all others are made of."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.ui.theme.theme import theme


class Dialog(QDialog):
    """A dialog in the house style, which follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
