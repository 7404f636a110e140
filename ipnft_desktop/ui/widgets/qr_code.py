"""A text as a QR code, drawn square by square, dark on light: readable in both themes, and by any reader."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ipnft_desktop.ui.theme.tokens import LIGHT, Size


class QrCode(QWidget):
    """Empty until there is a text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` says what is in it, for screen readers."""
        super().__init__(parent)
        self._text = ""
        self._squares: tuple[bytes, ...] = ()
        self.setAccessibleName(name)
        self.setFixedSize(Size.PICTURE, Size.PICTURE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is in it."""
        return self._text

    @property
    def squares(self) -> tuple[bytes, ...]:
        """Its rows with the empty squares around them (ISO/IEC 18004), 1 for a dark square."""
        return self._squares

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self._squares = _squares_of(text) if text else ()
            self.setAccessibleDescription(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, each square of whole pixels."""
        painter = QPainter(self)
        if self._squares:
            count, scale = len(self._squares), self.devicePixelRatioF()
            side = int(self.width() * scale / count) / scale
            left = (self.width() - side * count) / 2
            painter.fillRect(QRectF(left, left, side * count, side * count), QColor(LIGHT.surface))
            for row, squares in enumerate(self._squares):
                for column, is_dark in enumerate(squares):
                    if is_dark:
                        square = QRectF(left + side * column, left + side * row, side, side)
                        painter.fillRect(square, QColor(LIGHT.fg))
        painter.end()


def _squares_of(text: str) -> tuple[bytes, ...]:
    import segno

    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix_iter())
