"""The alerts as a list: painted, not built of widgets, so that a thousand cost no more than those in view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ipnft_desktop.domain.alerts import Alert
from ipnft_desktop.ui.alerts import wording
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.measures import labelled_text, short_local_time
from ipnft_desktop.ui.widgets.plain import visible

ALERT_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT = 2 * Size.TEXT_LINE + 2 * Space.S + Space.XS
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class AlertListModel(QAbstractListModel):
    """Alerts in the order given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alerts: tuple[Alert, ...] = ()

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What is listed."""
        return self._alerts

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """List others."""
        self.beginResetModel()
        self._alerts = tuple(alerts)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self._alerts)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The alert itself, or its words."""
        if not index.isValid():
            return None
        alert = self._alerts[index.row()]
        if role == ALERT_ROLE:
            return alert
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(wording.headline(alert))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self.tr("Open") if alert.cleared_at is None else self.tr("Passed")
            return visible(labelled_text(state, joined(f"{wording.headline(alert)}.", wording.about(alert))))
        return None


class AlertDelegate(QStyledItemDelegate):
    """Two lines: what and since when, then about which asset."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._headline = text_font(TextSize.BODY, Weight.SEMIBOLD)
        self._passed_headline = text_font(TextSize.BODY)
        self._caption = text_font(TextSize.CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All of one height."""
        return QSize(0, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the alert."""
        alert = index.data(ALERT_ROLE)
        if not isinstance(alert, Alert):
            return
        painter.save()
        cell = QRectF(option.rect)
        self._paint_ground(painter, cell, option.state)
        self._paint_alert(painter, cell.adjusted(Space.M, Space.S, -Space.M, -Space.S), alert)
        painter.restore()

    def _paint_ground(self, painter: QPainter, cell: QRectF, state: QStyle.StateFlag) -> None:
        tokens = theme().tokens
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, QColor(tokens.accent_soft))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(QRectF(cell.left(), cell.top(), Space.XS, cell.height()), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, QColor(tokens.alt))
        painter.fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), QColor(tokens.line))

    def _paint_alert(self, painter: QPainter, inner: QRectF, alert: Alert) -> None:
        tokens = theme().tokens
        is_open = alert.cleared_at is None
        icon, ink = (Icon.TRIANGLE_ALERT, Ink.WARN) if is_open else (Icon.CIRCLE_CHECK, Ink.MUTED)
        pixmap = icon_pixmap(icon, ink, Size.ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(inner.left()), round(inner.top() + (Size.TEXT_LINE - Size.ICON) / 2), pixmap)
        first = QRectF(inner.left() + Size.ICON + Space.S, inner.top(), 0, Size.TEXT_LINE)
        first.setRight(inner.right())
        moment = short_local_time(alert.raised_at)
        width = QFontMetricsF(self._caption).horizontalAdvance(moment)
        _text(painter, first, moment, self._caption, tokens.muted, Qt.AlignmentFlag.AlignRight)
        font, colour = (self._headline, tokens.fg) if is_open else (self._passed_headline, tokens.muted)
        _text(painter, first.adjusted(0, 0, -width - Space.S, 0), wording.headline(alert), font, colour)
        second = first.translated(0, Size.TEXT_LINE + Space.XS)
        _text(painter, second, wording.about(alert), self._caption, tokens.muted)


class AlertList(QListView):
    """`chosen` carries the alert a person went to; `opened` that of a double click or Enter."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alerts = AlertListModel(self)
        self.setModel(self._alerts)
        self.setItemDelegate(AlertDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Alerts"))
        self.activated.connect(self._on_activated)

    @property
    def current(self) -> Alert | None:
        """The alert that is marked."""
        alert = self.currentIndex().data(ALERT_ROLE)
        return alert if isinstance(alert, Alert) else None

    def show_alerts(self, alerts: Sequence[Alert], marked: int | None = None) -> None:
        """List these; the mark goes to the alert of this id, else stays, else goes to the first."""
        before = self.current
        wanted = marked if marked is not None else before.alert_id if before else None
        self._alerts.set_alerts(alerts)
        found = next((at for at, alert in enumerate(self._alerts.alerts) if alert.alert_id == wanted), 0)
        self.setCurrentIndex(self._alerts.index(found, 0))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell where the mark went."""
        super().selectionChanged(selected, deselected)
        if (alert := self.current) is not None and selected.count():
            self.chosen.emit(alert)

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ALERT_ROLE))


def _text(
    painter: QPainter,
    bounds: QRectF,
    text: str,
    font: QFont,
    colour: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, bounds.width() + 1)
    painter.drawText(bounds, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
