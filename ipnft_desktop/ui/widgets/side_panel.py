"""One thing in full beside the list it is chosen from."""

from __future__ import annotations

from contextlib import AbstractContextManager

from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Size, Space
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.laid_out_once import laid_out_once
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn


class SidePanel(Card):
    """What is known of it in a column that scrolls, `buttons` for what can be done with it below; or, while nothing is
    chosen, a sentence that says so."""

    def __init__(self, nothing: EmptyState, parent: QWidget | None = None, *, width: int = Size.SIDE_PANEL) -> None:
        """`nothing` is what stands there while nothing is chosen."""
        super().__init__(parent)
        self.setFixedWidth(width)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(Space.S)
        self._scroll = ScrollingColumn()
        self._scroll.column.setContentsMargins(0, 0, Space.XS, 0)
        full = QWidget()
        self._full = box = QVBoxLayout(full)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self._scroll, 1)
        box.addLayout(self.buttons)
        self._faces = QStackedWidget()
        self._faces.addWidget(nothing)
        self._faces.addWidget(full)
        self.body.addWidget(self._faces)

    def fill(self, *parts: QWidget | QLayout) -> None:
        """What the column shows, from the top."""
        for part in parts:
            if isinstance(part, QWidget):
                self._scroll.column.addWidget(part)
            else:
                self._scroll.column.addLayout(part)
        self._scroll.column.addStretch(1)

    def changing(self) -> AbstractContextManager[None]:
        """Whatever is changed of the column and the buttons in the block is laid out once."""
        return laid_out_once(self._full, self._scroll.column)

    def show_filled(self, is_filled: bool) -> None:
        """Show the column, or that nothing is chosen."""
        self._faces.setCurrentIndex(int(is_filled))

    def scroll_up(self) -> None:
        """Show the column from its beginning, for it tells of something else now."""
        self._scroll.verticalScrollBar().setValue(0)
