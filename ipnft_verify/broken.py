"""Why a part of a bundle does not hold."""

from __future__ import annotations

import struct


class Broken(Exception):
    """A part does not hold. `key` names the sentence in `words.py`, `values` fill it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = {name: str(value) for name, value in values.items()}


MISREAD = (
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    RecursionError,
    AttributeError,
    AssertionError,
    MemoryError,
    StopIteration,
    struct.error,
)
"""What bytes that mean nothing may raise where they are read: a part that cannot be read does not hold."""
