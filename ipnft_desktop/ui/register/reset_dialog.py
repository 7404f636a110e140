"""Asks an administrator why an asset shall be a draft again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.services.mint_desk import REASON_MAX_CHARS
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.reason_form import ReasonForm
from ipnft_desktop.ui.widgets.text import Text


class ResetDialog(Dialog):
    """`reset_requested` carries the reason; what goes wrong is told here, and what was written stays."""

    reset_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Reset “{0}” to a draft").format(name)
        self.setWindowTitle(title)
        self.setFixedWidth(DialogWidth.S)
        self._is_busy = False
        self.error_panel = ErrorPanel()
        self.form = ReasonForm(
            self.tr("Reason *"),
            self.tr("Kept in the audit log for good."),
            self.tr("Reset to draft"),
            self.tr("Keep as it is"),
            REASON_MAX_CHARS,
        )
        explanation = self.tr(
            "Its attempts count anew and it can be edited again. The chain is asked first: "
            "where a token exists, nothing is changed."
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.LEAD, Weight.BOLD, wrap=True))
        box.addWidget(Text(explanation, TextSize.BODY, ink=Ink.MUTED, wrap=True))
        box.addWidget(self.form)
        box.addWidget(self.error_panel)
        self.form.dismissed.connect(self.reject)
        self.form.submitted.connect(self._on_submitted)
        self.form.ask()

    def show_error(self, error: IpnftError) -> None:
        """Say why it stayed as it is."""
        self._set_busy(False)
        if isinstance(error, ValidationFailed):
            self.form.show_problem(error.problems[0])
        else:
            self.error_panel.show_error(error)

    def reject(self) -> None:
        """Escape and the window's cross; an answer on its way is waited for."""
        if not self._is_busy:
            super().reject()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.form.set_busy(busy)

    def _on_submitted(self, reason: str) -> None:
        self.error_panel.clear()
        self._set_busy(True)
        self.reset_requested.emit(reason)
