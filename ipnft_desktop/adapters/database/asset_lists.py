"""The register's lists: one page at a time behind an anchor.

A list of everything, or of some states, comes straight from the index of its order. What is narrowed further is found
on PostgreSQL as its planner thinks best, on SQLite by `narrowing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    select,
    true,
    union_all,
)

from ipnft_desktop.adapters.database.asset_tables import FILTER_INDEX, SEARCH_INDEX
from ipnft_desktop.adapters.database.indexed_table import IndexedTable
from ipnft_desktop.adapters.database.list_order import SORTED_BY, anchor_text, behind, in_order
from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.narrowing import Narrowing, matches
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.register_sample import sample_of
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    AttachmentTable,
    EnterpriseTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    table,
)
from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetRow, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import LISTED_MAX, search_words

# Columns in the order of AssetRow's fields. Outer joins only: they keep the assets outermost, where the index gives
# the order.
_ROWS = (
    select(
        AssetTable.asset_id,
        AssetTable.name,
        AssetTable.asset_type,
        AssetTable.enterprise_id,
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
        AssetTable.legal_status,
        AssetTable.creator_name,
        AssetTable.creation_date,
        AssetTable.updated_at,
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
_ASSETS = table(AssetTable)
_ONE_ROW = _ROWS.where(AssetTable.asset_id == bindparam("of_asset"))
_SOME_ROWS = _ROWS.where(among(AssetTable.asset_id, "of_assets"))


class AssetLists(Records):
    """The part of a transaction that lists assets."""

    def asset_row(self, asset_id: UUID) -> AssetRow | None:
        found = self._connection.execute(_ONE_ROW, {"of_asset": asset_id}).all()
        return _row(found[0]) if found else None

    def asset_rows(self, asset_ids: Sequence[UUID]) -> tuple[AssetRow, ...]:
        return tuple(_row(row) for row in self._connection.execute(_SOME_ROWS, {"of_assets": list(asset_ids)}))

    def asset_page(self, query: AssetQuery, after: PageAnchor | None, limit: int) -> AssetPage:
        """At most `limit` rows (>= 1) behind `after`."""
        found = self._found(query, after, limit + 1)
        rows = tuple([_row(row[:-1]) for row in found[:limit]])
        if len(found) <= limit:
            return AssetPage(rows, None)
        return AssetPage(rows, PageAnchor(anchor_text(found[limit - 1].sorted_by), rows[-1].asset_id))

    def asset_ids(self, query: AssetQuery, limit: int) -> tuple[UUID, ...]:
        words = search_words(query.text)
        if words is None:
            return ()
        if not self._is_sqlite or not (words or query.is_filtered):
            ids = page_statement(query, None, limit).with_only_columns(AssetTable.asset_id)
            return tuple(self._connection.execute(ids).scalars())
        found: Sequence[UUID] = ()
        for narrowed in Narrowing(self._connection, query, words).pages(None, limit):
            found = self._connection.execute(narrowed).scalars().all()
            if len(found) == limit:
                break
        return tuple(found)

    def count_assets(self, query: AssetQuery) -> int:
        """How many there are; of a search or a filter never more than `LISTED_MAX` + 1."""
        words = search_words(query.text)
        if words is None:
            return 0
        if not words and not query.is_filtered:
            statement = select(func.count()).select_from(AssetTable)
            return self._value(statement.where(AssetTable.state.in_(query.states)) if query.states else statement)
        if self._is_sqlite:
            return self._value(Narrowing(self._connection, query, words).count())
        found = select(AssetTable.asset_id).where(*matches(query, words, _ASSETS.c)).limit(LISTED_MAX + 1)
        return self._value(select(func.count()).select_from(found.subquery()))

    def prepare_search(self) -> None:
        """Read what the first searches would wait for, from a disk that has not been asked for it yet."""
        if self._is_sqlite:
            sample_of(self._connection)
            for index in (SEARCH_INDEX, FILTER_INDEX):
                # Of a column in the middle, for which SQLite has to go through the whole index.
                self._value(select(func.max(IndexedTable(_ASSETS, index).c.creation_date)))

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def _found(self, query: AssetQuery, after: PageAnchor | None, limit: int) -> Sequence[Row[Any]]:
        words = search_words(query.text)
        if words is None:
            return ()
        if not self._is_sqlite or not (words or query.is_filtered):
            return self._connection.execute(page_statement(query, after, limit)).all()
        found: Sequence[Row[Any]] = ()
        for ids in Narrowing(self._connection, query, words).pages(after, limit):
            found = self._connection.execute(_rows_of(ids, query)).all()
            if len(found) == limit:
                break
        return found


def page_statement(query: AssetQuery, after: PageAnchor | None, limit: int) -> Select[Any]:
    """The statement behind a page, but for searches and filters on SQLite.

    Several states are listed one by one, each from its index, and merged: one index scan over all of them would
    have to sort, or to step over every row in between.
    """
    words = search_words(query.text) or ()
    states = () if query.states == frozenset(AssetState) else tuple(sorted(query.states))
    if len(states) <= 1 or words or query.is_filtered:
        behind = [] if after is None else [_behind(query, after, states)]
        rows = _ROWS.add_columns(_sorted_by(query).label("sorted_by")).where(*matches(query, words, _ASSETS.c), *behind)
        return rows.order_by(*in_order(query, _ASSETS.c)).limit(limit)
    branches = [_of_one_state(query, after, state).limit(limit).subquery() for state in states]
    ids = union_all(*[select(branch.c.asset_id) for branch in branches]).subquery()
    return _rows_of(select(ids.c.asset_id), query).limit(limit)


def _rows_of(ids: Select[Any], query: AssetQuery) -> Select[Any]:
    rows = _ROWS.add_columns(_sorted_by(query).label("sorted_by"))
    return rows.where(AssetTable.asset_id.in_(ids)).order_by(*in_order(query, _ASSETS.c))


def _of_one_state(query: AssetQuery, after: PageAnchor | None, state: AssetState) -> Select[Any]:
    behind = [] if after is None else [_behind(query, after, (state,))]
    ids = select(_ASSETS.c.asset_id).where(_ASSETS.c.state == state, *behind)
    return ids.order_by(*in_order(query, _ASSETS.c))


def _sorted_by(query: AssetQuery) -> ColumnElement[Any]:
    return _ASSETS.c[SORTED_BY[query.sort]]


def _behind(query: AssetQuery, after: PageAnchor, states: Sequence[AssetState]) -> ColumnElement[bool]:
    """`states` has one member where the rows are of one state."""
    if query.sort is SortKey.STATE and len(states) == 1:
        return _behind_within_state(query, after, states[0])
    return behind(query, after, _ASSETS.c)


def _behind_within_state(query: AssetQuery, after: PageAnchor, state: AssetState) -> ColumnElement[bool]:
    """Rows of one state sort alike, so the id alone decides, or the whole state lies on one side of the anchor."""
    if state.value == after.value:
        return AssetTable.asset_id < after.asset_id if query.descending else AssetTable.asset_id > after.asset_id
    return true() if (state.value < after.value) == query.descending else false()


def _row(columns: Sequence[Any]) -> AssetRow:
    """By position, not by name: a list reads hundreds of rows at once."""
    return AssetRow(*columns)
