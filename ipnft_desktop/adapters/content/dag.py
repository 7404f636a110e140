"""Files and directories over any holder of blocks: what every content store does, without threads or event loop."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

from ipnft_desktop.adapters.content.blocks import Addition, BlockHolder
from ipnft_desktop.adapters.content.car import car_header, car_section
from ipnft_desktop.adapters.content.faults import ContentMissing, mismatch, missing
from ipnft_desktop.adapters.content.media_types import HEAD_SIZE_BYTES, media_type_of
from ipnft_desktop.adapters.content.sealing import (
    PLAIN_PIECE_SIZE_BYTES,
    RegisterKeys,
    SealingStream,
    decrypt,
    seal,
    unseal,
)
from ipnft_desktop.adapters.content.unixfs import (
    CHUNK_SIZE_BYTES,
    Block,
    FileTree,
    Link,
    Node,
    NodeKind,
    decode_node,
    directory_block,
)
from ipnft_desktop.adapters.content.whole_files import Progress, ignore_progress, read_chunks, write_whole
from ipnft_desktop.domain.content import Cid, Codec, StoredFile
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.phrases import phrase

MAX_BLOCKS_REMEMBERED: Final = 100_000
"""While an archive of many roots is written: about 25 MB of memory, and 25 GB of files."""

_MANY_FILES: Final = 16
_FLUSHED_AT_ONCE: Final = 8


def directory_addresses(files: Mapping[str, bytes]) -> tuple[Cid, dict[str, StoredFile]]:
    """What storing a directory of these small files would answer; nothing is stored.

    Raises UserError METADATA_INVALID as storing it would.
    """
    found = {name: _address(data) for name, data in files.items()}
    return directory_block(found).cid, found


def _address(data: bytes) -> StoredFile:
    tree = FileTree()
    for chunk in _chunks(data):
        deque(tree.add_chunk(chunk), maxlen=0)
    deque(tree.finish(), maxlen=0)
    return StoredFile(tree.root.cid, len(data), hashlib.sha256(data).digest(), tree.root.dag_size_bytes)


class UnixFsDag:
    """Adds to and reads from a holder of blocks. Every block read is hashed and compared with its identifier."""

    def __init__(self, blocks: BlockHolder, keys: RegisterKeys) -> None:
        self._blocks = blocks
        self._keys = keys

    def add_bytes(self, data: bytes) -> StoredFile:
        """Store a file held in memory."""
        stored = self._put_file(data)
        self._blocks.sync()
        return stored

    def add_directories(
        self, directories: Sequence[Mapping[str, bytes]], progress: Progress = ignore_progress
    ) -> list[tuple[Cid, dict[str, StoredFile]]]:
        """Store directories of small files with one sync for all of them, then read every block back."""
        stored_files = iter(self._put_files([data for files in directories for data in files.values()]))
        added: list[tuple[Cid, dict[str, StoredFile]]] = []
        for files in directories:
            stored = {name: next(stored_files) for name in files}
            added.append((self._put_directory(stored), stored))
        self._blocks.sync()
        for directory, _ in added:
            self.verify(directory, progress)
        return added

    def add_file(
        self,
        path: Path,
        progress: Progress = ignore_progress,
        *,
        confidential: bool = False,
        expected: Cid | None = None,
    ) -> StoredFile:
        """Store a file of any size in constant memory, reading it once; a confidential one encrypted. Of a file with
        another address than the one that is expected nothing stays."""
        pieces = read_chunks(path, PLAIN_PIECE_SIZE_BYTES if confidential else CHUNK_SIZE_BYTES, progress)
        stored, head = self._put_whole(pieces, progress, confidential=confidential, expected=expected)
        return replace(stored, media_type=media_type_of(path.name, head))

    def reseal(
        self, cid: Cid, sealed_key: bytes | None, progress: Progress = ignore_progress, *, confidential: bool
    ) -> StoredFile:
        """Store a file that is in the store already once more: encrypted, or as it is."""

        def plain() -> Iterator[bytes]:
            done_bytes = 0
            for piece in self._plain(cid, sealed_key):
                yield piece
                done_bytes += len(piece)
                progress(done_bytes)

        size_bytes = PLAIN_PIECE_SIZE_BYTES if confidential else CHUNK_SIZE_BYTES
        return self._put_whole(_resized(plain(), size_bytes), progress, confidential=confidential)[0]

    def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        """Store the directory over files that are stored already."""
        directory = self._put_directory(entries)
        self._blocks.sync()
        return directory

    def read(self, cid: Cid, path: str = "") -> bytes:
        """A file's bytes; `path` leads to it through directories."""
        return b"".join(self._file_bytes(self._resolve(cid, path)))

    def read_several(
        self, cids: Collection[Cid], progress: Progress = ignore_progress
    ) -> dict[Cid, bytes | IpnftError]:
        """Each as `read` gives it, or what it would raise."""
        found: dict[Cid, bytes | IpnftError] = {}
        done_bytes = 0
        for cid in cids:
            try:
                found[cid] = content = self.read(cid)
            except IpnftError as error:
                found[cid] = error
            else:
                done_bytes += len(content)
            progress(done_bytes)
        return found

    def read_head(self, cid: Cid, sealed_key: bytes | None, most_bytes: int) -> bytes:
        """A file's first bytes, decrypted."""
        parts: list[bytes] = []
        missing_bytes = most_bytes
        for piece in self._plain(cid, sealed_key):
            parts.append(piece[:missing_bytes])
            missing_bytes -= len(parts[-1])
            if missing_bytes == 0:
                break
        return b"".join(parts)

    def read_to_file(
        self, cid: Cid, target: Path, progress: Progress = ignore_progress, sealed_key: bytes | None = None
    ) -> int:
        """Write a file's bytes, decrypted, to `target`, which appears whole or not at all; returns their number."""
        return write_whole(target, self._plain(cid, sealed_key), progress)

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

    def block_cids(self, root: Cid) -> set[Cid]:
        """The identifiers of all blocks below a root. Only those that refer to others are read; one that is missing
        or damaged refers to nothing any more."""
        seen: set[Cid] = set()
        pending = [root]
        while pending:
            cid = pending.pop()
            if cid not in seen:
                seen.add(cid)
                pending.extend(self._below(cid))
        return seen

    def _below(self, cid: Cid) -> list[Cid]:
        if cid.codec is Codec.RAW:
            return []
        try:
            return [link.cid for link in _decode(cid, self._get(cid)).links]
        except ContentMissing:
            return []
        except EnvironmentFault as fault:
            if fault.code is ErrorCode.CONTENT_MISMATCH:
                return []
            raise

    def lacking(self, root: Cid, progress: Progress = ignore_progress) -> set[Cid]:
        """The blocks below a root that are missing or damaged; what one of these refers to cannot be told."""
        found: set[Cid] = set()
        seen: set[Cid] = set()
        pending, done_bytes = [root], 0
        while pending:
            cid = pending.pop()
            if cid in seen:
                continue
            seen.add(cid)
            try:
                data = self._get(cid)
            except ContentMissing:
                found.add(cid)
                continue
            except EnvironmentFault as fault:
                if fault.code is not ErrorCode.CONTENT_MISMATCH:
                    raise
                found.add(cid)
                continue
            done_bytes += len(data)
            progress(done_bytes)
            if cid.codec is Codec.DAG_PB:
                pending.extend(link.cid for link in _decode(cid, data).links)
        return found

    def add_blocks(self, blocks: Mapping[Cid, bytes]) -> None:
        """Store blocks that somebody else kept, once all of them are proved to be what they are called."""
        for cid, data in blocks.items():
            if hashlib.sha256(data).digest() != cid.digest:
                raise mismatch(cid, phrase("these are other bytes"))
        for cid, data in blocks.items():
            self._blocks.put(Block(cid, data))
        self._blocks.sync()

    def remove(self, cids: Iterable[Cid]) -> None:
        """Remove blocks, as far as they are there."""
        self._blocks.remove(cids)
        self._blocks.sync()

    def _put_whole(
        self, pieces: Iterable[bytes], progress: Progress, *, confidential: bool, expected: Cid | None = None
    ) -> tuple[StoredFile, bytes]:
        """Store one file, whole or not at all, in one pass; returns its first bytes too."""
        # Asked for first: without a key nothing of a confidential file is stored.
        register_key = self._keys.current() if confidential else None
        sealing = SealingStream() if confidential else None
        digest, size_bytes, head = hashlib.sha256(), 0, b""

        def noted() -> Iterator[bytes]:
            nonlocal size_bytes, head
            for piece in pieces:
                head = head or piece[:HEAD_SIZE_BYTES]
                digest.update(piece)
                size_bytes += len(piece)
                yield piece

        addition = Addition()
        try:
            root = self._put_tree(sealing.encrypt(noted()) if sealing else noted(), addition)
            if expected not in (None, root.cid):
                raise mismatch(expected, phrase("this is another file: {cid}", cid=root.cid))
            self._blocks.sync()
            progress(size_bytes)  # the last moment at which the work can be given up
        except BaseException:
            self._blocks.take_back(addition)
            raise
        self._blocks.confirm(addition)
        sealed_key = seal(sealing.secret, register_key) if sealing and register_key else None
        return StoredFile(root.cid, size_bytes, digest.digest(), root.dag_size_bytes, sealed_key), head

    def _put_files(self, contents: Sequence[bytes]) -> list[StoredFile]:
        """Small files, each on the disk. Of many several wait for the disk at once, which then takes them in together:
        a thousand one after the other take seconds while others use it, too."""
        if len(contents) < _MANY_FILES:
            return [self._put_file(data) for data in contents]
        with ThreadPoolExecutor(_FLUSHED_AT_ONCE, thread_name_prefix="content-flush") as flushing:
            return list(flushing.map(self._put_file, contents))

    def _put_file(self, data: bytes) -> StoredFile:
        root = self._put_tree(_chunks(data))
        return StoredFile(root.cid, len(data), hashlib.sha256(data).digest(), root.dag_size_bytes)

    def _put_tree(self, chunks: Iterable[bytes], addition: Addition | None = None) -> Link:
        tree = FileTree()
        for chunk in chunks:
            for block in tree.add_chunk(chunk):
                self._blocks.put(block, addition)
        for block in tree.finish():
            self._blocks.put(block, addition)
        return tree.root

    def _plain(self, cid: Cid, sealed_key: bytes | None) -> Iterator[bytes]:
        """A file's bytes piece by piece, decrypted where there is a key."""
        if sealed_key is None:
            yield from self._file_bytes(cid)
            return
        secret = unseal(sealed_key, self._keys.known())
        try:
            # Nodes above the leaves hold no bytes of their own.
            yield from decrypt(filter(None, self._file_bytes(cid)), secret)
        except ValueError as error:
            raise mismatch(cid, str(error)) from error

    def _put_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        block = directory_block(entries)
        self._blocks.put(block)
        return block.cid

    def _get(self, cid: Cid) -> bytes:
        data = self._blocks.get(cid)
        if hashlib.sha256(data).digest() != cid.digest:
            raise mismatch(cid, phrase("the stored bytes are damaged"))
        return data

    def _resolve(self, cid: Cid, path: str) -> Cid:
        for name in path.split("/") if path else ():
            entries = self._entries(cid)
            if name not in entries:
                raise missing(cid, phrase("{cid} has no file {name}", cid=cid, name=repr(name)))
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
                raise missing(cid, phrase("{cid} is a directory, not a file", cid=cid))
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


def _resized(pieces: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    """The same bytes in pieces of this size; only the last may be shorter."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= size_bytes:
            yield bytes(rest[:size_bytes])
            del rest[:size_bytes]
    if rest:
        yield bytes(rest)


def _decode(cid: Cid, block: bytes) -> Node:
    try:
        return decode_node(block)
    except ValueError as error:
        why = phrase("it is no file or directory that this program can read: {reason}", reason=error)
        raise mismatch(cid, why) from error
