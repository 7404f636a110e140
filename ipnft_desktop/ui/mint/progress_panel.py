"""The second face of the mint dialog: four stages, the four facts with their times, trouble where it occurs, and what
can be done about a mint under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, UNSIGNED_STAGES, MintProgress, TransactionRecord
from ipnft_desktop.ui.mint.footer import Footer
from ipnft_desktop.ui.mint.hold_panel import HoldPanel
from ipnft_desktop.ui.mint.holds import Hold, hold_of, refusal_of
from ipnft_desktop.ui.mint.stages import (
    TimedFact,
    Watched,
    may_cancel,
    may_speed_up,
    running_seconds,
    stage_items,
    timed_facts,
)
from ipnft_desktop.ui.mint.transactions_panel import TransactionsPanel
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.measures import labelled_text, local_clock, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.stage_list import StageList
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_CLOCK_MS = 100


class _FactCell(QWidget):
    """One fact: bold once it is true, with the local time under it and UTC on hover."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ElidedLabel("", TextSize.CAPTION, Weight.SEMIBOLD, Ink.MUTED)
        self._time = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, 0, 0, 0)
        box.setSpacing(Space.XXS)
        box.addWidget(self._title)
        box.addWidget(self._time)

    def show_fact(self, fact: TimedFact) -> None:
        shown = local_clock(fact.at, with_milliseconds=True) if fact.at else "–"
        self._title.setText(fact.title)
        self._title.set_ink(Ink.OK if fact.is_true else Ink.MUTED)
        self._time.setText(shown)
        self._time.setToolTip(plain_tooltip(utc_time(fact.at) if fact.at else ""))
        self.setAccessibleName(labelled_text(fact.title, shown))


