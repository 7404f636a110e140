"""Labels in the type scale: always plain text, coloured by the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.tokens import Ink, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible


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
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont((mono_font if mono else text_font)(size, weight))
        self.setWordWrap(wrap)
        self.set_ink(ink)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show the text, made harmless."""
        super().setText(visible(text))

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
