"""The form of a person's account, new or changed, and the one that gives it another password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.choice_list import ChoiceList
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.new_password import NewPassword
from ipnft_desktop.ui.widgets.people_words import role_meaning, role_name


class UserForm(FormDialog):
    """An account; `user` is None for a new one, which gets a name and a password too."""

    def __init__(
        self, enterprises: Sequence[Enterprise], user: User | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            Icon.USER,
            self.tr("Add a person") if user is None else self.tr("Edit the account of {0}").format(user.name),
            self.tr("Who signs in, and what they may do."),
            self.tr("Add") if user is None else self.tr("Save"),
            parent,
        )
        self.name = QLineEdit()
        self.display_name = QLineEdit(user.display_name if user else "")
        self.role = Select(self.tr("Role"))
        for role in Role:
            self.role.addItem(role_name(role), role)
        self.role.setCurrentIndex(self.role.findData(user.role if user else Role.OPERATOR))
        self.enterprises = ChoiceList()
        self.enterprises.set_choices(
            [(one.enterprise_id, one.name) for one in enterprises], user.enterprise_ids if user else ()
        )
        if user is None:
            self.add_field(
                "name", FormField(self.tr("Signs in as"), self.name, self.tr("It stays: the audit log names it."))
            )
        self.add_field("display_name", FormField(self.tr("Shown as"), self.display_name))
        self.add_field("role", FormField(self.tr("Role"), self.role))
        self.add_field("enterprise_ids", FormField(self.tr("Acts for"), self.enterprises))
        self.password = NewPassword(self) if user is None else None
        self.role.currentIndexChanged.connect(self._on_role)
        self._on_role()
        self._first = self.values()
        (self.name if user is None else self.display_name).setFocus()

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        return self.values() != self._first

    def values(self) -> tuple[str, str, Role, frozenset[UUID]]:
        """Name, name shown, role and enterprises; an administrator acts for all and needs none."""
        role = Role(self.role.currentData())
        chosen = cast("frozenset[UUID]", self.enterprises.chosen) if role is not Role.ADMIN else frozenset[UUID]()
        return self.name.text().strip(), self.display_name.text().strip(), role, chosen

    def _on_role(self) -> None:
        role = Role(self.role.currentData())
        self.fields["role"].set_hint(role_meaning(role))
        self.fields["enterprise_ids"].setVisible(role is Role.OPERATOR and bool(self.enterprises.boxes))


class SetPasswordForm(FormDialog):
    """A new password for somebody else, who is to change it."""

    def __init__(self, user: User, parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.KEY,
            self.tr("Set a password"),
            self.tr("For {0}. The old one ends at once; tell the new one in person.").format(user.display_name),
            self.tr("Set the password"),
            parent,
        )
        self.password = NewPassword(self)
        self.password.first.setFocus()
