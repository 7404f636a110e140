"""Brings the latest lines of the log to the card that shows them, a handful at a time and only while it is in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer

from ipnft_desktop.recent_log import RecentLog
from ipnft_desktop.ui.environment.log_card import LogCard

REFRESH_MS = 200


class LogFeed(QObject):
    """Looks for new lines five times a second: a burst of ten thousand costs as much as what is kept of it. Lives and
    dies with its card."""

    def __init__(self, card: LogCard, recent_log: RecentLog) -> None:
        super().__init__(card)
        self._card = card
        self._log = recent_log
        self._seen = 0
        self._clock = QTimer(self)
        self._clock.setInterval(REFRESH_MS)
        self._clock.timeout.connect(self.refresh)
        card.installEventFilter(self)
        if card.isVisible():
            self._begin()

    def refresh(self) -> None:
        """Show what was logged since the last look."""
        if self._log.newest != self._seen:
            lines = self._log.since(self._seen)
            self._seen = lines[-1].number
            self._card.append_lines(lines)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look while the card is in view."""
        if event.type() == QEvent.Type.Show:
            self._begin()
        elif event.type() == QEvent.Type.Hide:
            self._clock.stop()
        return super().eventFilter(watched, event)

    def _begin(self) -> None:
        self.refresh()
        self._clock.start()
