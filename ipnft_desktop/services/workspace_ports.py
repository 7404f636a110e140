"""What lies outside the services of workspaces and checkpoints: folders and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, Turned, Workspace, WorkspaceMeasure

Report = Callable[[float], None]
"""Hears how much is done, 0 to 1; what it raises ends the work, of which nothing is left then."""


class WorkspaceShelf(Protocol):
    """The workspaces of a profile. Every method blocks; what writes raises EnvironmentFault DISK_FULL or
    WORKSPACE_UNUSABLE, and WORKSPACE_IN_USE where another program has the workspace open."""

    @property
    def open_id(self) -> str:
        """Which of them is open here."""
        ...

    def list(self) -> tuple[Workspace, ...]:
        """The profile itself first, then by name."""
        ...

    def folder(self, workspace_id: str) -> Path:
        """Where it lies. Raises WORKSPACE_UNUSABLE where there is none of this id."""
        ...

    def create(self, name: str, *, with_demo_data: bool) -> Workspace:
        """An empty one; it fills itself when it is opened."""
        ...

    def duplicate(self, workspace_id: str, name: str, report: Report) -> Workspace:
        """A copy as it is at this moment, also of the one that is open."""
        ...

    def rename(self, workspace_id: str, name: str) -> None: ...

    def note_opened(self) -> None:
        """The open one was opened now."""
        ...

    def require_free(self, workspace_id: str) -> None:
        """Raise what keeps it from being opened here."""
        ...

    def measure(self, workspace_id: str) -> WorkspaceMeasure:
        """Takes as long as its files are many."""
        ...

    def set_aside(self, workspace_id: str) -> str:
        """Take it out of the list, so that it can be brought back by what is returned. Raises WORKSPACE_IN_USE for the
        open one too."""
        ...

    def bring_back(self, aside: str) -> None: ...

    def remove_for_good(self, aside: str) -> None:
        """Remove what was set aside; nothing outside its folder, and no link is followed."""
        ...

    def tidy(self) -> None:
        """Remove what an earlier run left half made or set aside."""
        ...

    def close(self) -> None:
        """Remove for good what is still set aside; what cannot be removed is left for `tidy`."""
        ...


class CheckpointStore(Protocol):
    """Checkpoints of the open workspace. Every method blocks; what writes raises EnvironmentFault DISK_FULL,
    WORKSPACE_UNUSABLE or DATABASE_UNAVAILABLE, and CHECKPOINT_UNUSABLE where one is missing or damaged."""

    def list(self) -> tuple[Checkpoint, ...]:
        """Newest first."""
        ...

    def make(self, name: str, reason: CheckpointReason, report: Report) -> Checkpoint:
        """Keep register and content as they are, also while the register is in use: no content may be removed
        meanwhile. Of one that fails nothing is left."""
        ...

    def rename(self, checkpoint_id: str, name: str) -> None: ...

    def delete(self, checkpoint_id: str) -> None: ...

    def preview(self, checkpoint_id: str) -> RestorePreview:
        """What a return would undo; the register may be in use."""
        ...

    def return_to(self, checkpoint_id: str, actor: str, report: Report) -> None:
        """Put register and content back. The register must be closed. Once it is decided it is finished, by `settle`
        if not now; until then nothing was changed. Raises UserError DATABASE_NEWER."""
        ...

    def block(self, cid: Cid) -> tuple[Checkpoint, bytes] | None:
        """What the newest checkpoint that has a block of this identifier, undamaged, keeps under it."""
        ...

    def settle(self) -> Turned | None:
        """Finish a return that was decided, or take back one that was not; before the register is opened."""
        ...
