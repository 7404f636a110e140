"""The tab of the reconciliation: what register, chain and content say differently, why, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.reconciliation import Cause, Finding, ReconciliationRun
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.record_tab import RecordTab
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.cause_words import cause_name, cause_sentence, repair_name, repair_sentence
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.measures import local_time, number_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text


class FindingsTab(RecordTab[Finding]):
    """`repair_requested` carries the `Finding` in focus."""

    run_requested = Signal()
    stop_requested = Signal()
    export_requested = Signal()
    repair_requested = Signal(object)

    def __init__(self, access: Access, parent: QWidget | None = None) -> None:
        super().__init__(
            RecordTable[Finding](_tr("Findings"), _columns(), lambda finding: finding.key, _sought),
            EmptyState(
                Icon.BADGE_CHECK,
                _tr("No differences are on record"),
                _tr("Reconcile compares register, chain and content, and lists every difference with its cause."),
                _tr("Reconcile now"),
            ),
            _tr("Asset, cause, value…"),
            _tr("Enter repair · Ctrl+F find · Ctrl+C copy · F5 reload"),
            parent,
        )
        self._all: tuple[Finding, ...] = ()
        self.kind = Select(self.tr("Causes"))
        self._tag = StatusTag()
        self._told = Text("", TextSize.BODY, wrap=True)
        self.progress = ProgressBar(self.tr("Progress"))
        self.stop_button = SecondaryButton(self.tr("Stop"), Icon.SQUARE)
        self._set_up_head()
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.repair_button = SecondaryButton(self.tr("Repair…"), Icon.PENCIL)
        self.run_button = PrimaryButton(self.tr("Reconcile now"), Icon.REFRESH)
        self.offer("export findings", self.export_button, self.export_requested.emit)
        self.offer("repair finding", self.repair_button, self._on_repair)
        self.offer("reconcile", self.run_button, self.run_requested.emit)
        for at, control in enumerate((self.kind, self.stop_button), 1):
            self._toolbar.insertWidget(at, control)
        follow(self.search, (self.kind, self.stop_button))
        for button in (self.repair_button, self.run_button, self.empty.button):
            access.guard(button, Permission.MANAGE_CHAIN, button.refuse)
        self.kind.currentIndexChanged.connect(self._refill)
        self.empty.action_requested.connect(self.run_requested)
        self.stop_button.clicked.connect(self.stop_requested)
        self.table.opened.connect(self.repair_button.click)
        self.table.current_changed.connect(self._refresh_buttons)
        self.show_run(None)
        self.show_work("")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of the last run, in view or not."""
        return self._all

    def show_run(self, run: ReconciliationRun | None) -> None:
        """What the last run found; None before the first."""
        self._all = run.findings if run else ()
        if run is None:
            self._tag.set_state(self.tr("NEVER RUN"), Tone.NEUTRAL)
            self._told.setText(self.tr("Register, chain and content were not compared yet."))
        else:
            word, tone = (self.tr("DIFFERS"), Tone.WARN) if run.findings else (self.tr("AGREES"), Tone.OK)
            self._tag.set_state(word, tone)
            how = self.tr("by itself") if run.is_scheduled else self.tr("on demand")
            told = self.tr("Last compared {0}, {1}: {2} assets, {3} tokens, {4} findings.")
            counts = (run.asset_count, run.token_count, len(run.findings))
            self._told.setText(told.format(local_time(run.ended_at), how, *map(number_text, counts)))
        self._fill_causes()
        self._refill()

    def show_records(self, records: Sequence[Finding]) -> None:
        """Show these, as far as they are of the cause that is chosen."""
        super().show_records(records)
        self._refresh_buttons()

    def show_work(self, what: str, share: float = 0.0) -> None:
        """What is under way, which can be stopped; nothing once it is done."""
        is_busy = bool(what)
        for widget in (self.progress, self.stop_button):
            widget.setVisible(is_busy)
        self.progress.setValue(int(share * 100))
        self.progress.setAccessibleName(what or self.tr("Progress"))
        self.run_button.setEnabled(not is_busy)
        self._refresh_buttons()

    def _set_up_head(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._tag)
        line.addWidget(self._told, 1)
        head = Card(padding=Space.M)
        head.body.addLayout(line)
        head.body.addWidget(self.progress)
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(0, head)

    def _fill_causes(self) -> None:
        chosen = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("All causes"), None)
        for cause in dict.fromkeys(finding.cause for finding in self._all):
            self.kind.addItem(cause_name(cause), cause)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.kind.blockSignals(False)

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Those of the cause that is chosen."""
        word = self.kind.currentData()
        chosen = None if word is None else Cause(word)  # Qt gives back the word alone
        return tuple(finding for finding in self._all if chosen is None or finding.cause is chosen)

    def _refill(self) -> None:
        self.show_records(self.shown)

    def _on_repair(self) -> None:
        if self.current is not None:
            self.repair_requested.emit(self.current)

    def _refresh_buttons(self) -> None:
        is_free = self.stop_button.isHidden()
        self.repair_button.setEnabled(is_free and self.current is not None)
        self.export_button.setEnabled(is_free and bool(self._all))


def _tr(text: str) -> str:
    return QCoreApplication.translate("FindingsTab", text)


def _columns() -> tuple[RecordColumn[Finding], ...]:
    return (
        RecordColumn(
            _tr("Cause"),
            lambda finding: cause_name(finding.cause),
            ColumnWidth.XXL,
            hover=lambda finding: cause_sentence(finding.cause),
        ),
        RecordColumn(_tr("Subject"), _subject, hover=_subject),
        _side(_tr("Register"), lambda finding: finding.register),
        _side(_tr("Found"), lambda finding: finding.found),
        RecordColumn(
            _tr("Repair"),
            lambda finding: repair_name(finding.repair),
            ColumnWidth.L,
            hover=lambda finding: repair_sentence(finding.repair),
        ),
    )


def _side(title: str, text: Callable[[Finding], str]) -> RecordColumn[Finding]:
    return RecordColumn(
        title, lambda finding: shorten(text(finding)) or "–", ColumnWidth.L, text, text, text, is_mono=True
    )


def _subject(finding: Finding) -> str:
    if finding.asset_name:
        return f"{finding.asset_name} · {finding.subject}" if finding.subject else finding.asset_name
    return _tr("Index") if finding.token_id is None else f"0x{finding.token_id:x}"


def _sought(finding: Finding) -> str:
    said = (finding.cause, cause_name(finding.cause), _subject(finding), finding.register, finding.found)
    return " ".join((*said, str(finding.asset_id or ""), repair_name(finding.repair)))
