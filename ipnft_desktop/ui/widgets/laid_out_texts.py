"""Lines of text that are laid out once and painted many times, as in the cells of a table."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTextOption

KEPT_TEXTS = 1_000
"""Some screens full."""


class LaidOutTexts:
    """Lines of one font, cut to their widths; the last laid out are kept."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._kept: OrderedDict[tuple[str, float], tuple[QStaticText, float, int]] = OrderedDict()
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._option.setTextDirection(Qt.LayoutDirection.LeftToRight)

    def width_of(self, text: str) -> float:
        """Width of a line that is not cut."""
        return self._metrics.horizontalAdvance(text)

    def paint(
        self,
        painter: QPainter,
        text: str,
        space: tuple[float, float, float, float],
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Draw one line of plain text, without breaks and tabs, in the colour of the painter's pen.

        `space` is left, top, width and height; the line stands in the middle of the height and at the left, in the
        centre or at the right of the width.
        """
        left, top, width, height = space
        laid_out, text_width, text_height = self._kept.get((text, width)) or self._lay_out(text, width)
        if align is not Qt.AlignmentFlag.AlignLeft:
            left += (width - text_width) * (0.5 if align is Qt.AlignmentFlag.AlignHCenter else 1.0)
        painter.setFont(self._font)
        painter.drawStaticText(QPointF(left, top + (height - text_height) // 2), laid_out)

    def _lay_out(self, text: str, width: float) -> tuple[QStaticText, float, int]:
        laid_out = self._line(text)
        if laid_out.size().width() > width:
            laid_out = self._line(self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        size = laid_out.size()
        kept = self._kept[text, width] = laid_out, size.width(), int(size.height())
        if len(self._kept) > KEPT_TEXTS:
            self._kept.popitem(last=False)
        return kept

    def _line(self, text: str) -> QStaticText:
        line = QStaticText(text)
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setTextOption(self._option)
        line.prepare(font=self._font)
        return line
