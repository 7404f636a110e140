"""UnixFS blocks exactly as Kubo writes them with `--cid-version=1 --raw-leaves`; pure functions, no input or output.

Formats: dag-pb https://ipld.io/specs/codecs/dag-pb/spec/ and UnixFS https://specs.ipfs.tech/unixfs/. Both are
protobuf messages with one fixed byte order, small enough to be written here: links (field 2) before data (field 1),
in every link hash, name (also when empty) and total size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from ipnft_desktop.domain.content import Cid, Codec, StoredFile
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase

CHUNK_SIZE_BYTES: Final = 262_144
MAX_LINKS_PER_NODE: Final = 174
MAX_DIRECTORY_SIZE_BYTES: Final = 262_144
"""Sum of names and CIDs from which other implementations split a directory into shards, which gives another CID."""

_VARINT: Final = 0
_LENGTH_DELIMITED: Final = 2
_MAX_VARINT_SIZE_BYTES: Final = 10


class NodeKind(IntEnum):
    """UnixFS `DataType` of the nodes this program reads."""

    RAW = 0
    DIRECTORY = 1
    FILE = 2


class Block(NamedTuple):
    """Bytes under their identifier."""

    cid: Cid
    data: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A reference of one node to another; `dag_size_bytes` counts all blocks below, once per reference."""

    name: str
    cid: Cid
    dag_size_bytes: int


