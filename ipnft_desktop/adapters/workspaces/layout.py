"""Where the parts of a workspace lie. The profile folder is the first workspace; the others are laid out like it, each
in a folder of `<profile>/workspaces/`."""

from __future__ import annotations

from pathlib import Path

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.workspaces import HOME, is_workspace_id

WORKSPACES = "workspaces"
REGISTER_FILE = "register.db"
CONTENT_FOLDER = "content"
KEY_FOLDER = "keys"
NODE_HOME = "node-home"
KEYSTORE_FOLDER = "keystores"
"""In the profile: the accounts serve all its workspaces."""
CHECKPOINTS = "checkpoints"
STAGE = "stage"
"""What rehearsals leave behind."""
LABORATORY = "laboratory"
"""Results of the gas laboratory, and the home of its node."""


def workspace_folder(profile: Path, workspace_id: str) -> Path:
    """The folder of a workspace. Raises EnvironmentFault WORKSPACE_UNUSABLE for what cannot be the id of one."""
    if not is_workspace_id(workspace_id):
        raise EnvironmentFault(
            ErrorCode.WORKSPACE_UNUSABLE,
            phrase("{id} is no name of a workspace's folder", id=repr(workspace_id)),
        )
    return profile if workspace_id == HOME else profile / WORKSPACES / workspace_id


def lock_file(profile: Path, workspace_id: str) -> Path:
    """What the program that has it open holds. Beside the folder and not in it, so that Windows can rename the folder
    while the lock is held."""
    return profile / ".lock" if workspace_id == HOME else profile / WORKSPACES / f"{workspace_id}.lock"


def workspace_key_folder(profile: Path, chosen: str, workspace_id: str) -> Path:
    """The folder of the register's own keys. One that was chosen in the settings (`key_folder`, seen from the profile)
    belongs to the profile's register; the others have folders of theirs in it, for a key serves one register."""
    if not chosen:
        return workspace_folder(profile, workspace_id) / KEY_FOLDER
    return profile / chosen if workspace_id == HOME else profile / chosen / WORKSPACES / workspace_id
