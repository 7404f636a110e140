"""Who is signed in at this window; every service asks here before it shows or changes anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import SessionChanged
from ipnft_desktop.domain.people import OF_ONE_ENTERPRISE, Permission, Role, User
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Transaction

PROGRAM = "program"
"""Named by the audit log where nobody is signed in: what the program does by itself."""


def require_acts_for(user: User, enterprise_ids: Iterable[UUID]) -> None:
    """Raise UserError PERMISSION_DENIED unless what belongs to these enterprises is the person's to change."""
    if not all(user.acts_for(enterprise_id) for enterprise_id in enterprise_ids):
        raise UserError(ErrorCode.PERMISSION_DENIED, "it belongs to an enterprise you are no member of")


def require_owners(tx: Transaction, user: User, asset_ids: Collection[UUID]) -> None:
    """As `require_acts_for`, for the enterprises that own these assets; costs a statement for an operator only."""
    if user.role is not Role.ADMIN:
        require_acts_for(user, tx.enterprises_of(asset_ids))


class Session:
    """At most one person at a time. Whoever begins one has proved who they are, see `services/people.py`."""

    def __init__(self, events: EventHub) -> None:
        self._events = events
        self._user: User | None = None

    @property
    def user(self) -> User | None:
        """The person, as the account was when they signed in or was changed since."""
        return self._user

    @property
    def actor(self) -> str:
        """Who acts, as the audit log names them."""
        return self._user.name if self._user else PROGRAM

    def begin(self, user: User) -> None:
        """Sign in."""
        self._change(user)

    def take_over(self, changed: User) -> None:
        """An account was changed: if it is the one that is signed in, the session goes on with it as it is now, and
        ends where it was closed."""
        if self._user is not None and self._user.user_id == changed.user_id:
            self._change(changed if changed.is_active else None)

    def end(self) -> None:
        """Sign out."""
        self._change(None)

    def may(self, permission: Permission) -> bool:
        """Whether the person's role allows it, for one enterprise at least: for showing what is of use."""
        return self._user is not None and self._user.may(permission)

    def require_reader(self) -> User:
        """The person; every role may read what the register holds. Raises UserError SIGN_IN_REQUIRED."""
        if self._user is None:
            raise UserError(ErrorCode.SIGN_IN_REQUIRED)
        return self._user

    def require(self, permission: Permission, enterprise_ids: Iterable[UUID] = ()) -> User:
        """The person, who may do this, for all these enterprises where it is done for some.

        Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED.
        """
        user = self.require_reader()
        if not user.may(permission):
            raise UserError(
                ErrorCode.PERMISSION_DENIED,
                phrase("{role} may not {permission}", role=user.role, permission=permission),
                role=user.role,
            )
        if permission in OF_ONE_ENTERPRISE:
            require_acts_for(user, enterprise_ids)
        return user

    def _change(self, user: User | None) -> None:
        if user != self._user:
            self._user = user
            self._events.publish(SessionChanged(user))


def session_of_the_program() -> Session:
    """For services that the program uses by itself, where nobody is to be asked. No window may have it."""
    session = Session(EventHub())
    session.begin(User(UUID(int=0), PROGRAM, PROGRAM, Role.ADMIN, datetime(2026, 1, 1, tzinfo=UTC)))
    return session
