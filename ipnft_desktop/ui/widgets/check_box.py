"""A check box that is seen on every ground; the drawing also serves table delegates."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.plain import visible

BOX = 16


def paint_check(
    painter: QPainter, top_left: QPointF, *, checked: bool, enabled: bool = True, focus: bool = False
) -> None:
    """Draw the box with its tick, 16 device-independent pixels a side."""
    tokens = theme().tokens
    box = QRectF(top_left.x() + 1, top_left.y() + 1, BOX - 2, BOX - 2)
    edge = tokens.accent if focus or (checked and enabled) else tokens.control_line
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), 2.0 if focus else 1.4))
    painter.setBrush(QColor(tokens.accent if checked and enabled else tokens.surface))
    painter.drawRoundedRect(box, 4, 4)
    if checked:
        tick = QPen(QColor(tokens.on_accent if enabled else tokens.muted), 1.8)
        tick.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(tick)
        middle = box.center()
        corners = ((-3.4, 0.2), (-0.9, 2.6), (3.6, -2.6))
        painter.drawPolyline([QPointF(middle.x() + x, middle.y() + y) for x, y in corners])
    painter.restore()


class CheckBox(QCheckBox):
    """A box with a text that can be pressed as well."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Room for box, gap and text."""
        text = self.fontMetrics().size(0, self.text())
        return QSize(BOX + Space.S + text.width() + 2, max(BOX, text.height()) + Space.XS)

    def hitButton(self, pos: QPoint) -> bool:
        """Box and text both answer."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box and text."""
        tokens = theme().tokens
        painter = QPainter(self)
        corner = QPointF(0, (self.height() - BOX) / 2)
        paint_check(painter, corner, checked=self.isChecked(), enabled=self.isEnabled(), focus=self.hasFocus())
        painter.setPen(QColor(tokens.fg if self.isEnabled() else tokens.muted))
        space = self.rect().adjusted(BOX + Space.S, 0, 0, 0)
        painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), visible(self.text()))
        painter.end()
