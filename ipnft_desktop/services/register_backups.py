"""Backups as a person handles them: automatic ones behind the scenes, one by hand, and the way back to one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from ipnft_desktop.domain.audit import PendingRestore
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.backup_keeper import BackupFile, BackupKeeper, Backups
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.ports import Clock
from ipnft_desktop.services.session import Session


async def while_put_aside(
    environment: EnvironmentService, keeper: BackupKeeper, replace_register: Callable[[], Awaitable[None]]
) -> None:
    """Stop everything and let go of the register's file, so that another can take its place. Raises what
    `replace_register` does."""

    async def work() -> None:
        await keeper.stop()
        try:
            await replace_register()
        finally:
            keeper.start()

    await environment.while_closed(work)


class RegisterBackups:
    """Joins the keeper with the environment, which must let go of the register before a backup takes its place."""

    def __init__(
        self,
        keeper: BackupKeeper,
        backups: Backups,
        environment: EnvironmentService,
        session: Session,
        clock: Clock,
        audit: AuditProof | None,
        settle: Callable[[], object],
    ) -> None:
        """`audit` is told, so that rows which a backup does not have do not pass for removed ones; `settle` blocks and
        finishes a return to a checkpoint that was decided, before a backup takes the place of what it left."""
        self._keeper = keeper
        self._backups = backups
        self._environment = environment
        self._audit = audit
        self._settle = settle
        self._session = session
        self._clock = clock

    @property
    def last_error(self) -> IpnftError | None:
        """Why the latest backup could not be made; None if it could."""
        return self._keeper.last_error

    def start(self) -> None:
        """Begin to keep automatic backups; call it on the event loop."""
        self._keeper.start()

    async def stop(self) -> None:
        """End with a last backup. Call it once the environment is closed."""
        await self._keeper.stop()

    async def list(self) -> Sequence[BackupFile]:
        """Newest first. Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await self._keeper.list()

    async def back_up_now(self) -> BackupFile:
        """Raises EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE, UserError PERMISSION_DENIED, SIGN_IN_REQUIRED."""
        self._session.require(Permission.BACK_UP)
        return await self._keeper.back_up_now()

    async def preview(self, name: str) -> RestorePreview:
        """What a restore would change. Raises as `restore`; what cannot be compared can be restored all the same."""
        self._session.require(Permission.RESTORE_REGISTER)
        return await asyncio.to_thread(self._backups.preview, name)

    async def restore(self, name: str) -> None:
        """Stop everything and put a backup in the register's place; a copy of the present one is kept.

        The environment is to be started again behind it, which also takes tokens into the register that the backup
        does not know. Its accounts are those of the backup, so everybody signs in anew. Raises UserError
        DATABASE_NEWER, PERMISSION_DENIED or SIGN_IN_REQUIRED, EnvironmentFault DISK_FULL, DATABASE_UNAVAILABLE or
        WORKSPACE_UNUSABLE; then the register is as it was.
        """
        self._session.require(Permission.RESTORE_REGISTER)
        await while_put_aside(self._environment, self._keeper, lambda: asyncio.to_thread(self._restore, name))
        self._session.end()

    def _restore(self, name: str) -> None:
        """The note comes first and is made good afterwards: killed in between, the next start knows what to make of
        the log it finds."""
        self._settle()
        if self._audit is None:
            self._backups.restore(name)
            return
        restore = PendingRestore(name, self._session.actor, self._clock.now(), is_done=False)
        self._audit.note_restore(restore)
        try:
            self._backups.restore(name)
        except BaseException:
            self._audit.note_restore(None)
            raise
        self._audit.note_restore(replace(restore, is_done=True))
