"""Tells new alerts at the bottom right: one notice a kind, which counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.ui.alerts import wording
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.toast import ToastStack

MERGED_MS = 100
"""Alerts raised within this time are told together: an unreachable node makes many mints old at once."""


class AlertNotices(QObject):
    """Fills a pile of notices; `on_show` is handed the alert whose notice was pressed."""

    def __init__(self, toasts: ToastStack, on_show: Callable[[Alert], object]) -> None:
        super().__init__(toasts)
        self._toasts = toasts
        self._on_show = on_show
        self._counts: Counter[AlertKind] = Counter()
        self._untold: dict[AlertKind, Alert] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(MERGED_MS)
        self._pause.timeout.connect(self._tell)

    def add(self, alert: Alert) -> None:
        """A new alert; its notice counts on for as long as it is in view."""
        kind = alert.kind
        if kind not in self._untold and not self._toasts.is_shown(_key(kind)):
            self._counts[kind] = 0
        self._counts[kind] += 1
        self._untold[kind] = alert
        if not self._pause.isActive():
            self._pause.start()

    def close(self) -> None:
        """Tell nothing any more."""
        self._pause.stop()

    def _tell(self) -> None:
        untold, self._untold = self._untold, {}
        for kind, alert in untold.items():
            self._toasts.show_toast(
                wording.notice(alert, self._counts[kind]),
                Tone.WARN,
                self.tr("Show"),
                lambda alert=alert: self._on_show(alert),
                _key(kind),
            )


def _key(kind: AlertKind) -> str:
    return f"alert.{kind}"
