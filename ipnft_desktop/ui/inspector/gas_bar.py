"""Where the gas of one transaction went: a bar of its parts, and under it what each is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.inspection.tracing import GasStory
from ipnft_desktop.ui.gas.parts_bars import PAID_PARTS, part_colour
from ipnft_desktop.ui.gas.words import part_name
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius, Size, Space, TextSize
from ipnft_desktop.ui.widgets.measures import labelled_text, listed, number_text

_ORDER = (
    *(GasPart.BASE, GasPart.CALLDATA, GasPart.STORAGE, GasPart.LOGS, GasPart.CODE, GasPart.EXECUTION),
    GasPart.CALLDATA_FLOOR,
)
"""As a transaction spends it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is drawn and told: None is what is not told apart."""

    part: GasPart | None
    gas: int

    @property
    def colour(self) -> str:
        return theme().tokens.control_line if self.part is None else part_colour(self.part)

    @property
    def text(self) -> str:
        name = QCoreApplication.translate("ChainPage", "Not told apart") if self.part is None else part_name(self.part)
        return labelled_text(name, number_text(self.gas))


class GasBar(QWidget):
    """What is given back is told, and is no part of the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert set(_ORDER) == set(PAID_PARTS)
        self._pieces: tuple[_Piece, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_story(None)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told, one part each."""
        return tuple(piece.text for piece in self._pieces)

    def show_story(self, story: GasStory | None) -> None:
        """Show another; nothing while it is on its way."""
        pieces: list[_Piece] = []
        if story is not None:
            pieces = [_Piece(part, story.parts.get(part, 0)) for part in (*_ORDER, GasPart.REFUND)]
            pieces.append(_Piece(None, story.rest))
        self._pieces = tuple(piece for piece in pieces if piece.gas)
        self.setAccessibleName(listed(self.lines))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """The bar, and as many lines as the parts need."""
        return QSize(Size.SIDE_PANEL, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrower place the parts take more lines."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bar and parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        paid = [piece for piece in self._pieces if piece.gas > 0]
        total = sum(piece.gas for piece in paid) or 1
        left = 0.0
        for piece in paid:
            width = self.width() * piece.gas / total
            painter.setBrush(QColor(piece.colour))
            bar = QRectF(left, 0, max(1.0, width - 1), Size.TAG)
            painter.drawRoundedRect(bar, Radius.MARK / 2, Radius.MARK / 2)
            left += width
        painter.setFont(text_font(TextSize.CAPTION))
        for piece, place in zip(self._pieces, self._places(), strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(piece.colour))
            top = place.center().y() - Size.DOT / 2
            painter.drawRoundedRect(QRectF(place.left(), top, Size.DOT, Size.DOT), Radius.MARK / 2, Radius.MARK / 2)
            painter.setPen(QColor(theme().tokens.muted))
            text = place.adjusted(Size.DOT + Space.XS, 0, Space.XS, 0)
            painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), piece.text)
        painter.end()

    def _places(self) -> list[QRectF]:
        """Where each part is told: from left to right, and on the next line where there is no room."""
        letters = QFontMetricsF(text_font(TextSize.CAPTION))
        left, top, places = 0.0, float(Size.TAG + Space.S), list[QRectF]()
        for piece in self._pieces:
            width = Size.DOT + Space.XS + letters.horizontalAdvance(piece.text)
            if left and left + width > self.width():
                left, top = 0.0, top + Size.TEXT_LINE
            places.append(QRectF(left, top, width, Size.TEXT_LINE))
            left += width + Space.L
        return places

    def _height(self) -> int:
        places = self._places()
        return round(places[-1].bottom()) if places else Size.TAG + Space.S + Size.TEXT_LINE

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())
