"""What only the folder on disk can do: outlive the program, run full, be interrupted."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content import block_folder, dag
from ipnft_desktop.adapters.content.block_folder import BlockFolder
from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.adapters.content.whole_files import Progress, read_chunks
from ipnft_desktop.domain.content import Cid, Codec, ContentStoreStats
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.ports.content_store.conftest import files_in

CHUNK = 262_144


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "content"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[LocalBlockStore]:
    created = LocalBlockStore(folder)
    await created.open()
    yield created
    await created.close()


def block_of(data: bytes) -> Block:
    return Block(Cid.of_block(Codec.RAW, data), data)


def incoming(folder: Path) -> list[Path]:
    return list((folder / ".incoming").iterdir())


async def test_content_outlives_the_program(store: LocalBlockStore, folder: Path) -> None:
    directory, _ = await store.add_many({"登记.json": b"{}"})
    before = await store.stats()
    await store.close()

    later = LocalBlockStore(folder)
    assert await later.open() == before == await later.stats()
    assert await later.read(directory, "登记.json") == b"{}"
    await later.close()


async def test_opening_removes_what_an_interrupted_run_left(store: LocalBlockStore, folder: Path) -> None:
    await store.add_bytes(b"whole")
    (folder / ".incoming" / "tmpabc").write_bytes(b"ha")
    assert await store.open() == ContentStoreStats(1, 5)
    assert incoming(folder) == []


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = LocalBlockStore(tmp_path / "file")
    with pytest.raises(EnvironmentFault) as caught:
        await store.open()
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE
    assert "file" in caught.value.facts["path"]
    await store.close()


async def test_a_folder_that_vanished_is_told_and_mended_by_opening_again(store: LocalBlockStore, folder: Path) -> None:
    await asyncio.to_thread(folder.rename, folder.with_name("elsewhere"))
    with pytest.raises(EnvironmentFault) as caught:
        await store.add_bytes(b"data")
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE
    assert await store.open() == ContentStoreStats(0, 0)
    await store.add_bytes(b"data")


def test_a_block_is_flushed_before_it_gets_its_name_and_its_folder_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = BlockFolder(folder)
    blocks.open()
    steps: list[str] = []
    plain_fsync, plain_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        steps.append("flush")
        plain_fsync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        steps.append("name")
        return plain_replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: steps.append(path.name))

    block = block_of(b"data")
    blocks.put(block)
    blocks.sync()
    assert steps == ["flush", "name", block.cid.text[-2]]
    blocks.put(block)
    blocks.sync()
    assert len(steps) == 3


async def test_every_way_to_add_returns_only_when_the_names_are_flushed(
    store: LocalBlockStore, large_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[str] = set()
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: flushed.add(path.name))

    file = await store.add_bytes(b"file")
    assert flushed == {file.cid.text[-2]}
    flushed.clear()
    directory = await store.add_directory({"file": file})
    assert flushed == {directory.text[-2]}
    flushed.clear()
    directory, files = await store.add_many({"a": b"1", "b": b"2"})
    assert flushed == {directory.text[-2], files["a"].cid.text[-2], files["b"].cid.text[-2]}
    flushed.clear()
    large = await store.add_file(large_file)
    assert large.cid.text[-2] in flushed
    assert len(flushed) > 5


def test_a_folder_that_could_not_be_flushed_is_flushed_with_the_next_addition(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = BlockFolder(folder)
    blocks.open()
    block = block_of(b"data")
    blocks.put(block)

    def fail(_path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(block_folder, "_sync_folder", fail)
    with pytest.raises(EnvironmentFault):
        blocks.sync()
    flushed: list[str] = []
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: flushed.append(path.name))
    blocks.put(block)
    blocks.sync()
    assert flushed == [block.cid.text[-2]]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, ErrorCode.DISK_FULL), (errno.EIO, ErrorCode.CONTENT_STORE_UNAVAILABLE)],
)
async def test_a_disk_that_fails_leaves_nothing_behind(
    store: LocalBlockStore, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: ErrorCode
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvironmentFault) as caught:
        await store.add_bytes(b"data")
    assert caught.value.code is code
    assert incoming(folder) == []
    assert await store.stats() == ContentStoreStats(0, 0)
    monkeypatch.undo()
    assert await store.read((await store.add_bytes(b"data")).cid) == b"data"


async def test_a_full_disk_leaves_no_half_export(
    store: LocalBlockStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await store.add_bytes(b"data")
    target = tmp_path / "older.car"
    target.write_bytes(b"older")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvironmentFault) as caught:
        await store.export_car(stored.cid, target)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert target.read_bytes() == b"older"
    assert files_in(tmp_path) == {"older.car"}


def test_a_block_stored_by_many_threads_at_once_counts_once(folder: Path) -> None:
    blocks = BlockFolder(folder)
    blocks.open()
    together = threading.Barrier(8)

    def put(number: int) -> None:
        together.wait()
        for index in range(20):
            blocks.put(block_of(b"shared %d" % index))
        blocks.put(block_of(b"own %d" % number))
        blocks.sync()

    with ThreadPoolExecutor(8) as executor:
        list(executor.map(put, range(8)))
    counted = blocks.stats
    assert counted.block_count == 28
    assert blocks.open() == counted


async def test_memory_does_not_grow_with_the_file(store: LocalBlockStore, tmp_path: Path) -> None:
    source, target = tmp_path / "sparse.bin", tmp_path / "out.bin"
    with source.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        stored = await store.add_file(source)
        await store.read_to_file(stored.cid, target)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert target.stat().st_size == 64 * 1024 * 1024
    assert peak_bytes < 8 * CHUNK


class HeldReading:
    """Stands in for `read_chunks` and stops after the first chunk until let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started = asyncio.Event()
        self.go_on = threading.Event()
        self._loop = asyncio.get_running_loop()
        monkeypatch.setattr(dag, "read_chunks", self._read_chunks)

    def _read_chunks(self, path: Path, chunk_size_bytes: int, progress: Progress) -> Iterator[bytes]:
        chunks = read_chunks(path, chunk_size_bytes, progress)
        yield next(chunks)
        self._loop.call_soon_threadsafe(self.started.set)
        self.go_on.wait()
        yield from chunks


