"""What the person who is signed in may do, told to the buttons: those of other roles cannot be pressed and say why.

This is a help for the eye. Every service decides for itself, see `services/session.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from PySide6.QtCore import QObject, Signal, SignalInstance

from ipnft_desktop.domain.people import OF_ONE_ENTERPRISE, PERMISSIONS, Permission, Role, User
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

    def refusal(self, permission: Permission, enterprise_ids: Collection[UUID] = ()) -> str:
        """Why the person may not do this, for these enterprises, in one sentence, or nothing."""
        if not self._is_known:
            return ""
        if self._user is None:
            return self.tr("Sign in first.")
        if not self._user.may(permission):
            able = next(role for role in reversed(Role) if permission in PERMISSIONS[role])
            return self.tr("You are signed in as {0}; this takes the role {1}.").format(
                role_name(self._user.role), role_name(able)
            )
        if permission in OF_ONE_ENTERPRISE and not all(map(self._user.acts_for, enterprise_ids)):
            return self.tr("It belongs to an enterprise you are no member of.")
        return ""

    def guard(
        self,
        owner: QObject,
        permission: Permission,
        refuse: Callable[[str], object],
        enterprise_ids: Callable[[], Collection[UUID]] = tuple,
        *moved: SignalInstance,
    ) -> None:
        """Tell `refuse` the reason or nothing, now and at each change, as long as `owner` lives.

        `enterprise_ids` answers whose property is concerned just now; one of the signals `moved` says that it changed.
        """
        guard = _Guard(owner, self, permission, refuse, enterprise_ids)
        for changed in (self.changed, *moved):
            changed.connect(guard.refresh)


class _Guard(QObject):
    """Lives and dies with what it guards."""

    def __init__(
        self,
        owner: QObject,
        access: Access,
        permission: Permission,
        refuse: Callable[[str], object],
        enterprise_ids: Callable[[], Collection[UUID]],
    ) -> None:
        super().__init__(owner)
        self._access, self._permission, self._refuse = access, permission, refuse
        self._enterprise_ids = enterprise_ids
        self.refresh()

    def refresh(self) -> None:
        """Tell it anew."""
        self._refuse(self._access.refusal(self._permission, self._enterprise_ids()))
