"""The panel behind the bell: the alerts at the left, the one that is marked in full at the right."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.alert_rules import AlertedMint
from ipnft_desktop.ui.alerts import wording
from ipnft_desktop.ui.alerts.alert_list import AlertList
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import KeyValuePanel
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text

_ABOUT_NO_MINT = frozenset({AlertKind.AUDIT_BROKEN, AlertKind.STORES_DIFFER, AlertKind.CALL_STUCK})


class AlertPanel(Dialog):
    """Never modal; `mint_requested` carries the asset whose mint shall be opened, `audit_requested` asks for the audit
    log, `findings_requested` for what the reconciliation found, `call_requested` for the call of this number."""

    mint_requested = Signal(object)
    audit_requested = Signal()
    findings_requested = Signal()
    call_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Alerts"))
        self.resize(DialogWidth.XL, DialogHeight.L)
        self._summary = Text("", TextSize.BODY, ink=Ink.MUTED)
        self.error_panel = ErrorPanel()
        self.list = AlertList()
        self.detail = AlertDetail()
        self._empty = EmptyState(
            Icon.BELL,
            self.tr("No alerts"),
            self.tr(
                "Mints that fail too often, stay open for too long or fail again at every retry are told here, and "
                "calls that no block takes."
            ),
        )
        self._waiting = EmptyState(
            Icon.BELL,
            self.tr("Not known yet"),
            self.tr("Alerts are kept in the register. They are read as soon as the environment is started."),
        )
        self._signed_out = EmptyState(
            Icon.LOCK, self.tr("Nobody is signed in"), self.tr("Alerts name assets. Sign in to read them.")
        )
        self.close_button = SecondaryButton(self.tr("Close"))
        self._stack = QStackedWidget()
        self._lay_out()
        self.list.chosen.connect(self.detail.show_alert)
        self.list.opened.connect(self._on_opened)
        self.detail.open_button.clicked.connect(lambda: self._on_opened(self.list.current))
        self.close_button.clicked.connect(self.close)
        self.show_waiting()

    @property
    def summary(self) -> str:
        """How many there are, as shown."""
        return self._summary.text()

    @property
    def is_empty(self) -> bool:
        """Whether the list is replaced by a word about why there is none."""
        return self._stack.currentWidget() in (self._empty, self._waiting, self._signed_out)

    def show_waiting(self) -> None:
        """The register cannot be asked yet."""
        self._summary.setText("")
        self._stack.setCurrentWidget(self._waiting)

    def show_signed_out(self) -> None:
        """There is nobody to read them."""
        self.show_alerts(())
        self._stack.setCurrentWidget(self._signed_out)

    def show_alerts(self, alerts: Sequence[Alert], marked: int | None = None) -> None:
        """Show these, in the order given; `marked` is the id of the alert to begin with."""
        self.error_panel.clear()
        open_count = sum(alert.cleared_at is None for alert in alerts)
        self._summary.setText(wording.summary(open_count, len(alerts) - open_count) if alerts else "")
        self._stack.setCurrentWidget(self._full if alerts else self._empty)
        if alerts:
            self.list.show_alerts(alerts, marked)

    def show_error(self, error: IpnftError) -> None:
        """What is shown may be out of date, and why."""
        self.error_panel.show_error(error)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Alerts"), TextSize.TITLE, Weight.BOLD))
        head.addWidget(self._summary)
        head.addStretch(1)
        listed = Card(flush=True)
        listed.body.addWidget(self.list)
        listed.setFixedWidth(Size.SIDE_PANEL)
        self._full = QWidget()
        sides = QHBoxLayout(self._full)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(Space.L)
        sides.addWidget(listed)
        sides.addWidget(self.detail, 1)
        for page in (self._full, self._empty, self._waiting, self._signed_out):
            self._stack.addWidget(page)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addLayout(head)
        box.addWidget(self.error_panel)
        box.addWidget(self._stack, 1)
        box.addLayout(foot)

    def _on_opened(self, alert: Alert | None) -> None:
        if alert is not None and alert.kind is AlertKind.AUDIT_BROKEN:
            self.audit_requested.emit()
            return
        if alert is not None and alert.kind is AlertKind.STORES_DIFFER:
            self.findings_requested.emit()
            return
        if alert is not None and alert.kind is AlertKind.CALL_STUCK:
            self.call_requested.emit(int(alert.subject))
            return
        mint = AlertedMint.of(alert) if alert is not None else None
        if mint is not None:
            asset_id: UUID = mint.asset_id
            self.mint_requested.emit(asset_id)


class AlertDetail(Card):
    """One alert: what, since when, about which asset, and what to do next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Alert"))
        self._tag = StatusTag()
        self._headline = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._about = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self._explanation = Text("", TextSize.BODY, wrap=True)
        self._facts = KeyValuePanel()
        self._advice = Text("", TextSize.BODY, wrap=True)
        self.open_button = PrimaryButton("")
        self._lay_out()

    @property
    def headline(self) -> str:
        """What is said to be out of order."""
        return self._headline.text()

    @property
    def advice(self) -> str:
        """What is said to be done."""
        return self._advice.text()

    def show_alert(self, alert: Alert) -> None:
        """Show another alert."""
        is_open = alert.cleared_at is None
        self._tag.set_state(self.tr("OPEN") if is_open else self.tr("PASSED"), Tone.WARN if is_open else Tone.OK)
        self._headline.setText(wording.headline(alert))
        self._about.setText(wording.about(alert))
        self._explanation.setText(wording.explanation(alert))
        self._facts.set_facts(wording.facts(alert))
        self._advice.setText("\n".join(f"•  {line}" for line in wording.advice(alert)))
        self.open_button.setText(wording.open_button(alert))
        leads_somewhere = alert.kind in _ABOUT_NO_MINT or AlertedMint.of(alert) is not None
        self.open_button.setVisible(leads_somewhere)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        body = self.body
        body.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._headline)
        body.addWidget(self._about)
        body.addSpacing(Space.XS)
        body.addWidget(self._explanation)
        body.addSpacing(Space.XS)
        body.addWidget(self._facts)
        body.addSpacing(Space.XS)
        body.addWidget(Text(self.tr("What to do next"), TextSize.BODY, Weight.SEMIBOLD))
        body.addWidget(self._advice)
        body.addStretch(1)
        body.addLayout(buttons)
