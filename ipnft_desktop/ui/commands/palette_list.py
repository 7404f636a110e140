"""The list of the palette: its model, and how a line is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ipnft_desktop.ui.commands.palette_lines import PaletteLine
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Radius, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import visible

LINE_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PaletteModel(QAbstractListModel):
    """The lines, in their order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: tuple[PaletteLine, ...] = ()

    def set_lines(self, lines: Sequence[PaletteLine]) -> None:
        """Show others."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def line_at(self, row: int) -> PaletteLine | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title; for screen readers the whole line."""
        line = self.line_at(index.row()) if index.isValid() else None
        if line is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(line.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = (line.title, line.refusal or line.place, line.keys)
                return ", ".join(visible(part) for part in parts if part)
            case _ if role == LINE_ROLE:
                return line
            case _:
                return None


class PaletteDelegate(QStyledItemDelegate):
    """Icon and title at the left; page, or why it cannot be chosen, and keys at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title_font = text_font(TextSize.BODY, Weight.MEDIUM)
        self._small_font = text_font(TextSize.CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line."""
        return QSize(0, Size.CONTROL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the line."""
        line = index.data(LINE_ROLE)
        if not isinstance(line, PaletteLine):
            return
        tokens = theme().tokens
        row = QRectF(option.rect).adjusted(Space.XS, 1, -Space.XS, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CONTROL, Radius.CONTROL)
        inner = row.adjusted(Space.S, 0, -Space.S, 0)
        if line.icon is not None:
            place = QPointF(inner.left(), inner.center().y() - Size.ICON / 2)
            painter.drawPixmap(place, icon_pixmap(line.icon, Ink.MUTED))
        inner.setLeft(inner.left() + Size.ICON + Space.S)
        inner.setRight(self._paint_side(painter, inner, line))
        ink = tokens.muted if line.refusal else tokens.fg
        _draw(painter, inner, line.title, self._title_font, ink, _LEFT)
        painter.restore()

    def _paint_side(self, painter: QPainter, inner: QRectF, line: PaletteLine) -> float:
        """Draw what stands at the right; answers where the title must end."""
        tokens = theme().tokens
        rest = QRectF(inner)
        title_width = QFontMetricsF(self._title_font).horizontalAdvance(visible(line.title))
        if line.keys:
            _draw(painter, rest, line.keys, self._small_font, tokens.fg, _RIGHT)
            rest.setRight(rest.right() - QFontMetricsF(self._small_font).horizontalAdvance(line.keys) - Space.L)
        end = rest.right()
        rest.setLeft(min(rest.left() + title_width + Space.L, rest.center().x()))
        told = line.refusal or line.place
        if told:
            _draw(painter, rest, told, self._small_font, tokens.muted, _RIGHT)
            metrics = QFontMetricsF(self._small_font)
            end -= min(metrics.horizontalAdvance(visible(told)), rest.width()) + Space.S
        return end


def _draw(painter: QPainter, bounds: QRectF, text: str, font: QFont, ink: str, side: Qt.AlignmentFlag) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    elided = QFontMetricsF(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, bounds.width() + 1)
    painter.drawText(bounds, int(side), elided)
