"""The account of the first administrator, and another password for one's own account."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.people import User
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.new_password import NewPassword
from ipnft_desktop.ui.widgets.password_field import PasswordField


class FirstAdminDialog(FormDialog):
    """For a register nobody can sign in to yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.SHIELD,
            self.tr("The first administrator"),
            self.tr("Nobody can sign in to this register yet. This account may do everything; it adds the others."),
            self.tr("Create the account"),
            parent,
        )
        self.cancel_button.setText(self.tr("Not now"))
        self.name = QLineEdit()
        self.display_name = QLineEdit()
        self.add_field(
            "name", FormField(self.tr("Signs in as"), self.name, self.tr("It stays: the audit log names it."))
        )
        self.add_field("display_name", FormField(self.tr("Shown as"), self.display_name))
        self.password = NewPassword(self)
        self.name.setFocus()


class ChangePasswordDialog(FormDialog):
    """The old password proves who is there."""

    def __init__(self, user: User, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.KEY,
            self.tr("Change the password"),
            self.tr("Of the account of {0}.").format(user.display_name),
            self.tr("Change the password"),
            parent,
        )
        self.old = PasswordField()
        self.add_field("old", FormField(self.tr("Present password"), self.old))
        self.password = NewPassword(self)
        self.old.setFocus()

    def show_refusal(self, error: IpnftError) -> None:
        """Say beside the old password that it is not the one."""
        if error.code is ErrorCode.SIGN_IN_REFUSED:
            self.fields["old"].set_error(self.tr("This is not the present password."))
            self.old.selectAll()
            self.old.setFocus()
        else:
            super().show_refusal(error)
