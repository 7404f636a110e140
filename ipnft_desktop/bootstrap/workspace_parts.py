"""The open workspace and the others of its profile, joined with the core that works in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.workspaces.checkpoint_folder import CheckpointFolder
from ipnft_desktop.adapters.workspaces.layout import workspace_folder
from ipnft_desktop.adapters.workspaces.shelf import WorkspaceFolders
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.workspaces import Workspaces

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.core import Adapters
    from ipnft_desktop.services.backup_keeper import BackupKeeper
    from ipnft_desktop.services.content_removal import ContentRemoval
    from ipnft_desktop.services.environment import EnvironmentService
    from ipnft_desktop.services.session import Session
    from ipnft_desktop.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    """Its folder, and what is done with folders like it."""

    folder: Path
    shelf: WorkspaceFolders
    store: CheckpointFolder
    wants_demo_data: bool
    """Whether its register, if empty, is filled with the demonstration assets."""


def workspace_files(profile: Path, settings: Settings, parts: Adapters) -> WorkspaceFiles:
    """Of the workspace that the settings name; reads a small file. Raises EnvironmentFault WORKSPACE_UNUSABLE."""
    folder = workspace_folder(profile, settings.workspace)
    shelf = WorkspaceFolders(profile, settings.key_folder, settings.workspace, parts.lock)
    has_demo_data = shelf.opened.has_demo_data
    wanted = settings.demo_data if has_demo_data is None else has_demo_data
    return WorkspaceFiles(folder, shelf, CheckpointFolder(folder, parts.audit), wanted)


async def require_usable(profile: Path, settings: Settings) -> None:
    """Raise EnvironmentFault WORKSPACE_UNUSABLE where the workspace that the settings name cannot be opened."""
