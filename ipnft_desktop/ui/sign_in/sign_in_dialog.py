"""Asks who is there."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.password_field import PasswordField

_TICK_MS = 1_000


class SignInDialog(FormDialog):
    """Name and password. Leaving it leaves the register closed; an account that is locked says how long it still is.

    `demo_requested` is the way in without a password, where there is a demonstration user.
    """

    demo_requested = Signal()

    def __init__(self, *, has_demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.USER,
            self.tr("Sign in"),
            self.tr("Without signing in nothing of the register can be seen."),
            self.tr("Sign in"),
            parent,
        )
        self.cancel_button.setText(self.tr("Not now"))
        self.name = QLineEdit()
        self.password = PasswordField()
        self.add_field("name", FormField(self.tr("Name"), self.name))
        self.add_field("password", FormField(self.tr("Password"), self.password))
        self.demo_button = LinkButton(self.tr("Go on as the demonstration user"))
        self.demo_button.setVisible(has_demo)
        self.demo_button.clicked.connect(self.demo_requested)
        self.add_part(self.demo_button)
        self._locked: dict[str, datetime] = {}
        self._countdown = QTimer(self)
        self._countdown.setInterval(_TICK_MS)
        self._countdown.timeout.connect(self._refresh)
        self.name.textChanged.connect(self._refresh)
        self.password.textChanged.connect(self._refresh)
        self.name.setFocus()
        self._refresh()

    @property
    def is_waiting(self) -> bool:
        """Whether the account that is named takes no password for a while."""
        return self._countdown.isActive()

    def set_busy(self, busy: bool) -> None:
        """While the password is tried nothing can be changed."""
        super().set_busy(busy)
        self._refresh()

    def show_refusal(self, error: IpnftError) -> None:
        """Say beside the password why nobody is signed in."""
        if error.code is ErrorCode.SIGN_IN_LOCKED:
            self._locked[self._who] = datetime.fromisoformat(error.facts["until"])
            self._refresh()
        elif error.code is ErrorCode.SIGN_IN_REFUSED:
            self.fields["password"].set_error(
                self.tr("Name and password do not belong together. After five wrong passwords in a row it is locked.")
            )
        else:
            super().show_refusal(error)
        self.password.selectAll()
        self.password.setFocus()

    def done(self, result: int) -> None:
        """Close, and leave no password behind."""
        self._countdown.stop()
        super().done(result)

    @property
    def _who(self) -> str:
        return self.name.text().strip().casefold()

    def _refresh(self) -> None:
        until = self._locked.get(self._who)
        left_s = 0 if until is None else round((until - datetime.now(UTC)).total_seconds() + 0.5)
        field = self.fields["password"]
        if left_s > 0:
            self._countdown.start()
            field.set_error(
                self.tr("Too many wrong passwords. Try again in {0}, or ask an administrator to unlock it.").format(
                    f"{left_s // 60}:{left_s % 60:02d}"
                )
            )
        elif self.is_waiting:
            self._countdown.stop()
            field.set_error("")
        complete = bool(self._who and self.password.text())
        self.submit_button.setEnabled(complete and not self.is_busy and left_s <= 0)
