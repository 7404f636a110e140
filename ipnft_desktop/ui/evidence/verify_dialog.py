"""What the verifier found out about a bundle, part by part."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.evidence import EvidenceOrigin
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text
from ipnft_verify import words
from ipnft_verify.manifest import VALIDITIES
from ipnft_verify.report import SIGNER_NOT_SENDER, Finding, Report, Verdict

_ROWS = 6
_READING_LINES, _NOTE_LINES = 3, 5
_DOUBTFUL = frozenset({"issued_before_mint", "issued_before_state"})
"""What is stated and cannot be so."""
_TONES = {
    Verdict.HOLDS: Tone.OK,
    Verdict.STATED: Tone.NEUTRAL,
    Verdict.UNTIED: Tone.WARN,
    Verdict.BROKEN: Tone.ERROR,
    Verdict.UNANSWERED: Tone.WARN,
    Verdict.NOT_CHECKED: Tone.NEUTRAL,
}


_VALIDITY_INKS = {"VALID": Ink.OK, "SUSPENDED": Ink.WARN, "REVOKED": Ink.ERROR}


class VerifyDialog(Dialog):
    """Whether the evidence holds, and below it how the certificate stands, which is another thing.

    Until a report says that a bundle holds, nothing here does. `signer_wanted` carries an account of this register that
    signed instead of the mint's sender.
    """

    chain_wanted = Signal()
    another_wanted = Signal()
    signer_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Verify a bundle"))
        self.setFixedWidth(DialogWidth.XL)
        self._report: Report | None = None
        self._origin: EvidenceOrigin | None = None
        self._mark = IconLabel(Icon.SHIELD, Ink.MUTED, Size.ICON_RAIL)
        self._conclusion = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._standing = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._subject = Text("", TextSize.BODY, wrap=True)
        self._file = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.bar = ProgressBar(self.tr("Progress"))
        self._reading = _reading(self.tr("The part in focus"), _READING_LINES)
        self._notes = _reading(self.tr("What to compare"), _NOTE_LINES)
        self.error_panel = ErrorPanel()
        self.table = RecordTable[Finding](
            self.tr("Parts of the bundle"),
            (
                RecordColumn(self.tr("Part"), _part, ColumnWidth.XXL, order=_place, hover=_part),
                RecordColumn(self.tr("Verdict"), _verdict, ColumnWidth.L, tone=_tone),
                RecordColumn(self.tr("What was found"), _told, hover=_told),
            ),
            lambda finding: finding.part,
            opens=False,
        )
        self.copy_button = SecondaryButton(self.tr("Copy report"), Icon.COPY)
        self.chain_button = SecondaryButton(self.tr("Ask this register's chain"))
        self.signer_button = SecondaryButton(self.tr("Accept this register's account"))
        self.another_button = SecondaryButton(self.tr("Another file…"))
        self.close_button = PrimaryButton(self.tr("Close"))
        self._lay_out()
        self.table.current_changed.connect(self._on_part)
        self.copy_button.clicked.connect(self._on_copy)
        self.chain_button.clicked.connect(self.chain_wanted)
        self.signer_button.clicked.connect(self._on_signer)
        self.another_button.clicked.connect(self.another_wanted)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    @property
    def conclusion(self) -> str:
        """The verdict on the whole, as shown."""
        return self._conclusion.text()

    @property
    def standing(self) -> str:
        """How the certificate stands, as shown."""
        return self._standing.text()

    @property
    def subject(self) -> str:
        """Which asset it is, and whose."""
        return self._subject.text()

    @property
    def report(self) -> Report | None:
        """What is shown; None while a file is judged."""
        return self._report

    @property
    def reading(self) -> str:
        """All that was found about the part in focus."""
        return self._reading.toPlainText()

    @property
    def notes(self) -> str:
        """What is told under the table."""
        return self._notes.toPlainText()

    def show_verifying(self, file: Path) -> None:
        """A file is being judged."""
        self._report = self._origin = None
        self.error_panel.clear()
        self._show(self.tr("Verifying…"), Icon.SHIELD, Ink.MUTED)
        self._file.setText(file.name)
        self.bar.setValue(0)
        self.bar.show()
        self._fill()
        for button in (self.copy_button, self.chain_button, self.another_button):
            button.setEnabled(False)

    def show_share(self, share: float) -> None:
        """So much is judged, 0 to 1."""
        self.bar.setValue(round(100 * share))

    def show_report(self, report: Report, origin: EvidenceOrigin | None = None) -> None:
        """What was found, and what this register has to do with it."""
        self._report, self._origin = report, origin
        told = words.conclusion(report, _language())
        if report.is_valid:
            is_in_force = report.validity == VALIDITIES[0]
            self._show(told, Icon.CIRCLE_CHECK if is_in_force else Icon.SHIELD, Ink.OK if is_in_force else Ink.FG)
        elif report.is_unanswered or report.holds:
            self._show(told, Icon.TRIANGLE_ALERT, Ink.WARN)
        else:
            self._show(told, Icon.CIRCLE_ALERT, Ink.ERROR)
        self._fill()
        for button in (self.copy_button, self.chain_button, self.another_button):
            button.setEnabled(True)

    def show_error(self, error: IpnftError) -> None:
        """The file could not be judged: nothing is known of it."""
        self._show(self.tr("Not verified"), Icon.TRIANGLE_ALERT, Ink.WARN)
        self.bar.hide()
        self.error_panel.show_error(error)
        self.another_button.setEnabled(True)

    def _fill(self) -> None:
        """Everything below the headline."""
        report = self._report
        standing = report and words.standing(report, _language())
        self._standing.setText(standing or "")
        self._standing.set_ink(_VALIDITY_INKS[report.validity] if report and report.validity else Ink.FG)
        self._standing.setVisible(bool(standing))
        subject = report and words.subject(report, _language())
        self._subject.setText(subject or "")
        self._subject.setVisible(bool(subject))
        if report is not None:
            self.bar.hide()
        below = "\n".join(map(visible, self._told_below()))
        self._notes.setPlainText(below)
        self._notes.setVisible(bool(below))
        self.table.show_records(report.findings if report else ())
        if report is not None and report.first_broken is not None:
            self.table.select(report.first_broken.part)
        self.signer_button.setVisible(self._offers_signer)

    @property
    def _offers_signer(self) -> bool:
        broken = self._report.first_broken if self._report else None
        is_other = broken is not None and broken.key == SIGNER_NOT_SENDER
        return is_other and self._origin is not None and self._origin.is_signer_ours

    def _told_below(self) -> list[str]:
        report, origin = self._report, self._origin
        if report is None:
            return []
        told = [words.told(note, _language()) for note in report.notes]
        if origin is not None:
            told += self._told_of(origin)
        if report.holds:
            told.append(words.remembered(report, _language()))
        return told

    def _told_of(self, origin: EvidenceOrigin) -> list[str]:
        told: list[str] = []
        if origin.is_contract_ours is not None:
            ours = self.tr("The contract is the one that this register is bound to.")
            other = self.tr("The contract is NOT the one that this register is bound to: it is another token.")
            told.append(ours if origin.is_contract_ours else other)
        ours = self.tr("{0} signs for this register, or has signed evidence for it.")
        other = self.tr("{0} is no account that is known to have signed evidence for this register.")
        told.append((ours if origin.is_signer_ours else other).format(origin.signer))
        return told

    def _show(self, text: str, icon: Icon, ink: Ink) -> None:
        self._conclusion.setText(text)
        self._conclusion.set_ink(ink)
        self._mark.set_icon(icon, ink)

    def _on_part(self) -> None:
        finding = self.table.current
        text = "" if finding is None else words.line(finding, _language())
        if text != self.reading:
            self._reading.setPlainText(visible(text))

    def _on_signer(self) -> None:
        if self._origin is not None:
            self.signer_wanted.emit(self._origin.signer)

    def _on_copy(self) -> None:
        if self._report is not None:
            lines = [words.line(finding, _language()) for finding in self._report.findings]
            heads = [self.conclusion, *filter(None, (self.standing, self.subject))]
            told = [self._file.text(), *heads, "", *lines, "", *self._told_below()]
            QGuiApplication.clipboard().setText("\n".join(map(visible, told)))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(Space.XS)
        for text in (self._conclusion, self._standing, self._subject, self._file):
            texts.addWidget(text)
        head.addLayout(texts, 1)
        self.table.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        for button in (self.copy_button, self.chain_button, self.signer_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.another_button, self.close_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setSpacing(Space.M)
        box.addLayout(head)
        for part in (self.bar, self.error_panel, card, self._reading, self._notes):
            box.addWidget(part)
        box.addLayout(foot)


def _reading(name: str, lines: int) -> QPlainTextEdit:
    """Text to be read and copied, whose hashes break wherever a line ends."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setAccessibleName(name)
    text.setFont(text_font(TextSize.BODY))
    text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    text.setFixedHeight((lines + 1) * Size.TEXT_LINE)
    return text


def _language() -> str:
    return "zh" if language().current is Language.ZH else "en"


def _part(finding: Finding) -> str:
    return words.part_name(finding.part, _language())


def _place(finding: Finding) -> int:
    return list(type(finding.part)).index(finding.part)


def _verdict(finding: Finding) -> str:
    return words.verdict_word(finding.verdict, _language())


def _tone(finding: Finding) -> Tone:
    return Tone.WARN if finding.key in _DOUBTFUL else _TONES[finding.verdict]


def _told(finding: Finding) -> str:
    return words.told(finding, _language())
