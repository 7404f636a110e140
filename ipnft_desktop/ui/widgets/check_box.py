"""A check box that is seen on every ground; the drawing also serves table delegates."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from ipnft_desktop.ui.theme.glyphs import paint_tick
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius, Size, Space, Stroke
from ipnft_desktop.ui.widgets.plain import visible

_BOX = Size.ICON


def paint_check(
    painter: QPainter, top_left: QPointF, *, checked: bool, enabled: bool = True, focus: bool = False
) -> None:
    """Draw the box with its tick, as large as an icon."""
    tokens = theme().tokens
    box = QRectF(top_left, QSizeF(_BOX, _BOX)).adjusted(1, 1, -1, -1)
    edge = tokens.accent if focus or (checked and enabled) else tokens.control_line
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), Stroke.FOCUS if focus else Stroke.EDGE))
    painter.setBrush(QColor(tokens.accent if checked and enabled else tokens.surface))
    painter.drawRoundedRect(box, Radius.MARK, Radius.MARK)
    if checked:
        paint_tick(painter, box.center(), QColor(tokens.on_accent if enabled else tokens.muted))
    painter.restore()


class CheckBox(QCheckBox):
    """A box with a text that can be pressed as well."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Room for box, gap and text."""
        text = self.fontMetrics().size(0, self.text())
        return QSize(_BOX + Space.S + text.width() + Space.XXS, max(_BOX, text.height()) + Space.XS)

    def hitButton(self, pos: QPoint) -> bool:
        """Box and text both answer."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box and text."""
        tokens = theme().tokens
        painter = QPainter(self)
        corner = QPointF(0, (self.height() - _BOX) / 2)
        paint_check(painter, corner, checked=self.isChecked(), enabled=self.isEnabled(), focus=self.hasFocus())
        painter.setPen(QColor(tokens.fg if self.isEnabled() else tokens.muted))
        space = self.rect().adjusted(_BOX + Space.S, 0, 0, 0)
        painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), visible(self.text()))
        painter.end()
