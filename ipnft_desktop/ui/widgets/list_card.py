"""A list on a card: what narrows it above, notices and a last line below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.text import ElidedLabel


class ListCard(Card):
    """The last line counts at its left end and names the keys at its right."""

    def __init__(
        self,
        listed: QWidget,
        notices: Sequence[QWidget],
        counts: Sequence[QWidget],
        hints: str,
        bar: QWidget | None = None,
    ) -> None:
        """`bar` stands over the list and `notices` under it; `counts` begin the last line, `hints` end it."""
        super().__init__(flush=True)
        below = self._below = QVBoxLayout()
        below.setContentsMargins(Space.S, 0, Space.S, Space.S)
        for notice in notices:
            below.addWidget(notice)
        self._footer = QWidget()
        line = QHBoxLayout(self._footer)
        line.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        for count in counts:
            line.addWidget(count)
        keys = ElidedLabel(hints, TextSize.CAPTION, ink=Ink.MUTED)
        keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(keys, 1)
        self._bar = bar
        if bar is not None:
            self.body.addWidget(bar)
        self.body.addWidget(listed, 1)
        self.body.addLayout(below)
        self.body.addWidget(self._footer)

    def add_notice(self, notice: QWidget) -> None:
        """One more under the list."""
        self._below.addWidget(notice)

    def show_lines(self, is_listing: bool) -> None:
        """Whether there is anything to narrow and to count."""
        self._footer.setVisible(is_listing)
        if self._bar is not None:
            self._bar.setVisible(is_listing)
