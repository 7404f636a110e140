"""What describes a figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A figure's meaning. `aim` is where it should be, `limit` where it must be; both None for comparisons.

    Smaller is better, unless `higher_is_better`.
    """

    unit: str
    meaning: str
    aim: float | None = None
    limit: float | None = None
    higher_is_better: bool = False
