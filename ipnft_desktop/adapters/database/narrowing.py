"""Ways to the matches of a search or a filter, for SQLite, which keeps no statistics to choose one by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal, select
from sqlalchemy import literal_column as sql
from sqlalchemy import table as plain_table
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ipnft_desktop.adapters.database.asset_tables import FILTER_INDEX
from ipnft_desktop.adapters.database.indexed_table import IndexedTable
from ipnft_desktop.adapters.database.search_index import Candidates, candidates
from ipnft_desktop.adapters.database.tables import AssetTable, table
from ipnft_desktop.domain.assets import AssetQuery, AssetType, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import LISTED_MAX

Columns = ReadOnlyColumnCollection[str, Any]
Conditions = list[ColumnElement[bool]]
Behind = Callable[[Columns], ColumnElement[bool]]
"""What holds of the rows behind the anchor of a page, said of these columns."""

SORTED_MAX = (10_000, 60_000)
"""Matches that are all gathered and sorted for a page: at once, and after a short walk found too few."""
WALKED_MAX = (20_000, 120_000)
"""Rows looked at in the order wanted: on a short walk, and on a long one where very much matches each condition."""

SORTED_BY: Mapping[SortKey, str] = MappingProxyType(
    {
        SortKey.NAME: "name_key",
        SortKey.ASSET_TYPE: "asset_type",
        SortKey.ENTERPRISE: "enterprise_key",
        SortKey.STATE: "state",
        SortKey.CREATED: "created_at",
        SortKey.APPLICATION_NUMBER: "application_key",
        SortKey.LEGAL_STATUS: "legal_status",
        SortKey.CREATOR: "creator_key",
        SortKey.CREATION_DATE: "creation_date",
        SortKey.UPDATED: "updated_at",
        SortKey.TOKEN: "asset_id",
    }
)
"""The column behind each order; the id decides between equals."""

_FILTERED = ("asset_id", "state", "asset_type", "legal_status", "enterprise_id", "creation_date", "created_at")
_ASSETS = table(AssetTable)
_INDEX = plain_table("asset_index", column("rowid"), column("search_text"))


def in_order(query: AssetQuery, columns: Columns) -> list[ColumnElement[Any]]:
    """What a list is ordered by."""
    keys = dict.fromkeys((SORTED_BY[query.sort], "asset_id"))
    return [columns[key].desc() if query.descending else columns[key].asc() for key in keys]


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


class Narrowing:
    """A query that leaves something out."""

    def __init__(self, connection: Connection, query: AssetQuery, words: Sequence[str]) -> None:
        self._connection = connection
        self._query = query
        self._words = words
        self._ways = _filter_ways(query)

    def pages(self, behind: Behind, limit: int) -> Iterator[Select[Any]]:
        """Ids of the first `limit` matches for which `behind` holds; take the next one if it finds fewer."""
        found = candidates(self._connection, self._words) if self._words else None
        few = self._few(found, SORTED_MAX[0])
        if few is None:
            yield self._walk(behind(_ASSETS.c), WALKED_MAX[0]).limit(limit)
            few = self._few(found, SORTED_MAX[1])
        if few is None:
            yield self._walk(behind(_ASSETS.c), WALKED_MAX[1]).limit(limit)
            few = self._all(found)
        of_page = few.ids.where(behind(few.columns)).order_by(*in_order(self._query, few.columns))
        yield of_page.limit(limit)

    def count(self) -> int:
        """How many there are, at most `LISTED_MAX` + 1."""
        found = candidates(self._connection, self._words, thoroughly=True) if self._words else None
        if found is None and len(self._ways) == 1:
            return self._number(self._ways[0].counted())
        if found is not None and found.is_exact and not self._ways:
            return self._number(_in_index(found, _INDEX.c.rowid))
        return self._number((self._few(found, SORTED_MAX[0]) or self._all(found)).ids)

    def _few(self, found: Candidates | None, most: int) -> _Gathered | None:
        """All matches by the first way that leads to at most so many; to count them the indexes are enough."""
        is_indexed = found is not None and found.expression is not None
        if found is not None and is_indexed and self._number(_in_index(found, _INDEX.c.rowid), most) <= most:
            return self._by_text(found)
        for way in self._ways:
            if self._number(way.counted(), most) <= most:
                return self._by_filter(way)
        return None

    def _all(self, found: Candidates | None) -> _Gathered:
        if found is not None and found.expression is None and not self._ways:
            found = candidates(self._connection, self._words, thoroughly=True)
        if found is not None and found.expression is not None:
            return self._by_text(found)
        if self._ways:
            return self._by_filter(self._ways[0])
        return _Gathered(_ASSETS.c, select(_ASSETS.c.asset_id).where(*_exact(self._query, self._words, _ASSETS.c)))

    def _by_text(self, found: Candidates) -> _Gathered:
        # By the number alone: SQLite would go through all assets of a state and ask the full-text index for each.
        assets = IndexedTable(_ASSETS, "uq_assets_search_id").c
        numbered = _in_index(found, assets.asset_id).where(assets.search_id == _INDEX.c.rowid)
        return _Gathered(assets, numbered.where(*_exact(self._query, self._words, assets)))

    def _by_filter(self, way: _Way) -> _Gathered:
        return _Gathered(way.columns, way.ids().where(*_exact(self._query, self._words, way.columns)))

    def _walk(self, behind: ColumnElement[bool], most: int) -> Select[Any]:
        """In the order of the inner list: SQLite would sort all of it for an ORDER BY of the outer one."""
        query = self._query
        names = dict.fromkeys((*_FILTERED, SORTED_BY[query.sort], *(("search_text",) if self._words else ())))
        seen = select(*[_ASSETS.c[name] for name in names]).where(behind, *_stretch(query))
        walked = seen.order_by(*in_order(query, _ASSETS.c)).limit(most).subquery()
        return select(walked.c.asset_id).where(*_exact(query, self._words, walked.c))

    def _number(self, found: Select[Any], most: int | None = None) -> int:
        limited = found.limit((LISTED_MAX if most is None else most) + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(limited)).scalar_one()


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Ids of all matches in no order, and the columns they are found by."""

    columns: Columns
    ids: Select[Any]


