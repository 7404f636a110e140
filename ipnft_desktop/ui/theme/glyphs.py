"""The small marks that are drawn and not loaded: they stand in boxes and circles of any colour, at any scale."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ipnft_desktop.ui.theme.tokens import Stroke

# From the middle, in device-independent pixels.
_TICK = ((-3.5, 0.1), (-0.9, 2.6), (3.7, -2.6))
_CROSS = 3.0
_DOT = 4.0


def _pen(colour: QColor) -> QPen:
    return QPen(colour, Stroke.GLYPH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def paint_tick(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """Draw a tick around a point."""
    painter.setPen(_pen(colour))
    painter.drawPolyline([middle + QPointF(x, y) for x, y in _TICK])


def paint_cross(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """Draw a cross around a point."""
    painter.setPen(_pen(colour))
    for slope in (-_CROSS, _CROSS):
        painter.drawLine(middle + QPointF(-_CROSS, -slope), middle + QPointF(_CROSS, slope))


def paint_dot(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """Draw a filled dot around a point."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(middle, _DOT, _DOT)
