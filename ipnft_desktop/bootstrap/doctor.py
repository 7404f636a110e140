"""Joins the doctor with what it looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces.layout import (
    CONTENT_FOLDER,
    KEYSTORE_FOLDER,
    NODE_HOME,
    REGISTER_FILE,
    lock_file,
    workspace_folder,
    workspace_key_folder,
)
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.setting_specs import SettingValue
from ipnft_desktop.program_log import LOG_FILE
from ipnft_desktop.services.doctor.computer_checks import ComputerChecks
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.doctor.installation_checks import InstallationChecks
from ipnft_desktop.services.doctor.node_checks import NodeChecks
from ipnft_desktop.services.doctor.profile_checks import ProfileChecks
from ipnft_desktop.services.doctor.register_checks import RegisterChecks
from ipnft_desktop.services.register_backups import RegisterBackups
from ipnft_desktop.services.session import Session
from ipnft_desktop.settings import Settings

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters

KeepSetting = Callable[[str, SettingValue], Awaitable[object]]
"""Keeps a setting by its name for the next start."""


def build_doctor(
    profile: Path,
    settings: Settings,
    parts: Adapters,
    session: Session,
    is_unattended: Callable[[], bool],
    keep_setting: KeepSetting,
    register_backups: RegisterBackups | None = None,
) -> Doctor:
    """All checks over this computer; `is_unattended` as of `Doctor`. Without `register_backups` no backup can be made
    from here."""
    from ipnft_desktop.adapters.database.backups import FOLDER as BACKUPS_FOLDER
    from ipnft_desktop.adapters.database.register_file import SqliteRegisterFile
    from ipnft_desktop.adapters.machine.computer import LocalComputer
    from ipnft_desktop.adapters.machine.installation import LocalInstallation
    from ipnft_desktop.adapters.machine.processes import LocalProcesses
    from ipnft_desktop.adapters.machine.profile_folder import LocalProfile

    computer = LocalComputer()
    processes = LocalProcesses(profile, NODE_HOME)
    workspace = workspace_folder(profile, settings.workspace)
    folder = LocalProfile(
        profile,
        parts.lock
        if isinstance(parts.lock, ProfileFileLock)
        else ProfileFileLock(lock_file(profile, settings.workspace)),
        register=workspace / REGISTER_FILE,
        content=workspace / CONTENT_FOLDER,
        backups=workspace / BACKUPS_FOLDER,
        logs=profile / LOG_FILE.parent,
        node_home=workspace / NODE_HOME,
        secrets=(
            workspace_key_folder(profile, settings.key_folder, settings.workspace),
            profile / KEYSTORE_FOLDER,
        ),
    )

    async def keep_port(port: int) -> None:
        await keep_setting("node_port", port)

    def backup_error() -> IpnftError | None:
        return None if register_backups is None else register_backups.last_error

    return Doctor(
        (
            *InstallationChecks(LocalInstallation(), needs_node=not settings.rpc_url).all(),
            *NodeChecks(processes, computer, parts.node, settings.node_port, keep_port, settings.rpc_url).all(),
            *ProfileChecks(folder, processes, parts.node, parts.backups).all(),
            *RegisterChecks(
                None if settings.database_url else SqliteRegisterFile(workspace / REGISTER_FILE),
                parts.backups,
                computer,
                parts.clock,
                None if register_backups is None else register_backups.back_up_now,
                backup_error,
            ).all(),
            *ComputerChecks(computer).all(),
        ),
        session,
        is_unattended,
    )
