"""The open workspace and the others of its profile, joined with the core that works in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.adapters.workspaces.checkpoint_folder import CheckpointFolder
from ipnft_desktop.adapters.workspaces.shelf import WorkspaceFolders
from ipnft_desktop.domain.workspaces import CheckpointReason, Workspace
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.ports import Clock, Database
from ipnft_desktop.services.preflight import ProfileLock
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.workspaces import Workspaces
from ipnft_desktop.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    """The folder of the open workspace, and what is done with folders like it."""

    opened: Workspace
    folder: Path
    shelf: WorkspaceFolders
    store: CheckpointFolder

    def wants_demo_data(self, settings: Settings) -> bool:
        """Whether its register, if empty, is filled with the demonstration assets."""
        chosen = self.opened.has_demo_data
        return settings.demo_data if chosen is None else chosen

    async def keep_old_chain(self, removal: ContentRemoval) -> None:
        """A checkpoint that holds the journal of a chain about to be given up. Raises as `CheckpointStore.make`."""
        async with removal.saving():  # what the copied register names must not be removed before it is kept
            await asyncio.to_thread(self.store.make, "", CheckpointReason.BEFORE_NEW_CHAIN, lambda _share: None)


async def nothing_to_keep() -> None:
    """Where register or chain are kept by others."""


def workspace_files(profile: Path, settings: Settings, lock: ProfileLock, audit: AuditProof | None) -> WorkspaceFiles:
    """Of the workspace that the settings name; reads a small file. Raises EnvironmentFault WORKSPACE_UNUSABLE where it
    is missing or of a newer version of the program: an empty one must not take its place."""
    shelf = WorkspaceFolders(profile, settings.key_folder, settings.workspace, lock)
    folder = shelf.folder(settings.workspace)
    return WorkspaceFiles(shelf.opened, folder, shelf, CheckpointFolder(folder, audit))


def is_ours(settings: Settings) -> bool:
    """Whether register and chain are kept by this program alone."""
    return not settings.rpc_url and not settings.database_url


def workspaces_over(
    files: WorkspaceFiles,
    settings: Settings,
    database: Database,
    removal: ContentRemoval,
    session: Session,
    clock: Clock,
) -> Workspaces:
    """What a person does with them."""
    has_own_register, has_own_chain = not settings.database_url, not settings.rpc_url
    return Workspaces(
        files.shelf,
        database,
        removal,
        session,
        clock,
        has_own_register=has_own_register,
        has_own_chain=has_own_chain,
    )
