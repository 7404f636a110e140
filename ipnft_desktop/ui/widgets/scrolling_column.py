"""A column that scrolls where it is higher than its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space


class ScrollingColumn(QScrollArea):
    """Fill `column`. It lies on the ground it is put on, and takes no focus: what stands in it does, and brings itself
    into view.

    It shows nothing of its own and is not dressed, only its bars are: on the bare ground of a page the cards in it are
    dressed one by one, which a switch of the theme can do in turns.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, Space.S, 0)
        self.column.setSpacing(Space.S)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
        for ground in (self.viewport(), inner):
            ground.setAutoFillBackground(False)
        theme().dress(self.verticalScrollBar(), self.horizontalScrollBar())