@dataclass(frozen=True, slots=True)
class _Way:
    """The columns of an index and the conditions it answers by itself."""

    columns: Columns
    conditions: Conditions

    def ids(self) -> Select[Any]:
        """The assets found by this index."""
        return select(self.columns.asset_id).where(*self.conditions)

    def counted(self) -> Select[Any]:
        """A line for each of them, from the index alone."""
        return select(literal(1).label("one")).where(*self.conditions)


def _filter_ways(query: AssetQuery) -> list[_Way]:
    """Every way that the filters open, the most selective as a rule first."""
    ways: list[_Way] = []
    if query.types or query.legal_statuses or query.states or query.enterprise_ids:
        assets = IndexedTable(_ASSETS, FILTER_INDEX).c
        # All three of the short sets are named, so that the index is entered at each combination and skips the rest.
        conditions: Conditions = [
            assets.asset_type.in_(_members(query.types, AssetType)),
            assets.legal_status.in_(_members(query.legal_statuses, LegalStatus)),
            assets.state.in_(_members(query.states, AssetState)),
        ]
        if query.enterprise_ids:
            conditions.append(assets.enterprise_id.in_(query.enterprise_ids))
        ways.append(_Way(assets, [*conditions, *_in_days(query, assets)]))
    for name, span in (("created_at", query.created), ("creation_date", query.creation)):
        if span:
            assets = IndexedTable(_ASSETS, f"ix_assets_{name}_asset_id").c
            ways.append(_Way(assets, [condition for key, condition in _days(query, assets) if key == name]))
    return ways


def _in_index(found: Candidates, column: ColumnElement[Any]) -> Select[Any]:
    """One line for each candidate; what is not of the full-text index is joined to it by the caller."""
    return select(column).select_from(_INDEX).where(sql("asset_index").match(found.expression))


def _stretch(query: AssetQuery) -> Conditions:
    """What confines a walk to one stretch of the index of its order: one state, one value or the days it is ordered by.
    Otherwise it could begin with a hundred thousand rows of another state."""
    conditions: Conditions = []
    of_one: dict[str, frozenset[Any]] = {"state": query.states}
    if query.sort is SortKey.ASSET_TYPE:
        of_one["asset_type"] = query.types
    elif query.sort is SortKey.LEGAL_STATUS:
        of_one["legal_status"] = query.legal_statuses
    for name, chosen in of_one.items():
        if len(chosen) == 1:
            conditions += [_ASSETS.c[name] == value for value in chosen]
    return [*conditions, *[condition for key, condition in _days(query, _ASSETS.c) if key == SORTED_BY[query.sort]]]


def _members(chosen: frozenset[Any], everything: type[StrEnum]) -> list[Any]:
    return sorted(chosen) if chosen else list(everything)


def _exact(query: AssetQuery, words: Sequence[str], columns: Columns) -> Conditions:
    """As `matches`, but SQLite's `instr` compares bytes: several times as fast as its LIKE, which folds the case."""
    plain = matches(query, (), columns)
    return [*plain, *[func.instr(columns.search_text, word) > 0 for word in words]]


def _in_days(query: AssetQuery, columns: Columns) -> Conditions:
    return [condition for _, condition in _days(query, columns)]


def _days(query: AssetQuery, columns: Columns) -> Iterator[tuple[str, ColumnElement[bool]]]:
    if query.created.first:
        yield "created_at", columns.created_at >= _begin(query.created.first)
    if query.created.last:
        yield "created_at", columns.created_at < _end(query.created.last)
    if query.creation.first:
        yield "creation_date", columns.creation_date >= query.creation.first
    if query.creation.last:
        yield "creation_date", columns.creation_date <= query.creation.last


def _begin(day: date) -> datetime:
    """When a day begins at the place where the program runs; where the clock of the system does not reach, in UTC."""
    try:
        return datetime.combine(day, time.min).astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.combine(day, time.min, UTC)


def _end(day: date) -> datetime:
    """When a day is over."""
    return datetime.max.replace(tzinfo=UTC) if day == date.max else _begin(day + timedelta(days=1))
