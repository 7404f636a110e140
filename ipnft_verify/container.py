"""The file itself: a zip archive of which every byte is fixed by the names and contents of its entries.

Entries are stored and not compressed, with no date, no extra fields and no comments, one directly behind the other. So
a reader needs no trust in any length that it reads, nothing can hide between two entries, and no archive is larger
inside than outside. Format: PKWARE's APPNOTE 6.3.9, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ipnft_verify.broken import Broken
from ipnft_verify.pace import step

MAX_SIZE_BYTES = 2**32 - 1
"""Beyond it the format needs extra fields."""
MAX_ENTRIES = 4096
MAX_IN_MEMORY_BYTES = 16 * 2**20
"""Of an entry that is read as a whole; attachments are read in pieces."""
PIECE_BYTES = 262_144

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_VERSION = 20
_DATE = 0x21
"""The first day that the format knows, 1 January 1980."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*)*")
_MAX_NAME_CHARS = 100

Progress = Callable[[int], None]
"""Called with the bytes read; whatever it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive."""

    name: str
    size_bytes: int
    crc: int
    offset: int
    """Of its head; its bytes follow."""

    @property
    def begin(self) -> int:
        """Place of its first byte."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Place behind its last byte."""
        return self.begin + self.size_bytes


def local_head(name: str, size_bytes: int, crc: int) -> bytes:
    """What stands in front of an entry's bytes."""
    fields = (0x04034B50, _VERSION, 0, 0, 0, _DATE, crc, size_bytes, size_bytes, len(name), 0)
    return _LOCAL.pack(*fields) + name.encode("ascii")


def directory_of(entries: Sequence[Entry]) -> bytes:
    """What stands behind the last entry: the list of all, and the end of the archive."""
    listed = b"".join(map(_central_head, entries))
    begin = entries[-1].end if entries else 0
    return listed + _END.pack(0x06054B50, 0, 0, len(entries), len(entries), len(listed), begin, 0)


def _central_head(entry: Entry) -> bytes:
    size = entry.size_bytes
    fields = (0x02014B50, _VERSION, _VERSION, 0, 0, 0, _DATE, entry.crc, size, size, len(entry.name))
    return _CENTRAL.pack(*fields, 0, 0, 0, 0, 0, entry.offset) + entry.name.encode("ascii")


class Container:
    """An open bundle whose structure was found to be as it must be."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the structure. Raises Broken; OSError where the file cannot be read."""
        self._file = file
        self.entries = {entry.name: entry for entry in _entries(file)}
        self._sha256: dict[str, str] = {}
        self._damaged: set[str] = set()

    def digest(self, on_progress: Progress) -> None:
        """Read every byte once, for what `sha256` and `is_damaged` tell."""
        done_bytes = 0
        for entry in self.entries.values():
            crc, digest = 0, hashlib.sha256()
            for piece in self.pieces(entry.name):
                crc = zlib.crc32(piece, crc)
                digest.update(piece)
                done_bytes += len(piece)
                on_progress(done_bytes)
            self._sha256[entry.name] = digest.hexdigest()
            if crc != entry.crc:
                self._damaged.add(entry.name)

    def sha256(self, name: str) -> str:
        """Hash of an entry's bytes."""
        return self._sha256[name]

    def is_damaged(self, name: str) -> bool:
        """Whether an entry's bytes are not those of its check sum."""
        return name in self._damaged

    def read(self, name: str, most_bytes: int = MAX_IN_MEMORY_BYTES) -> bytes:
        """An entry's bytes. Raises Broken where there are more than one of its kind can have."""
        if self.entries[name].size_bytes > most_bytes:
            raise Broken("too_large", name=name)
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """An entry's bytes, 262,144 at a time."""
        entry = self.entries[name]
        self._file.seek(entry.begin)
        left = entry.size_bytes
        while left:
            piece = self._file.read(min(PIECE_BYTES, left))
            if not piece:
                raise Broken("cut_off")
            left -= len(piece)
            step()
            yield piece


def _entries(file: BinaryIO) -> list[Entry]:
    size_bytes = file.seek(0, 2)
    if not _END.size <= size_bytes <= MAX_SIZE_BYTES:
        raise Broken("no_bundle")
    file.seek(size_bytes - _END.size)
    mark, _, _, count, _, listed_bytes, begin, _ = _END.unpack(file.read(_END.size))
    if mark != 0x06054B50:
        raise Broken("no_bundle")
    too_many = count > MAX_ENTRIES or listed_bytes > MAX_ENTRIES * (_CENTRAL.size + _MAX_NAME_CHARS)
    if too_many or begin + listed_bytes + _END.size != size_bytes:
        raise Broken("not_canonical")
    file.seek(begin)
    listed = file.read(listed_bytes + _END.size)
    entries = _listed(listed, count)
    if directory_of(entries) != listed or len({entry.name for entry in entries}) != count:
        raise Broken("not_canonical")
    for entry in entries:
        head = local_head(entry.name, entry.size_bytes, entry.crc)
        file.seek(entry.offset)
        if file.read(len(head)) != head:
            raise Broken("not_canonical")
    return entries


def _listed(listed: bytes, count: int) -> list[Entry]:
    """The entries that the list names, each beginning where the one before it ends."""
    entries: list[Entry] = []
    place = offset = 0
    for _ in range(count):
        if place + _CENTRAL.size > len(listed):
            raise Broken("not_canonical")
        fields = _CENTRAL.unpack_from(listed, place)
        crc, size_bytes, name_bytes = fields[7], fields[9], fields[10]
        place += _CENTRAL.size
        name = listed[place : place + name_bytes].decode("ascii", "replace")
        if len(name) > _MAX_NAME_CHARS or not _NAME.fullmatch(name):
            raise Broken("bad_name")
        place += name_bytes
        entries.append(Entry(name, size_bytes, crc, offset))
        offset = entries[-1].end
    return entries
