"""Blocks as files of a local folder.

Layout: `<folder>/<c>/<cid>`, where `c` is the CID's last but one character: 32 shards, evenly filled, because a
digest's end is as random as its start while every CID begins alike. `<folder>/.incoming` holds blocks being written.

Durability: a block is written to `.incoming`, flushed to the disk (fsync) and only then renamed into its shard, so
that under its name it is either whole or absent, also after a power failure. The renames themselves are flushed by
`sync`, one fsync for each shard touched, once an addition and not once a block. A register entry that names
content is therefore written after that content is safe. On macOS fsync reaches the drive and may rest in its cache,
as it does for SQLite's default there.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import Final

from ipnft_desktop.adapters.content.faults import missing, store_faults
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.domain.content import Cid, ContentStoreStats

_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
_CAN_SYNC_FOLDERS: Final = os.name == "posix"


class BlockFolder:
    """A `BlockHolder` in a folder of one process; its methods block and may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / ".incoming"
        self._lock = Lock()
        self._unsynced: set[Path] = set()
        self._block_count = 0
        self._size_bytes = 0

    @property
    def stats(self) -> ContentStoreStats:
        """Counted when opened and kept up to date since."""
        with self._lock:
            return ContentStoreStats(self._block_count, self._size_bytes)

    def open(self) -> ContentStoreStats:
        """Create the folders, remove what an interrupted run left in `.incoming`, prove that writing works, count.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        with store_faults():
            for shard in _BASE32:
                (self._folder / shard).mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)
            for leftover in self._incoming.iterdir():
                leftover.unlink()
            self._write_incoming(b"probe").unlink()
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
                return self._path(cid).read_bytes()
            except FileNotFoundError:
                raise missing(cid) from None

    def put(self, block: Block) -> None:
        """See `BlockHolder.put`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        path = self._path(block.cid)
        with store_faults():
            if _holds(path, block.data):
                return
            incoming = self._write_incoming(block.data)
            try:
                self._move(incoming, path, len(block.data))
            except OSError:
                incoming.unlink(missing_ok=True)
                raise

    def sync(self) -> None:
        """See `BlockHolder.sync`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL; the next call tries the same folders again.
        """
        with self._lock:
            folders = tuple(self._unsynced)
        with store_faults():
            for folder in folders:
                _sync_folder(folder)
        with self._lock:
            self._unsynced.difference_update(folders)

    def _path(self, cid: Cid) -> Path:
        name = cid.text
        return self._folder / name[-2] / name

    def _write_incoming(self, data: bytes) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path

    def _move(self, incoming: Path, path: Path, size_bytes: int) -> None:
        with self._lock:
            # Another thread may have stored the same block meanwhile, or a damaged copy is being replaced.
            replaced_bytes = path.stat().st_size if path.exists() else None
            incoming.replace(path)
            self._unsynced.add(path.parent)
            self._block_count += replaced_bytes is None
            self._size_bytes += size_bytes - (replaced_bytes or 0)


def _holds(path: Path, data: bytes) -> bool:
    # Compared by content and not by existence: adding a file again is how a damaged block is mended.
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    if not _CAN_SYNC_FOLDERS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