class ProgressPanel(QWidget):
    """Shows frozen progress and keeps the clocks of it running. `cancel_requested` comes once it is meant: after the
    signature it is asked for first; `fee_allowed` carries a fee in wei."""

    cancel_requested = Signal()
    speed_up_requested = Signal()
    fee_allowed = Signal(object)
    unlock_requested = Signal()
    retry_requested = Signal()
    background_requested = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._progress: MintProgress | None = None
        self._watched = Watched()
        self.bar = ProgressBar(self.tr("Progress of the mint"))
        self.stages = StageList()
        self._cells = tuple(_FactCell() for _ in range(4))
        self.gas_limit = Figure(self.tr("Gas limit"))
        self.gas_price = Figure(self.tr("Gas price"))
        self.fee_cap = Figure(self.tr("Fee at most"))
        self.attempt = Figure(self.tr("Attempt"))
        self.transactions = TransactionsPanel()
        self.error_panel = HoldPanel()
        self.cancel_question = QuestionBar(self.tr("Send the cancellation"), self.tr("Keep minting"))
        self.cancel_button = SecondaryButton(self.tr("Cancel mint"))
        self.speed_up_button = SecondaryButton(self.tr("Speed up"))
        self.speed_up_button.setToolTip(self.tr("Signs the same mint under the same number with a higher fee"))
        self.background_button = SecondaryButton(self.tr("Run in background"))
        self._elapsed = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True)
        self.footer = Footer("", self.cancel_button, self.speed_up_button, self.background_button)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._lay_out()
        self._connect()
        self.forget()

    @property
    def fact_texts(self) -> tuple[str, ...]:
        """The four facts as told to screen readers."""
        return tuple(cell.accessibleName() for cell in self._cells)

    def show_progress(self, progress: MintProgress) -> None:
        """Show a snapshot of the running mint."""
        self._progress = progress
        self._watched = self._watched.after(progress, self._now())
        self.bar.setValue(progress.percent)
        self.bar.set_tone(Tone.WARN if progress.error or progress.cancel_requested else Tone.ACCENT)
        for cell, fact in zip(self._cells, timed_facts(progress, self._watched), strict=True):
            cell.show_fact(fact)
        self._show_figures(progress)
        self.transactions.show_progress(progress)
        self.cancel_button.setVisible(may_cancel(progress))
        if self.cancel_button.isHidden():
            self.cancel_question.hide()
        if progress.error is None:
            self.error_panel.clear()
            self.footer.hint.setText(self.tr("Closing this window does not stop the mint"))
        else:
            self._show_hold(hold_of(progress.error, progress))
        self._on_tick()

    def show_transactions(self, transactions: Sequence[TransactionRecord]) -> None:
        """Show what was signed in this attempt, where it is more than one."""
        self.transactions.show_transactions(transactions, self._progress)

    def show_trouble(self, error: IpnftError) -> None:
        """Say why something asked for was not done; the mint is watched on."""
        self._show_hold(refusal_of(error))

    def show_too_late(self) -> None:
        """The chain was faster than what was asked for."""
        self._release()
        self.footer.hint.setText(self.tr("Too late: the chain has decided already"))

    def set_retrying(self) -> None:
        """The answer to what holds it up is on its way."""
        self.error_panel.set_busy(True)

    def set_cancelling(self) -> None:
        """The cancellation is on its way; it can still lose."""
        self.cancel_button.setEnabled(False)
        self.footer.hint.setText(self.tr("Cancelling…"))

    def set_speeding_up(self) -> None:
        """The higher fee is on its way."""
        self.speed_up_button.setEnabled(False)
        self.footer.hint.setText(self.tr("Offering a higher fee…"))

    def forget(self) -> None:
        """Another mint follows."""
        self._progress, self._watched = None, Watched()
        self._release()
        self.cancel_question.hide()
        self.speed_up_button.hide()
        self.transactions.show_transactions((), None)
        self.error_panel.clear()

    def _show_hold(self, hold: Hold) -> None:
        self._release()
        self.error_panel.show_hold(hold)
        self.footer.hint.setText(self.tr("Closing this window does not stop the mint"))

    def _release(self) -> None:
        self.cancel_button.setEnabled(True)
        self.speed_up_button.setEnabled(True)
        self.error_panel.set_busy(False)

    def showEvent(self, event: QShowEvent) -> None:
        """The clocks run while they are seen."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of view nothing ticks."""
        self._clock.stop()
        super().hideEvent(event)

    def _show_figures(self, progress: MintProgress) -> None:
        self.attempt.set_value(f"{max(progress.attempt, 1)} / {MAX_ATTEMPTS}")
        if progress.gas_limit is not None:
            self.gas_limit.set_value(number_text(progress.gas_limit))
            if progress.max_fee_per_gas_wei is not None:
                self.fee_cap.set_value(eth_text(progress.gas_limit * progress.max_fee_per_gas_wei))
        price = progress.gas_price_wei or progress.max_fee_per_gas_wei
        if price is not None:
            self.gas_price.set_value(gwei_text(price))

    def _on_tick(self) -> None:
        if self._progress is None:
            return
        now = self._now()
        self.stages.set_stages(stage_items(self._progress, self._watched, now))
        since = self._progress.times.last_attempt_at or self._progress.times.requested_at
        self._elapsed.setText(self.tr("Elapsed {0}").format(running_seconds((now - since).total_seconds())))
        self._offer_speed_up(now)

    def _offer_speed_up(self, now: datetime) -> None:
        assert self._progress is not None
        is_slow = may_speed_up(self._progress, self._watched, now)
        if is_slow == self.speed_up_button.isHidden():
            self.speed_up_button.setVisible(is_slow)
            self.speed_up_button.setEnabled(True)
            if is_slow:
                self.footer.hint.setText(self.tr("Not in a block yet; a higher fee may help"))

    def _on_cancel(self) -> None:
        """What was not signed ends at once; of what was signed the chain decides, and that is said first."""
        if self._progress is None or self._progress.stage in UNSIGNED_STAGES:
            self.cancel_requested.emit()
        else:
            self.cancel_question.ask(
                self.tr(
                    "The chain decides: a cancellation is sent under the same number; "
                    "if the mint is mined first, the token exists."
                )
            )

    def _connect(self) -> None:
        self._clock.timeout.connect(self._on_tick)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.cancel_question.confirmed.connect(self.cancel_requested)
        self.speed_up_button.clicked.connect(self.speed_up_requested)
        self.background_button.clicked.connect(self.background_requested)
        self.error_panel.retry_button.clicked.connect(self.retry_requested)
        self.error_panel.unlock_requested.connect(self.unlock_requested)
        self.error_panel.fee_allowed.connect(self.fee_allowed)

    def _lay_out(self) -> None:
        facts = QHBoxLayout()
        figures = QHBoxLayout()
        facts.setSpacing(Space.S)
        figures.setSpacing(Space.S)
        for cell in self._cells:
            facts.addWidget(cell, 1)
        for figure in (self.gas_limit, self.gas_price, self.fee_cap, self.attempt):
            figures.addWidget(figure, 1)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.bar, 1)
        head.addWidget(self._elapsed)
        notices = QVBoxLayout()
        notices.setSpacing(Space.S)
        for part in (self.transactions, self.error_panel, self.cancel_question):
            notices.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.stages)
        box.addSpacing(Space.M)
        box.addLayout(facts)
        box.addSpacing(Space.M)
        box.addLayout(figures)
        box.addSpacing(Space.S)
        box.addLayout(notices)
        box.addSpacing(Space.XS)
        box.addWidget(self.footer)
