"""The node at the right of the Environment page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import local_time, number_text, size_text
from ipnft_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from ipnft_desktop.domain.chain import NodeFigures


class NodeCard(Card):
    """Where the node answers, what it holds, and the buttons that end or restart it."""

    stop_requested = Signal()
    restart_requested = Signal()
    crash_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = KeyValuePanel()
        self._absent = Text(self.tr("No node is running."), TextSize.CAPTION, ink=Ink.MUTED)
        self.stop_button = SecondaryButton(self.tr("Stop"))
        self.restart_button = SecondaryButton(self.tr("Restart"))
        self.crash_button = DangerButton(self.tr("Simulate crash"))
        self.stop_button.clicked.connect(self.stop_requested)
        self.restart_button.clicked.connect(self.restart_requested)
        self.crash_button.clicked.connect(self.crash_requested)
        self._buttons = QWidget()
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(0, Space.XS, 0, 0)
        line.setSpacing(Space.S)
        for button in (self.stop_button, self.restart_button, self.crash_button):
            line.addWidget(button)
        line.addStretch(1)
        self.body.addWidget(Text(self.tr("Node"), TextSize.BODY, Weight.SEMIBOLD))
        for part in (self._absent, self._facts, self._buttons):
            self.body.addWidget(part)
        self.show_node(None)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows shown."""
        return self._facts.facts

    def show_node(self, node: NodeFigures | None) -> None:
        """Show the node in use, or that there is none; a node that others run can only be left."""
        self._facts.set_facts(() if node is None else self._rows(node))
        self._absent.setVisible(node is None)
        self._facts.setVisible(node is not None)
        self._buttons.setVisible(node is not None)
        is_ours = node is None or node.status.pid is not None
        self.stop_button.setText(self.tr("Stop") if is_ours else self.tr("Disconnect"))
        self.stop_button.setToolTip(
            self.tr("Ends the node; the register stays open, open mints wait")
            if is_ours
            else self.tr("Uses the node no more; it is not ours to end")
        )
        self.restart_button.setText(self.tr("Restart") if is_ours else self.tr("Reconnect"))
        self.restart_button.setToolTip(
            self.tr("Ends the node and starts everything; the chain is restored from its journal")
            if is_ours
            else self.tr("Leaves the node and starts everything anew")
        )
        self.crash_button.setVisible(is_ours)
        self.crash_button.setToolTip(self.tr("Ends the node without warning, as a power cut would"))

    def set_busy(self, busy: bool) -> None:
        """While something starts or stops, the buttons wait."""
        self._buttons.setEnabled(not busy)

    def _rows(self, figures: NodeFigures) -> tuple[Fact, ...]:
        node = figures.status
        # Only a node of our own has a process to tell about; others name their software themselves.
        version = node.version if node.pid is None else f"Hardhat {node.version}"
        rows = [Fact(self.tr("RPC"), node.shown_url, copy=node.shown_url), Fact(self.tr("Version"), version)]
        if figures.block_number is not None:
            rows.append(Fact(self.tr("Block"), f"#{number_text(figures.block_number)}"))
        if node.accounts is not None:
            funds = (
                ""
                if node.funds_wei is None
                else self.tr("of {0} ETH each").format(number_text(node.funds_wei // 10**18))
            )
            rows.append(Fact(self.tr("Accounts"), number_text(node.accounts), note=funds))
        if figures.mines_at_once is not None:
            mining = self.tr("each transaction at once") if figures.mines_at_once else self.tr("on demand")
            rows.append(Fact(self.tr("Mining"), mining))
        if node.memory_bytes is not None:
            rows.append(Fact(self.tr("Memory"), size_text(node.memory_bytes)))
        if node.pid is not None:
            rows.append(Fact(self.tr("PID"), str(node.pid)))
        if node.started_at is not None:
            rows.append(Fact(self.tr("Up for"), self._since(node.started_at)))
        return tuple(rows)

    def _since(self, started_at: datetime) -> str:
        minutes = (datetime.now(UTC) - started_at) // timedelta(minutes=1)
        hours, minutes_left = divmod(max(0, minutes), 60)
        if hours == 0:
            return self.tr("{0} min, since {1}").format(minutes_left, local_time(started_at))
        return self.tr("{0} h {1} min, since {2}").format(number_text(hours), minutes_left, local_time(started_at))
