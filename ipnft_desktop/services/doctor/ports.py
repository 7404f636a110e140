"""What the checks need of the computer, as protocols. Every method blocks; they may be called from any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.phrases import Phrase


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """A process at one moment. Numbers of ended processes are given out again: pid and start together name one."""

    pid: int
    started: float
    """Seconds since the epoch, as the operating system tells."""
    name: str
    command: str
    """Shortened, without its options: those may hold passwords."""
    user: str


@dataclass(frozen=True, slots=True)
class PortUse:
    """Who listens at a port. It may be taken by somebody whom the operating system does not name."""

    is_free: bool
    owner: ProcessFacts | None = None


class Processes(Protocol):
    """Other programs on this computer."""

    def at_port(self, port: int) -> PortUse: ...
    def free_port(self, wanted: int) -> int:
        """A free port, the nearest above the wanted one."""
        ...

    def orphan_nodes(self) -> tuple[ProcessFacts, ...]:
        """Nodes of this profile whose program is gone: their command line runs our node files, their environment says
        for which profile and by which process they were started, and that process is no more."""
        ...

    def end_orphan(self, process: ProcessFacts) -> bool:
        """End it if all that proves it an orphan of ours holds still; whether it was there to be ended."""
        ...

    def holders_of(self, file: Path) -> tuple[ProcessFacts, ...]:
        """Who has a file open, as far as it may be seen."""
        ...


@dataclass(frozen=True, slots=True)
class Versions:
    """Of what the program is made of; empty where it is not there or does not say."""

    program: str
    python: tuple[int, int, int]
    qt: str
    node: str
    hardhat: str
    sqlite: tuple[int, int, int]
    has_full_text_search: bool


class Installation(Protocol):
    """The program's own files and libraries."""

    @property
    def can_mend(self) -> bool:
        """Whether `start.py` is at hand, whose lock files say what belongs here; a built program has none."""
        ...

    def versions(self) -> Versions: ...
    def library_problems(self) -> Mapping[str, str]:
        """Libraries that cannot be loaded, and why."""
        ...

    def missing_files(self) -> Sequence[str]:
        """Files of the program that are missing or cannot be read."""
        ...

    def node_problem(self) -> str | Phrase:
        """Why no node can be started from these files, or nothing."""
        ...

    def reinstall_libraries(self, names: Sequence[str]) -> None:
        """Put libraries back in the versions of the lock file; where that cannot be, nothing changes. Raises
        EnvironmentFault REMEDY_FAILED, above all without a network."""
        ...

    def reinstall_node_packages(self) -> None:
        """Put Hardhat and what it needs back. Raises as above, and then there is none of them."""
        ...


@dataclass(frozen=True, slots=True)
class ProfileSizes:
    """What the profile takes of its volume."""

    free_bytes: int
    total_bytes: int
    register_bytes: int
    content_bytes: int
    backups_bytes: int
    logs_bytes: int
    is_complete: bool
    """False where there were too many files to count them all."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that nothing needs any more."""

    path: Path
    size_bytes: int


class LockState(StrEnum):
    """Who holds the profile."""

    OURS = "OURS"
    FREE = "FREE"
    TAKEN = "TAKEN"


class ProfileFolder(Protocol):
    """The folder that holds register, content, keys and settings."""

    @property
    def folder(self) -> Path: ...
    @property
    def lock_file(self) -> Path: ...
    def write_problem(self) -> str | Phrase:
        """Why nothing can be written there, or nothing."""
        ...

    def sizes(self) -> ProfileSizes: ...
    def leftovers(self, *, node_runs: bool) -> tuple[Leftover, ...]:
        """Unfinished files of runs that were ended, and what the node left in its home."""
        ...

    def damaged_copies(self) -> tuple[Leftover, ...]:
        """Registers that were found damaged and kept aside."""
        ...

    def remove(self, leftovers: Sequence[Leftover]) -> int:
        """Remove them; returns the bytes. Raises OSError."""
        ...

    def lock_state(self) -> LockState: ...
    def settings_problem(self) -> str | Phrase:
        """Why the settings cannot be used, or nothing."""
        ...

    def set_settings_aside(self) -> str:
        """Give the file another name, so that the defaults hold; returns that name. Raises OSError."""
        ...

    def open_secrets(self) -> tuple[Path, ...]:
        """Keys that others on this computer may read."""
        ...

    def close_secrets(self, paths: Sequence[Path]) -> None:
        """Let only their owner read them. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """A register's file, seen from outside."""

    exists: bool
    revision: str = ""
    newest_revision: str = ""
    size_bytes: int = 0
    last_change: datetime | None = None


class RegisterFile(Protocol):
    """The register without opening it for work: also while it is closed, and while it is in use."""

    def facts(self) -> RegisterFacts:
        """Without what cannot be read of it."""
        ...

    def damage(self) -> str | None:
        """What a look at every page finds, empty if nothing; None where the file is too large for a passing look."""
        ...


@dataclass(frozen=True, slots=True)
class MemoryFacts:
    """The computer's memory."""

    available_bytes: int
    total_bytes: int


class Computer(Protocol):
    """The computer itself."""

    def memory(self) -> MemoryFacts: ...
    def open_file_limit(self) -> int | None:
        """How many files this program may have open at once; None where there is no such limit."""
        ...

    def raise_open_file_limit(self, wanted: int) -> int:
        """Allow this run more open files, as far as the system lets it; returns what holds now. Raises OSError."""
        ...

    def loopback_problem(self) -> str | Phrase:
        """Why two programs on this computer cannot talk over 127.0.0.1, or nothing."""
        ...

    def node_address_problem(self, url: str) -> str:
        """Why nothing takes a connection at an address, or nothing."""
        ...

    def zone(self) -> str:
        """The time zone as people name it."""
        ...
