"""Ways to the matches of a search or a filter, for SQLite, which keeps no statistics to choose one by itself.

Matches are gathered by the full-text index or by that of a filter, and then sorted; or the list is walked down in its
order until a page is full. A sample of the register tells which of them costs least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, select, true
from sqlalchemy import literal_column as sql
from sqlalchemy import table as plain_table

from ipnft_desktop.adapters.database.asset_tables import FILTER_COLUMNS, FILTER_INDEX, SEARCH_INDEX
from ipnft_desktop.adapters.database.candidates import Candidates, candidates
from ipnft_desktop.adapters.database.indexed_table import IndexedTable
from ipnft_desktop.adapters.database.list_order import SORTED_BY, Columns, behind, in_order
from ipnft_desktop.adapters.database.register_sample import sample_of
from ipnft_desktop.adapters.database.tables import AssetTable, table
from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import LISTED_MAX

Conditions = list[ColumnElement[bool]]

LINE_US, FOUND_LINE_US, ROW_US, READ_ROW_US, WALKED_ROW_US = 0.1, 0.7, 4.0, 7.0, 2.5
"""Microseconds for a line of an index in its order, one found by its number, an asset found from it, one whose text is
read too, and an asset on the way down a list; measured with 1,000,000 assets."""

_CLEARLY = 0.7
"""A walk must be that much cheaper than gathering, which is surer."""

_ASSETS = table(AssetTable)
_INDEX = plain_table("asset_index", column("rowid"), column("search_text"))


def matches(query: AssetQuery, words: Sequence[str], columns: Columns) -> Conditions:
    """Every condition of a query."""
    conditions: Conditions = [columns.search_text.contains(word, autoescape=True) for word in words]
    sets = {
        "state": query.states,
        "asset_type": query.types,
        "legal_status": query.legal_statuses,
        "enterprise_id": query.enterprise_ids,
    }
    conditions += [columns[name].in_(chosen) for name, chosen in sets.items() if chosen]
    return [*conditions, *_in_days(query, columns)]


@dataclass(frozen=True, slots=True)
class Gathering:
    """A way to all matches in no order."""

    cost_us: float
    """What it costs to find all of them, as far as the sample tells."""
    columns: Columns
    """What they are found by."""
    ids: Callable[[], Select[Any] | None]
    """None if it proves to be impassable."""


class Narrowing:
    """A query that leaves something out."""

    def __init__(self, connection: Connection, query: AssetQuery, words: Sequence[str]) -> None:
        self._connection = connection
        self._query = query
        self._words = words
        self._sample = sample_of(connection)
        self._filtered = self._sample.admitted(query)
        self._found = self._filtered
        for word in words:
            self._found &= self._sample.holding(word)

    def pages(self, after: PageAnchor | None, limit: int) -> Iterator[Select[Any]]:
        """Ids of the first `limit` matches behind the anchor; take the next one if it finds fewer."""
        stretch = self._sample.admitted(_stretch(self._query))
        walked_rows = self._sample.walked_rows(self._found, stretch, self._query, after, limit)
        for gathering in self.gatherings(SORTED_BY[self._query.sort]):
            walk_us = walked_rows * WALKED_ROW_US
            if walk_us < gathering.cost_us * _CLEARLY:
                # Twice as far as the sample says, and no further: it can be wrong.
                most = int(max(2 * walk_us, gathering.cost_us / 4) / WALKED_ROW_US)
                yield self._walk(after, limit, most)
            found = gathering.ids()
            if found is not None:
                rest = found if after is None else found.where(behind(self._query, after, gathering.columns))
                yield rest.order_by(*in_order(self._query, gathering.columns)).limit(limit)
                return
        yield self._walk(after, limit)

    def count(self) -> Select[Any]:
        """How many there are, at most `LISTED_MAX` + 1."""
        # Every way ends as soon as so many are found.
        one_by_one = select(_ASSETS.c.asset_id).where(*_exact(self._query, self._words, _ASSETS.c))
        dearest = self._sample.number(self._sample.everything) * WALKED_ROW_US
        ways = (gathering.ids() for gathering in self.gatherings() if gathering.cost_us < dearest)
        found = next((ids for ids in ways if ids is not None), one_by_one)
        return select(func.count()).select_from(found.limit(LISTED_MAX + 1).subquery())

    def gatherings(self, *wanted: str) -> list[Gathering]:
        """Every way but the walk, to the ids and these columns; the cheapest first."""
        query = self._query
        ways: list[Gathering] = []
        found = candidates(self._words, self._sample)
        if found is not None:
            ways.append(self._by_text(found, wanted))
        if query.types or query.legal_statuses or query.states or query.enterprise_ids:
            ways.append(self._by_filter())
        for name, alone in (
            ("created_at", AssetQuery(created=query.created)),
            ("creation_date", AssetQuery(creation=query.creation)),
        ):
            if alone.is_filtered:
                ways.append(self._by_days(name, alone))
        return sorted(ways, key=lambda way: way.cost_us)

    def _by_text(self, found: Candidates, wanted: Sequence[str]) -> Gathering:
        # By the number alone: SQLite would go through all assets of a state and ask the full-text index for each.
        assets = IndexedTable(_ASSETS, SEARCH_INDEX).c

        def ids() -> Select[Any] | None:
            expression, is_exact = found.expression(self._connection)
            if expression is None:
                return None
            numbered = select(assets.asset_id).select_from(_INDEX).where(sql("asset_index").match(expression))
            words = () if is_exact else self._words
            return numbered.where(assets.search_id == _INDEX.c.rowid, *_exact(self._query, words, assets))

        is_covered = found.is_exact and set(wanted) <= {*FILTER_COLUMNS}
        rows = 0 if is_covered else self._sample.number(found.some & self._filtered)
        row_us = ROW_US if found.is_exact else READ_ROW_US
        cost_us = found.cost_us + self._sample.number(found.some) * FOUND_LINE_US + rows * row_us
        return Gathering(cost_us, assets, ids)

    def _by_filter(self) -> Gathering:
        query, sample = self._query, self._sample
        assets = IndexedTable(_ASSETS, FILTER_INDEX).c
        # All three of the short sets are named, so that the index is entered at each combination and skips the rest.
        entered = replace(
            query,
            types=query.types or frozenset(AssetType),
            legal_statuses=query.legal_statuses or frozenset(LegalStatus),
            states=query.states or frozenset(AssetState),
        )
        ids = select(assets.asset_id).where(*_exact(entered, self._words, assets))
        lines = sample.admitted(replace(query, created=DaySpan(), creation=DaySpan()))
        rows = sample.number(self._filtered) if self._words else 0
        return Gathering(sample.number(lines) * LINE_US + rows * READ_ROW_US, assets, lambda: ids)

    def _by_days(self, name: str, alone: AssetQuery) -> Gathering:
        assets = IndexedTable(_ASSETS, f"ix_assets_{name}_asset_id").c
        ids = select(assets.asset_id).where(*_exact(self._query, self._words, assets))
        lines = self._sample.number(self._sample.admitted(alone))
        return Gathering(lines * (LINE_US + ROW_US), assets, lambda: ids)

    def _walk(self, after: PageAnchor | None, limit: int, most: int | None = None) -> Select[Any]:
        """In the order of the inner list: SQLite would sort all of it for an ORDER BY of the outer one."""
        query = self._query
        names = dict.fromkeys(
            ("asset_id", *FILTER_COLUMNS, SORTED_BY[query.sort], *(("search_text",) if self._words else ()))
        )
        confined = matches(_stretch(query), (), _ASSETS.c)
        anchored = true() if after is None else behind(query, after, _ASSETS.c)
        seen = select(*[_ASSETS.c[name] for name in names]).where(anchored, *confined)
        walked = seen.order_by(*in_order(query, _ASSETS.c)).limit(-1 if most is None else most).subquery()
        return select(walked.c.asset_id).where(*_exact(query, self._words, walked.c)).limit(limit)


def _exact(query: AssetQuery, words: Sequence[str], columns: Columns) -> Conditions:
    """As `matches`. SQLite's `instr` compares bytes, several times as fast as its LIKE, which folds the case."""
    return [*matches(query, (), columns), *[func.instr(columns.search_text, word) > 0 for word in words]]


