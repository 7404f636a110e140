from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.domain.content import Cid
from tests.support.memory_content_store import MemoryContentStore, MemoryKeys


class LocalUnderTest:
    """The store on disk, and hands to do harm to what it keeps."""

    def __init__(self, folder: Path) -> None:
        self.keys = MemoryKeys()
        self.store = LocalBlockStore(folder, self.keys)
        self._folder = folder

    def damage(self, cid: Cid) -> None:
        self._path(cid).write_bytes(flipped(self._path(cid).read_bytes()))

    def remove(self, cid: Cid) -> None:
        self._path(cid).unlink()

    def _path(self, cid: Cid) -> Path:
        (found,) = self._folder.rglob(cid.text)
        return found


class MemoryUnderTest:
    """The store in memory, likewise."""

    def __init__(self, _folder: Path) -> None:
        self.store = MemoryContentStore()
        self.keys = self.store.keys

    def damage(self, cid: Cid) -> None:
        self.store.blocks[cid] = flipped(self.store.blocks[cid])

    def remove(self, cid: Cid) -> None:
        del self.store.blocks[cid]


StoreUnderTest = LocalUnderTest | MemoryUnderTest


def flipped(data: bytes) -> bytes:
    """The same bytes with one bit of the middle byte changed; an empty block grows a byte."""
    middle = len(data) // 2
    return data[:middle] + bytes((data[middle] ^ 1,)) + data[middle + 1 :] if data else b"\0"


def files_in(folder: Path) -> set[str]:
    """Names of the plain files directly in a folder."""
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.fixture(params=[LocalUnderTest, MemoryUnderTest], ids=["local", "memory"])
async def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StoreUnderTest]:
    created: StoreUnderTest = request.param(tmp_path / "content")
    await created.store.open()
    yield created
    await created.store.close()


@pytest.fixture
def store(under_test: StoreUnderTest) -> LocalBlockStore | MemoryContentStore:
    return under_test.store


@pytest.fixture(scope="session")
def large_data() -> bytes:
    """175 chunks and a bit, no two alike: the smallest tree of three levels."""
    return hashlib.shake_256(b"content").digest(175 * 262_144 + 1)
