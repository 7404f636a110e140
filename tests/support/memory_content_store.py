"""A content store in memory: the port without files, threads or waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ipnft_desktop.adapters.content.dag import UnixFsDag
from ipnft_desktop.adapters.content.faults import missing
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.adapters.content.whole_files import ignore_progress
from ipnft_desktop.domain.content import Cid, ContentStoreStats, StoredFile
from ipnft_desktop.domain.errors import IpnftError


class MemoryContentStore:
    """Implements the port `ContentStore`.

    `blocks` may be read and damaged by a test; while `fault` is set, every call raises it.
    """

    def __init__(self) -> None:
        self.blocks: dict[Cid, bytes] = {}
        self.fault: IpnftError | None = None
        self._dag = UnixFsDag(self)

    async def open(self) -> ContentStoreStats:
        return await self.stats()

    async def close(self) -> None:
        pass

    async def add_bytes(self, data: bytes) -> StoredFile:
        return self._available().add_bytes(data)

    async def add_directories(
        self, directories: Sequence[Mapping[str, bytes]]
    ) -> list[tuple[Cid, dict[str, StoredFile]]]:
        return self._available().add_directories(directories)

    async def add_file(self, path: Path, on_progress: Callable[[int], None] | None = None) -> StoredFile:
        return self._available().add_file(path, on_progress or ignore_progress)

    async def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        return self._available().add_directory(entries)

    async def read(self, cid: Cid, path: str = "") -> bytes:
        return self._available().read(cid, path)

    async def read_to_file(self, cid: Cid, target: Path) -> None:
        self._available().read_to_file(cid, target)

    async def verify(self, cid: Cid) -> None:
        self._available().verify(cid)

    async def export_car(
        self, roots: Sequence[Cid], target: Path, on_progress: Callable[[int], None] | None = None
    ) -> int:
        return self._available().export_car(roots, target, on_progress or ignore_progress)

    def car_parts(self, root: Cid) -> Iterator[bytes]:
        return self._available().car_parts((root,))

    async def stats(self) -> ContentStoreStats:
        self._available()
        return ContentStoreStats(len(self.blocks), sum(map(len, self.blocks.values())))

    def get(self, cid: Cid) -> bytes:
        if cid not in self.blocks:
            raise missing(cid)
        return self.blocks[cid]

    def put(self, block: Block) -> None:
        self.blocks[block.cid] = block.data

    def sync(self) -> None:
        pass

    def _available(self) -> UnixFsDag:
        if self.fault is not None:
            raise self.fault
        return self._dag
