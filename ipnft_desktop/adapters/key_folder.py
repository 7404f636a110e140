"""Keys of the register that the program makes by itself. They lie apart from database, content and backups: whoever
gets one of these without the key can neither read what is encrypted nor seal what they changed.

One folder belongs to one register; programs that share a register share its folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase

KEY_BYTES = 32

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_CAN_SYNC_FOLDERS = os.name == "posix"


class KeyFolder:
    """Files for their owner's eyes only, each written whole or not at all. Its methods block.

    All raise EnvironmentFault KEY_FOLDER_UNAVAILABLE or DISK_FULL.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, name: str) -> bytes | None:
        """The key of this name; None if it was never made, or is lost.

        A file that is there and holds no key is refused rather than replaced: it may be mended from a copy.
        """
        key = self.read(name)
        if key is not None and len(key) != KEY_BYTES:
            raise EnvironmentFault(
                ErrorCode.KEY_FOLDER_UNAVAILABLE, phrase("{file} holds no key", file=self._folder / name)
            )
        return key

    def make_key(self, name: str) -> bytes:
        """A new random key; where another program made one in the same moment, that one."""
        with self._faults(name):
            unfinished = self._written(name, secrets.token_bytes(KEY_BYTES))
            try:
                self._give_name(unfinished, name)
            finally:
                unfinished.unlink(missing_ok=True)
            self._settle()
        key = self.key(name)
        if key is None:
            raise EnvironmentFault(
                ErrorCode.KEY_FOLDER_UNAVAILABLE, phrase("{file} was removed", file=self._folder / name)
            )
        return key

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        with self._faults(name):
            try:
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        """Put a file in the place of the one of this name, in one step."""
        with self._faults(name):
            unfinished = self._written(name, content)
            try:
                unfinished.replace(self._folder / name)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            self._settle()

    def _written(self, name: str, content: bytes) -> Path:
        """A file beside the final one, on the disk."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise
        return unfinished

    def _give_name(self, unfinished: Path, name: str) -> None:
        """Never over a file that is there: a key that is replaced is lost."""
        target = self._folder / name
        try:
            os.link(unfinished, target)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not target.exists():
                unfinished.replace(target)

    def _settle(self) -> None:
        """Make new names durable; Windows does that by itself and opens no folders."""
        if not _CAN_SYNC_FOLDERS:
            return
        opened = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

    @contextmanager
    def _faults(self, name: str) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            if error.errno in _OUT_OF_SPACE:
                raise EnvironmentFault(ErrorCode.DISK_FULL, phrase("{name} was not written", name=name)) from error
            what = f"{self._folder / name}: {error.strerror or error}"
            raise EnvironmentFault(ErrorCode.KEY_FOLDER_UNAVAILABLE, what) from error
