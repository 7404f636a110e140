"""Asks whether the workspace shall be put back to a checkpoint, beside exactly what that undoes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.difference_list import DifferenceList
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.text import Text
from ipnft_desktop.ui.workspaces.words import assets_text, checkpoint_name, figures_text, tokens_text


class ReturnDialog(Dialog):
    """`confirmed` says that it is meant, `stop_requested` that it shall end after all. Escape leaves all as it is."""

    confirmed = Signal()
    stop_requested = Signal()

    def __init__(self, checkpoint: Checkpoint, parent: QWidget | None = None, *, stays_signed_in: bool = False) -> None:
        """`stays_signed_in` says that nobody is asked anew who they are, as on stage."""
        super().__init__(parent)
        self._stays_signed_in = stays_signed_in
        title = self.tr("Return to “{0}”").format(checkpoint_name(checkpoint))
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.L, DialogHeight.L)
        self._is_busy = False
        self._head = DialogHead(Icon.CLOCK, title, self._explanation(checkpoint))
        self.state = Text(self.tr("Comparing it with the workspace…"), TextSize.BODY, Weight.MEDIUM, wrap=True)
        self.changes = DifferenceList()
        self.error_panel = ErrorPanel()
        self.progress = ProgressPanel()
        self.progress.hide()
        self.keep_button = SecondaryButton(self.tr("Keep everything as it is"))
        self.return_button = DangerButton(self.tr("Return to the checkpoint"))
        self._lay_out()
        self.keep_button.clicked.connect(self.reject)
        self.return_button.clicked.connect(self._on_return)
        self.keep_button.setFocus()

    @property
    def is_busy(self) -> bool:
        """Whether the return is under way."""
        return self._is_busy

    def show_preview(self, preview: RestorePreview) -> None:
        """Say what would be undone."""
        if preview.is_empty:
            self.state.setText(self.tr("Nothing changed since; a return would undo nothing."))
            return
        vanishing = preview.assets.disappearing, preview.newer_tokens
        if any(vanishing):
            self.state.setText(
                self.tr("{0} and {1} newer than it vanish from this local chain and its register.").format(
                    assets_text(vanishing[0]), tokens_text(vanishing[1])
                )
            )
        else:
            self.state.setText(self.tr("No asset and no token is newer than it."))
        for title, difference in (
            (self.tr("Assets"), preview.assets),
            (self.tr("Enterprises"), preview.enterprises),
            (self.tr("People"), preview.people),
            (self.tr("Addresses"), preview.addresses),
            (self.tr("Saved searches"), preview.filters),
        ):
            self.changes.add_difference(title, difference)
        mints, lost = preview.mints, preview.audit_rows_lost
        gone, kept = mints.disappearing, mints.changing + mints.returning
        groups = (
            (gone, self.tr("%Ln mints are undone.", "", gone)),
            (kept, self.tr("%Ln mints are taken up where the checkpoint has them.", "", kept)),
            (lost, self.tr("%Ln lines of the audit log are only in the checkpoint made now.", "", lost)),
        )
        self.changes.add_lines(self.tr("Mints and records"), [text for count, text in groups if count])

    def show_no_preview(self, error: IpnftError) -> None:
        """What would be undone cannot be told, and why."""
        self.state.setText(self.tr("What would be undone cannot be told."))
        self.error_panel.show_error(error)

    def show_error(self, error: IpnftError) -> None:
        """Say why the workspace is as it was."""
        self.show_choice()
        self.error_panel.show_error(error)

    def show_choice(self) -> None:
        """Let the person choose again."""
        self._set_busy(False)

    def reject(self) -> None:
        """Leave; a return that is not decided yet is ended first."""
        if self._is_busy:
            self.stop_requested.emit()
        else:
            super().reject()

    def _explanation(self, checkpoint: Checkpoint) -> str:
        told = local_time(checkpoint.at), figures_text(checkpoint.figures)
        if self._stays_signed_in:
            return self.tr(
                "Made {0}, with {1}. Register, chain and content go back to it together; the environment starts again "
                "and the show begins anew. What is here now is kept as a checkpoint, so that this can be undone."
            ).format(*told)
        return self.tr(
            "Made {0}, with {1}. Register, chain and content go back to it together; the environment stops and starts "
            "again, and everybody signs in anew. What is here now is kept as a checkpoint, so that this can be undone."
        ).format(*told)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.return_button.setEnabled(not busy)
        self.keep_button.setText(self.tr("Stop") if busy else self.tr("Keep everything as it is"))
        self.progress.setVisible(busy)

    def _on_return(self) -> None:
        self.error_panel.clear()
        self._set_busy(True)
        self.progress.begin(self.tr("Keeping what is here, then going back…"))
        self.confirmed.emit()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(self._head)
        box.addWidget(self.state)
        box.addWidget(self.changes, 1)
        box.addWidget(self.error_panel)
        box.addWidget(self.progress)
        box.addLayout(foot(self.keep_button, self.return_button))