@dataclass(frozen=True, slots=True)
class Node:
    """A decoded dag-pb block: a directory, or a part of a file whose bytes are `data` and then its links in order."""

    kind: NodeKind
    links: tuple[Link, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class _Subtree:
    link: Link
    file_size_bytes: int


class FileTree:
    """Builds a file's balanced tree from its chunks, keeping at most 174 links a level whatever the file's size."""

    def __init__(self) -> None:
        self._levels: list[list[_Subtree]] = [[]]

    def add_chunk(self, chunk: bytes) -> Iterator[Block]:
        """Append the next chunk (262,144 bytes, only the last may be shorter); yields the blocks now complete."""
        leaf = Block(Cid.of_block(Codec.RAW, chunk), chunk)
        yield leaf
        yield from self._append(0, _Subtree(Link("", leaf.cid, len(chunk)), len(chunk)))

    def finish(self) -> Iterator[Block]:
        """Close the tree; yields the remaining blocks. An empty file is one empty leaf."""
        if not self._levels[0]:
            yield from self.add_chunk(b"")
        level = 0
        while level < len(self._levels) - 1 or len(self._levels[level]) > 1:
            yield from self._close(level)
            level += 1

    @property
    def root(self) -> Link:
        """The reference to the whole file, once `finish` ran to its end."""
        (root,) = self._levels[-1]
        return root.link

    def _append(self, level: int, subtree: _Subtree) -> Iterator[Block]:
        # A full level closes only when one more arrives: 174 chunks must not get a second, lonely level.
        if len(self._levels[level]) == MAX_LINKS_PER_NODE:
            yield from self._close(level)
        self._levels[level].append(subtree)

    def _close(self, level: int) -> Iterator[Block]:
        children = self._levels[level]
        self._levels[level] = []
        if level + 1 == len(self._levels):
            self._levels.append([])
        block = _file_node(children)
        size_bytes = sum(child.file_size_bytes for child in children)
        link = Link("", block.cid, len(block.data) + sum(child.link.dag_size_bytes for child in children))
        yield block
        yield from self._append(level + 1, _Subtree(link, size_bytes))


def directory_block(entries: Mapping[str, StoredFile]) -> Block:
    """The directory over stored files, by name.

    Raises:
        UserError: METADATA_INVALID when a name cannot stand in a path, or the directory would have to be sharded.
    """
    names = {_encoded_name(name): name for name in entries}
    links = [Link(names[key], entries[names[key]].cid, entries[names[key]].dag_size_bytes) for key in sorted(names)]
    if sum(len(key) for key in names) + sum(len(link.cid.bytes) for link in links) >= MAX_DIRECTORY_SIZE_BYTES:
        raise UserError(
            ErrorCode.METADATA_INVALID,
            phrase("{count} files are too many for one directory; use smaller batches", count=len(links)),
        )
    return _dag_pb_block(links, _varint_field(1, NodeKind.DIRECTORY))


def decode_node(block: bytes) -> Node:
    """Read a dag-pb block.

    Raises:
        ValueError: the bytes are not a UnixFS file or directory node with version 1 CIDs (shards and symbolic
            links, which this program never writes, are among the refused).
    """
    links: list[Link] = []
    unixfs = b""
    for field, value in _fields(block):
        if field == 2:
            links.append(_decode_link(_as_bytes(value)))
        elif field == 1:
            unixfs = _as_bytes(value)
    kind: NodeKind | None = None
    data = b""
    for field, value in _fields(unixfs):
        if field == 1:
            kind = NodeKind(_as_int(value))
        elif field == 2:
            data = _as_bytes(value)
    if kind is None:
        raise ValueError("the node does not say what it is")
    return Node(kind, tuple(links), data)


def _file_node(children: Sequence[_Subtree]) -> Block:
    unixfs = [
        _varint_field(1, NodeKind.FILE),
        _varint_field(3, sum(child.file_size_bytes for child in children)),
        *(_varint_field(4, child.file_size_bytes) for child in children),
    ]
    return _dag_pb_block([child.link for child in children], b"".join(unixfs))


def _dag_pb_block(links: Sequence[Link], unixfs: bytes) -> Block:
    parts = [_bytes_field(2, _encode_link(link)) for link in links]
    parts.append(_bytes_field(1, unixfs))
    data = b"".join(parts)
    return Block(Cid.of_block(Codec.DAG_PB, data), data)


def _encode_link(link: Link) -> bytes:
    return (
        _bytes_field(1, link.cid.bytes)
        + _bytes_field(2, link.name.encode("utf-8"))
        + _varint_field(3, link.dag_size_bytes)
    )


def _decode_link(data: bytes) -> Link:
    cid: Cid | None = None
    name = ""
    dag_size_bytes = 0
    for field, value in _fields(data):
        if field == 1:
            cid = Cid.from_bytes(_as_bytes(value))
        elif field == 2:
            name = _as_bytes(value).decode("utf-8")
        elif field == 3:
            dag_size_bytes = _as_int(value)
    if cid is None:
        raise ValueError("a link without a hash")
    return Link(name, cid, dag_size_bytes)


def _encoded_name(name: str) -> bytes:
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise UserError(
            ErrorCode.METADATA_INVALID, phrase("{name} cannot be the name of a file in a directory", name=repr(name))
        )
    try:
        return name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UserError(
            ErrorCode.METADATA_INVALID, phrase("the file name {name} is not valid Unicode", name=repr(name))
        ) from error


def encode_varint(value: int) -> bytes:
    """Unsigned LEB128, the variable-length integer of protobuf and of CAR files."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _varint_field(field: int, value: int) -> bytes:
    return encode_varint(field << 3 | _VARINT) + encode_varint(value)


def _bytes_field(field: int, value: bytes) -> bytes:
    return encode_varint(field << 3 | _LENGTH_DELIMITED) + encode_varint(len(value)) + value


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    position = 0
    while position < len(message):
        key, position = _decode_varint(message, position)
        value, position = _decode_varint(message, position)
        if key & 7 == _VARINT:
            yield key >> 3, value
        elif key & 7 == _LENGTH_DELIMITED:
            end = position + value
            if end > len(message):
                raise ValueError("the message is cut off")
            yield key >> 3, message[position:end]
            position = end
        else:
            raise ValueError(f"unexpected wire type {key & 7}")


def _decode_varint(message: bytes, start: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(message[start : start + _MAX_VARINT_SIZE_BYTES]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, start + index + 1
    raise ValueError("a variable-length integer without an end")


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where bytes are expected")
    return value


def _as_int(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise ValueError("bytes where a number is expected")
    return value
