"""Keeps bell, notices and panel in step with the alerts."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.alerts import Alert
from ipnft_desktop.domain.errors import Defect, IpnftError
from ipnft_desktop.domain.events import AlertCleared, AlertRaised
from ipnft_desktop.ui.alerts.notices import AlertNotices
from ipnft_desktop.ui.alerts.panel import AlertPanel
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.commands.command import Command, Group
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.toast import ToastStack

SHORTCUT = "Ctrl+Shift+A"
_REFRESH_MS = 50
"""Alerts that come together are shown together."""


class Alerts(Protocol):
    """What the panel needs of `services.alerts.AlertService`."""

    async def recent(self) -> tuple[Alert, ...]: ...


class AlertPresenter(QObject):
    """`open_count_changed` with how many are open; `mint_requested` with the asset whose mint shall be opened;
    `audit_requested` asks for the audit log, `findings_requested` for what the reconciliation found, `call_requested`
    for the recorded call of this number.

    `Ctrl+Shift+A` in the window opens the panel.
    """

    open_count_changed = Signal(int)
    mint_requested = Signal(object)
    audit_requested = Signal()
    findings_requested = Signal()
    call_requested = Signal(int)

    def __init__(self, window: QWidget, toasts: ToastStack, alerts: Alerts, events: AppEvents) -> None:
        super().__init__(window)
        self._window = window
        self._alerts = alerts
        self._known: dict[int, Alert] = {}
        self._heard: dict[int, Alert] = {}
        """What was told since the record was last asked: an answer on the way does not know it."""
        self._is_readable = False
        self._is_signed_out = False
        self._turn = 0
        self._panel: AlertPanel | None = None
        self._marked: int | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._notices = AlertNotices(toasts, lambda alert: self.open(alert.alert_id))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_REFRESH_MS)
        self._pause.timeout.connect(self._show)
        self._command = Command(
            window,
            "view.alerts",
            self.tr("Alerts"),
            self.open,
            SHORTCUT,
            icon=Icon.BELL,
            group=Group.VIEW,
            context=Qt.ShortcutContext.WindowShortcut,
        )
        events.alert_raised.connect(self._on_raised)
        events.alert_cleared.connect(self._on_cleared)

    @property
    def panel(self) -> AlertPanel | None:
        """The panel, once it was opened."""
        return self._panel

    def open(self, alert_id: int | None = None) -> None:
        """Bring the panel to the front, with this alert marked, and read the record anew."""
        if self._panel is None:
            self._panel = AlertPanel(self._window)
            self._panel.mint_requested.connect(self.mint_requested)
            self._panel.audit_requested.connect(self.audit_requested)
            self._panel.findings_requested.connect(self.findings_requested)
            self._panel.call_requested.connect(self.call_requested)
        self._marked = alert_id
        if self._is_readable:
            self._show()
            if not self._is_signed_out:
                self._load()
        self._panel.show()
        self._panel.raise_()
        self._panel.activateWindow()
        self._panel.list.setFocus()

    def reload(self) -> None:
        """The register is open and somebody is signed in: read the record."""
        self._is_readable, self._is_signed_out = True, False
        self._load()

    def show_signed_out(self) -> None:
        """Nobody is signed in: of what is raised only the number is told."""
        self._is_readable = self._is_signed_out = True
        self._turn += 1
        self._show()

    async def close(self) -> None:
        """Stop everything under way; the panel closes."""
        self._pause.stop()
        self._command.dispose()  # the window stays
        self._notices.close()
        await self._tasks.close()
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None

    def _on_raised(self, event: AlertRaised) -> None:
        if not self._is_signed_out:
            self._notices.add(event.alert)
        self._keep(event.alert)

    def _on_cleared(self, event: AlertCleared) -> None:
        self._keep(event.alert)

    def _keep(self, alert: Alert) -> None:
        self._known[alert.alert_id] = self._heard[alert.alert_id] = alert
        if not self._pause.isActive():
            self._pause.start()

    def _load(self) -> None:
        self._turn += 1
        self._tasks.start(self._read(self._turn), "alerts")

    async def _read(self, turn: int) -> None:
        self._heard.clear()
        try:
            read = await self._alerts.recent()
        except IpnftError as error:
            if turn == self._turn:
                self._tell_error(error)
            return
        if turn != self._turn:
            return  # A later answer is on the way.
        self._known = {alert.alert_id: alert for alert in read} | self._heard
        self._show()

    def _show(self) -> None:
        ordered = sorted(self._known.values(), key=lambda alert: (alert.cleared_at is not None, -alert.alert_id))
        self.open_count_changed.emit(sum(alert.cleared_at is None for alert in ordered))
        if self._panel is not None and self._is_signed_out:
            self._panel.show_signed_out()
        elif self._panel is not None:
            self._panel.show_alerts(ordered, self._marked)
            self._marked = None

    def _tell_error(self, error: IpnftError) -> None:
        if self._panel is not None:
            self._panel.show_error(error)

    def _on_unexpected(self, error: Exception) -> None:
        self._tell_error(Defect(f"{type(error).__name__}: {error}"))
