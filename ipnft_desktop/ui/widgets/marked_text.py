"""A label that marks the words somebody searches for."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.text import Text


class MarkedText(Text):
    """`mark` puts a ground behind words; the text itself is never taken for mark-up."""

    def __init__(
        self,
        text: str = "",
        size: TextSize = TextSize.BODY,
        weight: Weight = Weight.REGULAR,
        ink: Ink = Ink.FG,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._plain = text
        self._words: tuple[str, ...] = ()
        super().__init__(text, size, weight, ink, wrap=wrap, parent=parent)
        theme().changed.connect(self._refresh)

    @property
    def plain(self) -> str:
        """The text without marks."""
        return self._plain

    @property
    def marked(self) -> tuple[str, ...]:
        """What is marked, from left to right."""
        return tuple(match.group() for match in self._pattern().finditer(self._plain)) if self._words else ()

    def setText(self, text: str) -> None:
        """Show another text, with the same words marked."""
        self._plain = visible(text)
        self._refresh()

    def mark(self, words: tuple[str, ...]) -> None:
        """Mark these words wherever they stand, also within longer ones; none ends it."""
        if words != self._words:
            self._words = words
            self._refresh()

    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._words, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def _refresh(self) -> None:
        if not self.marked:
            self.setTextFormat(Qt.TextFormat.PlainText)
            super().setText(self._plain)
            return
        tokens = theme().tokens
        parts: list[str] = []
        end = 0
        for match in self._pattern().finditer(self._plain):
            parts.append(html.escape(self._plain[end : match.start()]))
            parts.append(f'<span style="background-color: {tokens.warn_soft}">{html.escape(match.group())}</span>')
            end = match.end()
        parts.append(html.escape(self._plain[end:]))
        self.setTextFormat(Qt.TextFormat.RichText)
        super().setText("".join(parts))
