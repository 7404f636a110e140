"""What fills the place of the cards while there is nothing to show."""

from __future__ import annotations

from enum import IntEnum


class Face(IntEnum):
    """What fills the place of the cards."""

    CARDS = 0
    NO_ENVIRONMENT = 1
    EMPTY = 2
    NO_MATCH = 3
    SIGNED_OUT = 4
