"""The second face of the mint dialog: four stages, the four facts with their times, and trouble where it occurs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, MintProgress, MintStage
from ipnft_desktop.ui.mint.footer import Footer
from ipnft_desktop.ui.mint.stages import TimedFact, Watched, seconds_text, stage_items, timed_facts
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.stage_list import StageList
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_CLOCK_MS = 100
_UNSIGNED = frozenset({MintStage.REQUESTED, MintStage.PREPARING})


class _FactCell(QWidget):
    """One fact: bold once it is true, with the local time under it and UTC on hover."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ElidedLabel("", TextSize.CAPTION, Weight.SEMIBOLD, Ink.MUTED)
        self._time = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, 0, 0, 0)
        box.setSpacing(Space.XS // 2)
        box.addWidget(self._title)
        box.addWidget(self._time)

    def show_fact(self, fact: TimedFact) -> None:
        shown = "–"
        if fact.at is not None:
            local = fact.at.astimezone()
            shown = f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
        self._title.setText(fact.title)
        self._title.set_ink(Ink.OK if fact.is_true else Ink.MUTED)
        self._time.setText(shown)
        self._time.setToolTip(plain_tooltip(f"{fact.at:%Y-%m-%d %H:%M:%S} UTC" if fact.at else ""))
        self.setAccessibleName(f"{fact.title}: {shown}")


class ProgressPanel(QWidget):
    """Shows frozen progress and keeps the clocks of it running."""

    cancel_requested = Signal()
    background_requested = Signal()
    retry_requested = Signal()

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
        self.error_panel = ErrorPanel()
        self.retry_button = self.error_panel.add_button(self.tr("Retry"))
        self.cancel_button = SecondaryButton(self.tr("Cancel the mint"))
        self.background_button = SecondaryButton(self.tr("Run in background"))
        self._elapsed = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True)
        self.footer = Footer("", self.cancel_button, self.background_button)
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._lay_out()
        self._clock.timeout.connect(self._on_tick)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.background_button.clicked.connect(self.background_requested)
        self.retry_button.clicked.connect(self.retry_requested)

    @property
    def fact_texts(self) -> tuple[str, ...]:
        """The four facts as told to screen readers."""
        return tuple(cell.accessibleName() for cell in self._cells)

    def show_progress(self, progress: MintProgress) -> None:
        """Show a snapshot of the running mint."""
        self._progress = progress
        self._watched = self._watched.after(progress, self._now())
        self.bar.setValue(progress.percent)
        self.bar.set_tone(Tone.WARN if progress.error else Tone.ACCENT)
        for cell, fact in zip(self._cells, timed_facts(progress, self._watched), strict=True):
            cell.show_fact(fact)
        self._show_figures(progress)
        self.cancel_button.setVisible(progress.stage in _UNSIGNED)
        if progress.error is None:
            self.error_panel.clear()
            self.footer.hint.setText(self.tr("Closing this window does not stop the mint"))
        else:
            self.show_trouble(progress.error)
        self._on_tick()

    def show_trouble(self, error: IpnftError) -> None:
        """Say what holds the mint up; it is watched on."""
        self.retry_button.setEnabled(True)
        self.error_panel.show_error(error)
        self.footer.hint.setText(self.tr("Still watched: it goes on by itself once the cause is gone"))

    def set_retrying(self) -> None:
        """The retry is on its way."""
        self.retry_button.setEnabled(False)

    def set_cancelling(self) -> None:
        """The cancellation is on its way; it can still lose against the signature."""
        self.cancel_button.setEnabled(False)

    def forget(self) -> None:
        """Another mint follows."""
        self._progress, self._watched = None, Watched()
        self.cancel_button.setEnabled(True)
        self.error_panel.clear()

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
            self.gas_limit.set_value(f"{progress.gas_limit:,}")
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
        self._elapsed.setText(
            self.tr("Elapsed {0}").format(seconds_text((now - since).total_seconds(), is_running=True))
        )

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
        box.addWidget(self.error_panel)
        box.addWidget(self.footer)
