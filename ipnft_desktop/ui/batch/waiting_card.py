"""What waits to be minted together: by which rule, for how long still, and the two ways out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.batch_gathering import GatheringPolicy, WaitingAsset
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.commands.command import button_command
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.batch_words import congestion_name
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.measures import listed, local_clock, local_time, number_text, seconds_text
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text

_LEFT = 2
"""The column that counts down."""


class WaitingCard(Card):
    """`withdraw_requested` and `send_requested` carry the ids of assets that wait; `shown` tells that it came into
    view."""

    withdraw_requested = Signal(object)
    send_requested = Signal(object)
    shown = Signal()

    def __init__(self, access: Access, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._policy = GatheringPolicy()
        self._now: datetime | None = None
        self._is_sending = False
        self._is_busy = False
        self.count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.congestion = Figure(self.tr("Congestion"))
        self.size_wanted = Figure(self.tr("Go together"))
        self.longest_wait = Figure(self.tr("Longest wait"))
        self.table = RecordTable[WaitingAsset](
            self.tr("Mints that wait for others"), self._columns(), lambda one: one.mint.asset_id, _sought, self
        )
        self.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.empty = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.error_panel = ErrorPanel()
        self.withdraw_button = SecondaryButton(self.tr("Withdraw"), Icon.X)
        self.send_button = SecondaryButton(self.tr("Send all now"), Icon.STAMP)
        self._lay_out()
        self._connect()
        self.show_signed_out()

    def show_policy(self, policy: GatheringPolicy, congestion: Congestion | None) -> None:
        """Show the rule in force; the congestion is None while no chain can be asked."""
        self._policy = policy
        source = self.tr("set by hand") if policy.congestion else self.tr("as the chain has it")
        bounds = self.tr("{0} to {1}").format(number_text(policy.least), number_text(policy.most))
        if congestion is None:
            self.congestion.set_value("–", self.tr("the environment is not started"))
            self.size_wanted.set_value("–", bounds)
        else:
            self.congestion.set_value(congestion_name(congestion), source)
            self.size_wanted.set_value(number_text(policy.size(congestion)), bounds)
        self.longest_wait.set_value(seconds_text(policy.longest_wait.total_seconds(), 0), self.tr("of the oldest"))
        self._tell_left()

    def show_waiting(self, waiting: Sequence[WaitingAsset]) -> None:
        """Show what waits."""
        self.empty.setText(
            self.tr(
                "Nothing waits. With “Wait for others” in the mint dialog a mint goes together with others, "
                "which costs less for each."
            )
        )
        self._show(waiting)

    def show_signed_out(self) -> None:
        """Nobody may see anything."""
        self.empty.setText(self.tr("Sign in to see what waits."))
        for figure in (self.congestion, self.size_wanted, self.longest_wait):
            figure.set_value("–")
        self.error_panel.clear()
        self._show(())

    def set_busy(self, is_busy: bool) -> None:
        """One wish after the other."""
        self._is_busy = is_busy
        self._refresh_buttons()

    def show_time(self, now: datetime, *, is_sending: bool) -> None:
        """Count down; nothing is sent while the environment is down."""
        self._now, self._is_sending = now, is_sending
        self._tell_left()

    def show_error(self, error: IpnftError) -> None:
        """Say what could not be read or done."""
        self.error_panel.show_error(error)

    @property
    def has_lines(self) -> bool:
        """Whether something waits."""
        return self.table.records.count > 0

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into view is read anew."""
        super().showEvent(event)
        self.shown.emit()

    def _show(self, waiting: Sequence[WaitingAsset]) -> None:
        self.table.show_records(waiting)
        self.table.setVisible(bool(waiting))
        self.empty.setVisible(not waiting)
        self.count.setText(self.tr("%Ln wait", "", len(waiting)) if waiting else "")
        for button in (self.withdraw_button, self.send_button):
            button.setVisible(bool(waiting))
        self._refresh_buttons()

    def _columns(self) -> tuple[RecordColumn[WaitingAsset], ...]:
        return (
            RecordColumn(self.tr("Name"), lambda one: one.row.name, hover=lambda one: one.row.name),
            RecordColumn(
                self.tr("Asked for"),
                lambda one: listed((local_clock(one.mint.asked_at), one.mint.asked_by)),
                ColumnWidth.XL,
                order=lambda one: one.mint.asked_at,
                hover=lambda one: listed((local_time(one.mint.asked_at), one.mint.asked_by)),
            ),
            RecordColumn(
                self.tr("Left"), self._left, ColumnWidth.S, order=lambda one: one.mint.asked_at, is_number=True
            ),
        )

    def _left(self, one: WaitingAsset) -> str:
        if self._now is None or not self._is_sending:
            return "–"
        return seconds_text((one.goes_at(self._policy) - self._now).total_seconds(), 0)

    def _tell_left(self) -> None:
        self.table.records.column_changed(_LEFT)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Automatic batch"), TextSize.LEAD, Weight.SEMIBOLD))
        head.addStretch(1)
        head.addWidget(self.count)
        figures = QHBoxLayout()
        figures.setSpacing(Space.S)
        for figure in (self.congestion, self.size_wanted, self.longest_wait):
            figures.addWidget(figure, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.withdraw_button)
        buttons.addWidget(self.send_button)
        self.body.addLayout(head)
        self.body.addLayout(figures)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.error_panel)
        self.body.addLayout(buttons)

    def _connect(self) -> None:
        self.withdraw_button.clicked.connect(self._on_withdraw)
        self.send_button.clicked.connect(self._on_send)
        self.table.offer_removal()
        self.table.remove_requested.connect(self.withdraw_button.click)
        self.table.current_changed.connect(self._refresh_buttons)
        self._access.guard(
            self, Permission.MINT, self.withdraw_button.refuse, self._owner_in_focus, self.table.current_changed
        )
        self._access.guard(self, Permission.MINT, self.send_button.refuse)
        button_command(self, "batch.withdraw waiting", self.withdraw_button, why_not=self._nothing)
        button_command(self, "batch.send waiting", self.send_button, why_not=self._nothing)

    def _refresh_buttons(self) -> None:
        self.withdraw_button.setEnabled(not self._is_busy and self.table.current is not None)
        self.send_button.setEnabled(not self._is_busy and bool(self._sendable()))

    def _nothing(self) -> str:
        return self.tr("Nothing waits.") if not self.has_lines else self.tr("No line is in focus.")

    def _owner_in_focus(self) -> tuple[UUID, ...]:
        one = self.table.current
        return (one.row.enterprise_id,) if one is not None else ()

    def _sendable(self) -> tuple[UUID, ...]:
        """What waits, as far as the person may mint it."""
        return tuple(
            one.mint.asset_id
            for one in self.table.records.records
            if not self._access.refusal(Permission.MINT, (one.row.enterprise_id,))
        )

    def _on_withdraw(self) -> None:
        one = self.table.current
        if one is not None:
            self.error_panel.clear()
            self.withdraw_requested.emit((one.mint.asset_id,))

    def _on_send(self) -> None:
        self.error_panel.clear()
        self.send_requested.emit(self._sendable())


def _sought(one: WaitingAsset) -> str:
    return one.row.name
