"""A new password, typed twice."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.people import PASSWORD_MIN_CHARS
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.password_field import PasswordField


class NewPassword:
    """Two fields of a form, `password` and `repeated`, that must agree."""

    def __init__(self, form: FormDialog) -> None:
        translate = QCoreApplication.translate
        self._form = form
        self.first, self.second = PasswordField(), PasswordField()
        hint = translate("NewPassword", "At least {0} characters; a few unrelated words are easy to keep.").format(
            PASSWORD_MIN_CHARS
        )
        form.add_field("password", FormField(translate("NewPassword", "New password"), self.first, hint))
        form.add_field("repeated", FormField(translate("NewPassword", "The same password again"), self.second))

    def agree(self) -> bool:
        """Whether both are the same; if not, it is told beside the second."""
        if self.first.text() == self.second.text():
            return True
        self._form.show_problems((FieldProblem("repeated", ProblemKind.NOT_THE_SAME),))
        return False

    def take(self) -> str:
        """The password; from then on both are hidden again."""
        self.second.take()
        return self.first.take()
