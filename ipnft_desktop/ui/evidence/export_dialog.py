"""Asks which assets get evidence and in what form, and shows what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.certificate import CertificateLanguage
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.evidence import EvidenceOutcome
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text

_ROWS = 6


class Scope(Enum):
    """Which assets."""

    CARD = "card"
    SELECTED = "selected"
    LISTED = "listed"


class ExportEvidenceDialog(Dialog):
    """`start_wanted` carries the `Scope`, the `CertificateLanguage` or None, and whether all go into one file."""

    start_wanted = Signal(object, object, bool)
    cancel_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, counts: Mapping[Scope, int], parent: QWidget | None = None) -> None:
        """`counts` has how many assets each choice is, those that there are; the first is chosen."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export evidence"))
        self.setFixedWidth(DialogWidth.L)
        self._names: Mapping[UUID, str] = {}
        self.scope = Select(self.tr("Which assets"))
        for scope, count in counts.items():
            self.scope.addItem(self._scope_name(scope, count), scope)
        self.certificate = Select(self.tr("Certificate to print"))
        for title, language in (
            (self.tr("No certificate"), None),
            (self.tr("In English"), CertificateLanguage.ENGLISH),
            (self.tr("In Chinese"), CertificateLanguage.CHINESE),
            (self.tr("In both languages"), CertificateLanguage.BOTH),
        ):
            self.certificate.addItem(title, language)
        self.one_file = CheckBox(self.tr("All certificates in one file"))
        self.bar = ProgressBar(self.tr("Progress of the export"))
        self._status = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.error_panel = ErrorPanel()
        self.table = RecordTable[EvidenceOutcome](
            self.tr("What became of each asset"),
            (
                RecordColumn(self.tr("Asset"), self._name, ColumnWidth.XXL, hover=self._name),
                RecordColumn(self.tr("Result"), self._result, hover=self._result),
            ),
            lambda outcome: outcome.asset_id,
            opens=False,
        )
        self.folder_button = SecondaryButton(self.tr("Show folder"), Icon.FOLDER_OPEN)
        self.close_button = SecondaryButton(self.tr("Close"))
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.start_button = PrimaryButton(self.tr("Choose a folder…"), Icon.DOWNLOAD)
        self._lay_out()
        self._connect()
        self.show_working(False)
        self.folder_button.hide()
        self._on_choice()

    @property
    def status(self) -> str:
        """What is told under the bar."""
        return self._status.text()

    def show_working(self, is_working: bool) -> None:
        """While something is written nothing can be chosen, and it can be cancelled."""
        for control in (self.scope, self.certificate, self.start_button):
            control.setEnabled(not is_working)
        self.cancel_button.setVisible(is_working)
        self.close_button.setVisible(not is_working)
        self.bar.setVisible(is_working)
        self.one_file.setEnabled(not is_working and self._can_be_one_file)

    def show_names(self, names: Mapping[UUID, str]) -> None:
        """What the assets are called; a new export begins."""
        self._names = names
        self.error_panel.clear()
        self.folder_button.hide()
        self.show_outcomes((), len(names))

    def show_outcomes(self, outcomes: Sequence[EvidenceOutcome], total: int) -> None:
        """What became of the first of them; of those that were shown before only as many are looked at as are new."""
        self.bar.setValue(100 * len(outcomes) // max(1, total))
        self._status.setText(self.tr("{0} of %Ln assets", "", total).format(len(outcomes)))
        shown = self.table.records.count
        if len(outcomes) < shown or not shown:
            self.table.show_records(tuple(outcomes))
        else:
            self.table.add_records(outcomes[shown:])

    def show_printing(self, done: int, total: int) -> None:
        """The certificates are made."""
        self.bar.setValue(100 * done // max(1, total))
        self._status.setText(self.tr("{0} of %Ln certificates", "", total).format(done))

    def show_done(self, text: str, *, has_files: bool) -> None:
        """It ended, of itself or by a wish."""
        self.show_working(False)
        self._status.setText(text)
        self.folder_button.setVisible(has_files)
        (self.folder_button if has_files else self.close_button).setFocus()

    def show_error(self, error: IpnftError) -> None:
        """It could not be done."""
        self.show_working(False)
        self.error_panel.show_error(error)

    def reject(self) -> None:
        """Escape cancels what is under way, and closes where nothing is."""
        if self.cancel_button.isVisibleTo(self):
            self.cancel_wanted.emit()
        else:
            super().reject()

    def leave(self) -> None:
        """Close it, and cancel what is under way: whoever asked for it has signed out."""
        if self.cancel_button.isVisibleTo(self):
            self.cancel_wanted.emit()
        super().reject()

    @property
    def _can_be_one_file(self) -> bool:
        return self.certificate.currentData() is not None and self.scope.currentData() is not Scope.CARD

    def _scope_name(self, scope: Scope, count: int) -> str:
        match scope:
            case Scope.CARD:
                return self.tr("The open card")
            case Scope.SELECTED:
                return self.tr("%Ln selected cards", "", count)
            case Scope.LISTED:
                return self.tr("All %Ln listed", "", count)

    def _name(self, outcome: EvidenceOutcome) -> str:
        return self._names.get(outcome.asset_id, str(outcome.asset_id))

    def _result(self, outcome: EvidenceOutcome) -> str:
        if outcome.error is not None:
            return error_line(outcome.error)
        if outcome.bundle is None:
            return ""
        name = outcome.bundle.file.name
        if outcome.bundle.is_signer_sender:
            return name
        return self.tr("{0}; signed by another account than the mint's: --signer {1}").format(
            name, outcome.bundle.signer
        )

    def _lay_out(self) -> None:
        head = DialogHead(
            Icon.BADGE_CHECK,
            self.tr("Export evidence"),
            self.tr("One file an asset, signed by the register, which anybody can check without this program."),
        )
        form = QGridLayout()
        form.setHorizontalSpacing(Space.M)
        form.setVerticalSpacing(Space.S)
        form.setColumnStretch(1, 1)
        for line, (title, control) in enumerate(
            ((self.tr("Assets"), self.scope), (self.tr("Certificate (PDF)"), self.certificate))
        ):
            form.addWidget(Text(title, TextSize.BODY), line, 0)
            form.addWidget(control, line, 1)
        form.addWidget(self.one_file, 2, 1)
        self.table.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.folder_button)
        foot.addStretch(1)
        for button in (self.close_button, self.cancel_button, self.start_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setSpacing(Space.M)
        box.addWidget(head)
        box.addLayout(form)
        for part in (self.bar, self._status, self.error_panel, card):
            box.addWidget(part)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._on_start)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.close_button.clicked.connect(self.accept)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.scope.currentIndexChanged.connect(self._on_choice)
        self.certificate.currentIndexChanged.connect(self._on_choice)

    def _on_choice(self) -> None:
        self.one_file.setEnabled(self._can_be_one_file)

    def _on_start(self) -> None:
        one_file = self.one_file.isChecked() and self._can_be_one_file
        self.start_wanted.emit(self.scope.currentData(), self.certificate.currentData(), one_file)
