"""The orders of the register's lists, and where a page of one begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ipnft_desktop.domain.assets import AssetQuery, PageAnchor, SortKey

Columns = ReadOnlyColumnCollection[str, Any]

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

_MOMENTS = frozenset({SortKey.CREATED, SortKey.UPDATED})


def in_order(query: AssetQuery, columns: Columns) -> list[ColumnElement[Any]]:
    """What a list is ordered by."""
    keys = dict.fromkeys((SORTED_BY[query.sort], "asset_id"))
    return [columns[key].desc() if query.descending else columns[key].asc() for key in keys]


def behind(query: AssetQuery, after: PageAnchor, columns: Columns) -> ColumnElement[bool]:
    """What holds of the rows that follow the anchor."""
    asset_id = columns.asset_id
    if query.sort is SortKey.TOKEN:
        return asset_id < after.asset_id if query.descending else asset_id > after.asset_id
    sorted_by = columns[SORTED_BY[query.sort]]
    value = literal(anchor_value(query.sort, after.value), sorted_by.type)
    here = tuple_(sorted_by, asset_id)
    there = tuple_(value, literal(after.asset_id, asset_id.type))
    return here < there if query.descending else here > there


def anchor_value(sort: SortKey, value: str) -> Any:
    """What a column held, from the text an anchor keeps of it."""
    if sort in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if sort is SortKey.CREATION_DATE else value


def anchor_text(value: Any) -> str:
    """The text an anchor keeps of what a column holds."""
    return value.isoformat() if isinstance(value, date) else str(value)
