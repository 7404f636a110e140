"""Blocks as files of a local folder.

Layout: `<folder>/<c>/<cid>`, where `c` is the CID's last but one character: 32 shards, evenly filled, because a
digest's end is as random as its start while every CID begins alike. `<folder>/.incoming` holds blocks being written.

Durability: a block is written to `.incoming`, flushed to the disk (fsync) and only then renamed into its shard, so
that under its name it is either whole or absent, also after a power failure. The renames themselves are flushed by
`sync`, one fsync for each shard touched, once an addition and not once a block, and by `open` for an earlier run that
ended in between: a block that is found is as safe as one that is written. A register entry that names content is
therefore written after that content is safe. On macOS fsync reaches the drive and may rest in its cache, as it does
for SQLite's default there.

Every mint passes here, and beside these system calls the objects of pathlib and tempfile would cost most of the time.
"""
# ruff: noqa: PTH105, PTH108, PTH116, PTH123

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from ipnft_desktop.adapters.content.blocks import Addition
from ipnft_desktop.adapters.content.faults import missing, store_faults
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.domain.content import Cid, ContentStoreStats

SHARDS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_CAN_SYNC_FOLDERS: Final = os.name == "posix"
_CREATE_BINARY: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_OWNER_ONLY: Final = 0o600
_serial_numbers: Final = itertools.count()
"""Of this process; drawing one is atomic, so that no two threads share one."""


class BlockFolder:
    """A `BlockHolder` in a folder of one process; its methods block and may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / ".incoming"
        self._lock = Lock()
        # Shards to be flushed, each with the serial number of the latest change of its names.
        self._unsynced: dict[str, int] = {}
        self._tentative: dict[str, Addition] = {}
        self._block_count = 0
        self._size_bytes = 0

    @property
    def stats(self) -> ContentStoreStats:
        """Counted when opened and kept up to date since."""
        with self._lock:
            return ContentStoreStats(self._block_count, self._size_bytes)

    def open(self) -> ContentStoreStats:
        """Create the folders, remove what an interrupted run left in `.incoming`, flush the names it gave, prove that
        writing works, count.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        with store_faults():
            for shard in SHARDS:
                (self._folder / shard).mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)
            for leftover in self._incoming.iterdir():
                leftover.unlink()
            os.unlink(self._write_incoming(b"probe"))
            for shard in SHARDS:
                _sync_folder(self._folder / shard)
            _sync_folder(self._folder)
            sizes_bytes = [
                entry.stat().st_size
                for shard in SHARDS
                for entry in os.scandir(self._folder / shard)
                if entry.is_file()
            ]
        with self._lock:
            self._block_count, self._size_bytes = len(sizes_bytes), sum(sizes_bytes)
        return self.stats

    def get(self, cid: Cid) -> bytes:
        """See `BlockHolder.get`."""
        with store_faults():
            try:
                return _read(self._path(cid.text))
            except FileNotFoundError:
                raise missing(cid) from None

    def put(self, block: Block, addition: Addition | None = None) -> None:
        """See `BlockHolder.put`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        name = block.cid.text
        with store_faults():
            if _holds(self._path(name), block.data) and self._is_shared(name, addition):
                return
            incoming = self._write_incoming(block.data)
            try:
                self._move(incoming, block, addition)
            except OSError:
                _remove(incoming)
                raise

    def confirm(self, addition: Addition) -> None:
        """See `BlockHolder.confirm`."""
        with self._lock:
            for cid in addition.new:
                self._tentative.pop(cid.text, None)
            addition.new.clear()

    def take_back(self, addition: Addition) -> None:
        """See `BlockHolder.take_back`. What cannot be removed stays; nothing refers to it."""
        for cid in addition.new:
            with self._lock, suppress(OSError):
                if self._tentative.pop(cid.text, None) is addition:
                    self._unlink(cid.text)
        addition.new.clear()

    def remove(self, cids: Iterable[Cid]) -> None:
        """See `BlockHolder.remove`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE.
        """
        for cid in cids:
            with store_faults(), self._lock:
                self._unlink(cid.text)

    def sync(self) -> None:
        """See `BlockHolder.sync`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL; the next call tries the same folders again.
        """
        with self._lock:
            seen = dict(self._unsynced)
        with store_faults():
            for shard in seen:
                _sync_folder(self._folder / shard)
        with self._lock:
            # A rename during the flush may have missed it: its shard stays for the thread that made it.
            self._unsynced = {shard: latest for shard, latest in self._unsynced.items() if latest != seen.get(shard)}

    def _path(self, name: str) -> str:
        return f"{self._folder}{os.sep}{_shard(name)}{os.sep}{name}"

    def _write_incoming(self, data: bytes) -> str:
        path = f"{self._incoming}{os.sep}{os.getpid()}-{next(_serial_numbers)}"
        descriptor = os.open(path, _CREATE_BINARY, _OWNER_ONLY)
        try:
            try:
                _write(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            _remove(path)
            raise
        return path

    def _is_shared(self, name: str, addition: Addition | None) -> bool:
        """Take note that a block that was found is wanted by somebody else too; False if it was taken back since."""
        with self._lock:
            if self._tentative.get(name) is not addition:
                self._tentative.pop(name, None)
            return _size_bytes(self._path(name)) is not None

    def _move(self, incoming: str, block: Block, addition: Addition | None) -> None:
        name, size_bytes = block.cid.text, len(block.data)
        path, shard = self._path(name), _shard(name)
        with self._lock:
            # Another thread may have stored the same block meanwhile, or a damaged copy is being replaced.
            replaced_bytes = _size_bytes(path)
            os.replace(incoming, path)
            if replaced_bytes is None and addition is not None:
                self._tentative[name] = addition
                addition.new.add(block.cid)
            elif self._tentative.get(name) is not addition:
                self._tentative.pop(name, None)
            self._unsynced[shard] = next(_serial_numbers)
            self._block_count += replaced_bytes is None
            self._size_bytes += size_bytes - (replaced_bytes or 0)

    def _unlink(self, name: str) -> None:
        """The lock is held."""
        path = self._path(name)
        size_bytes = _size_bytes(path)
        if size_bytes is not None:
            os.unlink(path)
            self._unsynced[_shard(name)] = next(_serial_numbers)
            self._block_count -= 1
            self._size_bytes -= size_bytes


def block_path(folder: Path, cid: Cid) -> Path:
    """Where a folder of blocks keeps the one of this identifier."""
    return folder / _shard(cid.text) / cid.text


def _shard(name: str) -> str:
    return name[-2]


def _holds(path: str, data: bytes) -> bool:
    # Compared by content and not by existence: adding a file again is how a damaged block is mended.
    try:
        return _read(path) == data
    except FileNotFoundError:
        return False


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _size_bytes(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return None


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _sync_folder(folder: Path) -> None:
    if not _CAN_SYNC_FOLDERS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
