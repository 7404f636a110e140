"""The register's lists: one page at a time behind an anchor, every order straight from an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal, select, true, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    AttachmentTable,
    EnterpriseTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
)
from ipnft_desktop.domain.assets import (
    AssetPage,
    AssetQuery,
    AssetRow,
    PageAnchor,
    SortKey,
    has_hidden_characters,
)
from ipnft_desktop.domain.minting import AssetState

SEARCH_MAX_CHARS = 500
"""No searched field is longer, so a longer text matches nothing."""

_SORTED_BY: Mapping[SortKey, InstrumentedAttribute[Any]] = MappingProxyType(
    {
        SortKey.NAME: AssetTable.name_key,
        SortKey.ASSET_TYPE: AssetTable.asset_type,
        SortKey.ENTERPRISE: AssetTable.enterprise_key,
        SortKey.STATE: AssetTable.state,
        SortKey.CREATED: AssetTable.created_at,
    }
)

# Columns in the order of AssetRow's fields. Outer joins only: they keep the assets outermost, where the index gives
# the order.
_ROWS = (
    select(
        AssetTable.asset_id,
        AssetTable.name,
        AssetTable.asset_type,
        EnterpriseTable.name.label("enterprise_name"),
        AssetTable.application_number,
        AssetTable.state,
        MintJobTable.stage,
        func.coalesce(MintJobTable.confirmations, 0).label("confirmations"),
        func.coalesce(MintJobTable.required_confirmations, 0).label("required_confirmations"),
        TokenTable.token_id,
        AssetTable.revenue_share_bp,
        AttachmentTable.cid.label("image_cid"),
        AssetTable.created_at,
    )
    .select_from(AssetTable)
    .outerjoin(EnterpriseTable, EnterpriseTable.enterprise_id == AssetTable.enterprise_id)
    .outerjoin(
        AttachmentTable, and_(AttachmentTable.asset_id == AssetTable.asset_id, AttachmentTable.is_image == true())
    )
    .outerjoin(
        MintIntentTable, and_(MintIntentTable.asset_id == AssetTable.asset_id, MintIntentTable.is_current == true())
    )
    .outerjoin(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .outerjoin(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
)
_ONE_ROW = _ROWS.where(AssetTable.asset_id == bindparam("of_asset"))
_SOME_ROWS = _ROWS.where(AssetTable.asset_id.in_(bindparam("of_assets", expanding=True)))


class AssetLists(Records):
    """The part of a transaction that lists assets."""

    def asset_row(self, asset_id: UUID) -> AssetRow | None:
        found = self._connection.execute(_ONE_ROW, {"of_asset": asset_id}).all()
        return _row(found[0]) if found else None

    def asset_rows(self, asset_ids: Sequence[UUID]) -> tuple[AssetRow, ...]:
        return tuple(_row(row) for row in self._connection.execute(_SOME_ROWS, {"of_assets": list(asset_ids)}))

    def asset_page(self, query: AssetQuery, after: PageAnchor | None, limit: int) -> AssetPage:
        """At most `limit` rows (>= 1) behind `after`."""
        found = self._connection.execute(page_statement(query, after, limit + 1)).all()
        rows = tuple([_row(row[:-1]) for row in found[:limit]])
        if len(found) <= limit:
            return AssetPage(rows, None)
        return AssetPage(rows, PageAnchor(_anchor_text(found[limit - 1].sorted_by), rows[-1].asset_id))

    def count_assets(self, query: AssetQuery) -> int:
        statement = select(func.count()).select_from(AssetTable).where(*_matches_text(query.text))
        if query.states:
            statement = statement.where(AssetTable.state.in_(query.states))
        return self._value(statement)


def page_statement(query: AssetQuery, after: PageAnchor | None, limit: int) -> Select[Any]:
    """The statement behind a page.

    Several states are listed one by one, each from its index, and merged: one index scan over all of them would
    have to sort, or to step over every row in between.
    """
    states = () if query.states == frozenset(AssetState) else tuple(sorted(query.states))
    sorted_by = _SORTED_BY[query.sort]
    rows = _ROWS.add_columns(sorted_by.label("sorted_by"))
    if len(states) > 1:
        branches = [_ordered(_ids(query, after, (state,)), query).limit(limit).subquery() for state in states]
        ids = union_all(*[select(branch.c.asset_id) for branch in branches]).subquery()
        rows = rows.where(AssetTable.asset_id.in_(select(ids.c.asset_id)))
    else:
        rows = rows.where(*_matches(query, after, states))
    return _ordered(rows, query).limit(limit)


def _ids(query: AssetQuery, after: PageAnchor | None, states: Sequence[AssetState]) -> Select[Any]:
    return select(AssetTable.asset_id).where(*_matches(query, after, states))


def _ordered(statement: Select[Any], query: AssetQuery) -> Select[Any]:
    columns = (_SORTED_BY[query.sort], AssetTable.asset_id)
    return statement.order_by(*[column.desc() if query.descending else column.asc() for column in columns])


def _matches(query: AssetQuery, after: PageAnchor | None, states: Sequence[AssetState]) -> list[ColumnElement[bool]]:
    """Conditions of a page over all states, or over the single one given."""
    conditions = _matches_text(query.text)
    conditions += [AssetTable.state == state for state in states]
    if after is not None:
        conditions.append(_behind(query, after, states))
    return conditions


def _behind(query: AssetQuery, after: PageAnchor, states: Sequence[AssetState]) -> ColumnElement[bool]:
    if query.sort is SortKey.STATE and states:
        return _behind_within_state(query, after, states[0])
    sorted_by = _SORTED_BY[query.sort]
    value = datetime.fromisoformat(after.value) if query.sort is SortKey.CREATED else after.value
    here = tuple_(sorted_by, AssetTable.asset_id)
    there = tuple_(literal(value, sorted_by.type), literal(after.asset_id, AssetTable.asset_id.type))
    return here < there if query.descending else here > there


def _behind_within_state(query: AssetQuery, after: PageAnchor, state: AssetState) -> ColumnElement[bool]:
    """Rows of one state sort alike, so the id alone decides, or the whole state lies on one side of the anchor."""
    if state.value == after.value:
        return AssetTable.asset_id < after.asset_id if query.descending else AssetTable.asset_id > after.asset_id
    return true() if (state.value < after.value) == query.descending else false()


def _matches_text(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    if len(text) > SEARCH_MAX_CHARS or has_hidden_characters(text):
        return [false()]
    return [AssetTable.search_text.contains(text.casefold(), autoescape=True)]


def _anchor_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _row(columns: Sequence[Any]) -> AssetRow:
    """By position, not by name: a list reads hundreds of rows at once."""
    return AssetRow(*columns)
