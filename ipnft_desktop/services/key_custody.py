"""Who holds the signing key open, and for how long; and what a password must be like."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.events import DomainEvent, SessionChanged
from ipnft_desktop.domain.people import Password, Permission
from ipnft_desktop.services.chain_ports import KeyLock
from ipnft_desktop.services.session import Session

MIN_PASSWORD_CHARACTERS = 12


def check_new_password(password: str, repeated: str) -> None:
    """Raise ValidationFailed (fields `password`, `repeated`) unless a new keystore may be closed with this password."""
    problems: list[FieldProblem] = []
    if len(password) < MIN_PASSWORD_CHARACTERS:
        problems.append(FieldProblem("password", ProblemKind.TOO_SHORT, str(MIN_PASSWORD_CHARACTERS)))
    if password != repeated:
        problems.append(FieldProblem("repeated", ProblemKind.NOT_THE_SAME))
    del password, repeated  # no local of a frame that an exception passes through
    if problems:
        raise ValidationFailed(tuple(problems))


class KeystoreShelf(Protocol):
    """Where the keystores of a profile lie."""

    @property
    def folder(self) -> Path:
        """The folder new ones are written to."""
        ...

    async def create(self, password: str) -> Path:
        """A new random key in a new file. Raises ValidationFailed, KEYSTORE_INVALID, DISK_FULL."""
        ...

    async def import_file(self, source: Path) -> Path:
        """A copy of a foreign keystore. Raises UserError KEYSTORE_INVALID, EnvironmentFault DISK_FULL."""
        ...


class Keystores:
    """The shelf as people use it: who signs the register's mints is an administrator's to decide."""

    def __init__(self, shelf: KeystoreShelf, session: Session) -> None:
        self._shelf = shelf
        self._session = session

    @property
    def folder(self) -> Path:
        """The folder new ones are written to."""
        return self._shelf.folder

    async def create(self, password: str) -> Path:
        """As the shelf; also raises UserError PERMISSION_DENIED or SIGN_IN_REQUIRED."""
        chosen = Password(password)
        del password  # no local of a frame that an exception passes through
        self._session.require(Permission.MANAGE_KEYS)
        return await self._shelf.create(chosen.text)

    async def import_file(self, source: Path) -> Path:
        """As the shelf; also raises UserError PERMISSION_DENIED or SIGN_IN_REQUIRED."""
        self._session.require(Permission.MANAGE_KEYS)
        return await self._shelf.import_file(source)


class GuardedKey(KeyLock, Protocol):
    """A lock that tells of the signatures made behind it."""

    def hear_signatures(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each signature, in whatever thread it is made."""
        ...


class Alarm(Protocol):
    """A call to come, as `asyncio.TimerHandle`."""

    def cancel(self) -> None: ...


SetAlarm = Callable[[float, Callable[[], None]], Alarm]
"""As `loop.call_later`: seconds, and what to call then."""


class KeyCustody:
    """Locks the key once nothing was signed with it for `idle_s`, or its person signed out; lives on the event loop.

    Listeners hear each change from locked to unlocked or back, as `is_locked`.
    """

    def __init__(
        self,
        key: GuardedKey,
        idle_s: float,
        session: Session,
        *,
        now_s: Callable[[], float] = time.monotonic,
        set_alarm: SetAlarm | None = None,
    ) -> None:
        self._key = key
        self._idle_s = idle_s
        self._session = session
        self._now_s = now_s
        self._set_alarm = set_alarm
        self._used_at_s = 0.0
        self._alarm: Alarm | None = None
        self._unlocked_by: UUID | None = None
        self._listeners: list[Callable[[bool], None]] = []
        key.hear_signatures(self._on_signature)

    @property
    def idle_s(self) -> float:
        """Seconds without a signature after which the key is locked."""
        return self._idle_s

    @property
    def is_locked(self) -> bool:
        """Whether a signature would be refused."""
        return self._key.is_locked

    async def unlock(self, password: str) -> None:
        """Open the key. Raises UserError KEYSTORE_WRONG_PASSWORD, KEYSTORE_LOCKED, KEYSTORE_INVALID,
        PERMISSION_DENIED, SIGN_IN_REQUIRED."""
        attempt = Password(password)
        del password  # no local of a frame that an exception passes through
        user = self._session.require(Permission.MINT)
        await self._key.unlock(attempt.text)
        self._unlocked_by = user.user_id
        self._used_at_s = self._now_s()
        self._wait(self._idle_s)
        self._tell()
        self.hear(SessionChanged(self._session.user))  # it took a second, in which somebody may have signed out

    def lock(self) -> None:
        """Forget the key now."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if not self._key.is_locked:
            self._key.lock()
            self._tell()

    def hear(self, event: DomainEvent) -> None:
        """Lock when the person who unlocked it signs out: whoever comes next shows that they know the password."""
        if isinstance(event, SessionChanged) and (event.user is None or event.user.user_id != self._unlocked_by):
            self.lock()

    def subscribe(self, listener: Callable[[bool], None]) -> Callable[[], None]:
        """Hear every change from now on; returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _on_signature(self) -> None:
        # In the database's thread, hundreds of times a second: the alarm stays and looks at this when it rings.
        self._used_at_s = self._now_s()

    def _wait(self, seconds: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        set_alarm = self._set_alarm or asyncio.get_running_loop().call_later
        self._alarm = set_alarm(seconds, self._on_alarm)

    def _on_alarm(self) -> None:
        left_s = self._used_at_s + self._idle_s - self._now_s()
        if left_s > 0:
            self._wait(left_s)
        else:
            self.lock()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self.is_locked)
