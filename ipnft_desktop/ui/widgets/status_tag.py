"""The pill that names a state; the same drawing serves widgets and table delegates."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, Size, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.laid_out_texts import LaidOutTexts
from ipnft_desktop.ui.widgets.plain import visible

_MEASURED_TEXTS = 500


# Made once: a table paints dozens of pills in one frame.
@cache
def _lettering() -> LaidOutTexts:
    return LaidOutTexts(text_font(TextSize.MICRO, Weight.SEMIBOLD))


@cache
def _colours(is_dark: bool, tone: Tone) -> tuple[QColor, QColor]:
    ink, ground = (DARK if is_dark else LIGHT).tone(tone)
    return QColor(ink), QColor(ground)


@lru_cache(_MEASURED_TEXTS)
def tag_width(text: str) -> float:
    """Width of a pill in device-independent pixels."""
    return _lettering().width_of(visible(text)) + 2 * Size.TAG_PADDING


def paint_tag(painter: QPainter, bounds: QRectF, text: str, tone: Tone) -> QRectF:
    """Draw a pill at the left of `bounds`, centred vertically, and answer the space it took.

    The text is elided when `bounds` is narrower than the pill.
    """
    ink, ground = _colours(theme().tokens.is_dark, tone)
    top = bounds.center().y() - Size.TAG / 2
    pill = QRectF(bounds.left(), top, min(tag_width(text), bounds.width()), Size.TAG)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, Size.TAG / 2, Size.TAG / 2)
    painter.setPen(ink)
    # One pixel more than the text was measured to need: rounding must not cut it.
    space = (pill.left() + Size.TAG_PADDING - 0.5, top, pill.width() - 2 * Size.TAG_PADDING + 1, Size.TAG)
    _lettering().paint(painter, visible(text), space, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()
    return pill


class StatusTag(QWidget):
    """A pill with one word and a tone."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(text, tone)

    @property
    def text(self) -> str:
        """The word shown."""
        return self._text

    @property
    def tone(self) -> Tone:
        """The tone shown."""
        return self._tone

    def set_state(self, text: str, tone: Tone) -> None:
        """Show another word or tone."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the word."""
        return QSize(round(tag_width(self._text) + 0.5), Size.TAG)

    def minimumSizeHint(self) -> QSize:
        """The same: a state is never cut off by a layout."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill."""
        painter = QPainter(self)
        paint_tag(painter, QRectF(self.rect()), self._text, self._tone)
        painter.end()
