"""Saved filters in a transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select

from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import SavedFilterTable, table
from ipnft_desktop.domain.saved_filters import SavedFilter, read_query, write_query


class FilterRecords(Records):
    """The part of a transaction that keeps people's searches."""

    def save_filter(self, owner_id: UUID, saved: SavedFilter) -> None:
        self._change(
            delete(SavedFilterTable).where(
                SavedFilterTable.owner_id == owner_id,
                or_(SavedFilterTable.name == saved.name, SavedFilterTable.filter_id == saved.filter_id),
            )
        )
        self._insert(
            SavedFilterTable,
            {
                "filter_id": saved.filter_id,
                "owner_id": owner_id,
                "name": saved.name,
                "query": write_query(saved.query),
            },
        )

    def delete_filter(self, owner_id: UUID, filter_id: UUID) -> None:
        self._change(
            delete(SavedFilterTable).where(
                SavedFilterTable.owner_id == owner_id, SavedFilterTable.filter_id == filter_id
            )
        )

    def saved_filters(self, owner_id: UUID) -> tuple[SavedFilter, ...]:
        rows = self._all(select(*table(SavedFilterTable).c).where(SavedFilterTable.owner_id == owner_id))
        found = (SavedFilter(row["filter_id"], row["name"], read_query(row["query"])) for row in rows)
        return tuple(sorted(found, key=lambda saved: saved.name.casefold()))
