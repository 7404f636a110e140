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
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from ipnft_desktop.adapters.content.faults import missing, store_faults
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.domain.content import Cid, ContentStoreStats

_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
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
        # Shards to be flushed, each with the serial number of the latest rename into it.
        self._unsynced: dict[str, int] = {}
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
            for shard in _BASE32:
                (self._folder / shard).mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)
            for leftover in self._incoming.iterdir():
                leftover.unlink()
            os.unlink(self._write_incoming(b"probe"))
            for shard in _BASE32:
                _sync_folder(self._folder / shard)
            _sync_folder(self._folder)
            sizes_bytes = [
                entry.stat().st_size
                for shard in _BASE32
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

    def put(self, block: Block) -> None:
        """See `BlockHolder.put`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        name = block.cid.text
        with store_faults():
            if _holds(self._path(name), block.data):
                return
            incoming = self._write_incoming(block.data)
            try:
                self._move(incoming, name, len(block.data))
            except OSError:
                _remove(incoming)
                raise

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

    def _move(self, incoming: str, name: str, size_bytes: int) -> None:
        path, shard = self._path(name), _shard(name)
        with self._lock:
            # Another thread may have stored the same block meanwhile, or a damaged copy is being replaced.
            replaced_bytes = _size_bytes(path)
            os.replace(incoming, path)
            self._unsynced[shard] = next(_serial_numbers)
            self._block_count += replaced_bytes is None
            self._size_bytes += size_bytes - (replaced_bytes or 0)


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
