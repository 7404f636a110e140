"""Backups as a person handles them: automatic ones behind the scenes, one by hand, and the way back to one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ipnft_desktop.domain.people import Permission
from ipnft_desktop.services.backup_keeper import BackupFile, BackupKeeper, Backups
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.session import Session


class RegisterBackups:
    """Joins the keeper with the environment, which must let go of the register before a backup takes its place."""

    def __init__(
        self, keeper: BackupKeeper, backups: Backups, environment: EnvironmentService, session: Session
    ) -> None:
        self._keeper = keeper
        self._backups = backups
        self._environment = environment
        self._session = session

    def start(self) -> None:
        """Begin to keep automatic backups; call it on the event loop."""
        self._keeper.start()

    async def stop(self) -> None:
        """End with a last backup. Call it once the environment is closed."""
        await self._keeper.stop()

    async def list(self) -> Sequence[BackupFile]:
        """Newest first."""
        return await self._keeper.list()

    async def back_up_now(self) -> BackupFile:
        """Raises EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE, UserError PERMISSION_DENIED, SIGN_IN_REQUIRED."""
        self._session.require(Permission.BACK_UP)
        return await self._keeper.back_up_now()

    async def restore(self, name: str) -> None:
        """Stop everything and put a backup in the register's place; a copy of the present one is kept.

        The environment is to be started again behind it, which also takes tokens into the register that the backup
        does not know. Its accounts are those of the backup, so everybody signs in anew. Raises UserError
        DATABASE_NEWER, PERMISSION_DENIED or SIGN_IN_REQUIRED, EnvironmentFault DISK_FULL or DATABASE_UNAVAILABLE; then
        the register is as it was.
        """
        self._session.require(Permission.RESTORE_REGISTER)
        await self._environment.while_closed(lambda: self._put_in_place(name))
        self._session.end()

    async def _put_in_place(self, name: str) -> None:
        await self._keeper.stop()
        try:
            await asyncio.to_thread(self._backups.restore, name)
        finally:
            self._keeper.start()
