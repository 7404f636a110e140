"""The result sheet: what a batch came to, transaction by transaction and asset by asset."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget

from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome, RunProgress
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS
from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.ui.batch import words
from ipnft_desktop.ui.batch.run_tables import ItemLine, ItemTable, TransactionTable
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.buttons import IconButton, LinkButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.measures import number_text, percent_text
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_FRAME_MS = 50
"""What a run tells is shown so often: forty transactions tell more than can be read."""


class RunCard(Card):
    """`asset_opened` carries the `RunItem` whose line was opened, `cancel_confirmed` comes after a question."""

    retry_requested = Signal()
    cancel_confirmed = Signal()
    export_requested = Signal()
    closed = Signal()
    asset_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, flush=True)
        self._run: BatchRun | None = None
        self._items: Sequence[ItemLine] = ()
        self._live: dict[UUID, MintProgress] = {}
        self._progress: RunProgress | None = None
        self.summary = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.retry_button = LinkButton(self.tr("Retry failed only"))
        self.cancel_button = LinkButton(self.tr("Cancel the rest…"))
        self.export_button = IconButton(Icon.DOWNLOAD, self.tr("Export the result…"))
        self.close_button = IconButton(Icon.X, self.tr("Close the result"))
        self.bar = ProgressBar(self.tr("Progress of the batch"))
        self.used = Figure(self.tr("Gas used"))
        self.saved = Figure(self.tr("Against single mints"))
        self.saved_of_baseline = Figure(self.tr("Against baseline A"))
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(self.tr("Parts of the result"))
        self.tabs.setFont(text_font(TextSize.CAPTION, Weight.SEMIBOLD))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.items = ItemTable()
        self.transactions = TransactionTable()
        self.question = QuestionBar(self.tr("Cancel the rest"), self.tr("Keep minting"))
        self.error_panel = ErrorPanel()
        self._progress_line, self._figures = QWidget(), QWidget()
        self._tables = QStackedWidget()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._show_news)
        self._lay_out()
        self._connect()

    @property
    def run(self) -> BatchRun | None:
        """The run shown, as it was last read."""
        return self._run

    def show_run(self, run: BatchRun, items: Sequence[ItemLine]) -> None:
        """Show a run as it is on record; what was heard of it since is kept."""
        is_other = self._run is None or self._run.run_id != run.run_id
        if is_other:
            self._live, self._progress = {}, None
            self.error_panel.clear()
            self.question.hide()
            self.tabs.setCurrentIndex(0)
        self._run, self._items = run, items
        self.items.show_lines(items, self._live)
        self._refresh()

    def show_progress(self, progress: RunProgress) -> None:
        """A run tells how far it is."""
        self._progress = progress
        self._live.update((one.job_id, one) for one in progress.changed)
        if not self._frame.isActive():
            self._frame.start()

    def show_ended(self, run: BatchRun, items: Sequence[ItemLine]) -> None:
        """All of it has ended: from now on what is on record is told."""
        self._live, self._progress = {}, None
        self.show_run(run, items)

    def show_error(self, error: IpnftError) -> None:
        """Something that was wished could not be done."""
        self.error_panel.show_error(error)

    def ask_cancel(self) -> None:
        """Ask before the rest is cancelled."""
        self.question.ask(
            self.tr("Cancel what was not sent yet? Of what was sent the chain decides; minted tokens stay.")
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.M, Space.S, 0)
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Result"), TextSize.LEAD, Weight.SEMIBOLD))
        head.addWidget(self.summary, 1)
        for button in (self.cancel_button, self.retry_button, self.export_button, self.close_button):
            head.addWidget(button)
        progress = QHBoxLayout(self._progress_line)
        progress.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        progress.addWidget(self.bar)
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(Space.L, Space.S, Space.L, Space.XS)
        figures.setSpacing(Space.S)
        for figure in (self.used, self.saved, self.saved_of_baseline):
            figures.addWidget(figure, 1)
        notices = QHBoxLayout()
        notices.setContentsMargins(Space.S, 0, Space.S, 0)
        notices.addWidget(self.error_panel, 1)
        notices.addWidget(self.question, 1)
        for table in (self.items, self.transactions):
            self._tables.addWidget(table)
            self.tabs.addTab("")
        bar = QHBoxLayout()
        bar.setContentsMargins(Space.S, Space.XS, Space.S, 0)
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self._progress_line)
        self.body.addWidget(self._figures)
        self.body.addLayout(notices)
        self.body.addLayout(bar)
        self.body.addWidget(self._tables, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._tables.setCurrentIndex)
        self.retry_button.clicked.connect(self.retry_requested)
        self.cancel_button.clicked.connect(self.ask_cancel)
        self.question.confirmed.connect(self.cancel_confirmed)
        self.export_button.clicked.connect(self.export_requested)
        self.close_button.clicked.connect(self.closed)
        self.items.opened.connect(self._on_opened)

    def _show_news(self) -> None:
        if self._run is not None:
            self._refresh()
            self.items.viewport().update()

    def _refresh(self) -> None:
        run = self._run
        assert run is not None
        is_open = run.is_open if self._progress is None else self._progress.is_open
        counts = run.counts if self._progress is None else self._progress.counts
        self.summary.setText(words.counts_text(counts))
        self.tabs.setTabText(0, self.tr("Assets (%Ln)", "", len(self._items)))
        self.tabs.setTabText(1, self.tr("Transactions (%Ln)", "", len(run.batches)))
        self.transactions.show_run(run, self._live)
        self._progress_line.setVisible(is_open)
        self.bar.setValue(0 if self._progress is None else self._progress.percent)
        self.bar.set_tone(Tone.WARN if counts.get(ItemOutcome.FAILED, 0) else Tone.ACCENT)
        self._figures.setVisible(not is_open and bool(run.gas_used))
        self._show_figures(run)
        self.cancel_button.setVisible(is_open)
        can_retry = any(line.item.may_retry for line in self._items)
        self.retry_button.setVisible(not is_open and can_retry)
        if not is_open:
            self.question.hide()

    def _show_figures(self, run: BatchRun) -> None:
        self.used.set_value(number_text(run.gas_used), eth_text(run.fee_wei))
        self.used.setToolTip(self.tr("Expected: {0} gas").format(number_text(run.gas_estimated)))
        minted = number_text(run.counts.get(ItemOutcome.MINTED, 0))
        singles = {number_text(batch.gas_single) for batch in run.batches if batch.gas_single is not None}
        single = next(iter(singles)) if len(singles) == 1 else self.tr("single mints")
        none = self.tr("none was measured")
        _show_saved(self.saved, run.saved_percent, f"{minted} × {single}" if singles else none)
        base = f"{minted} × {number_text(BASELINE_SINGLE_GAS)}"
        _show_saved(self.saved_of_baseline, run.saved_percent_of_baseline, base)

    def _on_opened(self) -> None:
        line = self.items.current
        if line is not None:
            self.asset_opened.emit(line.item)


def _show_saved(figure: Figure, percent: float | None, base: str) -> None:
    if percent is None:
        figure.set_value("–", base)
    else:
        figure.set_value(percent_text(percent, 1), base, Ink.OK if percent > 0 else Ink.FG)
