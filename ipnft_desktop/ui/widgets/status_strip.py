"""The status bar: where the program stands, told truthfully, each part a way to the page it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QMenu, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon, bind_icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Radius, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.amounts import exact_gwei_text
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible
from ipnft_desktop.ui.widgets.status_tag import StatusTag

_PADDING = Space.XS


class StatusSegment(StrEnum):
    """The parts of the status bar that can be pressed."""

    CHAIN = "chain"
    BLOCK = "block"
    GAS = "gas"
    QUEUE = "queue"
    CONTENT = "content"
    DATABASE = "database"
    ALERTS = "alerts"
    USER = "user"


@dataclass(frozen=True, slots=True)
class StatusBarState:
    """What the status bar tells; an absent value is shown as a dash, never as an old figure.

    `badge` names the kind of network ("LOCAL CHAIN"); `connection` colours the dot before the node's name.
    """

    badge: str = ""
    badge_tone: Tone = Tone.WARN
    connection: Tone = Tone.NEUTRAL
    node_name: str = ""
    chain_id: int | None = None
    instance: str = ""
    block: int | None = None
    gas_price_wei: int | None = None
    queue_depth: int | None = None
    content_store: str = ""
    database: str = ""
    open_alerts: int = 0
    user: str = ""
    role: str = ""


class _Segment(QAbstractButton):
    """A muted label, a value and perhaps a dot or an icon; flat until it can be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._value, self._tail = "", "", ""
        self._dot: Tone | None = None
        self._icon: tuple[Icon, Ink] | None = None
        self._fonts = (text_font(TextSize.CAPTION), text_font(TextSize.CAPTION, Weight.MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_clickable(False)

    def set_parts(self, label: str, value: str, tail: str = "", dot: Tone | None = None) -> None:
        parts = (visible(label), visible(value), visible(tail))
        if (*parts, dot) == (self._label, self._value, self._tail, self._dot):
            return
        self._label, self._value, self._tail = parts
        self._dot = dot
        self.setAccessibleName(" ".join(part for part in parts if part))
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: Icon, ink: Ink) -> None:
        """Show an icon where others have their dot."""
        if self._icon != (icon, ink):
            self._icon = (icon, ink)
            self.updateGeometry()
            self.update()

    def set_clickable(self, clickable: bool) -> None:
        self.setEnabled(clickable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if clickable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        width = sum(advance for _, advance, _ in self._runs()) + 2 * _PADDING
        mark = Size.ICON_SMALL if self._icon else Size.DOT + _PADDING if self._dot else 0
        gap = _PADDING if self._icon and self._value else 0
        return QSize(round(width + mark + gap + 0.5), Size.SEGMENT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.MARK, Radius.MARK)
        left = _PADDING
        if self._dot is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.tone(self._dot)[0]))
            painter.drawEllipse(QRectF(left, (self.height() - Size.DOT) / 2, Size.DOT, Size.DOT))
            left += Size.DOT + _PADDING
        if self._icon is not None:
            pixmap = icon_pixmap(*self._icon, Size.ICON_SMALL, self.devicePixelRatioF())
            painter.drawPixmap(round(left), round((self.height() - Size.ICON_SMALL) / 2), pixmap)
            left += Size.ICON_SMALL + _PADDING
        for text, advance, is_value in self._runs():
            painter.setFont(self._fonts[is_value])
            painter.setPen(QColor(tokens.fg if is_value else tokens.muted))
            space = QRectF(left, 0, advance + Space.XXS, self.height())
            painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
            left += advance
        painter.end()

    def _runs(self) -> list[tuple[str, float, bool]]:
        texts = ((f"{self._label} " if self._label else "", False), (self._value, True), (self._tail, False))
        return [
            (text, QFontMetricsF(self._fonts[is_value]).horizontalAdvance(text), is_value)
            for text, is_value in texts
            if text
        ]


