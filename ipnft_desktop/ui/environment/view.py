"""The Environment page as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.ui.environment.backups_card import BackupsCard
from ipnft_desktop.ui.environment.commands import add_environment_commands
from ipnft_desktop.ui.environment.log_card import LogCard
from ipnft_desktop.ui.environment.node_card import NodeCard
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageList
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipnft_desktop.domain.chain import NodeFigures
    from ipnft_desktop.services.backup_keeper import BackupFile

_NODE_REFRESH_MS = 3_000
_LOG_HEIGHT = 8 * Size.CONTROL
CHAIN_IS_LOST = frozenset({ErrorCode.CHAIN_RESET, ErrorCode.CHAIN_MISMATCH, ErrorCode.CONTRACT_MISSING})
"""What an empty new chain is a way out of."""


class RunState(StrEnum):
    """What the environment as a whole is doing."""

    IDLE = "idle"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    FROZEN = "frozen"
    """Reading goes on, writing does not."""
    STOPPING = "stopping"


class EnvironmentView(Page):
    """Signals say what the person wants; `node_wanted` asks for fresh figures while the page is in view,
    `restore_wanted` carries the `BackupFile` that is asked about."""

    start_requested = Signal()
    cancel_requested = Signal()
    restart_requested = Signal()
    stop_requested = Signal()
    crash_requested = Signal()
    new_chain_requested = Signal()
    backup_requested = Signal()
    restore_wanted = Signal(object)
    autostart_changed = Signal(bool)
    node_wanted = Signal()
    doctor_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.header.set_title(self.tr("Environment"), self.tr("Everything the program stands on"))
        self._state = RunState.IDLE
        self.doctor_button = SecondaryButton(self.tr("Doctor"), Icon.ACTIVITY)
        self.doctor_button.setToolTip(self.tr("Looks at what the program stands on, and mends what can be mended"))
        self._headline = ElidedLabel("", TextSize.TITLE, Weight.BOLD)
        self._subtitle = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.start_button = PrimaryButton(self.tr("Start everything"), Icon.PLAY, large=True)
        self.cancel_button = SecondaryButton(self.tr("Cancel"), large=True)
        self.autostart_box = CheckBox(self.tr("Start with the program"))
        self.stages = StageList()
        self.error_panel = ErrorPanel(self)
        self.retry_button = self.error_panel.add_button("")
        self.ask_doctor_button = self.error_panel.add_button(self.tr("Doctor…"))
        self.stage_bar = ProgressBar(self.tr("Progress of the stage"), self)
        self.stage_bar.hide()
        theme().dress(self.error_panel, self.stage_bar)
        self.new_chain_button = self.error_panel.add_button(self.tr("Start a new chain…"))
        self.new_chain_question = QuestionBar(self.tr("Start a new chain"), self.tr("Keep the old one"))
        self.node_card = NodeCard()
        self.backups_card = BackupsCard()
        self.log_card = LogCard()
        self._more, self._backups = QVBoxLayout(), QVBoxLayout()
        self._node_clock = QTimer(self)
        self._node_clock.setInterval(_NODE_REFRESH_MS)
        self._lay_out()
        self._connect()
        self.set_run_state(RunState.IDLE, "", "")
        add_environment_commands(self)

    @property
    def run_state(self) -> RunState:
        """The state shown."""
        return self._state

    @property
    def headline(self) -> str:
        """What is said of the whole."""
        return self._headline.text()

    def set_run_state(self, state: RunState, headline: str, subtitle: str) -> None:
        """Show the state of the whole, with its headline."""
        self._state = state
        busy = state in (RunState.STARTING, RunState.STOPPING)
        self._headline.setText(headline)
        self._subtitle.setText(subtitle)
        self.start_button.setEnabled(not busy)
        self.start_button.setText(
            {
                RunState.IDLE: self.tr("Start everything"),
                RunState.STARTING: self.tr("Starting…"),
                RunState.READY: self.tr("Restart everything"),
                RunState.FAILED: self.tr("Start everything"),
                RunState.FROZEN: self.tr("Restore"),
                RunState.STOPPING: self.tr("Stopping…"),
            }[state]
        )
        self.start_button.set_icon(Icon.ROTATE if state in (RunState.READY, RunState.FROZEN) else Icon.PLAY)
        self.retry_button.setText(self.tr("Restore") if state is RunState.FROZEN else self.tr("Retry"))
        if not busy:
            self.stage_bar.hide()
        self.cancel_button.setVisible(state is RunState.STARTING)
        self.node_card.set_busy(busy)

    def set_stages(self, items: tuple[StageItem, ...]) -> None:
        """Show all stages in order."""
        self.stages.set_stages(items)

    def set_stage(self, item: StageItem) -> None:
        """Refresh one stage."""
        self.stages.set_stage(item)

    def show_stage_progress(self, stage_key: str, percent: int | None) -> None:
        """Show how far a stage is, under it; None where it does not count its steps."""
        self.stage_bar.setVisible(percent is not None)
        if percent is not None:
            self.stages.attach(stage_key, self.stage_bar)
            self.stage_bar.setValue(percent)

    def show_error(self, stage_key: str, error: IpnftError) -> None:
        """Explain under a stage why it failed and what to do."""
        self.stages.attach(stage_key, self.error_panel)
        self.error_panel.show_error(error)
        self.new_chain_button.setVisible(error.code in CHAIN_IS_LOST)

    def clear_error(self) -> None:
        """There is no failed stage any more."""
        self.new_chain_question.hide()
        self.error_panel.clear()

    def add_card(self, widget: QWidget) -> None:
        """Add a card under the stages, beside the backups."""
        self._more.insertWidget(self._more.count() - 1, widget)
        follow(self.backups_card, widget.findChildren(QWidget))

    def show_backups(self, backups: Sequence[BackupFile]) -> None:
        """Show the latest backups; they come newest first."""
        self.backups_card.show_backups(backups)

    def show_node(self, node: NodeFigures | None) -> None:
        """Show the node process, or that there is none."""
        self.node_card.show_node(node)

    def set_autostart(self, autostart: bool) -> None:
        """Show the setting without reporting it back."""
        self.autostart_box.blockSignals(True)
        self.autostart_box.setChecked(autostart)
        self.autostart_box.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Fresh figures while the page is in view."""
        super().showEvent(event)
        self._node_clock.start()
        self.node_wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of view, nothing is asked."""
        self._node_clock.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        self.header.add_action(self.doctor_button)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(self._headline)
        words.addWidget(self._subtitle)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addLayout(words, 1)
        top.addWidget(self.cancel_button)
        top.addWidget(self.start_button)
        main = Card(padding=Space.XL)
        main.body.addLayout(top)
        main.body.addSpacing(Space.XS)
        main.body.addWidget(self.stages)
        main.body.addWidget(self.new_chain_question)
        main.body.addWidget(self.autostart_box)
        for column in (self._more, self._backups):
            column.setSpacing(Space.L)
            column.addStretch(1)
        self._backups.insertWidget(0, self.backups_card)
        below = QHBoxLayout()
        below.setSpacing(Space.L)
        below.addLayout(self._more, 1)
        below.addLayout(self._backups, 1)
        self.notice_ground = _scrolling(main, below)
        self.body.addWidget(self.notice_ground, 1)
        self.body.addLayout(self._side_column())

    def _side_column(self) -> QVBoxLayout:
        """Node and log; the log takes what height there is."""
        self.log_card.setMinimumHeight(_LOG_HEIGHT)
        side = QVBoxLayout()
        side.setSpacing(Space.L)
        for card in (self.node_card, self.log_card):
            card.setFixedWidth(Size.SIDE_PANEL)
        side.addWidget(self.node_card)
        side.addWidget(self.log_card, 1)
        return side

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._on_start_clicked)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.retry_button.clicked.connect(self.start_requested)
        self.new_chain_button.clicked.connect(self._on_new_chain_clicked)
        self.new_chain_question.confirmed.connect(self.new_chain_requested)
        for button in (self.doctor_button, self.ask_doctor_button):
            button.clicked.connect(self.doctor_requested)
        self.node_card.stop_requested.connect(self.stop_requested)
        self.node_card.restart_requested.connect(self.restart_requested)
        self.node_card.crash_requested.connect(self.crash_requested)
        self.backups_card.backup_requested.connect(self.backup_requested)
        self.backups_card.restore_requested.connect(self.restore_wanted)
        self.autostart_box.toggled.connect(self.autostart_changed)
        self._node_clock.timeout.connect(self.node_wanted)

    def _on_new_chain_clicked(self) -> None:
        self.new_chain_question.ask(
            self.tr("Tokens of the old chain count as vanished; their assets become drafts again. All files stay.")
        )

    def _on_start_clicked(self) -> None:
        if self._state is RunState.READY:
            self.restart_requested.emit()
        else:
            self.start_requested.emit()


def _scrolling(card: Card, below: QLayout) -> ScrollingColumn:
    """A card with what stands under it; where they do not fit they scroll together."""
    scroll = ScrollingColumn()
    scroll.column.setContentsMargins(0, 0, 0, 0)
    scroll.column.setSpacing(Space.L)
    scroll.column.addWidget(card)
    scroll.column.addLayout(below)
    scroll.column.addStretch(1)
    return scroll
