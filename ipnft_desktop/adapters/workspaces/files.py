"""Files and folders that are whole or absent, also after a power failure; and removal that never leaves a folder."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from ipnft_desktop.adapters.database.backup_files import flush_file, flush_folder
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase

SPARE_BYTES = 32 * 1024 * 1024
"""Space that a copy leaves to the registers themselves."""

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LINK_HERE = frozenset({errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a file system answers that has no second names for files, or no more of them for this one."""
_INVALID_FUNCTION = 1
"""The same on Windows (ERROR_INVALID_FUNCTION), for FAT and some network drives."""


@contextmanager
def workspace_faults(what: str | Phrase) -> Generator[None, None, None]:
    """Errors of the file system as EnvironmentFault DISK_FULL or WORKSPACE_UNUSABLE; `what` names the place."""
    try:
        yield
    except OSError as error:
        code = ErrorCode.DISK_FULL if error.errno in _OUT_OF_SPACE else ErrorCode.WORKSPACE_UNUSABLE
        raise EnvironmentFault(code, phrase("{what}: {reason}", what=what, reason=error.strerror or error)) from error


def read_json(file: Path) -> Mapping[str, Any]:
    """An object; an empty one where there is no file. Raises OSError, ValueError for anything else."""
    try:
        content: object = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(content, dict):
        raise ValueError(f"{file.name}: not an object")
    return cast("dict[str, Any]", content)


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """In the place of the file, in one step, and on the disk when this returns. Raises OSError."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    flush_file(fresh)
    fresh.replace(file)
    flush_folder(file.parent)


def link_or_copy(source: Path, target: Path) -> bool:
    """A second name for a file that never changes, or a copy of it where there are no links; nothing where `target` is
    there already. Returns whether a copy had to be made. Raises OSError."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINK_HERE and getattr(error, "winerror", None) != _INVALID_FUNCTION:
            raise
        copy_file(source, target)
        return True
    return False


def copy_file(source: Path, target: Path) -> None:
    """A copy on the disk, whole under its name or absent. Raises OSError."""
    fresh = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, fresh, follow_symlinks=False)
    flush_file(fresh)
    fresh.replace(target)


def require_space(folder: Path, wanted_bytes: int) -> None:
    """Raise EnvironmentFault DISK_FULL unless so much is free, and some to spare."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted_bytes + SPARE_BYTES:
        raise EnvironmentFault(
            ErrorCode.DISK_FULL,
            phrase(
                "the copy needs {needed} MB, {free} MB are free",
                needed=round(wanted_bytes / 1e6),
                free=round(free_bytes / 1e6),
            ),
        )


def has_links(folder: Path, other: Path) -> bool:
    """Whether a file in `folder` can have a second name in `other`; tried, for no system tells. Raises OSError."""
    probe, link = folder / ".link-probe", other / ".link-probe"
    try:
        probe.write_bytes(b"")
        link.unlink(missing_ok=True)
        return not link_or_copy(probe, link)
    finally:
        probe.unlink(missing_ok=True)
        link.unlink(missing_ok=True)


def tree_bytes(folder: Path, *, without: Path | None = None) -> int:
    """Of all files below, each counted once however many names it has; links to elsewhere count nothing. Nor does what
    lies in `without`."""
    seen = set[tuple[int, int]]()
    waiting, total = [str(folder)], 0
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                if without is None or Path(entry.path) != without:
                    waiting.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                status = Path(entry.path).lstat()
                if status.st_nlink == 1 or (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    total += status.st_size
    return total


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):  # it went away meanwhile
        return []


def is_own_folder(folder: Path) -> bool:
    """Whether it is a folder itself and no link or junction to one elsewhere."""
    is_junction: Callable[[], bool] = getattr(folder, "is_junction", lambda: False)  # from Python 3.12 on
    return folder.is_dir() and not folder.is_symlink() and not is_junction()


def remove_folder(folder: Path) -> None:
    """With all that is in it; of a link only the link goes. Raises OSError."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
