"""Checkpoints of the open workspace as a person handles them: make one, and put register, chain and content back.

The chain needs no copy of its own: its journal lies in the register, and the start behind a return replays it onto a
new node, to the same blocks, addresses and tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ipnft_desktop.domain.errors import ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.people import Permission, User
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, check_checkpoint_name
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.backup_keeper import BackupKeeper
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Clock, Database
from ipnft_desktop.services.register_backups import while_put_aside
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.workspace_ports import CheckpointStore

_MAKING_SHARE = 0.5
"""Of a return: the checkpoint that is made before it."""


class Checkpoints:
    """Only for a register file and a chain of our own: a network of others cannot be turned back."""

    def __init__(
        self,
        store: CheckpointStore,
        keeper: BackupKeeper | None,
        environment: EnvironmentService,
        database: Database,
        removal: ContentRemoval,
        session: Session,
        clock: Clock,
        *,
        is_ours: bool,
    ) -> None:
        """`keeper` holds the register's file for its backups; None where there are none, as on a server."""
        self._store = store
        self._keeper = keeper
        self._environment = environment
        self._database = database
        self._removal = removal
        self._session = session
        self._clock = clock
        self._is_ours = is_ours

    @property
    def are_possible(self) -> bool:
        """Whether register and chain are ours to copy and to put back."""
        return self._is_ours and self._keeper is not None

    async def list(self) -> Sequence[Checkpoint]:
        """Newest first. Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await asyncio.to_thread(self._store.list)

    async def make(self, name: str, work: LongWork) -> Checkpoint:
        """Keep register, chain and content as they are at this moment; everything goes on meanwhile.

        Raises ValidationFailed (field `name`), UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or KEPT_BY_OTHERS, and
        EnvironmentFault DISK_FULL, DATABASE_UNAVAILABLE or WORKSPACE_UNUSABLE; WorkCancelled. Then nothing is left.
        """
        self.require_right()
        _refuse(name)
        async with self._removal.saving():  # what the copied register names must not be removed before it is kept
            made = await work.run(lambda: self._store.make(name.strip(), CheckpointReason.BY_HAND, work.report))
        await self._note("workspace.checkpoint", made, {"sha256": made.sha256})
        log_event("workspace.checkpoint", id=made.checkpoint_id, size_bytes=made.size_bytes)
        return made

    async def rename(self, checkpoint: Checkpoint, name: str) -> None:
        """Raises as `make`, and EnvironmentFault CHECKPOINT_UNUSABLE."""
        self.require_right()
        _refuse(name)
        await asyncio.to_thread(self._store.rename, checkpoint.checkpoint_id, name.strip())

    async def delete(self, checkpoint: Checkpoint) -> None:
        """For good; the workspace itself stays as it is. Raises as `rename`."""
        self.require_right()
        await self._note("workspace.checkpoint_deleted", checkpoint, {"sha256": checkpoint.sha256})
        await asyncio.to_thread(self._store.delete, checkpoint.checkpoint_id)

    async def preview(self, checkpoint: Checkpoint) -> RestorePreview:
        """What a return would undo. Raises as `return_to`; what cannot be compared can be returned to all the same."""
        self.require_right()
        return await asyncio.to_thread(self._store.preview, checkpoint.checkpoint_id)

    async def return_to(
        self, checkpoint: Checkpoint, work: LongWork, *, keeps_present: bool = True, ends_session: bool = True
    ) -> None:
        """Stop everything, keep the present state as a checkpoint, and put register and content back.

        The environment is to be started again behind it, which puts the chain back too, and also where this raises.
        The accounts are those of the checkpoint, so everybody signs in anew, unless `ends_session` is False: then
        whoever told `PeopleService.stay_signed_in` before is looked up there. Without `keeps_present` no checkpoint of
        the present state is made: it was played and is of no use. Once it is decided it can no longer be
        cancelled; killed then, the program finishes it at its next start.

        Raises UserError PERMISSION_DENIED, SIGN_IN_REQUIRED, KEPT_BY_OTHERS or DATABASE_NEWER, EnvironmentFault
        CHECKPOINT_UNUSABLE, DISK_FULL, DATABASE_UNAVAILABLE or WORKSPACE_UNUSABLE; WorkCancelled.
        """
        actor = self.require_right().name
        assert self._keeper is not None

        def put_back() -> None:
            made_share = 0.0
            if keeps_present:
                self._store.make("", CheckpointReason.BEFORE_RETURN, lambda share: work.report(share * _MAKING_SHARE))
                made_share = _MAKING_SHARE
            self._store.return_to(
                checkpoint.checkpoint_id, actor, lambda share: work.report(made_share + share * (1 - made_share))
            )

        await while_put_aside(self._environment, self._keeper, lambda: work.run(put_back))
        log_event("workspace.returned", id=checkpoint.checkpoint_id)
        if ends_session:
            self._session.end()

    def require_right(self) -> User:
        """Whoever may make checkpoints and return to them. Raises UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or
        KEPT_BY_OTHERS."""
        user = self._session.require(Permission.MANAGE_WORKSPACES)
        if not self.are_possible:
            raise UserError(ErrorCode.KEPT_BY_OTHERS)
        return user

    async def _note(self, action: str, checkpoint: Checkpoint, facts: dict[str, str]) -> None:
        actor, now = self._session.actor, self._clock.now()
        told = {"name": checkpoint.name, **facts}
        await self._database.write(lambda tx: tx.append_audit(actor, action, checkpoint.checkpoint_id, told, now))


def _refuse(name: str) -> None:
    if problems := check_checkpoint_name(name):
        raise ValidationFailed(problems)
