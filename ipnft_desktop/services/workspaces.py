"""The workspaces of a profile as a person handles them. One of them is open; the window opens another one by closing
this whole program but for its window, see `bootstrap/window.py`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.workspaces import Workspace, WorkspaceMeasure, check_workspace_name
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Clock, Database
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.workspace_ports import WorkspaceShelf

log = logging.getLogger("ipnft")


class Workspaces:
    """What is done to them is written into the audit log of the open one."""

    def __init__(
        self,
        shelf: WorkspaceShelf,
        database: Database,
        removal: ContentRemoval,
        session: Session,
        clock: Clock,
        *,
        has_own_register: bool,
        has_own_chain: bool,
    ) -> None:
        """A register on a server is no file that a folder could hold, and there is one; a chain of others cannot be
        doubled, so two copies of a register would sign with the same numbers."""
        self._shelf = shelf
        self._database = database
        self._removal = removal
        self._session = session
        self._clock = clock
        self._has_own_register = has_own_register
        self._has_own_chain = has_own_chain

    @property
    def open_id(self) -> str:
        """Which one is open."""
        return self._shelf.open_id

    @property
    def can_have_others(self) -> bool:
        """Whether this register lies in a folder, so that there can be others beside it."""
        return self._has_own_register

    @property
    def can_duplicate(self) -> bool:
        """Whether register and chain are ours to copy."""
        return self._has_own_register and self._has_own_chain

    async def list(self) -> Sequence[Workspace]:
        """The profile itself first, then by name; needs nobody's leave, for it tells nothing of what they hold."""
        return await asyncio.to_thread(self._shelf.list)

    async def folder(self, workspace_id: str) -> Path:
        """Where it lies. Raises EnvironmentFault WORKSPACE_UNUSABLE."""
        return await asyncio.to_thread(self._shelf.folder, workspace_id)

    async def require_free(self, workspace_id: str) -> None:
        """Whether it can be opened here: who may work in it is asked by itself. Raises UserError WORKSPACE_IN_USE or
        KEPT_BY_OTHERS, EnvironmentFault WORKSPACE_UNUSABLE."""
        if not self._has_own_register:
            raise UserError(ErrorCode.KEPT_BY_OTHERS)
        await asyncio.to_thread(self._shelf.require_free, workspace_id)

    async def measure(self, workspace_id: str) -> WorkspaceMeasure:
        """How much it holds. Raises UserError SIGN_IN_REQUIRED, EnvironmentFault WORKSPACE_UNUSABLE."""
        self._session.require_reader()
        return await asyncio.to_thread(self._shelf.measure, workspace_id)

    async def create(self, name: str, *, with_demo_data: bool) -> Workspace:
        """An empty one, filled with the demonstration assets when it is opened where that is wished.

        Raises ValidationFailed (field `name`), UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or KEPT_BY_OTHERS,
        EnvironmentFault DISK_FULL or WORKSPACE_UNUSABLE.
        """
        self._require_right(is_possible=self._has_own_register)
        await self._refuse(name)
        made = await asyncio.to_thread(lambda: self._shelf.create(name.strip(), with_demo_data=with_demo_data))
        await self._note_made("workspace.create", made)
        return made

    async def duplicate(self, workspace: Workspace, name: str, work: LongWork) -> Workspace:
        """A copy of register, chain and content, also of the open one, which goes on meanwhile; without its backups and
        checkpoints.

        Raises as `create`, and UserError WORKSPACE_IN_USE, EnvironmentFault DATABASE_UNAVAILABLE, WorkCancelled.
        """
        self._require_right(is_possible=self.can_duplicate)
        await self._refuse(name)
        async with self._removal.saving():  # what the copied register names must not be removed before it is kept
            made = await work.run(lambda: self._shelf.duplicate(workspace.workspace_id, name.strip(), work.report))
        await self._note_made("workspace.duplicate", made, {"of": workspace.workspace_id})
        return made

    async def rename(self, workspace: Workspace, name: str) -> None:
        """Raises as `duplicate`."""
        self._require_right(is_possible=True)
        await self._refuse(name, but=workspace)
        await asyncio.to_thread(self._shelf.rename, workspace.workspace_id, name.strip())
        await self._note("workspace.rename", workspace, {"to": name.strip()})

    async def set_aside(self, workspace: Workspace) -> str:
        """Take one out of the list that is not open; returns what brings it back, or removes it for good.

        Raises UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or WORKSPACE_IN_USE, EnvironmentFault WORKSPACE_UNUSABLE or
        DATABASE_UNAVAILABLE; then it stays in the list.
        """
        self._require_right(is_possible=True)
        # Told first: what is set aside is gone for good with the program's end, so nothing may fail behind it.
        await self._note("workspace.delete", workspace)
        try:
            return await asyncio.to_thread(self._shelf.set_aside, workspace.workspace_id)
        except IpnftError:
            await self._note("workspace.bring_back", workspace)
            raise

    async def bring_back(self, aside: str) -> None:
        """Undo `set_aside`. Raises UserError PERMISSION_DENIED or SIGN_IN_REQUIRED, EnvironmentFault
        WORKSPACE_UNUSABLE."""
        self._require_right(is_possible=True)
        await asyncio.to_thread(self._shelf.bring_back, aside)
        await self._note("workspace.bring_back", None, {"aside": aside})

    async def remove_for_good(self, aside: str) -> None:
        """End what `set_aside` was allowed to begin: register, content, keys, backups and checkpoints are gone, but for
        keys in a folder that the settings name. Raises EnvironmentFault WORKSPACE_UNUSABLE; what is left then goes at
        the next start."""
        await asyncio.to_thread(self._shelf.remove_for_good, aside)
        log_event("workspace.removed", aside=aside)

    async def note_opened(self) -> None:
        """The open one is in use; a folder that cannot be written is told of by what needs it."""
        try:
            await asyncio.to_thread(self._shelf.note_opened)
            await asyncio.to_thread(self._shelf.tidy)
        except IpnftError as error:
            log.warning("workspace.not_noted %s", error)

    async def close(self) -> None:
        """Remove for good what is still set aside: nobody can bring it back any more."""
        await asyncio.to_thread(self._shelf.close)

    def _require_right(self, *, is_possible: bool) -> None:
        self._session.require(Permission.MANAGE_WORKSPACES)
        if not is_possible:
            raise UserError(ErrorCode.KEPT_BY_OTHERS)

    async def _refuse(self, name: str, but: Workspace | None = None) -> None:
        others = [each.name for each in await self.list() if but is None or each.workspace_id != but.workspace_id]
        if problems := check_workspace_name(name, others):
            raise ValidationFailed(problems)

    async def _note_made(self, action: str, made: Workspace, facts: dict[str, str] | None = None) -> None:
        """What cannot be told of is not made either."""
        try:
            await self._note(action, made, facts)
        except IpnftError:
            await asyncio.to_thread(lambda: self._shelf.remove_for_good(self._shelf.set_aside(made.workspace_id)))
            raise

    async def _note(self, action: str, workspace: Workspace | None, facts: dict[str, str] | None = None) -> None:
        actor, now = self._session.actor, self._clock.now()
        told = {**({"name": workspace.name} if workspace else {}), **(facts or {})}
        subject = workspace.workspace_id if workspace else ""
        await self._database.write(lambda tx: tx.append_audit(actor, action, subject, told, now))
        log_event(action, id=subject)
