"""Asks for the password of the keystore."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QDeadlineTimer, QTimer, Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Space
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.password_field import PasswordField

_TICK_MS = 1_000


class UnlockDialog(Dialog):
    """`unlock_requested` carries the password; the presenter answers with `show_refusal`, or accepts the dialog."""

    unlock_requested = Signal(str)

    def __init__(self, address: str | None, idle_minutes: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Unlock the signing key"))
        self._is_busy = False
        self._head = DialogHead(
            Icon.KEY,
            self.tr("Unlock the signing key"),
            self.tr("Mints that wait for it go on by themselves. Without a signature it locks after {0} min.").format(
                idle_minutes
            ),
        )
        self._address = CopyableText(address or "", self.tr("Account"), short=address or "")
        self._address.setVisible(bool(address))
        self.password = PasswordField()
        self.field = FormField(self.tr("Password of the keystore"), self.password)
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.unlock_button = PrimaryButton(self.tr("Unlock"), Icon.LOCK_OPEN)
        self._wait = QDeadlineTimer()
        self._countdown = QTimer(self)
        self._countdown.setInterval(_TICK_MS)
        self._lay_out()
        self._connect()
        self._refresh()
        self.password.setFocus()

    @property
    def error(self) -> str:
        """What stands beside the field as wrong, or nothing."""
        return self.field.error

    @property
    def is_waiting(self) -> bool:
        """Whether the keystore takes no password for a while."""
        return self._countdown.isActive()

    def set_busy(self, busy: bool) -> None:
        """While the password is tried, only giving up is possible."""
        self._is_busy = busy
        if busy:
            self.field.set_error("")
        self._refresh()

    def show_refusal(self, error: IpnftError) -> None:
        """Say beside the field why the key stays locked."""
        self.set_busy(False)
        if "wait_s" in error.facts:
            self._wait = QDeadlineTimer(int(error.facts["wait_s"]) * 1_000)
            self._countdown.start()
            self._on_tick()
        elif error.code is ErrorCode.KEYSTORE_WRONG_PASSWORD:
            self.field.set_error(self._wrong(int(error.facts.get("attempts_left", "0"))))
        else:
            self.field.set_error(error_line(error))
        self.password.selectAll()
        self.password.setFocus()

    def done(self, result: int) -> None:
        """Close, and leave no password behind."""
        self._countdown.stop()
        self.password.clear()
        super().done(result)

    def _wrong(self, left: int) -> str:
        if left:
            return self.tr(
                "This password does not open the keystore. %Ln attempts are left before it locks for a while.", "", left
            )
        return self.tr("This password does not open the keystore.")

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for part in (self._head, self._address, self.field):
            box.addWidget(part)
        # The width is fixed, so that wrapped text knows its height and the dialog follows what is said.
        for part in (self._head, self.field):
            part.setFixedWidth(DialogWidth.S - 2 * Space.XL)
        box.addLayout(foot(self.cancel_button, self.unlock_button))
        order = (self.password, self.password.eye, self.cancel_button, self.unlock_button, self._address)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.password.textEdited.connect(self._on_edited)
        self.password.returnPressed.connect(self.unlock_button.click)
        self.unlock_button.clicked.connect(self._on_unlock)
        self.cancel_button.clicked.connect(self.reject)
        self._countdown.timeout.connect(self._on_tick)

    def _on_edited(self) -> None:
        if not self.is_waiting:
            self.field.set_error("")
        self._refresh()

    def _on_unlock(self) -> None:
        self.unlock_requested.emit(self.password.take())

    def _on_tick(self) -> None:
        left_s = -(-self._wait.remainingTime() // 1_000)
        if left_s > 0:
            self.field.set_error(
                self.tr("Too many wrong passwords. Try again in {0}.").format(f"{left_s // 60}:{left_s % 60:02d}")
            )
        else:
            self._countdown.stop()
            self.field.set_error("")
        self._refresh()

    def _refresh(self) -> None:
        self.unlock_button.setText(self.tr("Unlocking…") if self._is_busy else self.tr("Unlock"))
        self.unlock_button.setEnabled(bool(self.password.text()) and not self._is_busy and not self.is_waiting)
        self.password.setEnabled(not self._is_busy)