def _stretch(query: AssetQuery) -> AssetQuery:
    """What confines a walk to one stretch of the index of its order: one state, one value or the days it is ordered by.
    Otherwise it could begin with a hundred thousand rows of another state."""
    sort = query.sort
    return AssetQuery(
        states=_alone(query.states),
        types=_alone(query.types) if sort is SortKey.ASSET_TYPE else frozenset(),
        legal_statuses=_alone(query.legal_statuses) if sort is SortKey.LEGAL_STATUS else frozenset(),
        created=query.created if sort is SortKey.CREATED else DaySpan(),
        creation=query.creation if sort is SortKey.CREATION_DATE else DaySpan(),
    )


def _alone(chosen: frozenset[Any]) -> frozenset[Any]:
    return chosen if len(chosen) == 1 else frozenset()


def _in_days(query: AssetQuery, columns: Columns) -> Conditions:
    conditions: Conditions = []
    if query.created.first:
        conditions.append(columns.created_at >= _begin(query.created.first))
    if query.created.last:
        conditions.append(columns.created_at < _end(query.created.last))
    if query.creation.first:
        conditions.append(columns.creation_date >= query.creation.first)
    if query.creation.last:
        conditions.append(columns.creation_date <= query.creation.last)
    return conditions


def _begin(day: date) -> datetime:
    """When a day begins at the place where the program runs; where the clock of the system does not reach, in UTC."""
    try:
        return datetime.combine(day, time.min).astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.combine(day, time.min, UTC)


def _end(day: date) -> datetime:
    """When a day is over."""
    return datetime.max.replace(tzinfo=UTC) if day == date.max else _begin(day + timedelta(days=1))