@pytest.fixture
async def held(store: LocalBlockStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HeldReading]:
    reading = HeldReading(monkeypatch)
    yield reading
    # Before the store is closed, also after a failure: its thread waits for this.
    reading.go_on.set()


@pytest.fixture
def large_file(tmp_path: Path, large_data: bytes) -> Path:
    path = tmp_path / "large.bin"
    path.write_bytes(large_data[: 32 * CHUNK])
    return path


async def test_cancelling_ends_the_thread_before_it_returns(
    store: LocalBlockStore, large_file: Path, held: HeldReading
) -> None:
    adding = asyncio.create_task(store.add_file(large_file))
    await held.started.wait()
    adding.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not adding.done()
    held.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert (await store.stats()).block_count == 1


async def test_closing_ends_running_work_and_every_thread(folder: Path, large_file: Path, held: HeldReading) -> None:
    threads_before = set(threading.enumerate())
    store = LocalBlockStore(folder)
    await store.open()
    adding = asyncio.create_task(store.add_file(large_file))
    await held.started.wait()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    held.go_on.set()
    await closing
    with pytest.raises(EnvironmentFault, match="closed"):
        await adding
    with pytest.raises(EnvironmentFault, match="closed"):
        await store.read(block_of(b"").cid)
    assert set(threading.enumerate()) == threads_before


async def test_metadata_does_not_wait_for_large_files(
    store: LocalBlockStore, large_file: Path, held: HeldReading
) -> None:
    adding = [asyncio.create_task(store.add_file(large_file)) for _ in range(3)]
    await held.started.wait()
    directory, _ = await store.add_many({"asset.json": b"{}"})
    assert await store.read(directory, "asset.json") == b"{}"
    assert not any(task.done() for task in adding)
    held.go_on.set()
    first, *others = await asyncio.gather(*adding)
    assert others == [first, first]


async def test_progress_arrives_on_the_event_loop_before_the_result(store: LocalBlockStore, large_file: Path) -> None:
    calls: list[tuple[int, int]] = []
    await store.add_file(large_file, lambda done_bytes: calls.append((threading.get_ident(), done_bytes)))
    assert {thread for thread, _ in calls} == {threading.get_ident()}
    assert [done_bytes for _, done_bytes in calls] == [16 * CHUNK, 32 * CHUNK, 32 * CHUNK]
