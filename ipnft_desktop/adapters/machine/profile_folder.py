"""The profile folder: what it holds, what it takes, what is left over in it and who may read it."""

from __future__ import annotations

import os
import shutil
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.ports import Leftover, LockState, ProfileSizes
from ipnft_desktop.settings import SETTINGS_FILE, SettingRefused, load_settings

UNFINISHED = ("*.new", "*.partial", "*.restoring", ".*.part", ".*.new", "*.draft")
DAMAGED = "*.damaged-*"
REST_S = 600.0
"""A file that was written to less than this ago may be in the making."""

_COUNTING_LIMIT_S = 4.0
_MORE_THAN_OWNER = stat.S_IRWXG | stat.S_IRWXO
_PROBE = ".doctor-probe"


class LocalProfile:
    """Implements the port `ProfileFolder` for a profile and the workspace that is open in it; `secrets` are the folders
    of its keys."""

    def __init__(
        self,
        folder: Path,
        lock: ProfileFileLock,
        *,
        register: Path,
        content: Path,
        backups: Path,
        logs: Path,
        node_home: Path,
        secrets: Sequence[Path],
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._trying = threading.Lock()
        self._register = register
        self._content = content
        self._backups = backups
        self._logs = logs
        self._node_home = node_home
        self._secrets = secrets

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._folder

    @property
    def lock_file(self) -> Path:
        """What the holder has open."""
        return self._lock.file

    def write_problem(self) -> str | Phrase:
        """Write a file and remove it."""
        folder = _existing(self._folder)  # nothing is made that the first start would make
        probe = folder / f"{_PROBE}-{os.getpid()}"
        try:
            if self._folder.exists() and not self._folder.is_dir():
                return phrase("it is not a folder")
            probe.write_bytes(b"!")
            probe.unlink()
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def sizes(self) -> ProfileSizes:
        """Content may be a million files: after some seconds of counting the rest is left."""
        volume = shutil.disk_usage(_existing(self._folder))
        until = time.monotonic() + _COUNTING_LIMIT_S
        backups, _ = _size(self._backups, until)
        logs, _ = _size(self._logs, until)
        content, is_complete = _size(self._content, until)
        return ProfileSizes(
            free_bytes=volume.free,
            total_bytes=volume.total,
            register_bytes=sum(file.stat().st_size for file in self._register_files()),
            content_bytes=content,
            backups_bytes=backups,
            logs_bytes=logs,
            is_complete=is_complete,
        )

    def leftovers(self, *, node_runs: bool) -> tuple[Leftover, ...]:
        """Not what another run may be writing just now."""
        found = [_leftover(file) for pattern in UNFINISHED for file in self._resting(pattern)]
        home = self._node_home
        if not node_runs and home.is_dir() and any(home.iterdir()):
            found.append(_leftover(home))
        return tuple(found)

    def damaged_copies(self) -> tuple[Leftover, ...]:
        """As `backups.py` names them, with their companions."""
        return tuple(_leftover(file) for file in sorted(self._register.parent.glob(DAMAGED)) if file.is_file())

    def remove(self, leftovers: Sequence[Leftover]) -> int:
        """Only inside the profile; what is gone already is no error."""
        freed = 0
        for leftover in leftovers:
            path = leftover.path
            if self._folder not in path.parents:
                continue
            with suppress(FileNotFoundError):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                freed += leftover.size_bytes
        return freed

    def lock_state(self) -> LockState:
        """Tried for a moment where nobody of this program holds it."""
        with self._trying:  # a look that tries it at the same time would pass for another program
            if self._lock.is_held:
                return LockState.OURS
            return LockState.FREE if self._lock.is_free() else LockState.TAKEN

    def settings_problem(self) -> str | Phrase:
        """Those of the file, without what the command line and the environment add."""
        try:
            load_settings(self._folder, {})
        except SettingRefused as error:
            return error.told
        return ""

    def set_settings_aside(self) -> str:
        """The name says when."""
        file = self._folder / SETTINGS_FILE
        aside = file.with_name(f"settings-{datetime.now(UTC):%Y%m%dT%H%M%S}.json")
        file.rename(aside)
        return aside.name

    def open_secrets(self) -> tuple[Path, ...]:
        """Files and folders of keys whose rights reach further than their owner; Windows has rights of its own."""
        if os.name != "posix":
            return ()
        return tuple(path for path in self._secret_paths() if stat.S_IMODE(path.stat().st_mode) & _MORE_THAN_OWNER)

    def close_secrets(self, paths: Sequence[Path]) -> None:
        """Take everybody else's rights."""
        for path in paths:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_MORE_THAN_OWNER)

    def _register_files(self) -> Iterator[Path]:
        return (file for file in self._register.parent.glob(f"{self._register.name}*") if file.is_file())

    def _resting(self, pattern: str) -> Iterator[Path]:
        for folder in {self._folder, self._register.parent, self._backups, *self._secrets}:
            for file in folder.glob(pattern) if folder.is_dir() else ():
                if file.is_file() and self._folder in file.parents and time.time() - file.stat().st_mtime > REST_S:
                    yield file

    def _secret_paths(self) -> Iterator[Path]:
        for folder in self._secrets:
            if folder.is_dir():
                yield folder
                yield from (file for file in folder.iterdir() if file.is_file())


def _leftover(path: Path) -> Leftover:
    size, _ = _size(path, time.monotonic() + _COUNTING_LIMIT_S)
    return Leftover(path, size)


def _size(path: Path, until: float) -> tuple[int, bool]:
    """Bytes of a file, or of everything below a folder; whether they are all."""
    if not path.is_dir():
        return (path.stat().st_size if path.exists() else 0), True
    size = 0
    folders = [str(path)]
    while folders:
        if time.monotonic() > until:
            return size, False
        with suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    size += entry.stat(follow_symlinks=False).st_size
    return size, True


def _existing(folder: Path) -> Path:
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
