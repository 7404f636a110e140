"""Other programs on this computer: who holds a port or a file, and which nodes of ours were left behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from ipnft_desktop.adapters.chain.node_mark import STDIN_GUARD, Starter
from ipnft_desktop.adapters.loopback import free_port_above, is_free
from ipnft_desktop.services.doctor.ports import PortUse, ProcessFacts

COMMAND_CHARACTERS = 120
END_WAIT_S = 3.0
"""From the request to leave to the end by force."""

_START_TOLERANCE_S = 2.0
"""The operating system derives a start from the time since boot, which moves a little with the clock."""
_UNSEEN = (psutil.Error, OSError)


class LocalProcesses:
    """Implements the port `Processes`; folders named `node_home` in the profile stand in for the homes of its nodes."""

    def __init__(self, profile: Path, node_home: str) -> None:
        self._profile = profile
        self._node_home = node_home

    def at_port(self, port: int) -> PortUse:
        """Who listens there. Without special rights some systems name only processes of the same person."""
        if is_free(port):
            return PortUse(is_free=True)
        with suppress(*_UNSEEN):
            for connection in psutil.net_connections("tcp"):
                if _listens_at(connection, port) and connection.pid is not None:
                    return PortUse(is_free=False, owner=_facts(psutil.Process(connection.pid)))
        for process in psutil.process_iter():  # where the list of all connections is for administrators only
            with suppress(*_UNSEEN):
                if any(_listens_at(connection, port) for connection in process.net_connections("tcp")):
                    return PortUse(is_free=False, owner=_facts(process))
        return PortUse(is_free=False)

    def free_port(self, wanted: int) -> int:
        """The nearest above it."""
        return free_port_above(wanted)

    def orphan_nodes(self) -> tuple[ProcessFacts, ...]:
        """Those that are proved to be of this profile and without their program."""
        found: list[ProcessFacts] = []
        for process in self._orphans():
            with suppress(*_UNSEEN):  # it ends meanwhile
                found.append(_facts(process))
        return tuple(found)

    def end_orphan(self, process: ProcessFacts) -> bool:
        """Ask it to leave, then end it by force. Raises PermissionError."""
        for orphan in self._orphans():
            if orphan.pid == process.pid and _started(orphan) == process.started:
                _end(orphan)
                return True
        return False

    def holders_of(self, file: Path) -> tuple[ProcessFacts, ...]:
        """Other processes of this person that have it open."""
        holders: list[ProcessFacts] = []
        for process in psutil.process_iter():
            with suppress(*_UNSEEN):
                is_other = process.pid != os.getpid() and process.username() == psutil.Process().username()
                if is_other and any(Path(opened.path) == file for opened in process.open_files()):
                    holders.append(_facts(process))
        return tuple(holders)

    def _orphans(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with suppress(*_UNSEEN):
                if STDIN_GUARD.as_uri() not in process.cmdline():
                    continue
                environment = process.environ()
                starter = Starter.of(environment)
                if starter is None or not self._is_ours(Path(environment.get("HOME", ""))):
                    continue
                if not _is_child_of_living(starter, process) and not _lives(starter):
                    yield process

    def _is_ours(self, home: Path) -> bool:
        return home.name == self._node_home and self._profile in home.parents


def _started(process: psutil.Process) -> float | None:
    """None once it is gone."""
    with suppress(*_UNSEEN):
        return process.create_time()
    return None


def _end(process: psutil.Process) -> None:
    # Who asked looks again: an ended process may stay in the list until its parent has heard of it.
    try:
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            process.terminate()
            try:
                process.wait(END_WAIT_S)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(END_WAIT_S)
    except psutil.AccessDenied as error:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from error


def _is_child_of_living(starter: Starter, node: psutil.Process) -> bool:
    """Whether the starter is proved to live without a look at the clock: what this program started is no orphan, and
    POSIX gives a child whose parent has ended another parent. A start is told by the clock of the machine there, so
    that after a change of the clock every program seems to be another one."""
    if starter.pid == os.getpid():
        return True
    return os.name == "posix" and node.ppid() == starter.pid


def _lives(starter: Starter) -> bool:
    try:
        process = psutil.Process(starter.pid)
        return (
            abs(process.create_time() - starter.started) < _START_TOLERANCE_S
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True  # it cannot be asked: then nothing is proved


def _listens_at(connection: object, port: int) -> bool:
    address = getattr(connection, "laddr", None)
    return bool(address) and address.port == port and getattr(connection, "status", "") == psutil.CONN_LISTEN


def _facts(process: psutil.Process) -> ProcessFacts:
    with process.oneshot():
        started, name = process.create_time(), process.name()
        user = command = ""
        with suppress(*_UNSEEN):
            name = Path(process.exe()).name or name  # Node calls itself after its first thread
        with suppress(*_UNSEEN):
            user = process.username()
        with suppress(*_UNSEEN):
            command = shortened(process.cmdline())
    return ProcessFacts(process.pid, started, name, command, user)


def shortened(command: list[str]) -> str:
    """Program and what it runs, without options and what follows them: passwords are given so."""
    words: list[str] = []
    for word in command:
        if words and word.startswith("-"):
            break
        words.append(_harmless(word))
    text = " ".join(words)
    return text if len(text) <= COMMAND_CHARACTERS else f"{text[: COMMAND_CHARACTERS - 1]}…"


def _harmless(word: str) -> str:
    """An address without user, password, path and query."""
    if "://" not in word:
        return word.partition("=")[0]
    parts = urlsplit(word)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
