"""Files and directories over any holder of blocks: what every content store does, without threads or event loop."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from ipnft_desktop.adapters.content.car import car_header, car_section
from ipnft_desktop.adapters.content.faults import mismatch, missing
from ipnft_desktop.adapters.content.unixfs import (
    CHUNK_SIZE_BYTES,
    Block,
    FileTree,
    Node,
    NodeKind,
    decode_node,
    directory_block,
)
from ipnft_desktop.adapters.content.whole_files import Progress, ignore_progress, read_chunks, write_whole
from ipnft_desktop.domain.content import Cid, Codec, StoredFile

MAX_BLOCKS_REMEMBERED: Final = 100_000
"""While an archive of many roots is written: about 25 MB of memory, and 25 GB of files."""


class BlockHolder(Protocol):
    """Keeps blocks; knows nothing of files."""

    def get(self, cid: Cid) -> bytes:
        """The bytes kept under an identifier, unverified.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE when there are none, or they cannot be read.
        """
        ...

    def put(self, block: Block) -> None:
        """Keep a block, replacing a damaged copy of it."""
        ...

    def sync(self) -> None:
        """Return when every block put so far survives a power failure."""
        ...


class UnixFsDag:
    """Adds to and reads from a holder of blocks. Every block read is hashed and compared with its identifier."""

    def __init__(self, blocks: BlockHolder) -> None:
        self._blocks = blocks

    def add_bytes(self, data: bytes) -> StoredFile:
        """Store a file held in memory."""
        stored = self._put_file(_chunks(data))
        self._blocks.sync()
        return stored

    def add_directories(
        self, directories: Sequence[Mapping[str, bytes]], progress: Progress = ignore_progress
    ) -> list[tuple[Cid, dict[str, StoredFile]]]:
        """Store directories of small files with one sync for all of them, then read every block back."""
        added: list[tuple[Cid, dict[str, StoredFile]]] = []
        for files in directories:
            stored = {name: self._put_file(_chunks(data)) for name, data in files.items()}
            added.append((self._put_directory(stored), stored))
        self._blocks.sync()
        for directory, _ in added:
            self.verify(directory, progress)
        return added

    def add_file(self, path: Path, progress: Progress = ignore_progress) -> StoredFile:
        """Store a file of any size in constant memory, reading it once."""
        stored = self._put_file(read_chunks(path, CHUNK_SIZE_BYTES, progress))
        self._blocks.sync()
        return stored

    def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        """Store the directory over files that are stored already."""
        directory = self._put_directory(entries)
        self._blocks.sync()
        return directory

    def read(self, cid: Cid, path: str = "") -> bytes:
        """A file's bytes; `path` leads to it through directories."""
        return b"".join(self._file_bytes(self._resolve(cid, path)))

    def read_to_file(self, cid: Cid, target: Path, progress: Progress = ignore_progress) -> int:
        """Write a file's bytes to `target`, which appears whole or not at all; returns the bytes written."""
        return write_whole(target, self._file_bytes(cid), progress)

    def export_car(self, roots: Sequence[Cid], target: Path, progress: Progress = ignore_progress) -> int:
        """Write everything below the roots as one archive, whole or not at all; returns the bytes written."""
        return write_whole(target, self.car_parts(roots), progress)

    def car_parts(self, roots: Sequence[Cid]) -> Iterator[bytes]:
        """That archive: its head, then block after block. What two roots share stands in it once while the memory for
        it lasts; a reader takes the second copy for the first."""
        yield car_header(roots)
        seen: set[Cid] = set()
        for root in roots:
            if len(seen) > MAX_BLOCKS_REMEMBERED:
                seen.clear()
            for block in self._walk(root, seen):
                yield car_section(block)

    def verify(self, root: Cid, progress: Progress = ignore_progress) -> None:
        """Read every block below `root` once."""
        done_bytes = 0
        for block in self._walk(root):
            done_bytes += len(block.data)
            progress(done_bytes)

    def _put_file(self, chunks: Iterable[bytes]) -> StoredFile:
        tree = FileTree()
        for chunk in chunks:
            for block in tree.add_chunk(chunk):
                self._blocks.put(block)
        for block in tree.finish():
            self._blocks.put(block)
        return tree.stored_file

    def _put_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        block = directory_block(entries)
        self._blocks.put(block)
        return block.cid

    def _get(self, cid: Cid) -> bytes:
        data = self._blocks.get(cid)
        if hashlib.sha256(data).digest() != cid.digest:
            raise mismatch(cid, "the stored bytes are damaged")
        return data

    def _resolve(self, cid: Cid, path: str) -> Cid:
        for name in path.split("/") if path else ():
            entries = self._entries(cid)
            if name not in entries:
                raise missing(cid, f"has no file {name!r}")
            cid = entries[name]
        return cid

    def _entries(self, cid: Cid) -> dict[str, Cid]:
        if cid.codec is Codec.RAW:
            return {}
        node = _decode(cid, self._get(cid))
        return {link.name: link.cid for link in node.links} if node.kind is NodeKind.DIRECTORY else {}

    def _file_bytes(self, root: Cid) -> Iterator[bytes]:
        pending = [root]
        while pending:
            cid = pending.pop()
            if cid.codec is Codec.RAW:
                yield self._get(cid)
                continue
            node = _decode(cid, self._get(cid))
            if node.kind is NodeKind.DIRECTORY:
                raise missing(cid, "is a directory, not a file")
            yield node.data
            pending.extend(link.cid for link in reversed(node.links))

    def _walk(self, root: Cid, seen: set[Cid] | None = None) -> Iterator[Block]:
        """Every block below a root once, depth first, a parent before its children and these in order. What was seen
        before is left out, and what is seen added to it."""
        seen = set() if seen is None else seen
        pending = [root]
        while pending:
            cid = pending.pop()
            if cid in seen:
                continue
            seen.add(cid)
            data = self._get(cid)
            yield Block(cid, data)
            if cid.codec is Codec.DAG_PB:
                pending.extend(link.cid for link in reversed(_decode(cid, data).links))


def _chunks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + CHUNK_SIZE_BYTES] for start in range(0, len(data), CHUNK_SIZE_BYTES))


def _decode(cid: Cid, block: bytes) -> Node:
    try:
        return decode_node(block)
    except ValueError as error:
        raise mismatch(cid, f"is not a file or directory this program can read: {error}") from error
