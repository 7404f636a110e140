"""The foot of every face of the dialog: a quiet hint at the left, the buttons at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.text import ElidedLabel


class Footer(QWidget):
    """Hint and buttons in one line."""

    def __init__(self, hint: str, *buttons: QPushButton) -> None:
        super().__init__()
        self.hint = ElidedLabel(hint, TextSize.CAPTION, ink=Ink.MUTED)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, Space.XS, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self.hint, 1)
        for button in buttons:
            line.addWidget(button)
