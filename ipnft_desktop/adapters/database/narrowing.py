"""Ways to the matches of a search or a filter, for SQLite, which keeps no statistics to choose one by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, select
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
        self._candidates = candidates(connection, words) if words else Candidates(None, are_few=False)

    def pages(self, behind: ColumnElement[bool], limit: int) -> Iterator[Select[Any]]:
        """Ids of the first `limit` matches for which `behind` holds; take the next one if it finds fewer."""
        few = self._few()
        if few is None:
            yield self._walk(behind).limit(limit)
            few = self._all()
        yield few.where(behind).order_by(*in_order(self._query, _ASSETS.c)).limit(limit)

    def ids(self) -> Select[Any]:
        """Ids of all matches, in no order."""
        few = self._few()
        return self._all() if few is None else few

    def _few(self) -> Select[Any] | None:
        """All matches by the first way that leads to few enough to be sorted."""
        if self._candidates.are_few:
            return self._by_text(self._candidates)
        for way in _filter_ways(self._query):
            # Counted in the index alone.
            counted = way.ids().limit(LISTED_MAX + 1).subquery()
            if self._connection.execute(select(func.count()).select_from(counted)).scalar_one() <= LISTED_MAX:
                return way.ids().where(*self._conditions)
        return None

    def _all(self) -> Select[Any]:
        found = self._candidates
        if found.expression is None:
            ways = _filter_ways(self._query)
            if ways:
                return ways[0].ids().where(*self._conditions)
            found = candidates(self._connection, self._words, thoroughly=True)
        return self._by_text(found)

    def _by_text(self, found: Candidates) -> Select[Any]:
        return (
            select(_ASSETS.c.asset_id)
            .select_from(_INDEX.join(_ASSETS, _ASSETS.c.search_id == _INDEX.c.rowid))
            .where(sql("asset_index").match(found.expression), *self._conditions)
        )

    def _walk(self, behind: ColumnElement[bool]) -> Select[Any]:
        query = self._query
        seen = select(_ASSETS).where(behind).order_by(*in_order(query, _ASSETS.c)).limit(WALKED_MAX).subquery()
        found = select(seen.c.asset_id).where(*_exact(query, self._words, seen.c))
        return found.order_by(*in_order(query, seen.c))


@dataclass(frozen=True, slots=True)
class _Way:
    """An index and the conditions it answers by itself."""

    index: str
    conditions: Conditions

    def ids(self) -> Select[Any]:
        """The assets found by this index."""
        chosen = select(_ASSETS.c.asset_id).where(*self.conditions)
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
