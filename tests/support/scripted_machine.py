"""A computer, an installation and a profile that are as told; in good health unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.services.backup_keeper import BackupFile
from ipnft_desktop.services.doctor.computer_checks import ComputerChecks
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.doctor.installation_checks import InstallationChecks
from ipnft_desktop.services.doctor.node_checks import NodeChecks
from ipnft_desktop.services.doctor.ports import (
    Leftover,
    LockState,
    MemoryFacts,
    PortUse,
    ProcessFacts,
    ProfileSizes,
    RegisterFacts,
    Versions,
)
from ipnft_desktop.services.doctor.profile_checks import ProfileChecks
from ipnft_desktop.services.doctor.register_checks import RegisterChecks
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GOOD_VERSIONS = Versions("0.1.0", (3, 11, 7), "6.11.3", "24.19.0", "3.18.0", (3, 40, 1), has_full_text_search=True)
GB, MB = 10**9, 10**6
SIZES = ProfileSizes(80 * GB, 250 * GB, 300 * MB, 412 * MB, 600 * MB, 2 * MB, is_complete=True)
STRANGER = ProcessFacts(4711, 1.5, "python3", "python3 server.py", "anna")
ORPHAN = ProcessFacts(4712, 2.5, "node", "node", "anna")


@dataclass
class ScriptedMachine:
    """Implements all ports of the doctor, the node and the backups."""

    versions_found: Versions = GOOD_VERSIONS
    libraries: dict[str, str] = field(default_factory=dict[str, str])
    files: list[str] = field(default_factory=list[str])
    node_files: str = ""
    can_mend: bool = True
    has_network: bool = True
    port: PortUse = field(default_factory=lambda: PortUse(is_free=True))
    orphans: list[ProcessFacts] = field(default_factory=list[ProcessFacts])
    ends: bool = True
    node_status: NodeStatus | None = None
    preferred: list[int] = field(default_factory=list[int])
    kept: list[int] = field(default_factory=list[int])
    loopback: str = ""
    address: str = ""
    writing: str = ""
    lock: LockState = LockState.OURS
    holders: tuple[ProcessFacts, ...] = ()
    settings: str = ""
    secrets: list[Path] = field(default_factory=list[Path])
    disk: ProfileSizes = SIZES
    unfinished: list[Leftover] = field(default_factory=list[Leftover])
    damaged: list[Leftover] = field(default_factory=list[Leftover])
    register: RegisterFacts = field(default_factory=lambda: RegisterFacts(True, "0004", "0004", 300 * MB, NOON))
    damage_found: str | None = ""
    backups: list[BackupFile] = field(default_factory=list[BackupFile])
    backup_failed: IpnftError | None = None
    clock: datetime = NOON
    memory_found: MemoryFacts = field(default_factory=lambda: MemoryFacts(8 * GB, 16 * GB))
    open_files: int | None = 20_000
    folder: Path = Path("/home/anna/register")
    lock_file: Path = Path("/home/anna/register/.lock")

    # installation
    def versions(self) -> Versions:
        return self.versions_found

    def library_problems(self) -> Mapping[str, str]:
        return self.libraries

    def missing_files(self) -> Sequence[str]:
        return self.files

    def node_problem(self) -> str | Phrase:
        return self.node_files

    def reinstall_libraries(self, names: Sequence[str]) -> None:
        self._fetch()
        for name in names:
            del self.libraries[name]

    def reinstall_node_packages(self) -> None:
        self._fetch()
        self.node_files = ""

    def _fetch(self) -> None:
        if not self.has_network:
            raise EnvironmentFault(ErrorCode.REMEDY_FAILED, "the package index cannot be reached")

    # processes
    def at_port(self, port: int) -> PortUse:
        return self.port

    def free_port(self, wanted: int) -> int:
        return wanted + 1

    def orphan_nodes(self) -> tuple[ProcessFacts, ...]:
        return tuple(self.orphans)

    def end_orphan(self, process: ProcessFacts) -> bool:
        if self.ends and process in self.orphans:
            self.orphans.remove(process)
            return True
        return False

    def holders_of(self, file: Path) -> tuple[ProcessFacts, ...]:
        return self.holders

    # node
    async def status(self) -> NodeStatus | None:
        return self.node_status

    def prefer_port(self, port: int) -> None:
        self.preferred.append(port)

    async def keep_port(self, port: int) -> None:
        self.kept.append(port)

    # profile
    def write_problem(self) -> str | Phrase:
        return self.writing

    def sizes(self) -> ProfileSizes:
        return self.disk

    def leftovers(self, *, node_runs: bool) -> tuple[Leftover, ...]:
        return () if node_runs else tuple(self.unfinished)

    def damaged_copies(self) -> tuple[Leftover, ...]:
        return tuple(self.damaged)

    def remove(self, leftovers: Sequence[Leftover]) -> int:
        for kept in (self.unfinished, self.damaged):
            kept[:] = [each for each in kept if each not in leftovers]
        return sum(each.size_bytes for each in leftovers)

    def lock_state(self) -> LockState:
        return self.lock

    def settings_problem(self) -> str | Phrase:
        return self.settings

    def set_settings_aside(self) -> str:
        self.settings = ""
        return "settings-20261122T120000.json"

    def open_secrets(self) -> tuple[Path, ...]:
        return tuple(self.secrets)

    def close_secrets(self, paths: Sequence[Path]) -> None:
        self.secrets = [path for path in self.secrets if path not in paths]

    # register and backups
    def facts(self) -> RegisterFacts:
        return self.register

    def damage(self) -> str | None:
        return self.damage_found

    def list(self) -> tuple[BackupFile, ...]:
        return tuple(self.backups)

    def thin(self) -> int:
        gone = [backup for backup in self.backups if backup.kept_because is None]
        self.backups = [backup for backup in self.backups if backup not in gone]
        freed = sum(backup.size_bytes for backup in gone)
        self.disk = replace(self.disk, free_bytes=self.disk.free_bytes + freed)
        return freed

    async def back_up_now(self) -> object:
        self.backup_failed = None
        self.backups.insert(0, replace(self.backups[0], at=self.clock))
        return self.backups[0]

    def backup_error(self) -> IpnftError | None:
        return self.backup_failed

    # computer
    def now(self) -> datetime:
        return self.clock

    def memory(self) -> MemoryFacts:
        return self.memory_found

    def open_file_limit(self) -> int | None:
        return self.open_files

    def raise_open_file_limit(self, wanted: int) -> int:
        self.open_files = wanted
        return wanted

    def loopback_problem(self) -> str | Phrase:
        return self.loopback

    def node_address_problem(self, url: str) -> str:
        return self.address

    def zone(self) -> str:
        return "CET (UTC+01:00)"

    def doctor(self, rpc_url: str = "", *, is_unattended: bool = True) -> Doctor:
        """The real checks over this machine."""
        return Doctor(
            (
                *InstallationChecks(self, needs_node=not rpc_url).all(),
                *NodeChecks(self, self, self, 18545, self.keep_port, rpc_url).all(),  # type: ignore[arg-type]
                *ProfileChecks(self, self, self, self).all(),  # type: ignore[arg-type]
                *RegisterChecks(self, self, self, self, self.back_up_now, self.backup_error).all(),  # type: ignore[arg-type]
                *ComputerChecks(self).all(),
            ),
            Session(EventHub()),
            lambda: is_unattended,
        )
