"""A few thousand assets that tell of all: how many hold a word or pass a filter, and how far down a list they stand.

SQLite keeps no such statistics. What is told is an estimate, good for choosing a way to the answer and nothing else.
"""

from __future__ import annotations

import math
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Integer, func, literal_column, select, text

from ipnft_desktop.adapters.database.list_order import SORTED_BY, anchor_value
from ipnft_desktop.adapters.database.tables import AssetTable, table
from ipnft_desktop.domain.assets import AssetQuery, DaySpan, PageAnchor, SortKey

SAMPLED_MAX = 2_000
_NEIGHBOURS = 4
"""Assets taken at one place of the file: a disk finds four next to each other as soon as one."""
_GOLDEN_RATIO = 1.618033988749895
"""Its multiples fall everywhere evenly and keep no step that the register itself could have."""
_CHARS_MAX = 2_000
_RENEWED_AFTER_S = 600
_GROWTH = 1.25
"""A register that grew or shrank by more has another sample taken."""
_KEPT = 4_096
_GAPS = 4
"""Between so many of those found their distance is told."""
_CREATED_ON = "created_on"

_ASSETS = table(AssetTable)
_LAST = text("SELECT coalesce(max(rowid), 0) FROM assets")
_ROWID = literal_column("rowid", Integer())
_FILTERED = ("state", "asset_type", "legal_status", "enterprise_id", "creation_date", "created_at")
_COLUMNS = tuple(dict.fromkeys((*_FILTERED, *SORTED_BY.values())))

Some = int
"""Some assets of the sample: bit i stands for asset i."""
_Place = tuple[Any, ...]
"""Value sorted by, id, and number in the sample."""


class RegisterSample:
    """`rows` of `size` assets in all."""

    def __init__(self, rows: Sequence[Any], size: int) -> None:
        self._columns = {name: [getattr(row, name) for row in rows] for name in (*_COLUMNS, "search_text")}
        self._columns[_CREATED_ON] = [row.created_at.astimezone().date() for row in rows]
        self._count = len(rows)
        self._size = size
        self._taken_s = time.monotonic()
        self.everything: Some = (1 << self._count) - 1
        self.holding = lru_cache(_KEPT)(self._holding)
        self._among = lru_cache(_KEPT)(self._of_set)
        self._within = lru_cache(_KEPT)(self._of_days)
        self._order = cache(self._sorted)

    def fits(self, size: int) -> bool:
        """Whether it still tells of a register of this size."""
        is_fresh = time.monotonic() - self._taken_s < _RENEWED_AFTER_S
        return is_fresh and self._size <= size * _GROWTH and size <= self._size * _GROWTH

    def number(self, some: Some) -> float:
        """How many assets of the register these stand for."""
        return some.bit_count() * self._size / self._count if self._count else 0.0

    def admitted(self, query: AssetQuery) -> Some:
        """Those that states and filters let through; words are another matter."""
        some = self._among("state", query.states) & self._among("asset_type", query.types)
        some &= self._among("legal_status", query.legal_statuses) & self._among("enterprise_id", query.enterprise_ids)
        return some & self._within(_CREATED_ON, query.created) & self._within("creation_date", query.creation)

    def walked_rows(
        self, found: Some, stretch: Some, query: AssetQuery, after: PageAnchor | None, wanted: int
    ) -> float:
        """Rows of the `stretch` that lie before the `wanted` first of those `found`, in the order of the query and
        behind `after`; infinite where the sample does not show enough of them."""
        wanted_here = wanted / max(1.0, self.number(1))
        is_found, is_passed = (f"{some:0{self._count}b}"[::-1] for some in (found, stretch))
        passed = 0
        met: list[int] = []
        for *_, number in self._behind(query, after):
            passed += is_passed[number] == "1"
            if is_found[number] == "1":
                met.append(passed)
                if len(met) > max(_GAPS, wanted_here):
                    break
        if len(met) < _GAPS:
            return math.inf
        gap = (met[-1] - met[0]) / (len(met) - 1)
        # None may stand in the beginning of the list; a few gaps without one are chance.
        missing = max(0.0, met[0] - _GAPS * gap)
        return (missing + gap * wanted_here) * self.number(1)

    def _holding(self, word: str) -> Some:
        """Those whose text holds a word, its case folded."""
        return _some(word in text for text in self._columns["search_text"])

    def _of_set(self, column: str, chosen: frozenset[Any]) -> Some:
        return _some(value in chosen for value in self._columns[column]) if chosen else self.everything

    def _of_days(self, column: str, span: DaySpan) -> Some:
        return _some(map(span.holds, self._columns[column])) if span else self.everything

    def _behind(self, query: AssetQuery, after: PageAnchor | None) -> Iterable[_Place]:
        order = self._order(query.sort)
        if after is not None:
            value = after.asset_id if query.sort is SortKey.TOKEN else anchor_value(query.sort, after.value)
            at = bisect_left(order, (value, after.asset_id))
            order = order[:at] if query.descending else order[at:]
        return reversed(order) if query.descending else order

    def _sorted(self, sort: SortKey) -> list[_Place]:
        keys = zip(self._columns[SORTED_BY[sort]], self._columns["asset_id"], strict=True)
        return sorted((*key, number) for number, key in enumerate(keys))


def sample_of(connection: Connection) -> RegisterSample:
    """The sample of a register; taken anew, which reads a few thousand rows, where there is none that fits."""
    size: int = connection.execute(_LAST).scalar_one()
    with _lock:
        sample = _samples.get(connection.engine)
        if sample is None or not sample.fits(size):
            sample = _samples[connection.engine] = _taken(connection, size)
        return sample


_samples: WeakKeyDictionary[Engine, RegisterSample] = WeakKeyDictionary()
_lock = threading.Lock()


def _taken(connection: Connection, size: int) -> RegisterSample:
    searched = func.substr(_ASSETS.c.search_text, 1, _CHARS_MAX).label("search_text")
    chosen = select(*[_ASSETS.c[name] for name in _COLUMNS], searched).where(_ROWID.in_(_places(size)))
    return RegisterSample(connection.execute(chosen).all(), size)


def _places(size: int) -> list[int]:
    if size <= SAMPLED_MAX:
        return list(range(1, size + 1))
    room = size - _NEIGHBOURS + 1
    first = [1 + int(number * _GOLDEN_RATIO % 1 * room) for number in range(SAMPLED_MAX // _NEIGHBOURS)]
    return sorted({start + step for start in first for step in range(_NEIGHBOURS)})


def _some(told: Iterable[bool]) -> Some:
    """The first told becomes the lowest bit."""
    return int("".join(["1" if one else "0" for one in told])[::-1] or "0", 2)
