"""What content identifiers prove: blocks of an archive, a file in a directory, a file's own identifier.

Formats: CID https://github.com/multiformats/cid, CARv1 https://ipld.io/specs/transport/car/carv1/, dag-pb
https://ipld.io/specs/codecs/dag-pb/spec/, UnixFS https://specs.ipfs.tech/unixfs/ with chunks of 262,144 bytes and 174
links a node, which is what Kubo writes with `--cid-version=1 --raw-leaves`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ipnft_verify.broken import Broken
from ipnft_verify.pace import step

_RAW, _DAG_PB = 0x55, 0x70
_CID_BYTES = 36
_MAX_LINKS = 174
_MAX_VISITS = 10_000
"""Blocks that one file is put together from, each as often as it is named: 2.6 GB in chunks of 262,144 bytes."""
_DIRECTORY, _FILE = 1, 2


def cid_text(cid: bytes) -> str:
    """An identifier as people write it."""
    return "b" + base64.b32encode(cid).decode("ascii").rstrip("=").lower()


def directory_cid(digest: bytes) -> bytes:
    """Identifier of the directory with this digest, as the contract names it."""
    return bytes((1, _DAG_PB, 0x12, 0x20)) + digest


def token_uri(digest: bytes, asset_id: str) -> str:
    """What the contract answers to `tokenURI` (`contracts/libraries/MetadataURI.sol`)."""
    return f"ipfs://{cid_text(directory_cid(digest))}/{asset_id}.json"


@dataclass(frozen=True, slots=True)
class _Node:
    kind: int
    data: bytes
    links: tuple[tuple[str, bytes], ...]


class Archive:
    """Blocks of an archive that holds everything below one root, depth first, each block once."""

    def __init__(self, data: bytes, root: bytes) -> None:
        """Raises Broken for another root, a block that is not what its identifier says, or one too few or many."""
        head = _head_of(root)
        if not data.startswith(head):
            raise Broken("other_root")
        self._root = root
        self._blocks: dict[bytes, bytes] = {}
        self._nodes: dict[bytes, _Node] = {}
        place, pending = len(head), [root]
        while pending:
            cid = pending.pop()
            step()
            if cid in self._blocks:
                continue
            length, begin = _varint(data, place)
            place = begin + length
            block = data[begin + _CID_BYTES : place]
            if data[begin : begin + _CID_BYTES] != cid or hashlib.sha256(block).digest() != cid[4:]:
                raise Broken("bad_block", cid=cid_text(cid))
            self._blocks[cid] = block
            if cid[1] == _DAG_PB:
                node = self._nodes[cid] = _decoded(block)
                pending.extend(link for _, link in reversed(node.links))
        if place != len(data):
            raise Broken("more_blocks")

    def file(self, name: str, most_bytes: int) -> tuple[bytes, bytes]:
        """Identifier and bytes of a file of the directory. Raises Broken where there is none, or two, or one of more
        bytes: blocks that name one another again and again are a file without an end."""
        links = self._nodes[self._root].links
        if len(dict(links)) != len(links):
            raise Broken("name_twice")
        cid = dict(links).get(name)
        if cid is None:
            raise Broken("not_in_directory", name=name)
        content = bytearray()
        for visits, piece in enumerate(self._pieces_of(cid)):
            step()
            content += piece
            if len(content) > most_bytes or visits > _MAX_VISITS:
                raise Broken("too_large", name=name)
        return cid, bytes(content)

    def _pieces_of(self, root: bytes) -> Iterator[bytes]:
        pending = [root]
        while pending:
            cid = pending.pop()
            if cid[1] == _RAW:
                yield self._blocks[cid]
                continue
            node = self._nodes[cid]
            if node.kind != _FILE:
                raise ValueError("a directory where a file is expected")
            yield node.data
            pending.extend(link for _, link in reversed(node.links))


def file_cid(chunks: Iterable[bytes]) -> bytes:
    """Identifier of a file from its pieces of 262,144 bytes."""
    level = [(_cid(_RAW, chunk), len(chunk), len(chunk)) for chunk in chunks] or [(_cid(_RAW, b""), 0, 0)]
    while len(level) > 1:
        level = [_parent(level[first : first + _MAX_LINKS]) for first in range(0, len(level), _MAX_LINKS)]
    return level[0][0]


def _parent(children: list[tuple[bytes, int, int]]) -> tuple[bytes, int, int]:
    """A node over others, each with the sizes of its file and of its blocks."""
    sizes = [size for _, size, _ in children]
    unixfs = b"\x08\x02\x18" + _number(sum(sizes)) + b"".join(b"\x20" + _number(size) for size in sizes)
    links = [_field(0x0A, cid) + _field(0x12, b"") + b"\x18" + _number(blocks) for cid, _, blocks in children]
    node = b"".join(_field(0x12, link) for link in links) + _field(0x0A, unixfs)
    return _cid(_DAG_PB, node), sum(sizes), len(node) + sum(blocks for _, _, blocks in children)


def _cid(codec: int, block: bytes) -> bytes:
    return bytes((1, codec, 0x12, 0x20)) + hashlib.sha256(block).digest()


def _head_of(root: bytes) -> bytes:
    body = b"\xa2\x65roots\x81\xd8\x2a\x58\x25\x00" + root + b"\x67version\x01"
    return _number(len(body)) + body


def _decoded(block: bytes) -> _Node:
    links: list[tuple[str, bytes]] = []
    unixfs = b""
    for field, value in _fields(block):
        if field == 2:
            link = dict(_fields(_content(value)))
            target = _content(link[1])
            if len(target) != _CID_BYTES or target[:1] + target[2:4] != b"\x01\x12\x20":
                raise ValueError("a link to something else than a block")
            links.append((_content(link.get(2, b"")).decode(), target))
        elif field == 1:
            unixfs = _content(value)
    facts = dict(_fields(unixfs))
    kind = facts[1]
    if kind not in (_DIRECTORY, _FILE):
        raise ValueError("neither a file nor a directory")
    return _Node(_DIRECTORY if kind == _DIRECTORY else _FILE, _content(facts.get(2, b"")), tuple(links))


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        value, place = _varint(message, place)
        if key & 7 == 2:
            if place + value > len(message):
                raise ValueError("a message that is cut off")
            yield key >> 3, message[place : place + value]
            place += value
        elif key & 7 == 0:
            yield key >> 3, value
        else:
            raise ValueError("a field of an unexpected kind")


def _content(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where bytes are expected")
    return value


def _field(key: int, content: bytes) -> bytes:
    return bytes((key,)) + _number(len(content)) + content


def _number(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _varint(data: bytes, start: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(data[start : start + 10]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, start + index + 1
    raise ValueError("a number without an end")
