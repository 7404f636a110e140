"""One A4 page of a certificate: lines, texts and squares, so that it prints as sharp as the printer can.

A page is measured before it is drawn. What does not fit is set in smaller letters, and never cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import segno
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption

from ipnft_desktop.domain.certificate import (
    BUNDLE_CODE,
    LICENCE,
    REMARK,
    TITLE,
    CertificateLanguage,
    CertificateLine,
    caveats,
    certificate_lines,
    licence_lines,
    said,
    token_address,
)
from ipnft_desktop.domain.certificate import TOKEN_CODE as TOKEN_CODE_NAME
from ipnft_desktop.ui.certificates.contents import CertificateContents
from ipnft_desktop.ui.theme.fonts import CJK_FAMILY, MONO_FAMILY, TEXT_FAMILY
from ipnft_desktop.ui.theme.paper import (
    BLACK,
    CODE_MM,
    DOTS_A_POINT,
    DOTS_AN_INCH,
    GAP_MM,
    GREY,
    LINE_GAP_MM,
    MARGIN_MM,
    NAMES_MM,
    PAGE_MM,
    PICTURE_MM,
    QUIET_MODULES,
    RULE_DOTS,
    WIDTH_MM,
)

_SMALLEST, _STEP = 0.4, 0.95
_EDGE, _BOLD_EDGE = 0.02, 0.05
"""How much wider the strokes of Chinese letters become, of their size."""


@dataclass(frozen=True, slots=True)
class _Words:
    corner: QPointF
    text: QTextLayout
    ink: QColor


@dataclass(slots=True)
class PageLayout:
    """What goes where, in dots from the corner of the page."""

    words: list[_Words] = field(default_factory=list[_Words])
    rules: list[float] = field(default_factory=list[float])
    picture: QRectF | None = None
    codes: list[tuple[QRectF, str]] = field(default_factory=list[tuple[QRectF, str]])
    end: float = 0.0


class CertificatePage:
    """A certificate in a language."""

    def __init__(self, contents: CertificateContents, language: CertificateLanguage) -> None:
        self._contents = contents
        self._language = language

    def paint(self, painter: QPainter) -> None:
        """Draw the page; the painter's unit is a dot, its origin the corner of the paper."""
        layout = self.fitted()
        for words in layout.words:
            painter.setPen(words.ink)
            words.text.draw(painter, words.corner)
            _draw_shapes(painter, words)
        painter.setPen(QPen(GREY, RULE_DOTS))
        for height in layout.rules:
            painter.drawLine(QLineF(_dots(MARGIN_MM), height, _dots(MARGIN_MM + WIDTH_MM), height))
        if layout.picture is not None and self._contents.picture is not None:
            painter.drawImage(layout.picture, self._contents.picture)
        for place, text in layout.codes:
            _draw_code(painter, place, text)

    def fitted(self) -> PageLayout:
        """What goes where, in the largest letters that leave room for everything."""
        scale = 1.0
        layout = self._laid_out(scale)
        while layout.end > _dots(PAGE_MM.height() - MARGIN_MM) and scale > _SMALLEST:
            scale *= _STEP
            layout = self._laid_out(scale)
        return layout

    def _laid_out(self, scale: float) -> PageLayout:
        found = PageLayout(end=_dots(MARGIN_MM))
        facts, language = self._contents.facts, self._language
        width = _dots(WIDTH_MM)
        self._add(found, said(TITLE, language, "\n"), _font(13 * scale), 0, width, GREY)
        found.end += _dots(LINE_GAP_MM)
        room = width
        if self._contents.picture is not None:
            side = _dots(PICTURE_MM)
            size = QSizeF(self._contents.picture.size()).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            left = _dots(PAGE_MM.width() - MARGIN_MM) - size.width()
            found.picture = QRectF(left, found.end, size.width(), size.height())
            room -= size.width() + _dots(GAP_MM)
        top = found.end
        self._add(found, facts["asset"]["name"], _font(24 * scale, QFont.Weight.Bold), 0, room)
        if found.picture is not None:
            found.end = max(found.end, top + found.picture.height())
        for caveat in caveats(facts, is_demonstration=self._contents.is_demonstration):
            found.end += _dots(LINE_GAP_MM * 2)
            text = said(caveat, CertificateLanguage.BOTH, "\n")
            self._add(found, text, _font(10 * scale, QFont.Weight.Bold), 0, width)
        found.end += _dots(GAP_MM)
        found.rules.append(found.end)
        found.end += _dots(LINE_GAP_MM * 2)
        for line in certificate_lines(facts, language, self._contents.recorded_at):
            self._add_line(found, line, scale)
        found.end += _dots(LINE_GAP_MM)
        found.rules.append(found.end)
        found.end += _dots(LINE_GAP_MM * 2)
        self._add(found, said(LICENCE, language), _font(10 * scale, QFont.Weight.DemiBold), 0, width)
        for sentence in licence_lines(facts, language):
            self._add(found, sentence, _font(9 * scale), 0, width)
        self._add_codes(found, scale)
        return found

    def _add_line(self, found: PageLayout, line: CertificateLine, scale: float) -> None:
        top = found.end
        names = _dots(NAMES_MM)
        self._add(found, line.name, _font(9 * scale), 0, names - _dots(LINE_GAP_MM), GREY)
        after_name, found.end = found.end, top
        font = _font(8 * scale, is_code=True) if line.is_code else _font(10 * scale)
        self._add(found, line.value, font, names, _dots(WIDTH_MM) - names)
        found.end = max(found.end, after_name) + _dots(LINE_GAP_MM) * scale

    def _add_codes(self, found: PageLayout, scale: float) -> None:
        """Both codes with what they say, at the foot of what is above or of the page, whichever is lower."""
        column = _dots((WIDTH_MM - GAP_MM) / 2)
        side = _dots(CODE_MM)
        texts = (
            (TOKEN_CODE_NAME, token_address(self._contents.facts)),
            (BUNDLE_CODE, f"sha256:{self._contents.bundle_sha256}"),
        )
        found.end += _dots(GAP_MM)
        found.rules.append(found.end)
        top = found.end = found.end + _dots(GAP_MM)
        lowest = top
        for number, (name, text) in enumerate(texts):
            left = number * (column + _dots(GAP_MM))
            found.codes.append((QRectF(_dots(MARGIN_MM) + left, top, side, side), text))
            found.end = top
            beside = left + side + _dots(LINE_GAP_MM * 2)
            room = column - side - _dots(LINE_GAP_MM * 2)
            self._add(found, said(name, self._language, "\n"), _font(8 * scale, QFont.Weight.DemiBold), beside, room)
            self._add(found, text, _font(6.5 * scale, is_code=True), beside, room)
            lowest = max(lowest, found.end, top + side)
        found.end = lowest + _dots(LINE_GAP_MM * 2)
        self._add(found, said(REMARK, self._language, "\n"), _font(7.5 * scale), 0, _dots(WIDTH_MM), GREY)

    def _add(
        self,
        found: PageLayout,
        text: str,
        font: QFont,
        left: float,
        width: float,
        ink: QColor = BLACK,
    ) -> None:
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
        found.words.append(_Words(QPointF(_dots(MARGIN_MM) + left, found.end), layout, ink))
        found.end += height


def _draw_shapes(painter: QPainter, words: _Words) -> None:
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


def _draw_code(painter: QPainter, place: QRectF, text: str) -> None:
    """A QR code (ISO/IEC 18004) of squares, those of a row that touch in one piece."""
    rows = [bytes(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]
    side = place.width() / (len(rows) + 2 * QUIET_MODULES)
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                left = place.left() + (start + QUIET_MODULES) * side
                top = place.top() + (number + QUIET_MODULES) * side
                painter.fillRect(QRectF(left, top, (end - start) * side, side), BLACK)
            start = end


def _font(size_points: float, weight: QFont.Weight = QFont.Weight.Normal, *, is_code: bool = False) -> QFont:
    font = QFont([MONO_FAMILY if is_code else TEXT_FAMILY, CJK_FAMILY])
    font.setPixelSize(round(size_points * DOTS_A_POINT))
    font.setWeight(weight)
    # Between capitals and digits Inter takes other hyphens and brackets, which nobody who copies them can read.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _dots(length_mm: float) -> float:
    return length_mm / 25.4 * DOTS_AN_INCH
