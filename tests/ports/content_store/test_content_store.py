"""What every content store does: run over the local folder and the one in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content import dag
from ipnft_desktop.adapters.content.unixfs import Block, decode_node
from ipnft_desktop.adapters.content.whole_files import Progress, read_chunks
from ipnft_desktop.domain.content import Cid, Codec, StoredFile
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.services.ports import ContentStore
from tests.ports.content_store.conftest import StoreUnderTest, files_in

CHUNK = 262_144


def data_of(size: int) -> bytes:
    return hashlib.shake_256(b"file").digest(size)


@pytest.mark.parametrize("size", [0, 1, 2_000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_a_file_comes_back_as_it_was(store: ContentStore, tmp_path: Path, size: int) -> None:
    data = data_of(size)
    source, target = tmp_path / "in.bin", tmp_path / "out.bin"
    source.write_bytes(data)

    stored = await store.add_bytes(data)
    assert await store.add_file(source) == stored
    assert (stored.size_bytes, stored.sha256) == (size, hashlib.sha256(data).digest())
    assert (stored.cid.codec is Codec.RAW) == (size <= CHUNK)

    assert await store.read(stored.cid) == data
    await store.read_to_file(stored.cid, target)
    assert target.read_bytes() == data
    await store.verify(stored.cid)


async def test_a_file_of_more_chunks_than_a_node_has_links(
    store: ContentStore, tmp_path: Path, large_data: bytes
) -> None:
    source, target = tmp_path / "film.bin", tmp_path / "out.bin"
    source.write_bytes(large_data)
    done: list[int] = []

    stored = await store.add_file(source, done.append)
    assert (stored.size_bytes, stored.sha256) == (len(large_data), hashlib.sha256(large_data).digest())
    assert done == sorted(done)
    assert len(done) >= 10
    assert done[-1] == len(large_data)
    # 176 leaves, a full node, a second node for the rest, the root
    assert (await store.stats()).block_count == 176 + 3
    assert stored.dag_size_bytes == (await store.stats()).size_bytes

    await store.read_to_file(stored.cid, target)
    assert target.read_bytes() == large_data


async def test_a_closed_store_can_be_opened_again(store: ContentStore) -> None:
    """As after a restore, which closes everything for a while."""
    stored = await store.add_bytes(b"before")
    await store.close()
    await store.open()
    assert await store.read(stored.cid) == b"before"
    await store.close()
    await store.open()


async def test_equal_content_is_kept_once(store: ContentStore) -> None:
    first = await store.add_bytes(b"same")
    before = await store.stats()
    assert await store.add_bytes(b"same") == first
    assert await store.stats() == before
    assert (before.block_count, before.size_bytes) == (1, 4)


async def test_a_directory_is_read_by_path(store: ContentStore) -> None:
    files = {"登记.json": "发明".encode(), "a.json": b"{}", "空": b"", "big.bin": data_of(CHUNK + 1)}
    entries = {name: await store.add_bytes(data) for name, data in files.items()}
    directory = await store.add_directory(entries)
    for name, data in files.items():
        assert await store.read(directory, name) == data
    await store.verify(directory)


async def test_several_files_are_read_in_one_call_with_what_is_wrong_in_its_place(under_test: StoreUnderTest) -> None:
    store = under_test.store
    sound, damaged, removed = [(await store.add_bytes(data)).cid for data in (data_of(CHUNK + 1), b"2", b"3")]
    under_test.damage(damaged)
    under_test.remove(removed)
    found = await store.read_several([sound, damaged, removed])
    assert found.pop(sound) == data_of(CHUNK + 1)
    codes = {cid: each.code for cid, each in found.items() if isinstance(each, EnvironmentFault)}
    assert codes == {damaged: ErrorCode.CONTENT_MISMATCH, removed: ErrorCode.CONTENT_STORE_UNAVAILABLE}
    assert await store.read_several([]) == {}


async def test_many_directories_in_one_call(store: ContentStore) -> None:
    asked = [
        {"登记.json": b"1", "a.json": b"", "big.bin": data_of(CHUNK + 1)},
        {"other.json": b"1"},
        {},
        {"other.json": b"1"},
    ]
    added = await store.add_directories(asked)
    before = await store.stats()
    for files, (directory, stored) in zip(asked, added, strict=True):
        assert stored == {name: await store.add_bytes(data) for name, data in files.items()}
        assert directory == await store.add_directory(stored)
        for name, data in files.items():
            assert await store.read(directory, name) == data
    assert added[1] == added[3]
    assert await store.stats() == before
    assert await store.add_directories([]) == []


async def test_many_files_at_once_stand_each_under_its_own_name(store: ContentStore) -> None:
    asked = [
        {f"{number}.json": b"document %d" % (number % 50) for number in range(first, first + 40)} for first in (0, 40)
    ]
    for files, (directory, stored) in zip(asked, await store.add_directories(asked), strict=True):
        assert list(stored) == list(files)
        for name, data in files.items():
            assert await store.read(directory, name) == data
    assert (await store.stats()).block_count == 50 + 2


@pytest.mark.parametrize("part", ["file", "directory"])
async def test_directories_are_read_back_before_they_count_as_stored(
    under_test: StoreUnderTest, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    file = await under_test.store.add_bytes(b"second")
    damaged = file.cid if part == "file" else await under_test.store.add_directory({"b": file})
    blocks = under_test.store._dag._blocks

    def sync_and_rot() -> None:
        type(blocks).sync(blocks)
        under_test.damage(damaged)

    monkeypatch.setattr(blocks, "sync", sync_and_rot)
    asked = [{"a": b"first"}, {"b": b"second"}]
    with pytest.raises(EnvironmentFault) as caught:
        await under_test.store.add_directories(asked)
    assert caught.value.code is ErrorCode.CONTENT_MISMATCH
    assert caught.value.facts["cid"] == damaged.text

    monkeypatch.undo()
    (_, (directory, _)) = await under_test.store.add_directories(asked)
    assert await under_test.store.read(directory, "b") == b"second"


async def test_a_block_that_vanishes_while_directories_are_stored_is_told(
    under_test: StoreUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = under_test.store._dag._blocks
    lost = Cid.of_block(Codec.RAW, b"first")
    monkeypatch.setattr(blocks, "sync", lambda: under_test.remove(lost))
    with pytest.raises(EnvironmentFault) as caught:
        await under_test.store.add_directories([{"a": b"first"}])
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE
    assert caught.value.facts["cid"] == lost.text


async def test_the_order_of_names_does_not_matter(store: ContentStore) -> None:
    one, two = await store.add_bytes(b"1"), await store.add_bytes(b"2")
    assert await store.add_directory({"z": one, "A": two}) == await store.add_directory({"A": two, "z": one})


async def test_an_address_is_known_before_anything_is_stored(store: ContentStore) -> None:
    files = {"a.json": b"{}", "登记.json": data_of(CHUNK + 1), "空": b""}
    foretold = await store.directory_addresses(files)
    assert (await store.stats()).block_count == 0
    assert [foretold] == await store.add_directories([files])
    with pytest.raises(UserError) as caught:
        await store.directory_addresses({"../x": b""})
    assert caught.value.code is ErrorCode.METADATA_INVALID


async def test_a_path_leads_through_nested_directories(store: ContentStore) -> None:
    file = await store.add_bytes(b"deep")
    inner = await store.add_directory({"file": file})
    outer = await store.add_directory({"inner": StoredFile(inner, 0, b"", 0)})
    assert await store.read(outer, "inner/file") == b"deep"


@pytest.mark.parametrize("path", ["missing", "file/below", "", "/file", "file/", "../file", "FILE"])
async def test_a_path_that_leads_to_no_file_is_told(store: ContentStore, path: str) -> None:
    ((directory, _),) = await store.add_directories([{"file": b"1"}])
    with pytest.raises(EnvironmentFault) as caught:
        await store.read(directory, path)
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "nul\0", "\ud800"])
async def test_a_name_that_cannot_stand_in_a_path_is_refused(store: ContentStore, name: str) -> None:
    file = await store.add_bytes(b"1")
    before = await store.stats()
    with pytest.raises(UserError) as caught:
        await store.add_directory({name: file})
    assert caught.value.code is ErrorCode.METADATA_INVALID
    with pytest.raises(UserError) as caught:
        await store.add_directories([{name: b"1"}])
    assert caught.value.code is ErrorCode.METADATA_INVALID
    assert await store.stats() == before


async def test_a_directory_that_others_would_split_is_refused(store: ContentStore) -> None:
    file = await store.add_bytes(b"1")
    # 64 bytes an entry: 28 of name, 36 of identifier; 4,096 of them reach 262,144
    entries = {f"{index:028}": file for index in range(4_096)}
    with pytest.raises(UserError, match="too many"):
        await store.add_directory(entries)
    entries.popitem()
    await store.add_directory(entries)


def nodes_below(blocks: list[Block]) -> dict[str, Cid]:
    """The root, an inner node and a leaf of a large file."""
    root, inner, leaf = blocks[0], blocks[1], blocks[2]
    assert [block.cid.codec for block in (root, inner, leaf)] == [Codec.DAG_PB, Codec.DAG_PB, Codec.RAW]
    return {"root": root.cid, "inner": inner.cid, "leaf": leaf.cid}


@pytest.mark.parametrize("part", ["root", "inner", "leaf"])
async def test_one_flipped_bit_anywhere_is_found(
    under_test: StoreUnderTest, tmp_path: Path, large_data: bytes, part: str
) -> None:
    store = under_test.store
    stored = await store.add_bytes(large_data)
    await store.export_car([stored.cid], tmp_path / "before.car")
    damaged = nodes_below(read_car(tmp_path / "before.car")[1])[part]
    under_test.damage(damaged)

    target = tmp_path / "out"
    for reading in (
        store.read(stored.cid),
        store.verify(stored.cid),
        store.read_to_file(stored.cid, target),
        store.export_car([stored.cid], target),
    ):
        with pytest.raises(EnvironmentFault) as caught:
            await reading
        assert caught.value.code is ErrorCode.CONTENT_MISMATCH
        assert caught.value.facts["cid"] == damaged.text
    assert files_in(tmp_path) == {"before.car"}


async def test_adding_the_content_again_mends_it(under_test: StoreUnderTest) -> None:
    ((directory, stored),) = await under_test.store.add_directories([{"a": b"content", "b": b""}])
    before = await under_test.store.stats()
    for cid in (directory, stored["a"].cid, stored["b"].cid):
        under_test.damage(cid)
    await under_test.store.add_directories([{"a": b"content", "b": b""}])
    await under_test.store.verify(directory)
    assert (await under_test.store.stats()).block_count == before.block_count


async def test_a_missing_block_is_told(under_test: StoreUnderTest, tmp_path: Path) -> None:
    ((directory, stored),) = await under_test.store.add_directories([{"a": b"content", "b": b"other"}])
    under_test.remove(stored["a"].cid)
    for reading in (
        under_test.store.read(directory, "a"),
        under_test.store.verify(directory),
        under_test.store.read_to_file(stored["a"].cid, tmp_path / "out"),
    ):
        with pytest.raises(EnvironmentFault) as caught:
            await reading
        assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE
        assert caught.value.facts["cid"] == stored["a"].cid.text
    assert await under_test.store.read(directory, "b") == b"other"


@pytest.mark.parametrize("block", [b"", b"\x0a", b"\x0a\x02\x08\x05", b"\x0a\x02\x08\x04", b"\x12\x00", b"\xff" * 12])
async def test_a_sound_block_that_is_no_file_is_told(under_test: StoreUnderTest, block: bytes, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        decode_node(block)
    # The block is put in place of another; its identifier is right, only its meaning is not.
    cid = Cid.of_block(Codec.DAG_PB, block)
    under_test.store._dag._blocks.put(Block(cid, block))
    with pytest.raises(EnvironmentFault) as caught:
        await under_test.store.verify(cid)
    assert caught.value.code is ErrorCode.CONTENT_MISMATCH


async def test_an_archive_holds_every_block_once(store: ContentStore, tmp_path: Path) -> None:
    shared = data_of(3 * CHUNK)
    ((directory, stored),) = await store.add_directories([{"a": shared, "b": shared, "c": b"", "登记": b"c"}])
    await store.add_bytes(b"not below the root")
    target = tmp_path / "directory.car"
    size_bytes = await store.export_car([directory], target)

    assert size_bytes == target.stat().st_size
    roots, blocks = read_car(target)
    assert roots == [directory]
    # Depth first: the directory, a's root, its three leaves; b adds nothing
    assert [block.cid for block in blocks[:2]] == [directory, stored["a"].cid]
    assert b"".join(block.data for block in blocks[2:5]) == shared
    assert [block.cid for block in blocks[5:]] == [stored["c"].cid, stored["登记"].cid]
    for block in blocks:
        assert Cid.of_block(block.cid.codec, block.data) == block.cid


async def test_an_archive_of_one_raw_file(store: ContentStore, tmp_path: Path) -> None:
    stored = await store.add_bytes(b"one")
    await store.export_car([stored.cid], tmp_path / "one.car")
    assert read_car(tmp_path / "one.car") == ([stored.cid], [Block(stored.cid, b"one")])


@pytest.mark.parametrize("count", [0, 23, 24, 255, 256])
async def test_an_archive_of_many_roots_holds_what_they_share_once(
    store: ContentStore, tmp_path: Path, count: int
) -> None:
    directories = await store.add_directories([{"own": f"{number}".encode(), "all": b"all"} for number in range(count)])
    roots = [directory for directory, _ in directories]
    told: list[int] = []
    size_bytes = await store.export_car(roots, tmp_path / "many.car", told.append)

    found, blocks = read_car(tmp_path / "many.car")
    assert found == roots
    cids = [block.cid for block in blocks]
    expected = set(roots) | {stored[name].cid for _, stored in directories for name in stored}
    assert (len(cids), set(cids)) == (len(expected), expected)
    assert size_bytes == (tmp_path / "many.car").stat().st_size


async def test_a_target_that_cannot_be_written_is_told_beside_its_field(store: ContentStore, tmp_path: Path) -> None:
    stored = await store.add_bytes(b"one")
    for writing in (
        store.export_car([stored.cid], tmp_path / "no folder" / "one.car"),
        store.read_to_file(stored.cid, tmp_path / "no folder" / "one"),
    ):
        with pytest.raises(UserError) as caught:
            await writing
        assert (caught.value.code, caught.value.field) == (ErrorCode.VALIDATION_FAILED, "target")


def missing_file(path: Path) -> Path:
    return path / "missing"


def directory_in_place_of_a_file(path: Path) -> Path:
    return path


def named_pipe(path: Path) -> Path:
    os.mkfifo(path / "pipe")
    return path / "pipe"


def forbidden_file(path: Path) -> Path:
    (path / "forbidden").write_bytes(b"secret")
    (path / "forbidden").chmod(0)
    if os.access(path / "forbidden", os.R_OK):
        pytest.skip("this user may read everything")
    return path / "forbidden"


@pytest.mark.parametrize("make", [missing_file, directory_in_place_of_a_file, named_pipe, forbidden_file])
@pytest.mark.skipif(os.name != "posix", reason="named pipes and permission bits are POSIX")
async def test_what_is_no_readable_file_is_refused(store: ContentStore, tmp_path: Path, make: object) -> None:
    with pytest.raises(UserError) as caught:
        await store.add_file(make(tmp_path))  # type: ignore[operator]
    assert caught.value.code is ErrorCode.ATTACHMENT_INVALID
    assert (await store.stats()).block_count == 0


async def test_a_file_that_fails_while_it_is_read_is_refused(
    store: ContentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "on a pulled stick"
    source.write_bytes(b"data")
    plain_open = os.open

    def failing_open(path: Path, flags: int, *mode: int) -> int:
        if path == source:
            raise OSError(5, "Input/output error")
        return plain_open(path, flags, *mode)

    monkeypatch.setattr(os, "open", failing_open)
    with pytest.raises(UserError, match="on a pulled stick: Input/output error") as caught:
        await store.add_file(source)
    assert caught.value.code is ErrorCode.ATTACHMENT_INVALID


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def cut(path: Path) -> None:
    os.truncate(path, CHUNK + 1)


def rewrite_in_place(path: Path) -> None:
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


@pytest.mark.parametrize("change", [grow, cut, rewrite_in_place])
async def test_a_file_that_changes_while_it_is_read_is_refused(
    store: ContentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: object
) -> None:
    source = tmp_path / "draft.bin"
    source.write_bytes(data_of(4 * CHUNK))

    def changing(path: Path, chunk_size_bytes: int, progress: Progress) -> Iterator[bytes]:
        chunks = read_chunks(path, chunk_size_bytes, progress)
        yield next(chunks)
        change(path)  # type: ignore[operator]
        yield from chunks

    monkeypatch.setattr(dag, "read_chunks", changing)
    with pytest.raises(UserError, match=r"draft\.bin changed") as caught:
        await store.add_file(source)
    assert caught.value.code is ErrorCode.ATTACHMENT_INVALID

    monkeypatch.undo()
    assert await store.read((await store.add_file(source)).cid) == source.read_bytes()


def read_car(path: Path) -> tuple[list[Cid], list[Block]]:
    """An archive read by other means than those it was written with."""
    data = path.read_bytes()

    def varint(start: int) -> tuple[int, int]:
        end = start
        while data[end] & 0x80:
            end += 1
        digits = reversed(data[start : end + 1])
        return int("".join(f"{digit & 0x7F:07b}" for digit in digits), 2), end + 1

    length, start = varint(0)
    head, position = data[start : start + length], start + length
    assert (head[:7], head[-9:]) == (b"\xa2\x65roots", b"gversion\x01")
    count, links = cbor_array(head[7:-9])
    assert len(links) == 41 * count
    roots = [links[41 * number :][:41] for number in range(count)]
    assert all(root[:5] == bytes.fromhex("d82a582500") for root in roots)
    blocks: list[Block] = []
    while position < len(data):
        length, start = varint(position)
        position = start + length
        assert position <= len(data)
        blocks.append(Block(Cid.from_bytes(data[start : start + 36]), data[start + 36 : position]))
    return [Cid.from_bytes(root[5:]) for root in roots], blocks


def cbor_array(data: bytes) -> tuple[int, bytes]:
    """How many elements an array has, and the bytes of its elements."""
    kind, size = data[0] >> 5, data[0] & 0x1F
    assert kind == 4
    if size < 24:
        return size, data[1:]
    width = 1 << (size - 24)
    return int.from_bytes(data[1 : 1 + width], "big"), data[1 + width :]


async def test_a_file_is_taken_only_if_it_is_the_one_that_is_expected(store: ContentStore, tmp_path: Path) -> None:
    data = data_of(3 * CHUNK)
    source, other = tmp_path / "in.bin", tmp_path / "other.bin"
    source.write_bytes(data)
    other.write_bytes(data[:-1])
    stored = await store.add_bytes(data)
    await store.remove_blocks([stored.cid])
    before = await store.stats()
    with pytest.raises(EnvironmentFault) as caught:
        await store.add_file(other, expected=stored.cid)
    assert caught.value.code is ErrorCode.CONTENT_MISMATCH
    assert await store.stats() == before, "of another file nothing stays"
    assert await store.add_file(source, expected=stored.cid) == stored
    assert await store.read(stored.cid) == data


async def test_what_is_lacking_below_a_root_is_told_and_filled_in(
    under_test: StoreUnderTest, store: ContentStore
) -> None:
    data = data_of(3 * CHUNK)
    stored = await store.add_bytes(data)
    assert await store.lacking(stored.cid) == frozenset()
    leaves = sorted((await store.block_cids([stored.cid])) - {stored.cid}, key=str)
    chunks = {cid: await store.read(cid) for cid in leaves}
    under_test.damage(leaves[0])
    under_test.remove(leaves[1])
    assert await store.lacking(stored.cid) == frozenset(leaves[:2])

    wrong = {leaves[0]: chunks[leaves[0]], leaves[1]: chunks[leaves[0]]}
    before = await store.stats()
    with pytest.raises(EnvironmentFault) as caught:
        await store.add_blocks(wrong)
    assert caught.value.code is ErrorCode.CONTENT_MISMATCH
    assert await store.stats() == before
    assert await store.lacking(stored.cid) == frozenset(leaves[:2]), "all of them or none"
    await store.add_blocks({cid: chunks[cid] for cid in leaves[:2]})
    assert await store.lacking(stored.cid) == frozenset()
    assert await store.read(stored.cid) == data


async def test_below_a_lost_root_only_the_root_is_known_to_be_lacking(
    under_test: StoreUnderTest, store: ContentStore
) -> None:
    stored = await store.add_bytes(data_of(3 * CHUNK))
    under_test.remove(stored.cid)
    assert await store.lacking(stored.cid) == {stored.cid}
