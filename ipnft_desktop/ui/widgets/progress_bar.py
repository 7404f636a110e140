"""A slim bar of progress."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Tone


class ProgressBar(QProgressBar):
    """Progress in percent, 0 to 100, with a tone for how it goes."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.ACCENT
        self.setRange(0, 100)
        self.setValue(0)
        self.setTextVisible(False)
        self.setFixedHeight(Size.BAR)
        self.setAccessibleName(name)

    def set_tone(self, tone: Tone) -> None:
        """Colour the filled part."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the filled part with round ends."""
        tokens = theme().tokens
        span = max(1, self.maximum() - self.minimum())
        share = (self.value() - self.minimum()) / span
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(track, Size.BAR / 2, Size.BAR / 2)
        if share > 0:
            track.setWidth(max(float(Size.BAR), track.width() * share))
            painter.setBrush(QColor(tokens.tone(self._tone)[0]))
            painter.drawRoundedRect(track, Size.BAR / 2, Size.BAR / 2)
        painter.end()
