"""Import in steps: the file, its columns, what would be done, and what was done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.asset_import import ImportCheck, ImportReport, SheetSample
from ipnft_desktop.ui.sheets.check_panel import CheckPanel
from ipnft_desktop.ui.sheets.mapping_panel import MappingPanel
from ipnft_desktop.ui.sheets.wording import file_facts
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.text import Text


class ImportDialog(Dialog):
    """Signals say what the person wants; the presenter answers by showing the next face.

    The window stays usable meanwhile. Escape goes back or leaves, and does nothing while rows are stored.
    """

    file_requested = Signal()
    check_requested = Signal()
    import_requested = Signal()
    back_requested = Signal()
    stop_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import assets"))
        self._head = DialogHead(Icon.UPLOAD, self.tr("Import assets"), "")
        self.error_panel = ErrorPanel()
        self.mapping = MappingPanel()
        self.check = CheckPanel()
        self.progress = ProgressPanel()
        self.done_panel = _DonePanel()
        self._faces: tuple[QWidget, ...] = (self.mapping, self.check, self.progress, self.done_panel)
        self.file_button = SecondaryButton(self.tr("Choose another file…"), Icon.FOLDER_OPEN)
        self.back_button = SecondaryButton(self.tr("Back"))
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.check_button = PrimaryButton(self.tr("Check the rows"))
        self.import_button = PrimaryButton(self.tr("Import"), Icon.CHECK)
        self.close_button = PrimaryButton(self.tr("Done"))
        self._lay_out()
        self._connect()
        self.show_progress(self.tr("Reading the file…"), can_stop=True)

    @property
    def face(self) -> QWidget | None:
        """The face in view; None while there is only an error."""
        return next((face for face in self._faces if not face.isHidden()), None)

    def show_file(self, name: str) -> None:
        """Say which file is worked on."""
        self._head.sentence.setText(name)

    def show_progress(self, what: str, *, can_stop: bool) -> None:
        """Something is worked on."""
        self.error_panel.clear()
        self.progress.begin(what)
        self._turn(self.progress, self.cancel_button)
        self.cancel_button.setEnabled(can_stop)

    def show_share(self, share: float, *, can_stop: bool) -> None:
        """How much of it is done, 0 to 1."""
        self.progress.show_share(share)
        self.cancel_button.setEnabled(can_stop)

    def show_mapping(self, sample: SheetSample | None = None) -> None:
        """Ask what the columns are; without a sample as it was left."""
        if sample is not None:
            self._head.sentence.setText(file_facts(sample.sheet.facts))
            self.mapping.show_sample(sample)
        self.error_panel.clear()
        self._turn(self.mapping, self.file_button, self.cancel_button, self.check_button)

    def show_check(self, check: ImportCheck) -> None:
        """Say what would be done."""
        self.check.show_check(check)
        new = 0 if check.problem_count else check.new_count
        self.import_button.setText(self._import_text(new))
        self.import_button.setEnabled(bool(new))
        self.error_panel.clear()
        buttons = (self.back_button, self.cancel_button, self.import_button)
        self._turn(self.check, *((self.file_button, *buttons) if check.problem_count else buttons))

    def show_done(self, report: ImportReport) -> None:
        """Say what was done."""
        self.done_panel.show_report(report)
        self.error_panel.clear()
        self._turn(self.done_panel, self.close_button)
        self.close_button.setFocus()

    def show_error(self, error: IpnftError, *, on: QWidget | None = None) -> None:
        """Say what went wrong, over the face the person can go on from, or in place of all."""
        if on is self.mapping:
            self.show_mapping()
        elif on is self.check:
            self._turn(self.check, self.back_button, self.cancel_button, self.import_button)
        else:
            self._turn(None, self.file_button, self.cancel_button)
        self.error_panel.show_error(error)

    @property
    def is_busy(self) -> bool:
        """Whether a step is under way."""
        return self.face is self.progress

    def reject(self) -> None:
        """Leave; what is under way is stopped first, and where that cannot be, nothing happens."""
        if self.is_busy:
            if self.cancel_button.isEnabled():
                self.stop_requested.emit()
        else:
            super().reject()

    def _import_text(self, new: int) -> str:
        return self.tr("Import %Ln assets", "", new) if new else self.tr("Import")

    def _turn(self, face: QWidget | None, *buttons: QWidget) -> None:
        for other in self._faces:
            other.setVisible(other is face)
        for button in self._buttons:
            button.setVisible(button in buttons)
        self.cancel_button.setEnabled(True)

    def _lay_out(self) -> None:
        self._buttons = (
            self.file_button,
            self.back_button,
            self.cancel_button,
            self.check_button,
            self.import_button,
            self.close_button,
        )
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.file_button)
        foot.addStretch(1)
        for button in self._buttons[1:]:
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for part in (self._head, self.error_panel, *self._faces):
            # The width is fixed, so that wrapped text knows its height and the dialog follows each face.
            part.setFixedWidth(DialogWidth.XL - 2 * Space.XL)
            box.addWidget(part)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.mapping.changed.connect(self._on_mapping_changed)
        self.check.save_requested.connect(self.save_requested)
        self.file_button.clicked.connect(self.file_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.cancel_button.clicked.connect(self.reject)
        self.check_button.clicked.connect(self.check_requested)
        self.import_button.clicked.connect(self.import_requested)
        self.close_button.clicked.connect(self.accept)
        forward = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return), self)
        forward.activated.connect(self._on_forward)

    def _on_mapping_changed(self) -> None:
        self.check_button.setEnabled(self.mapping.is_complete)

    def _on_forward(self) -> None:
        for button in (self.check_button, self.import_button, self.close_button):
            if button.isVisible():
                button.click()
                return


class _DonePanel(QWidget):
    """What an import did, with the id under which the audit log knows it."""

    def __init__(self) -> None:
        super().__init__()
        self._headline = Text("", TextSize.LEAD, Weight.SEMIBOLD, Ink.OK)
        self._sentence = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.import_id = CopyableText("", self.tr("Import in the audit log"))
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(Text(self.tr("Import in the audit log"), TextSize.CAPTION, ink=Ink.MUTED))
        line.addWidget(self.import_id)
        line.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self._headline)
        box.addWidget(self._sentence)
        box.addLayout(line)

    @property
    def headline(self) -> str:
        """What is said first."""
        return self._headline.text()

    def show_report(self, report: ImportReport) -> None:
        """Show what was done."""
        self._headline.setText(self.tr("%Ln assets imported", "", report.added))
        self._sentence.setText(
            self.tr("They are drafts: look at them, then mint. %Ln rows were left out.", "", report.left_out)
            if report.left_out
            else self.tr("They are drafts: look at them, then mint.")
        )
        self.import_id.set_value(str(report.import_id), str(report.import_id))
