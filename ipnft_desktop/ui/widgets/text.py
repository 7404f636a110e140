"""Labels in the type scale: always plain text, coloured by the theme."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.tokens import Ink, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

_LONG_WORD = re.compile(r"(?<=[^\s\u2e80-\uffff]{16})(?=[^\s\u2e80-\uffff]{8})")
_PLACE_TO_BREAK = "\u200b"
"""An invisible space of no width: a hash or a path must not make its label wider than its place. Chinese breaks by
itself, and better."""


class Text(QLabel):
    """A label of one size, weight and ink; control and direction characters are made visible."""

    def __init__(
        self,
        text: str = "",
        size: TextSize = TextSize.BODY,
        weight: Weight = Weight.REGULAR,
        ink: Ink = Ink.FG,
        *,
        mono: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont((mono_font if mono else text_font)(size, weight))
        self.setWordWrap(wrap)
        self.set_ink(ink)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text, made harmless; where it wraps, a word of any length does."""
        shown = visible(text)
        self._shown = shown
        may_break = self.wordWrap() and self.textFormat() is Qt.TextFormat.PlainText
        super().setText(_LONG_WORD.sub(_PLACE_TO_BREAK, shown) if may_break else shown)

    def text(self) -> str:
        """What is shown, without the places where long words may break."""
        return self._shown

    def set_ink(self, ink: Ink) -> None:
        """Change the colour by its role."""
        if self.property("ink") == ink.value:
            return
        self.setProperty("ink", ink.value)
        if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # before that Qt does it by itself, once
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Text):
    """One line that gives way: what does not fit ends in an ellipsis and is told in full on hover."""

    def __init__(
        self,
        text: str = "",
        size: TextSize = TextSize.BODY,
        weight: Weight = Weight.REGULAR,
        ink: Ink = Ink.FG,
        *,
        mono: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, size, weight, ink, mono=mono, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show the text, made harmless; line breaks become spaces."""
        super().setText(" ".join(text.split("\n")))
        self._refresh_tooltip()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tool tip in step with what is cut off."""
        super().resizeEvent(event)
        self._refresh_tooltip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, shortened to the width there is."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self._elided())
        painter.end()

    def _elided(self) -> str:
        # Two pixels of grace: advances are fractional and a text that fits must not lose its last letter.
        room = self.contentsRect().width() + 2
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def _refresh_tooltip(self) -> None:
        self.setToolTip("" if self._elided() == self.text() else plain_tooltip(self.text()))
