"""A check box that is seen on every ground; the drawing also serves table delegates."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QToolTip, QWidget

from ipnft_desktop.ui.theme.glyphs import paint_tick
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius, Size, Space, Stroke
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

_BOX = Size.ICON


def paint_check(
    painter: QPainter, top_left: QPointF, *, checked: bool, enabled: bool = True, focus: bool = False
) -> None:
    """Draw the box with its tick, as large as an icon."""
    tokens = theme().tokens
    box = QRectF(top_left, QSizeF(_BOX, _BOX)).adjusted(1, 1, -1, -1)
    # The focus is seen on the accent as well.
    focused = tokens.fg if checked else tokens.accent
    edge = focused if focus else tokens.accent if checked and enabled else tokens.edge if enabled else tokens.line
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

    def minimumSizeHint(self) -> QSize:
        """The text gives way."""
        return QSize(_BOX + Space.S, self.sizeHint().height())

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
        painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._elided())
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tell in full on hover what is cut off, where nothing else is told."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and not self.toolTip():
            whole = visible(self.text())
            QToolTip.showText(event.globalPos(), plain_tooltip(whole) if self._elided() != whole else "", self)
            return True
        return super().event(event)

    def _elided(self) -> str:
        room = self.width() - _BOX - Space.S
        return self.fontMetrics().elidedText(visible(self.text()), Qt.TextElideMode.ElideRight, room)
