"""Lines of text on paper, set and drawn so that they print as sharp as the printer can."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption

from ipnft_desktop.ui.theme.fonts import CJK_FAMILY, MONO_FAMILY, TEXT_FAMILY
from ipnft_desktop.ui.theme.paper import (
    BLACK,
    DOTS_A_POINT,
    DOTS_AN_INCH,
    GREY,
    MARGIN_MM,
    RULE_DOTS,
    WIDTH_MM,
)

_EDGE, _BOLD_EDGE = 0.02, 0.05
"""How much wider the strokes of Chinese letters become, of their size."""


@dataclass(frozen=True, slots=True)
class PaperWords:
    """A paragraph and where it stands."""

    corner: QPointF
    text: QTextLayout
    ink: QColor


@dataclass(slots=True)
class PaperLayout:
    """What goes where, in dots from the corner of the page."""

    words: list[PaperWords] = field(default_factory=list[PaperWords])
    rules: list[float] = field(default_factory=list[float])
    end: float = 0.0

    def add(self, text: str, font: QFont, left: float, width: float, ink: QColor = BLACK) -> None:
        """A paragraph: broken between words, and within them where a word is longer than a line."""
        layout = QTextLayout(text.replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        self.words.append(PaperWords(QPointF(dots(MARGIN_MM) + left, self.end), layout, ink))
        self.end += height

    def draw_text(self, painter: QPainter) -> None:
        """Draw words and rules; the painter's unit is a dot, its origin the corner of the paper."""
        for words in self.words:
            painter.setPen(words.ink)
            words.text.draw(painter, words.corner)
            _draw_shapes(painter, words)
        painter.setPen(QPen(GREY, RULE_DOTS))
        for height in self.rules:
            painter.drawLine(QLineF(dots(MARGIN_MM), height, dots(MARGIN_MM + WIDTH_MM), height))


def paper_font(size_points: float, weight: QFont.Weight = QFont.Weight.Normal, *, is_code: bool = False) -> QFont:
    """A font of the program in a size for paper."""
    font = QFont([MONO_FAMILY if is_code else TEXT_FAMILY, CJK_FAMILY])
    font.setPixelSize(round(size_points * DOTS_A_POINT))
    font.setWeight(weight)
    # Between capitals and digits Inter takes other hyphens and brackets, which nobody who copies them can read.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def dots(length_mm: float) -> float:
    """A length on paper in its unit."""
    return length_mm / 25.4 * DOTS_AN_INCH


def _draw_shapes(painter: QPainter, words: PaperWords) -> None:
    """Chinese letters once more, as shapes with an edge: a PDF file gets their font in its lightest weight only. As
    text they can still be found and copied."""
    share = _BOLD_EDGE if words.text.font().weight() >= QFont.Weight.DemiBold else _EDGE
    for run in words.text.glyphRuns():
        font = run.rawFont()
        if font.familyName() != CJK_FAMILY:
            continue
        edge = QPen(words.ink, share * font.pixelSize())
        for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            shape = font.pathForGlyph(glyph).translated(words.corner + place)
            painter.fillPath(shape, words.ink)
            painter.strokePath(shape, edge)
