"""What the person who is signed in may do, told to the buttons: those of other roles cannot be pressed and say why.

This is a help for the eye. Every service decides for itself, see `services/session.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.people import PERMISSIONS, Permission, Role, User
from ipnft_desktop.ui.widgets.people_words import role_name


class Access(QObject):
    """Until `follow` said who is signed in, nothing is refused: there is nothing yet that could be done."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_known = False
        self._user: User | None = None

    def follow(self, user: User | None) -> None:
        """From now on this person is signed in, or nobody is."""
        self._is_known, self._user = True, user
        self.changed.emit()

    def refusal(self, permission: Permission) -> str:
        """Why the person may not do this, in one sentence, or nothing."""
        if not self._is_known:
            return ""
        if self._user is None:
            return self.tr("Sign in first.")
        if self._user.may(permission):
            return ""
        able = next(role for role in reversed(Role) if permission in PERMISSIONS[role])
        return self.tr("You are signed in as {0}; this takes the role {1}.").format(
            role_name(self._user.role), role_name(able)
        )

    def guard(self, owner: QObject, permission: Permission, refuse: Callable[[str], object]) -> None:
        """Tell `refuse` the reason or nothing, now and at each change, as long as `owner` lives."""
        _Guard(owner, self, permission, refuse)


class _Guard(QObject):
    """Lives and dies with what it guards."""

    def __init__(self, owner: QObject, access: Access, permission: Permission, refuse: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._access, self._permission, self._refuse = access, permission, refuse
        access.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        self._refuse(self._access.refusal(self._permission))
