"""The grounds content lies on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space


class Card(QFrame):
    """A surface with a line and rounded corners; content goes into `body`.

    `flush` leaves no padding, for a table that fills the card to its edges.
    """

    def __init__(self, parent: QWidget | None = None, *, flush: bool = False, padding: Space = Space.L) -> None:
        super().__init__(parent)
        theme().dress(self)
        self.setProperty("card", True)
        self.body = QVBoxLayout(self)
        margin = 1 if flush else int(padding)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(0 if flush else int(Space.S))


class Rule(QFrame):
    """A hairline between two groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", True)
        self.setFixedHeight(1)
