"""Confidential files in a content store: unreadable without the register's key, and as they were with it."""

from __future__ import annotations

import hashlib
import stat
import tracemalloc
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.adapters.content.sealing import PLAIN_PIECE_SIZE_BYTES, SealingStream, decrypt
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.adapters.register_keys import CURRENT_KEY, FORMER_KEY, RegisterKeyFiles
from ipnft_desktop.domain.content import StoredFile
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.services.ports import ContentStore
from tests.ports.content_store.conftest import StoreUnderTest, files_in

PIECE = PLAIN_PIECE_SIZE_BYTES
SECRET = b"the formula of the glaze, nobody may know it "


def data_of(size: int) -> bytes:
    return (SECRET * (size // len(SECRET) + 1))[:size]


async def add(store: ContentStore, folder: Path, data: bytes, name: str = "secret.txt") -> StoredFile:
    (folder / name).write_bytes(data)
    return await store.add_file(folder / name, confidential=True)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
async def test_a_confidential_file_comes_back_as_it_was(store: ContentStore, tmp_path: Path, size: int) -> None:
    data = data_of(size)
    stored = await add(store, tmp_path, data)
    assert (stored.size_bytes, stored.sha256) == (size, hashlib.sha256(data).digest())
    assert stored.sealed_key is not None

    await store.read_to_file(stored.cid, tmp_path / "out", stored.sealed_key)
    assert (tmp_path / "out").read_bytes() == data
    assert await store.read_head(stored.cid, stored.sealed_key, 20) == data[:20]
    assert SECRET not in await store.read(stored.cid)
    await store.verify(stored.cid)


async def test_every_block_holds_one_piece_and_nothing_readable(under_test: StoreUnderTest, tmp_path: Path) -> None:
    stored = await add(under_test.store, tmp_path, data_of(3 * PIECE))
    cids = await under_test.store.block_cids([stored.cid])
    blocks = [under_test.store._dag._blocks.get(cid) for cid in cids]
    assert sorted(map(len, blocks))[1:] == [262_144] * 3
    assert not any(SECRET in block for block in blocks)


async def test_the_same_file_twice_has_nothing_in_common(store: ContentStore, tmp_path: Path) -> None:
    first, second = await add(store, tmp_path, SECRET), await add(store, tmp_path, SECRET)
    assert first.cid != second.cid
    assert first.sealed_key != second.sealed_key
    assert first.sha256 == second.sha256


async def test_without_its_key_a_file_is_not_read(under_test: StoreUnderTest, tmp_path: Path) -> None:
    stored = await add(under_test.store, tmp_path, SECRET)
    keys = under_test.keys.keys
    keys[:] = [bytes(32)]
    with pytest.raises(EnvironmentFault) as caught:
        await under_test.store.read_to_file(stored.cid, tmp_path / "out", stored.sealed_key)
    assert caught.value.code is ErrorCode.CONTENT_KEY_MISSING
    assert not (tmp_path / "out").exists()
    keys.append(bytes(range(32)))
    assert await under_test.store.read_head(stored.cid, stored.sealed_key, 1_000) == SECRET


@pytest.mark.parametrize("part", [0, 1, 10, 40, -1])
async def test_a_damaged_sealed_key_is_told(store: ContentStore, tmp_path: Path, part: int) -> None:
    stored = await add(store, tmp_path, SECRET)
    assert stored.sealed_key is not None
    damaged = bytearray(stored.sealed_key)
    damaged[part] ^= 1
    with pytest.raises(EnvironmentFault) as caught:
        await store.read_head(stored.cid, bytes(damaged), 10)
    assert caught.value.code is ErrorCode.CONTENT_KEY_MISSING


async def test_the_key_of_another_file_opens_nothing(store: ContentStore, tmp_path: Path) -> None:
    one, other = await add(store, tmp_path, SECRET), await add(store, tmp_path, b"other")
    with pytest.raises(EnvironmentFault) as caught:
        await store.read_head(one.cid, other.sealed_key, 10)
    assert caught.value.code is ErrorCode.CONTENT_MISMATCH


def test_pieces_cannot_be_left_out_exchanged_or_cut_off() -> None:
    stream = SealingStream()
    blocks = list(stream.encrypt([b"a" * PIECE, b"b" * PIECE, b"c"]))
    assert b"".join(decrypt(blocks, stream.secret)) == b"a" * PIECE + b"b" * PIECE + b"c"
    for wrong in (blocks[:2], blocks[1:], [blocks[1], blocks[0], blocks[2]], [*blocks, blocks[2]], []):
        with pytest.raises(ValueError):
            list(decrypt(wrong, stream.secret))


@pytest.mark.parametrize("size", [1, PIECE, 262_144, 2 * 262_144 + 7])
async def test_a_file_changes_between_plain_and_encrypted(store: ContentStore, tmp_path: Path, size: int) -> None:
    data = data_of(size)
    plain = await store.add_bytes(data)
    sealed = await store.reseal(plain.cid, None, confidential=True)
    assert (sealed.size_bytes, sealed.sha256) == (size, plain.sha256)
    await store.remove_blocks(await store.block_cids([plain.cid]))
    assert await store.read_head(sealed.cid, sealed.sealed_key, size) == data

    done: list[int] = []
    assert await store.reseal(sealed.cid, sealed.sealed_key, done.append, confidential=False) == plain
    assert done[-1] == size
    assert await store.read(plain.cid) == data


async def test_removed_blocks_are_counted_off(store: ContentStore, tmp_path: Path) -> None:
    stored = await store.add_bytes(data_of(600_000))
    before = await store.stats()
    cids = await store.block_cids([stored.cid])
    await store.remove_blocks(cids)
    await store.remove_blocks(cids)
    assert (await store.stats()).block_count == before.block_count - len(cids) == 0
    assert (await store.stats()).size_bytes == 0


async def test_what_is_not_there_refers_to_nothing(under_test: StoreUnderTest) -> None:
    stored = await under_test.store.add_bytes(data_of(600_000))
    under_test.damage(stored.cid)
    assert await under_test.store.block_cids([stored.cid]) == {stored.cid}
    under_test.remove(stored.cid)
    assert await under_test.store.block_cids([stored.cid]) == {stored.cid}


async def test_an_addition_given_up_takes_back_only_what_is_its_own(under_test: StoreUnderTest, tmp_path: Path) -> None:
    kept = await under_test.store.add_bytes(data_of(262_144))
    before = await under_test.store.stats()
    (tmp_path / "film").write_bytes(data_of(262_144) + bytes(10 * 262_144) + b"end")

    def refuse(_done_bytes: int) -> None:
        raise ValueError("given up")

    dag = under_test.store._dag
    with pytest.raises(ValueError):
        dag.add_file(tmp_path / "film", refuse)
    assert await under_test.store.stats() == before
    assert await under_test.store.read(kept.cid) == data_of(262_144)


async def test_a_block_that_somebody_else_wants_is_not_taken_back(tmp_path: Path) -> None:
    store = LocalBlockStore(tmp_path / "content", RegisterKeyFiles(KeyFolder(tmp_path / "keys")))
    await store.open()
    data = data_of(2 * 262_144)
    (tmp_path / "film").write_bytes(data + b"end")
    dag = store._dag
    shared: list[StoredFile] = []

    def share_and_refuse(_done_bytes: int) -> None:
        # In the middle of the addition another one stores the same first block, and ends well.
        shared.append(dag.add_bytes(data[:262_144]))
        raise ValueError("given up")

    with pytest.raises(ValueError):
        dag.add_file(tmp_path / "film", share_and_refuse)
    assert await store.read(shared[0].cid) == data[:262_144]
    assert (await store.stats()).block_count == 1
    await store.close()


@pytest.mark.parametrize("confidential", [False, True])
async def test_a_large_file_is_stored_and_read_in_constant_memory(tmp_path: Path, confidential: bool) -> None:
    store = LocalBlockStore(tmp_path / "content", RegisterKeyFiles(KeyFolder(tmp_path / "keys")))
    await store.open()
    source = tmp_path / "film"
    size = (24 if confidential else 48) * 2**20
    with source.open("wb") as file:
        file.truncate(size)  # sparse: equal blocks are kept once, unless they are encrypted
    await add(store, tmp_path, b"libraries are loaded now")
    tracemalloc.start()
    try:
        stored = await store.add_file(source, confidential=confidential)
        await store.read_to_file(stored.cid, tmp_path / "out", stored.sealed_key)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    await store.close()
    assert (tmp_path / "out").stat().st_size == size
    assert peak_bytes < 12 * 262_144


async def test_the_register_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keys = RegisterKeyFiles(KeyFolder(folder))
    assert keys.known() == []
    key = keys.current()
    assert len(key) == 32
    assert RegisterKeyFiles(KeyFolder(folder)).current() == key
    assert stat.S_IMODE((folder / CURRENT_KEY).stat().st_mode) == 0o600

    (folder / CURRENT_KEY).rename(folder / FORMER_KEY)
    fresh = keys.current()
    assert fresh != key
    assert keys.known() == [fresh, key]
    assert files_in(folder) == {CURRENT_KEY, FORMER_KEY}


async def test_where_no_key_can_be_kept_nothing_is_stored(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file in the way")
    store = LocalBlockStore(tmp_path / "content", RegisterKeyFiles(KeyFolder(tmp_path / "keys")))
    await store.open()
    with pytest.raises(EnvironmentFault) as caught:
        await add(store, tmp_path, SECRET)
    assert caught.value.code is ErrorCode.KEY_FOLDER_UNAVAILABLE
    assert (await store.stats()).block_count == 0
    await store.close()
