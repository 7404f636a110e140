"""What the verifier found out about a bundle, part by part."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text
from ipnft_verify import words
from ipnft_verify.report import Finding, Report, Verdict

_ROWS = 12
_TONES = {
    Verdict.HOLDS: Tone.OK,
    Verdict.STATED: Tone.NEUTRAL,
    Verdict.UNTIED: Tone.WARN,
    Verdict.BROKEN: Tone.ERROR,
    Verdict.UNANSWERED: Tone.WARN,
    Verdict.NOT_CHECKED: Tone.NEUTRAL,
}


class VerifyDialog(Dialog):
    """Until a report says that a bundle is valid, nothing here does."""

    chain_wanted = Signal()
    another_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Verify a bundle"))
        self.setFixedWidth(DialogWidth.XL)
        self._report: Report | None = None
        self._mark = IconLabel(Icon.SHIELD, Ink.MUTED, Size.ICON_RAIL)
        self._conclusion = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._file = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self._notes = Text("", TextSize.BODY, wrap=True)
        self.error_panel = ErrorPanel()
        self.table = RecordTable[Finding](
            self.tr("Parts of the bundle"),
            (
                RecordColumn(self.tr("Part"), _part, ColumnWidth.XXL, order=_place, hover=_part),
                RecordColumn(self.tr("Verdict"), _verdict, ColumnWidth.L, tone=lambda one: _TONES[one.verdict]),
                RecordColumn(self.tr("What was found"), _told, hover=_told),
            ),
            lambda finding: finding.part,
            opens=False,
        )
        self.copy_button = SecondaryButton(self.tr("Copy report"), Icon.COPY)
        self.chain_button = SecondaryButton(self.tr("Ask this register's chain"))
        self.another_button = SecondaryButton(self.tr("Another file…"))
        self.close_button = PrimaryButton(self.tr("Close"))
        self._lay_out()
        self.copy_button.clicked.connect(self._on_copy)
        self.chain_button.clicked.connect(self.chain_wanted)
        self.another_button.clicked.connect(self.another_wanted)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    @property
    def conclusion(self) -> str:
        """The verdict on the whole, as shown."""
        return self._conclusion.text()

    @property
    def report(self) -> Report | None:
        """What is shown; None while a file is judged."""
        return self._report

    @property
    def notes(self) -> str:
        """What is told under the table."""
        return self._notes.text()

    def show_verifying(self, file: Path) -> None:
        """A file is being judged."""
        self._report = None
        self.error_panel.clear()
        self._show(self.tr("Verifying…"), Icon.SHIELD, Ink.MUTED)
        self._file.setText(file.name)
        self._notes.setText("")
        self.table.show_records(())
        for button in (self.copy_button, self.chain_button, self.another_button):
            button.setEnabled(False)

    def show_report(self, report: Report) -> None:
        """What was found."""
        self._report = report
        told = words.conclusion(report, _language())
        if report.is_valid:
            self._show(told, Icon.CIRCLE_CHECK, Ink.OK)
        elif report.is_unanswered or report.holds:
            self._show(told, Icon.TRIANGLE_ALERT, Ink.WARN)
        else:
            self._show(told, Icon.CIRCLE_ALERT, Ink.ERROR)
        self._notes.setText("\n".join(_notes(report)))
        self.table.show_records(report.findings)
        for button in (self.copy_button, self.chain_button, self.another_button):
            button.setEnabled(True)

    def show_error(self, error: IpnftError) -> None:
        """The file could not be judged: nothing is known of it."""
        self._show(self.tr("Not verified"), Icon.TRIANGLE_ALERT, Ink.WARN)
        self.error_panel.show_error(error)
        self.another_button.setEnabled(True)

    def _show(self, text: str, icon: Icon, ink: Ink) -> None:
        self._conclusion.setText(text)
        self._conclusion.set_ink(ink)
        self._mark.set_icon(icon, ink)

    def _on_copy(self) -> None:
        if self._report is not None:
            lines = [words.line(finding, _language()) for finding in self._report.findings]
            told = [self._file.text(), *lines, *_notes(self._report), words.conclusion(self._report, _language())]
            QGuiApplication.clipboard().setText("\n".join(map(visible, told)))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self._mark)
        texts = QVBoxLayout()
        texts.setSpacing(Space.XS)
        texts.addWidget(self._conclusion)
        texts.addWidget(self._file)
        head.addLayout(texts, 1)
        self.table.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        for button in (self.copy_button, self.chain_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.another_button, self.close_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setSpacing(Space.M)
        box.addLayout(head)
        for part in (self.error_panel, card, self._notes):
            box.addWidget(part)
        box.addLayout(foot)


def _language() -> str:
    return "zh" if language().current is Language.ZH else "en"


def _notes(report: Report) -> list[str]:
    told = [words.told(note, _language()) for note in report.notes]
    if report.holds and report.subject is not None:
        told.append(words.remembered(report, _language()))
    return told


def _part(finding: Finding) -> str:
    return words.part_name(finding.part, _language())


def _place(finding: Finding) -> int:
    return list(type(finding.part)).index(finding.part)


def _verdict(finding: Finding) -> str:
    return words.verdict_word(finding.verdict, _language())


def _told(finding: Finding) -> str:
    return words.told(finding, _language())
