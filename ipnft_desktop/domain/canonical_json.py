"""JSON whose bytes are fixed by its content: RFC 8785, for the values this program writes.

Members are sorted by the UTF-16 code units of their names, nothing is escaped that need not be, and text is kept as
it is: two spellings of one character that Unicode holds for the same stay two. There are no fractions, whose shortest
form is the hard part of the RFC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool | None

_MAX_INTEGER = 2**53 - 1
"""Beyond it a reader that knows only IEEE doubles would see another number (RFC 8785, 3.2.2.3)."""


def canonical_json(value: Json) -> bytes:
    """The one UTF-8 form of a value.

    Raises:
        ValueError: a number is a fraction or too large, a text holds half a surrogate pair, or a value is of no kind
            that JSON knows.
    """
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(value: Json) -> Json:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > _MAX_INTEGER:
            raise ValueError(f"too large for JSON that everybody reads alike: {value}")
        return value
    # A batch writes thousands: a class is known at once, an abstract one is asked; of ASCII both orders are the same.
    if isinstance(value, dict | Mapping):
        names = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
        return {name: _sorted(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    raise ValueError(f"no canonical form for {type(value).__name__}")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")
