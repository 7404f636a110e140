"""What only the folder on disk can do: outlive the program, run full, be interrupted."""

from __future__ import annotations

import asyncio
import errno
import gc
import itertools
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
from tests.support.memory_content_store import MemoryKeys

CHUNK = 262_144


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "content"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[LocalBlockStore]:
    created = LocalBlockStore(folder, MemoryKeys())
    await created.open()
    yield created
    await created.close()


def block_of(data: bytes) -> Block:
    return Block(Cid.of_block(Codec.RAW, data), data)


def blocks_in(folder: Path) -> list[Path]:
    return list(folder.glob("?/*"))


def incoming(folder: Path) -> list[Path]:
    return list((folder / ".incoming").iterdir())


async def test_content_outlives_the_program(store: LocalBlockStore, folder: Path) -> None:
    ((directory, _),) = await store.add_directories([{"登记.json": b"{}"}])
    before = await store.stats()
    await store.close()

    later = LocalBlockStore(folder, MemoryKeys())
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
    store = LocalBlockStore(tmp_path / "file", MemoryKeys())
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
    plain_fsync, plain_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("flush")
        plain_fsync(descriptor)

    def replace(source: str, target: str) -> None:
        steps.append("name")
        plain_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: steps.append(path.name))

    block = block_of(b"data")
    blocks.put(block)
    blocks.sync()
    assert steps == ["flush", "name", block.cid.text[-2]]
    blocks.put(block)
    blocks.sync()
    assert len(steps) == 3


async def test_many_directories_flush_each_folder_once_and_write_nothing_twice(
    store: LocalBlockStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: flushed.append(path.name))
    asked = [{f"{number}.json": b"%d" % number} for number in range(40)]
    added = await store.add_directories(asked)
    blocks = [cid.text for directory, files in added for cid in (directory, files.popitem()[1].cid)]
    assert sorted(flushed) == sorted({name[-2] for name in blocks})

    written = {name: (folder / name[-2] / name).stat().st_ino for name in blocks}
    assert len(written) == 80
    await store.add_directories([*asked, {"new.json": b"1"}])
    assert {name: (folder / name[-2] / name).stat().st_ino for name in blocks} == written
    assert (await store.stats()).block_count == 81


def test_opening_flushes_the_names_that_an_interrupted_run_gave(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = BlockFolder(folder)
    interrupted.open()
    block = block_of(b"data")
    interrupted.put(block)

    flushed: set[str] = set()
    monkeypatch.setattr(block_folder, "_sync_folder", lambda path: flushed.add(path.name))
    later = BlockFolder(folder)
    later.open()
    assert block.cid.text[-2] in flushed


def test_a_name_given_while_its_folder_is_flushed_is_flushed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread names a block in the very shard that is being flushed: that flush may have missed it."""
    blocks = BlockFolder(folder)
    blocks.open()
    first = block_of(b"first")
    second = next(
        block for number in itertools.count() if (block := block_of(b"%d" % number)).cid.text[-2] == first.cid.text[-2]
    )
    flushed: list[str] = []

    def flush(path: Path) -> None:
        flushed.append(path.name)
        if len(flushed) == 1:
            blocks.put(second)

    monkeypatch.setattr(block_folder, "_sync_folder", flush)
    blocks.put(first)
    blocks.sync()
    blocks.sync()
    blocks.sync()
    assert flushed == [first.cid.text[-2]] * 2


def test_a_system_that_writes_in_pieces_still_stores_the_whole_block(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = BlockFolder(folder)
    blocks.open()
    plain_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: plain_write(descriptor, data[:7]))
    block = block_of(bytes(range(100)))
    blocks.put(block)
    assert blocks.get(block.cid) == block.data


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
    ((directory, files),) = await store.add_directories([{"a": b"1", "b": b"2"}])
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
        await store.export_car([stored.cid], target)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert target.read_bytes() == b"older"
    assert files_in(tmp_path) == {"older.car"}


@pytest.mark.parametrize("count", [5, 60], ids=["one after the other", "several at once"])
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
async def test_a_disk_that_runs_full_among_many_directories_leaves_only_whole_blocks(
    store: LocalBlockStore, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, count: int
) -> None:
    plain, calls = getattr(os, step), itertools.count(1)

    def run_full(*arguments: object) -> object:
        if next(calls) < 6:
            return plain(*arguments)
        if step == "write":
            descriptor, data = arguments
            plain(descriptor, data[:3])  # type: ignore[index]
        raise OSError(errno.ENOSPC, "No space left on device")

    asked = [{f"{number}.json": b"document %d" % number} for number in range(count)]
    monkeypatch.setattr(os, step, run_full)
    with pytest.raises(EnvironmentFault) as caught:
        await store.add_directories(asked)
    assert caught.value.code is ErrorCode.DISK_FULL
    monkeypatch.undo()

    assert incoming(folder) == []
    named = blocks_in(folder)
    assert len(named) == 5
    for path in named:
        cid = Cid.parse(path.name)
        assert Cid.of_block(cid.codec, path.read_bytes()) == cid
    assert len(await store.add_directories(asked)) == count


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
    assert (await store.stats()).block_count == 0


async def test_a_reading_given_up_when_the_store_closes_leaves_no_error_behind(
    store: LocalBlockStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    stored = await store.add_bytes(b"data")
    started, go_on, plain_read = asyncio.Event(), threading.Event(), store._blocks.get

    def held_read(cid: Cid) -> bytes:
        loop.call_soon_threadsafe(started.set)
        go_on.wait()
        return plain_read(cid)

    monkeypatch.setattr(store._blocks, "get", held_read)
    verifying = asyncio.create_task(store.verify(stored.cid))
    await started.wait()
    verifying.cancel()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    go_on.set()
    await closing
    with pytest.raises(asyncio.CancelledError):
        await verifying
    del verifying, closing
    gc.collect()
    assert complaints == []


async def test_closing_ends_running_work_and_every_thread(folder: Path, large_file: Path, held: HeldReading) -> None:
    threads_before = set(threading.enumerate())
    store = LocalBlockStore(folder, MemoryKeys())
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
    ((directory, _),) = await store.add_directories([{"asset.json": b"{}"}])
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
