"""One mint in full beside the list, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.mint_activity import JobDetail, JobRow
from ipnft_desktop.domain.minting import MintProgress, MintStage, progress_percent
from ipnft_desktop.ui.activity import detail_texts
from ipnft_desktop.ui.activity.actions import open_title
from ipnft_desktop.ui.mint.lines import MintLines
from ipnft_desktop.ui.mint.stages import Watched, stage_items
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets import job_words as words
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.stage_list import StageList
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text


class JobPanel(SidePanel):
    """What is known from the list is shown at once, the rest with `show_detail`. `job_shown` tells that it is another
    one, or has changed; `asset_requested` carries the id of an asset of a batch; the others say what is wanted of the
    job shown."""

    job_shown = Signal()
    open_requested = Signal()
    retry_requested = Signal()
    cancel_requested = Signal()
    menu_requested = Signal(QPoint)
    asset_requested = Signal(object)

    def __init__(self, now: Callable[[], datetime] = words.utc_now, parent: QWidget | None = None) -> None:
        super().__init__(
            EmptyState(Icon.ACTIVITY, self.tr("Nothing selected"), self.tr("Select a mint to see all about it.")),
            parent,
        )
        self._now = now
        self._row: JobRow | None = None
        self._detail: JobDetail | None = None
        self._progress: MintProgress | None = None
        self._watched = Watched()
        self._label_of: LabelOf = no_label
        self.setAccessibleName(self.tr("Mint details"))
        self._name = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._subtitle = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self._tag = StatusTag()
        self._stage = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._bar = ProgressBar(self.tr("Mint progress"))
        self.error_panel = ErrorPanel()
        self.retry_button = self.error_panel.add_button(self.tr("Retry"))
        self.facts = KeyValuePanel()
        self.stages = StageList()
        self.items = MintLines(self.tr("Assets of the batch"), with_hashes=False)
        self.timeline = KeyValuePanel()
        self.transactions = KeyValuePanel()
        self.open_button = SecondaryButton(self.tr("Open"), Icon.ACTIVITY)
        self.cancel_button = SecondaryButton(self.tr("Cancel mint"))
        self.more_button = SecondaryButton("", Icon.ELLIPSIS)
        self._lay_out()
        self._connect()
        self.show_row(None)

    @property
    def row(self) -> JobRow | None:
        """The job shown."""
        return self._row

    @property
    def detail(self) -> JobDetail | None:
        """All about it, once it is here."""
        return self._detail

    def owners(self) -> frozenset[UUID]:
        """The enterprises whose assets the job mints, as far as they are known."""
        return frozenset(item.enterprise_id for item in self._detail.items) if self._detail else frozenset()

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    def show_row(self, row: JobRow | None) -> None:
        """Show a job as the list tells it, or that none is selected."""
        is_other = row is None or self._row is None or row.job_id != self._row.job_id
        self._row = row
        if is_other:
            self._detail, self._progress, self._watched = None, None, Watched()
            self.scroll_up()
        self._refresh()

    def show_detail(self, detail: JobDetail) -> None:
        """The rest of the job shown; ignored for another."""
        if self._row is not None and detail.job.job_id == self._row.job_id:
            self._row, self._detail = detail.row, detail
            self._progress = MintProgress.of(detail.job)
            self._refresh()

    def show_progress(self, progress: MintProgress) -> None:
        """Follow the job shown; ignored for others."""
        if self._row is None or progress.job_id != self._row.job_id:
            return
        self._row, self._progress = self._row.after(progress), progress
        self._watched = self._watched.after(progress, self._now())
        self._refresh()

    def tick(self) -> None:
        """A second passed."""
        if self._row is not None and self._row.is_open:
            self._show_clock(self._row)

    def _refresh(self) -> None:
        row, detail = self._row, self._detail
        self.show_filled(row is not None)
        if row is None:
            self.job_shown.emit()
            return
        self._name.setText(words.subject(row))
        self._subtitle.setText(detail_texts.subtitle(row, detail))
        self._subtitle.setVisible(bool(self._subtitle.text()))
        self._tag.set_state(*words.state_tag(row))
        self._bar.setVisible(row.is_open)
        self._bar.setValue(progress_percent(row.stage, row.confirmations, row.required_confirmations))
        self._bar.set_tone(Tone.WARN if row.trouble or row.cancel_requested else Tone.ACCENT)
        error = detail_texts.error_of(row)
        self.retry_button.setVisible(row.may_retry or row.trouble is not None)
        if error is None:
            self.error_panel.clear()
        else:
            self.error_panel.show_error(error)
        self.facts.set_facts(detail_texts.facts(row, detail, self._label_of))
        self._show_lists(row, detail)
        self._show_clock(row)
        self.open_button.setText(open_title(row))
        self.cancel_button.setVisible(row.may_cancel)
        self.job_shown.emit()

    def _show_lists(self, row: JobRow, detail: JobDetail | None) -> None:
        has_stages = self._progress is not None and (row.is_open or row.stage is MintStage.COMPLETED)
        self._set_part(self._stages_title, self.stages, has_stages)
        lines = detail_texts.item_lines(detail) if detail is not None and row.item_count > 1 else ()
        self._items_title.setText(self.tr("Assets · {0}").format(number_text(len(lines))))
        if lines != self.items.lines:
            self.items.show_lines((self.tr("Name"), self.tr("Token"), self.tr("State")), lines)
        self._set_part(self._items_title, self.items, bool(lines))
        self.timeline.set_facts(detail_texts.timeline(detail) if detail else ())
        self._set_part(self._timeline_title, self.timeline, detail is not None)
        self.transactions.set_facts(detail_texts.transactions(detail) if detail else ())
        self._set_part(self._transactions_title, self.transactions, bool(self.transactions.facts))

    def _show_clock(self, row: JobRow) -> None:
        now = self._now()
        self._stage.setText(words.state_detail(row, now))
        if self._progress is not None and (row.is_open or row.stage is MintStage.COMPLETED):
            self.stages.set_stages(stage_items(self._progress, self._watched, now))

    @staticmethod
    def _set_part(title: Text, part: QWidget, is_shown: bool) -> None:
        title.setVisible(is_shown)
        part.setVisible(is_shown)

    def _lay_out(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(Space.S)
        state.addWidget(self._tag)
        state.addStretch(1)
        state.addWidget(self._stage)
        self._stages_title, self._items_title, self._timeline_title, self._transactions_title = (
            Text(title, TextSize.BODY, Weight.SEMIBOLD)
            for title in (self.tr("Stages"), "", self.tr("Timeline"), self.tr("Transactions"))
        )
        self.fill(
            *(self._name, self._subtitle, state, self._bar, self.error_panel, self.facts, Rule()),
            *(self._items_title, self.items, self._stages_title, self.stages),
            *(self._timeline_title, self.timeline, self._transactions_title, self.transactions),
        )
        self.buttons.addWidget(self.open_button, 1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.more_button)

    def _connect(self) -> None:
        self.more_button.setAccessibleName(self.tr("More actions"))
        self.more_button.setToolTip(self.tr("More actions"))
        self.open_button.clicked.connect(self.open_requested)
        self.retry_button.clicked.connect(self.retry_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.items.chosen.connect(self.asset_requested)
        self.more_button.clicked.connect(
            lambda: self.menu_requested.emit(self.more_button.mapToGlobal(self.more_button.rect().topLeft()))
        )
