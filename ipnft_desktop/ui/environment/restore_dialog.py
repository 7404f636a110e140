"""Asks whether a backup shall take the register's place, beside what that would change."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.backup_keeper import BackupFile
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.difference_list import DifferenceList
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.measures import local_time, size_text
from ipnft_desktop.ui.widgets.text import Text


class RestoreDialog(Dialog):
    """`confirmed` says that it is meant. Until then nothing was changed, and Escape leaves it so."""

    confirmed = Signal()

    def __init__(self, backup: BackupFile, parent: QWidget | None = None, *, is_chain_own: bool) -> None:
        """`is_chain_own`: the chain is this program's, begins empty at each start and is made again from the register's
        journal, so it goes back with the register; a network of others keeps what it has."""
        super().__init__(parent)
        self._is_chain_own = is_chain_own
        title = self.tr("Bring back the register of {0}").format(local_time(backup.at))
        self.setWindowTitle(title)
        self.resize(DialogWidth.L, DialogHeight.L)
        self._is_busy = False
        self.state = Text(self.tr("Comparing it with the present register…"), TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.error_panel = ErrorPanel()
        self.keep_button = SecondaryButton(self.tr("Keep the present register"))
        self.restore_button = DangerButton(self.tr("Restore the backup"))
        self.changes = DifferenceList()
        self._lay_out(title, backup)
        self.keep_button.clicked.connect(self.reject)
        self.restore_button.clicked.connect(self._on_restore)
        self.keep_button.setFocus()

    @property
    def lines(self) -> tuple[str, ...]:
        """What the comparison says, line by line."""
        return self.changes.lines

    def show_preview(self, preview: RestorePreview) -> None:
        """Say what would change."""
        if preview.is_empty:
            self.state.setText(self.tr("The backup holds the very same; a restore would change nothing."))
            return
        self.state.setText(self._ages(preview))
        for title, difference in (
            (self.tr("Assets"), preview.assets),
            (self.tr("Enterprises"), preview.enterprises),
            (self.tr("People"), preview.people),
            (self.tr("Addresses"), preview.addresses),
            (self.tr("Saved searches"), preview.filters),
        ):
            self.changes.add_difference(title, difference)
        self._add_mints(preview)

    def show_no_preview(self, error: IpnftError) -> None:
        """It cannot be told; a damaged register, for one, can be restored all the same."""
        self.state.setText(self.tr("What would change cannot be told."))
        self.error_panel.show_error(error)

    def show_error(self, error: IpnftError) -> None:
        """Say why the register stayed as it is."""
        self._set_busy(False)
        self.error_panel.show_error(error)

    def reject(self) -> None:
        """Escape and the window's cross; a restore under way is waited for."""
        if not self._is_busy:
            super().reject()

    def _ages(self, preview: RestorePreview) -> str:
        newest, former = preview.changed_at, preview.backup_changed_at
        return self.tr("Last change of the register: {0}. Last change in the backup: {1}.").format(
            local_time(newest) if newest else "–", local_time(former) if former else "–"
        )

    def _add_mints(self, preview: RestorePreview) -> None:
        mints = preview.mints
        gone, kept = mints.disappearing, mints.changing + mints.returning
        lost, newer = preview.audit_rows_lost, preview.newer_tokens
        of_newer = (
            self.tr("%Ln tokens vanish: this computer's own chain goes back with the register.", "", newer)
            if self._is_chain_own
            else self.tr("%Ln tokens stay on the chain; the start behind the restore takes them in again.", "", newer)
        )
        groups = (
            (gone, self.tr("%Ln mints are not in the backup.", "", gone)),
            (kept, self.tr("%Ln mints are taken up where the backup has them.", "", kept)),
            (newer, of_newer),
            (lost, self.tr("%Ln lines of the audit log are only in the backup made now.", "", lost)),
        )
        self.changes.add_lines(self.tr("Mints and tokens"), [text for count, text in groups if count])

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.restore_button.setText(self.tr("Restoring…") if busy else self.tr("Restore the backup"))
        self.restore_button.setEnabled(not busy)
        self.keep_button.setEnabled(not busy)

    def _on_restore(self) -> None:
        self.error_panel.clear()
        self._set_busy(True)
        self.confirmed.emit()

    def _lay_out(self, title: str, backup: BackupFile) -> None:
        explanation = self.tr(
            "The environment stops and starts again; the present register is kept as a backup. "
            "Everybody signs in anew. {0}, checked."
        ).format(size_text(backup.size_bytes))
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.restore_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.LEAD, Weight.BOLD, wrap=True))
        box.addWidget(Text(explanation, TextSize.BODY, ink=Ink.MUTED, wrap=True))
        box.addWidget(self.state)
        box.addWidget(self.changes, 1)
        box.addWidget(self.error_panel)
        box.addLayout(buttons)
