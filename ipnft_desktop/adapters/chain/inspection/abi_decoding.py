"""Values out of what strangers encoded: data that point at the same bytes again and again are refused before anything
is made of them, for 2 kB of them can mean more values than there is memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from ipnft_desktop.domain.inspection.contracts import AbiParameter

_WORD = 32
_MOST_STEPS = 4_000_000
"""Words that eth_abi may read. It reads what has no dynamic part in it twice for each struct around it, so that words
in sixteen structs are read 65,536 times; a megabyte of a plain list is 32,768 words."""
_KEPT_SHAPES = 4_096
_UNREADABLE = (DecodingError, OverflowError, UnicodeDecodeError, ValueError, RecursionError, MemoryError)


class NotOfTheseTypes(Exception):
    """The data do not fit the types, or cannot be what an honest encoder writes."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of a type, as far as it decides where its bytes lie
    (https://docs.soliditylang.org/en/latest/abi-spec.html#formal-specification-of-the-encoding)."""

    head_bytes: int
    """In the head of what it stands in: an offset, or all of it."""
    is_dynamic: bool
    steps: int
    """Words read to decode what is static."""
    members: tuple[_Shape, ...] = ()
    """Of a struct."""
    item: _Shape | None = None
    """Of an array."""
    count: int | None = None
    """Of an array with a size."""


def values_in(parameters: Sequence[AbiParameter], data: bytes) -> tuple[Any, ...]:
    """The values as eth_abi has them. Memory and time grow with the data and not faster. Raises NotOfTheseTypes."""
    try:
        _Walk(data).over(_struct(tuple(map(_shape, parameters))))
        return decode([parameter.solidity_type for parameter in parameters], data)
    except _UNREADABLE:
        raise NotOfTheseTypes from None


class _Walk:
    """Goes the way that decoding will go. No encoder lets two values share bytes, so all of them together use no more
    bytes than there are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._bytes_left = len(data)
        self._steps_left = _MOST_STEPS

    def over(self, shape: _Shape, at: int = 0) -> None:
        """A value whose own bytes begin here. Raises ValueError."""
        if shape.item is not None:
            count = shape.count
            if count is None:
                count, at = self._length(at), at + _WORD
            self._use(count * shape.item.head_bytes, count * shape.item.steps)
            if shape.item.is_dynamic:
                for place in range(at, at + count * _WORD, _WORD):
                    self.over(shape.item, at + self._word(place))
        elif shape.members:
            self._use(sum(member.head_bytes for member in shape.members), 2 * sum(each.steps for each in shape.members))
            place = at
            for member in shape.members:
                if member.is_dynamic:
                    self.over(member, at + self._word(place))
                place += member.head_bytes
        elif shape.is_dynamic:
            length = self._length(at)
            self._use(length + -length % _WORD, 1)

    def _length(self, at: int) -> int:
        self._use(_WORD, 1)
        return self._word(at)

    def _use(self, size_bytes: int, steps: int) -> None:
        self._bytes_left -= size_bytes
        self._steps_left -= steps
        if self._bytes_left < 0 or self._steps_left < 0:
            raise ValueError(size_bytes)

    def _word(self, at: int) -> int:
        if at + _WORD > len(self._data):
            raise ValueError(at)
        return int.from_bytes(self._data[at : at + _WORD], "big")


@lru_cache(maxsize=_KEPT_SHAPES)
def _shape(parameter: AbiParameter) -> _Shape:
    solidity_type = parameter.solidity_type
    if solidity_type.endswith("]"):
        at = solidity_type.rindex("[")
        size = solidity_type[at + 1 : -1]
        return _array(_shape(AbiParameter("", solidity_type[:at], parameter.members)), int(size) if size else None)
    if parameter.members:
        return _struct(tuple(map(_shape, parameter.members)))
    return _Shape(_WORD, solidity_type in ("string", "bytes"), 1)


def _array(item: _Shape, count: int | None) -> _Shape:
    if count is None or item.is_dynamic:
        return _Shape(_WORD, True, 1, item=item, count=count)
    return _Shape(count * item.head_bytes, False, count * item.steps, item=item, count=count)


def _struct(members: tuple[_Shape, ...]) -> _Shape:
    if any(member.is_dynamic for member in members):
        return _Shape(_WORD, True, 1, members=members)
    return _Shape(
        sum(member.head_bytes for member in members), False, 2 * sum(each.steps for each in members), members=members
    )
