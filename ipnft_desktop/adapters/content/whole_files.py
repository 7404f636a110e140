"""Files outside the store: read whole or refused when they change meanwhile, written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from ipnft_desktop.adapters.content.faults import source_faults, target_faults
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase

# Without waiting: between the look at it and its opening a file may have been exchanged for a pipe or a link.
_OPEN_REGULAR: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)

Progress = Callable[[int], None]
"""Called with the bytes done so far; whatever it raises ends the work, which is how long work is cancelled."""


def ignore_progress(_done_bytes: int) -> None:
    """For work nobody watches."""


def read_chunks(path: Path, chunk_size_bytes: int, progress: Progress) -> Iterator[bytes]:
    """A file's bytes in order.

    Raises:
        UserError: ATTACHMENT_INVALID when it is missing, unreadable, not a regular file (a link neither), or changed
            while it was read: size or modification time differ afterwards, or another file has its name.
    """
    with source_faults(path.name):
        with _open_regular(path) as file:
            before = os.fstat(file.fileno())
            done_bytes = 0
            while done_bytes <= before.st_size and (chunk := file.read(chunk_size_bytes)):
                yield chunk
                done_bytes += len(chunk)
                progress(done_bytes)
            after = os.fstat(file.fileno())
        now = path.lstat()
    is_same_file = os.path.samestat(before, now)
    if not is_same_file or (done_bytes, _times(after)) != (before.st_size, _times(before)):
        raise UserError(
            ErrorCode.ATTACHMENT_INVALID, phrase("{name} changed while it was read; add it again", name=path.name)
        )


def _open_regular(path: Path) -> BinaryIO:
    # Asked before opening too: where a pipe can be opened only by waiting for its writer, perhaps for ever.
    if not stat.S_ISREG(path.lstat().st_mode):
        raise UserError(ErrorCode.ATTACHMENT_INVALID, phrase("{name} is not a file", name=path.name))
    descriptor = os.open(path, _OPEN_REGULAR)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UserError(ErrorCode.ATTACHMENT_INVALID, phrase("{name} is not a file", name=path.name))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _times(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def write_whole(target: Path, parts: Iterable[bytes], progress: Progress) -> int:
    """Write a file that appears complete or not at all, replacing an older one; returns the bytes written.

    Raises:
        UserError: VALIDATION_FAILED (field "target") when the place cannot be written to.
        EnvironmentFault: DISK_FULL.
    """
    temporary = target.with_name(f".{uuid4().hex}.part")
    with target_faults(target.name):
        try:
            done_bytes = 0
            with temporary.open("xb") as file:
                for part in parts:
                    file.write(part)
                    done_bytes += len(part)
                    progress(done_bytes)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return done_bytes