class StatusStrip(QFrame):
    """The bar at the foot of the window.

    Segments become pressable with `enable_segment`, so that none looks alive without an answer to a click.
    """

    segment_clicked = Signal(StatusSegment)
    theme_toggled = Signal()
    language_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
        self.setObjectName("statusStrip")
        self.setFixedHeight(Size.STATUS_BAR)
        self._badge = StatusTag()
        self._segments = {segment: _Segment() for segment in StatusSegment}
        self._languages: tuple[str, ...] = ()
        self._language = _Segment()
        self._language.hide()
        # An icon alone would look alive.
        self._segments[StatusSegment.ALERTS].hide()
        self._theme_button = IconButton(Icon.MOON, "")
        self._theme_button.clicked.connect(self.theme_toggled)
        self._language.clicked.connect(self._on_language_clicked)
        for segment, button in self._segments.items():
            button.clicked.connect(lambda _=False, segment=segment: self.segment_clicked.emit(segment))
        theme().changed.connect(self._on_theme_changed)
        self._lay_out()
        self._on_theme_changed()
        self.set_state(StatusBarState())

    def set_state(self, state: StatusBarState) -> None:
        """Tell another state."""
        parts = self._segments
        self._badge.set_state(state.badge, state.badge_tone)
        self._badge.setVisible(bool(state.badge))
        chain_id = str(state.chain_id) if state.chain_id is not None else ""
        instance = f" · {state.instance}" if state.instance else ""
        parts[StatusSegment.CHAIN].set_parts(
            state.node_name or self.tr("No chain"), chain_id, instance, dot=state.connection
        )
        parts[StatusSegment.BLOCK].set_parts(
            self.tr("Block"), f"#{number_text(state.block)}" if state.block is not None else "–"
        )
        parts[StatusSegment.GAS].set_parts(
            self.tr("Gas"), exact_gwei_text(state.gas_price_wei) if state.gas_price_wei is not None else "–"
        )
        parts[StatusSegment.QUEUE].set_parts(
            self.tr("Queue"), str(state.queue_depth) if state.queue_depth is not None else "–"
        )
        parts[StatusSegment.CONTENT].set_parts(self.tr("Content"), state.content_store or "–")
        parts[StatusSegment.DATABASE].set_parts(self.tr("Database"), state.database or "–")
        self._show_alerts(parts[StatusSegment.ALERTS], state.open_alerts)
        parts[StatusSegment.USER].set_parts(f"{state.user} ·" if state.user else "", state.role)
        parts[StatusSegment.USER].setVisible(bool(state.user or state.role))

    def _show_alerts(self, bell: _Segment, count: int) -> None:
        bell.set_icon(Icon.BELL, Ink.WARN if count else Ink.MUTED)
        bell.set_parts("", number_text(count) if count else "")
        told = self.tr("No open alerts")
        if count:
            told = self.tr("%Ln open alerts", "", count)
        bell.setAccessibleName(told)
        bell.setToolTip(told)

    def enable_segment(self, segment: StatusSegment) -> None:
        """Let a segment be pressed; the caller answers `segment_clicked`."""
        self._segments[segment].set_clickable(True)
        if segment is StatusSegment.ALERTS:
            self._segments[segment].show()

    def set_hint(self, segment: StatusSegment, hint: str) -> None:
        """What a segment tells on hover."""
        self._segments[segment].setToolTip(plain_tooltip(hint))

    def show_menu(self, segment: StatusSegment, menu: QMenu) -> None:
        """Open a menu over a segment, its right edge above the segment's."""
        button = self._segments[segment]
        size = menu.sizeHint()
        menu.popup(button.mapToGlobal(QPoint(button.width() - size.width(), -size.height())))

    def set_languages(self, available: tuple[str, ...], current: str) -> None:
        """Offer a change of language; with one language there is nothing to offer."""
        self._languages = available
        self._language.set_parts("", current)
        self._language.set_clickable(len(available) > 1)
        self._language.setVisible(len(available) > 1)

    @property
    def last_control(self) -> QWidget:
        """The one at the right end."""
        return self._theme_button

    def retranslate(self) -> None:
        """Say what stands here by itself in the language in force; the rest comes with the next state."""
        self._on_theme_changed()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.M, 1, Space.M, 0)
        line.setSpacing(Space.S)
        line.addWidget(self._badge)
        for segment, button in self._segments.items():
            if segment is StatusSegment.ALERTS:
                line.addStretch(1)
            line.addWidget(button)
        line.addWidget(self._language)
        line.addWidget(self._theme_button)

    def _on_theme_changed(self) -> None:
        dark = theme().tokens.is_dark
        bind_icon(self._theme_button, Icon.SUN if dark else Icon.MOON, Ink.MUTED)
        self._theme_button.set_name(self.tr("Light theme") if dark else self.tr("Dark theme"))

    def _on_language_clicked(self) -> None:
        current = self._languages.index(self._language.accessibleName())
        self.language_requested.emit(self._languages[(current + 1) % len(self._languages)])
