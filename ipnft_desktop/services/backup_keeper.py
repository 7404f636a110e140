"""Backups of the register while the program runs: when the environment is ready, every quarter of an hour in which
something was written, and at the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from ipnft_desktop.domain.errors import Defect, IpnftError, with_code
from ipnft_desktop.domain.events import BackupMade, DomainEvent, EnvironmentChanged
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.event_hub import EventHub

log = logging.getLogger("ipnft")

T = TypeVar("T")

QUARTER_OF_AN_HOUR_S = 900.0


class BackupReason(StrEnum):
    """Why a backup was made. The values are part of file names."""

    BEFORE_MIGRATION = "before-migration"
    AUTOMATIC = "automatic"
    BY_HAND = "by-hand"
    BEFORE_RESTORE = "before-restore"


class KeptBecause(StrEnum):
    """Why a backup is still there although there are newer ones."""

    ASKED_FOR = "asked-for"
    """Somebody or something asked for it; kept for a month."""
    RECENT = "recent"
    OF_ITS_DAY = "of-its-day"
    """The last of a day."""
    OF_ITS_WEEK = "of-its-week"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A verified backup. `revision` is the one of its schema."""

    name: str
    size_bytes: int
    at: datetime
    revision: str
    reason: BackupReason
    kept_because: KeptBecause | None = field(default=None, compare=False)
    """None for one that goes when the next is made."""


class Backups(Protocol):
    """Backups of a register that is kept in one file. Every method blocks; they may be called from any thread."""

    def has_changes(self) -> bool:
        """Whether anything was written since the last backup this object made; True before its first."""
        ...

    def make(self, reason: BackupReason) -> BackupFile:
        """Make and verify one, also while the register is in use. Of one that fails nothing is left.

        Raises EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE.
        """
        ...

    def list(self) -> tuple[BackupFile, ...]:
        """Newest first."""
        ...

    def thin(self) -> int:
        """Remove those that go when the next is made; returns their bytes. Raises EnvironmentFault
        DATABASE_UNAVAILABLE."""
        ...

    def preview(self, name: str) -> RestorePreview:
        """What `restore` would change. The register may be in use; nothing is written to either file. Raises as it."""
        ...

    def restore(self, name: str) -> None:
        """Put a backup in the register's place. The register must be closed; a copy of it is kept.

        Raises EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE, UserError DATABASE_NEWER.
        """
        ...

    def close(self) -> None:
        """Let go of the register's file. A later call takes hold of it again."""
        ...


class BackupKeeper:
    """Sees to automatic backups. A backup that fails is logged and kept as `last_error`; the program goes on."""

    def __init__(self, backups: Backups, events: EventHub, interval_s: float = QUARTER_OF_AN_HOUR_S) -> None:
        self._backups = backups
        self._events = events
        self._interval_s = interval_s
        self._one_at_a_time = asyncio.Lock()
        self._wake = asyncio.Event()
        self._is_in_use = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._last_error: IpnftError | None = None

    @property
    def last_error(self) -> IpnftError | None:
        """Why the last backup failed; None if it did not."""
        return self._last_error

    def start(self) -> None:
        """Begin to keep backups, as soon as the register is in use; does nothing if already begun."""
        if self._task is None:
            self._unsubscribe = self._events.subscribe(self._hear)
            self._task = asyncio.create_task(self._keep(), name="backup-keeper")

    async def stop(self) -> None:
        """End with a last backup, if the register was in use and has changed. Stopping twice is harmless."""
        task, self._task = self._task, None
        if task is None:
            return
        if self._unsubscribe is not None:
            self._unsubscribe()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await self._make_automatic()
        await asyncio.to_thread(self._backups.close)

    async def back_up_now(self) -> BackupFile:
        """A backup by hand. Raises EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE."""
        return await self._run(lambda: self._backups.make(BackupReason.BY_HAND))

    async def list(self) -> tuple[BackupFile, ...]:
        """Newest first."""
        return await asyncio.to_thread(self._backups.list)

    def _hear(self, event: DomainEvent) -> None:
        if isinstance(event, BackupMade):
            return  # our own
        if not isinstance(event, EnvironmentChanged):
            self._is_in_use = True  # whatever happened, happened to an open register
        elif event.is_ready:
            self._is_in_use = True
            self._wake.set()

    async def _keep(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._interval_s):
                    await self._wake.wait()
            self._wake.clear()
            # Its thread cannot be cancelled: `stop` waits behind it instead.
            await asyncio.shield(asyncio.ensure_future(self._make_automatic()))

    async def _make_automatic(self) -> None:
        if self._is_in_use:  # else nobody opened the register, or another program holds it
            with contextlib.suppress(IpnftError):
                await self._run(self._back_up_changes)

    def _back_up_changes(self) -> BackupFile | None:
        return self._backups.make(BackupReason.AUTOMATIC) if self._backups.has_changes() else None

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._one_at_a_time:
            try:
                made = await asyncio.to_thread(work)
            except Exception as error:
                failure = with_code(error)
                log.warning("backup.failed %s", failure, exc_info=isinstance(failure, Defect))
                self._last_error = failure
                raise failure from error
            if isinstance(made, BackupFile):
                log.info("backup.made name=%s size_bytes=%d", made.name, made.size_bytes)
                self._last_error = None
                self._events.publish(BackupMade(made.name))
            return made
