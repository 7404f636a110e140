"""How the cells of a table of text look, for a delegate that paints them itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

ON_THE_WAY = "…"
"""In place of a text that is not loaded yet."""


@dataclass(frozen=True, slots=True)
class CellLook:
    """The columns whose texts stand back behind the others, end at the right edge, or are of one width."""

    muted: frozenset[int]
    right: frozenset[int]
    mono: frozenset[int]


class Cells(Protocol):
    """What the delegate needs of a model."""

    look: CellLook

    def text_at(self, at: int, column: int) -> str:
        """What stands in a cell: one call in place of one for each role."""
        ...
