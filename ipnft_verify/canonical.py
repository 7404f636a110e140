"""JSON in the one form of RFC 8785, as far as bundles need it: no fractions, no number beyond 2^53 - 1."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from ipnft_verify.pace import step

_MAX_INTEGER = 2**53 - 1
_DEEPEST = 40
_MOST_LISTS = 100_000
"""Lists and objects in all: a megabyte of empty ones becomes sixty in memory."""
_FOUND_A_STEP = 1000
_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def canonical(value: Any) -> bytes:
    """The one UTF-8 form of a value. Raises ValueError for what has none."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object that these bytes are.

    Raises:
        ValueError: they are none, or not in the form that `canonical` gives.
    """
    value = loaded(data, parse_float=_refused, parse_constant=_refused)
    if not isinstance(value, dict) or canonical(value) != data:
        raise ValueError("not in canonical form")
    return cast("dict[str, Any]", value)


def loaded(data: bytes, **settings: Any) -> Any:
    """What JSON says, in whatever form. Raises ValueError for what is none, or nested beyond all reason: Python's own
    reader can be brought down by that where the limit of recursion was raised."""
    depth = lists = 0
    for number, found in enumerate(_STRINGS_AND_BRACKETS.finditer(data)):
        change = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found.group(), 0)
        depth += change
        lists += change > 0
        if depth > _DEEPEST or lists > _MOST_LISTS:
            raise ValueError("lists too deep in each other, or too many")
        if number % _FOUND_A_STEP == 0:
            step()
    return json.loads(data.decode(), object_pairs_hook=_once, **settings)


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no name is said twice: one reader would take the first, another the last."""
    told = dict(members)
    if len(told) != len(members):
        raise ValueError("a name that is said twice")
    return told


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: _sorted(members[name]) for name in sorted(members, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in cast("Sequence[Any]", value)]
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        raise ValueError("a number too large for JSON")
    return value


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _refused(text: str) -> NoReturn:
    raise ValueError(f"not a whole number: {text[:20]}")
