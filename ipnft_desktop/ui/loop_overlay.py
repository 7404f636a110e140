"""How smooth the window is, over the window itself: for whoever looks for what holds it up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.loop_gap import FRAME_MS, LoopTicker, WorstOf
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Radius, Size, Space, TextSize
from ipnft_desktop.ui.widgets.measures import size_text

_REFRESH_MS = 250
_SECOND_S, _MINUTE_S = 1.0, 60.0
_OPACITY = 0.9


class LoopOverlay(QWidget):
    """Hidden until `set_shown`; it takes no press and no focus, and measures only while it is shown.

    A gap is told as a clock saw it and, in brackets, as the work of the loop's own thread.
    """

    def __init__(self, window: QWidget, memory_bytes: Callable[[], int]) -> None:
        """`memory_bytes` answers what this process holds in memory."""
        super().__init__(window)
        self._window = window
        self._memory_bytes = memory_bytes
        self._second, self._minute = (WorstOf(_SECOND_S), WorstOf(_SECOND_S)), (WorstOf(_MINUTE_S), WorstOf(_MINUTE_S))
        self._frame = WorstOf(_SECOND_S)
        self._lines: tuple[tuple[str, Ink], ...] = ()
        self._ticker = LoopTicker(self._on_gap, self)
        self._clock = QTimer(self)
        self._clock.setInterval(_REFRESH_MS)
        self._clock.timeout.connect(self._refresh)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told."""
        return tuple(text for text, _ink in self._lines)

    def set_shown(self, shown: bool) -> None:
        """Show and measure, or neither."""
        if shown is not self.isHidden():
            return
        if shown:
            self._window.installEventFilter(self)
            self._ticker.start()
            self._clock.start()
            self._refresh()
            self.show()
            self.raise_()
        else:
            self._window.removeEventFilter(self)
            self._ticker.stop()
            self._clock.stop()
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Time each frame: a window paints all that is due in one update. Keep to the corner when its size changes."""
        if event.type() is QEvent.Type.UpdateRequest:
            started = time.perf_counter()
            done = watched.event(event)
            self._frame.add((time.perf_counter() - started) * 1000)
            return done
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Room for the lines."""
        metrics = self.fontMetrics()
        width = max((metrics.horizontalAdvance(text) for text in self.lines), default=0)
        return QSize(width + 2 * Space.M, len(self._lines) * Size.TEXT_LINE + 2 * Space.S)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines on a ground that lets the page through."""
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_OPACITY)
        painter.setPen(QColor(tokens.control_line))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), Radius.CONTROL, Radius.CONTROL)
        painter.setOpacity(1)
        top = int(Space.S)
        for text, ink in self._lines:
            painter.setPen(QColor(tokens.ink(ink)))
            line = self.rect().adjusted(Space.M, top, -Space.M, 0)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)
            top += Size.TEXT_LINE
        painter.end()

    def _on_gap(self, wall_ms: float, cpu_ms: float) -> None:
        for wall, cpu in (self._second, self._minute):
            wall.add(wall_ms)
            cpu.add(cpu_ms)

    def _refresh(self) -> None:
        self.setFont(mono_font(TextSize.CAPTION))
        told = (self.tr("Loop, last second"), self._second), (self.tr("Loop, last minute"), self._minute)
        gaps = [
            (self.tr("{0}: {1} ms ({2})").format(title, f"{wall.value:.1f}", f"{cpu.value:.1f}"), _ink(wall.value))
            for title, (wall, cpu) in told
        ]
        frame_ms = self._frame.value
        self._lines = (
            *gaps,
            (self.tr("Slowest frame: {0} ms").format(f"{frame_ms:.1f}"), _ink(frame_ms)),
            (self.tr("Tasks: {0}").format(len(asyncio.all_tasks())), Ink.FG),
            (self.tr("Memory: {0}").format(size_text(self._memory_bytes())), Ink.FG),
        )
        self.setAccessibleName(", ".join(self.lines))
        self._place()
        self.update()

    def _place(self) -> None:
        self.resize(self.sizeHint())
        self.move(self._window.width() - self.width() - Space.XL, Size.HEADER)


def _ink(value_ms: float) -> Ink:
    return Ink.ERROR if value_ms > FRAME_MS else Ink.OK
