"""Ways to the matches of a search or a filter, for SQLite, which keeps no statistics to choose one by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from ipnft_desktop.adapters.database.search_index import Candidates, candidates
from ipnft_desktop.adapters.database.tables import AssetTable, table
from ipnft_desktop.domain.assets import AssetQuery, AssetType, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import LISTED_MAX

Columns = ReadOnlyColumnCollection[str, Any]
Conditions = list[ColumnElement[bool]]

SORTED_MAX = 10_000
"""Matches that are all gathered and sorted for each page."""
WALKED_MAX = 20_000
"""Rows looked at in the order wanted before the matches are gathered and sorted instead."""

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
        self._conditions = _exact(query, words, _ASSETS.c)
        self._ways = _filter_ways(query)

    def pages(self, behind: ColumnElement[bool], limit: int) -> Iterator[Select[Any]]:
        """Ids of the first `limit` matches for which `behind` holds; take the next one if it finds fewer."""
        found = candidates(self._connection, self._words) if self._words else None
        few = self._few(found)
        if few is None:
            yield self._walk(behind).limit(limit)
            few = self._all(found)
        yield few.where(behind).order_by(*in_order(self._query, _ASSETS.c)).limit(limit)

    def count(self) -> int:
        """How many there are, at most `LISTED_MAX` + 1."""
        found = candidates(self._connection, self._words, thoroughly=True) if self._words else None
        if found is None and len(self._ways) == 1:
            return self._number(self._ways[0].counted())
        if found is not None and found.is_exact and not self._ways:
            return self._number(in_index(found))
        few = self._few(found)
        return self._number(self._all(found) if few is None else few)

    def _few(self, found: Candidates | None) -> Select[Any] | None:
        """All matches by the first way that leads to few enough to be sorted."""
        if found is not None and found.count is not None and found.count <= SORTED_MAX:
            return self._by_text(found)
        for way in self._ways:
            if self._number(way.counted(), SORTED_MAX) <= SORTED_MAX:
                return way.ids().where(*self._conditions)
        return None

    def _all(self, found: Candidates | None) -> Select[Any]:
        if found is not None and found.expression is None and not self._ways:
            found = candidates(self._connection, self._words, thoroughly=True)
        if found is not None and found.expression is not None:
            return self._by_text(found)
        ids = self._ways[0].ids() if self._ways else select(_ASSETS.c.asset_id)
        return ids.where(*self._conditions)

    def _by_text(self, found: Candidates) -> Select[Any]:
        joined = _INDEX.join(_ASSETS, _ASSETS.c.search_id == _INDEX.c.rowid)
        return in_index(found, _ASSETS.c.asset_id).select_from(joined).where(*self._conditions)

    def _walk(self, behind: ColumnElement[bool]) -> Select[Any]:
        """In the order of the inner list: SQLite would sort all of it for an ORDER BY of the outer one."""
        query = self._query
        names = dict.fromkeys((*_FILTERED, SORTED_BY[query.sort], *(("search_text",) if self._words else ())))
        seen = select(*[_ASSETS.c[name] for name in names]).where(behind).order_by(*in_order(query, _ASSETS.c))
        walked = seen.limit(WALKED_MAX).subquery()
        return select(walked.c.asset_id).where(*_exact(query, self._words, walked.c))

    def _number(self, found: Select[Any], most: int | None = None) -> int:
        limited = found.limit((LISTED_MAX if most is None else most) + 1).subquery()
        return self._connection.execute(select(func.count()).select_from(limited)).scalar_one()


def in_index(found: Candidates, *columns: ColumnElement[Any]) -> Select[Any]:
    """What the full-text index alone knows of the candidates."""
    return select(*(columns or (_INDEX.c.rowid,))).where(sql("asset_index").match(found.expression))


@dataclass(frozen=True, slots=True)
class _Way:
    """An index and the conditions it answers by itself."""

    index: str
    conditions: Conditions

    def ids(self) -> Select[Any]:
        """The assets found by this index."""
        return self._found(_ASSETS.c.asset_id)

    def counted(self) -> Select[Any]:
        """A line for each of them, from the index alone."""
        return self._found(literal(1).label("one"))

    def _found(self, column: ColumnElement[Any]) -> Select[Any]:
        chosen = select(column).select_from(_ASSETS).where(*self.conditions)
        return chosen.with_hint(_ASSETS, f"INDEXED BY {self.index}", "sqlite")


def _filter_ways(query: AssetQuery) -> list[_Way]:
    """Every way that the filters open, the most selective as a rule first."""
    ways: list[_Way] = []
    for name, span in (("created_at", query.created), ("creation_date", query.creation)):
        if span:
            only = [condition for key, condition in _days(query, _ASSETS.c) if key == name]
            ways.append(_Way(f"ix_assets_{name}_asset_id", only))
    if query.types or query.legal_statuses or query.states or query.enterprise_ids:
        # All three of the short sets are named, so that the index is entered at each combination and skips the rest.
        conditions: Conditions = [
            _ASSETS.c.asset_type.in_(_members(query.types, AssetType)),
            _ASSETS.c.legal_status.in_(_members(query.legal_statuses, LegalStatus)),
            _ASSETS.c.state.in_(_members(query.states, AssetState)),
        ]
        if query.enterprise_ids:
            conditions.append(_ASSETS.c.enterprise_id.in_(query.enterprise_ids))
        ways.insert(0, _Way(FILTER_INDEX, [*conditions, *_in_days(query, _ASSETS.c)]))
    return ways


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
