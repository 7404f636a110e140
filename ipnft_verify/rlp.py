"""Recursive length prefix, Ethereum's form of nested lists of bytes (yellow paper, appendix B)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import TypeGuard

from ipnft_verify.pace import step

Encodable = bytes | int | Sequence["Encodable"]
Item = bytes | list["Item"]

_DEEPEST = 32
_MOST_LISTS = 250_000
"""Of one item. A block of 30 million gas has at most 80,000 events of two lists each."""


def encode(item: Encodable) -> bytes:
    """Bytes of an item; a number is its bytes without leading zeros."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        return _length_prefix(len(item), 0x80) + item
    payload = b"".join(map(encode, item))
    return _length_prefix(len(payload), 0xC0) + payload


def decode(data: bytes) -> Item:
    """The one item that these bytes are, all of them. Raises ValueError for any form but the shortest."""
    item, end = _item_at(data, 0, len(data), 0, count(1))
    if end != len(data):
        raise ValueError("bytes behind the item")
    return item


def as_bytes(item: Item) -> bytes:
    """A string of bytes. Raises ValueError for a list."""
    if isinstance(item, list):
        raise ValueError("a list where bytes are expected")
    return item


def as_list(item: Item) -> list[Item]:
    """A list. Raises ValueError for bytes."""
    if not is_list(item):
        raise ValueError("bytes where a list is expected")
    return item


def as_number(item: Item, most_bytes: int = 32) -> int:
    """A number. Raises ValueError for leading zeros, and for one beyond what the field can have: of more digits than
    Python writes it could not even be told."""
    data = as_bytes(item)
    if len(data) > most_bytes:
        raise ValueError("a number larger than its field")
    if data[:1] == b"\0":
        raise ValueError("a number with leading zeros")
    return int.from_bytes(data, "big")


def is_list(item: Item) -> TypeGuard[list[Item]]:
    """Whether it is a list."""
    return isinstance(item, list)


def _item_at(data: bytes, start: int, limit: int, depth: int, lists: Iterator[int]) -> tuple[Item, int]:
    if depth > _DEEPEST:
        raise ValueError("lists too deep in each other")
    if start >= limit:
        raise ValueError("the item is cut off")
    first = data[start]
    if first < 0x80:
        return data[start : start + 1], start + 1
    is_many = first >= 0xC0
    length, begin = _length_at(data, start, limit, first - (0xC0 if is_many else 0x80))
    end = begin + length
    if end > limit:
        raise ValueError("the item is cut off")
    if not is_many:
        content = data[begin:end]
        if length == 1 and content[0] < 0x80:
            raise ValueError("a byte in a longer form than it needs")
        return content, end
    if next(lists) > _MOST_LISTS:
        raise ValueError("more lists than anything has")
    step()
    items: list[Item] = []
    while begin < end:
        item, begin = _item_at(data, begin, end, depth + 1, lists)
        items.append(item)
    return items, end


def _length_at(data: bytes, start: int, limit: int, code: int) -> tuple[int, int]:
    if code < 56:
        return code, start + 1
    begin = start + 1 + code - 55
    digits = data[start + 1 : begin]
    length = int.from_bytes(digits, "big")
    if begin > limit or digits[:1] == b"\0" or length < 56:
        raise ValueError("a length in a longer form than it needs")
    return length, begin


def _length_prefix(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(size)]) + size
