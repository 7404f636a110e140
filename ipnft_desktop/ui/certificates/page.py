"""One A4 page of a certificate: lines, texts and squares, so that it prints as sharp as the printer can.

A page is measured before it is drawn. What does not fit is set in smaller letters, and never cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import segno
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPainter

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
from ipnft_desktop.ui.theme.paper import (
    BLACK,
    CODE_MM,
    GAP_MM,
    GREY,
    LINE_GAP_MM,
    MARGIN_MM,
    NAMES_MM,
    PAGE_MM,
    PICTURE_MM,
    QUIET_MODULES,
    WIDTH_MM,
)
from ipnft_desktop.ui.theme.paper_text import PaperLayout, dots, paper_font

_SMALLEST, _STEP = 0.4, 0.95


@dataclass(slots=True)
class PageLayout(PaperLayout):
    """With a picture and codes."""

    picture: QRectF | None = None
    codes: list[tuple[QRectF, str]] = field(default_factory=list[tuple[QRectF, str]])


class CertificatePage:
    """A certificate in a language."""

    def __init__(self, contents: CertificateContents, language: CertificateLanguage) -> None:
        self._contents = contents
        self._language = language

    def paint(self, painter: QPainter) -> None:
        """Draw the page; the painter's unit is a dot, its origin the corner of the paper."""
        layout = self.fitted()
        layout.draw_text(painter)
        if layout.picture is not None and self._contents.picture is not None:
            painter.drawImage(layout.picture, self._contents.picture)
        for place, text in layout.codes:
            _draw_code(painter, place, text)

    def fitted(self) -> PageLayout:
        """What goes where, in the largest letters that leave room for everything."""
        scale = 1.0
        layout = self._laid_out(scale)
        while layout.end > dots(PAGE_MM.height() - MARGIN_MM) and scale > _SMALLEST:
            scale *= _STEP
            layout = self._laid_out(scale)
        return layout

    def _laid_out(self, scale: float) -> PageLayout:
        found = PageLayout(end=dots(MARGIN_MM))
        facts, language = self._contents.facts, self._language
        width = dots(WIDTH_MM)
        found.add(said(TITLE, language, "\n"), paper_font(13 * scale), 0, width, GREY)
        found.end += dots(LINE_GAP_MM)
        room = width
        if self._contents.picture is not None:
            side = dots(PICTURE_MM)
            size = QSizeF(self._contents.picture.size()).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            left = dots(PAGE_MM.width() - MARGIN_MM) - size.width()
            found.picture = QRectF(left, found.end, size.width(), size.height())
            room -= size.width() + dots(GAP_MM)
        top = found.end
        found.add(facts["asset"]["name"], paper_font(24 * scale, QFont.Weight.Bold), 0, room)
        if found.picture is not None:
            found.end = max(found.end, top + found.picture.height())
        for caveat in caveats(facts, is_demonstration=self._contents.is_demonstration):
            found.end += dots(LINE_GAP_MM * 2)
            text = said(caveat, CertificateLanguage.BOTH, "\n")
            found.add(text, paper_font(10 * scale, QFont.Weight.Bold), 0, width)
        found.end += dots(GAP_MM)
        found.rules.append(found.end)
        found.end += dots(LINE_GAP_MM * 2)
        for line in certificate_lines(facts, language, self._contents.recorded_at):
            self._add_line(found, line, scale)
        found.end += dots(LINE_GAP_MM)
        found.rules.append(found.end)
        found.end += dots(LINE_GAP_MM * 2)
        found.add(said(LICENCE, language), paper_font(10 * scale, QFont.Weight.DemiBold), 0, width)
        for sentence in licence_lines(facts, language):
            found.add(sentence, paper_font(9 * scale), 0, width)
        self._add_codes(found, scale)
        return found

    def _add_line(self, found: PageLayout, line: CertificateLine, scale: float) -> None:
        top = found.end
        names = dots(NAMES_MM)
        found.add(line.name, paper_font(9 * scale), 0, names - dots(LINE_GAP_MM), GREY)
        after_name, found.end = found.end, top
        font = paper_font(8 * scale, is_code=True) if line.is_code else paper_font(10 * scale)
        found.add(line.value, font, names, dots(WIDTH_MM) - names)
        found.end = max(found.end, after_name) + dots(LINE_GAP_MM) * scale

    def _add_codes(self, found: PageLayout, scale: float) -> None:
        """Both codes with what they say, at the foot of what is above or of the page, whichever is lower."""
        column = dots((WIDTH_MM - GAP_MM) / 2)
        side = dots(CODE_MM)
        texts = (
            (TOKEN_CODE_NAME, token_address(self._contents.facts)),
            (BUNDLE_CODE, f"sha256:{self._contents.bundle_sha256}"),
        )
        found.end += dots(GAP_MM)
        found.rules.append(found.end)
        top = found.end = found.end + dots(GAP_MM)
        lowest = top
        for number, (name, text) in enumerate(texts):
            left = number * (column + dots(GAP_MM))
            found.codes.append((QRectF(dots(MARGIN_MM) + left, top, side, side), text))
            found.end = top
            beside = left + side + dots(LINE_GAP_MM * 2)
            room = column - side - dots(LINE_GAP_MM * 2)
            found.add(said(name, self._language, "\n"), paper_font(8 * scale, QFont.Weight.DemiBold), beside, room)
            found.add(text, paper_font(6.5 * scale, is_code=True), beside, room)
            lowest = max(lowest, found.end, top + side)
        found.end = lowest + dots(LINE_GAP_MM * 2)
        found.add(said(REMARK, self._language, "\n"), paper_font(7.5 * scale), 0, dots(WIDTH_MM), GREY)


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
