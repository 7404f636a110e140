"""A content store in memory: the port without files, threads or waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ipnft_desktop.adapters.content.blocks import Addition
from ipnft_desktop.adapters.content.dag import UnixFsDag, directory_addresses
from ipnft_desktop.adapters.content.faults import missing
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.adapters.content.whole_files import ignore_progress
from ipnft_desktop.domain.content import Cid, ContentStoreStats, StoredFile
from ipnft_desktop.domain.errors import IpnftError


class MemoryKeys:
    """A register key that is made at once; a test may lose it."""

    def __init__(self) -> None:
        self.keys = [bytes(range(32))]

    def current(self) -> bytes:
        return self.keys[0]

    def known(self) -> list[bytes]:
        return self.keys


class MemoryContentStore:
    """Implements the port `ContentStore`.

    `blocks` may be read and damaged by a test; while `fault` is set, every call raises it.
    """

    def __init__(self) -> None:
        self.blocks: dict[Cid, bytes] = {}
        self.fault: IpnftError | None = None
        self.keys = MemoryKeys()
        self._dag = UnixFsDag(self, self.keys)

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

    async def directory_addresses(self, files: Mapping[str, bytes]) -> tuple[Cid, dict[str, StoredFile]]:
        self._available()
        return directory_addresses(files)

    async def add_file(
        self,
        path: Path,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool = False,
        expected: Cid | None = None,
    ) -> StoredFile:
        dag = self._available()
        return dag.add_file(path, on_progress or ignore_progress, confidential=confidential, expected=expected)

    async def lacking(self, root: Cid) -> frozenset[Cid]:
        return frozenset(self._available().lacking(root))

    async def add_blocks(self, blocks: Mapping[Cid, bytes]) -> None:
        self._available().add_blocks(blocks)

    async def reseal(
        self,
        cid: Cid,
        sealed_key: bytes | None,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool,
    ) -> StoredFile:
        return self._available().reseal(cid, sealed_key, on_progress or ignore_progress, confidential=confidential)

    async def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        return self._available().add_directory(entries)

    async def read(self, cid: Cid, path: str = "") -> bytes:
        return self._available().read(cid, path)

    async def read_several(self, cids: Collection[Cid]) -> dict[Cid, bytes | IpnftError]:
        return self._available().read_several(cids)

    async def read_head(self, cid: Cid, sealed_key: bytes | None, most_bytes: int) -> bytes:
        return self._available().read_head(cid, sealed_key, most_bytes)

    async def read_to_file(self, cid: Cid, target: Path, sealed_key: bytes | None = None) -> None:
        self._available().read_to_file(cid, target, sealed_key=sealed_key)

    async def block_cids(self, roots: Collection[Cid]) -> frozenset[Cid]:
        dag = self._available()
        return frozenset[Cid]().union(*map(dag.block_cids, roots))

    async def remove_blocks(self, cids: Collection[Cid]) -> None:
        self._available().remove(cids)

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

    def put(self, block: Block, addition: Addition | None = None) -> None:
        if addition is not None and block.cid not in self.blocks:
            addition.new.add(block.cid)
        self.blocks[block.cid] = block.data

    def confirm(self, addition: Addition) -> None:
        addition.new.clear()

    def take_back(self, addition: Addition) -> None:
        self.remove(addition.new)

    def remove(self, cids: Iterable[Cid]) -> None:
        for cid in cids:
            self.blocks.pop(cid, None)

    def sync(self) -> None:
        pass

    def _available(self) -> UnixFsDag:
        if self.fault is not None:
            raise self.fault
        return self._dag
