"""Whom the events of the chain speak of, in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import ChainEventTable, ChainTokenTable, table
from ipnft_desktop.domain.chain_events import NOBODY

_CHAIN = ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_HELD = (
    select(ChainTokenTable.owner, func.count().label("held"))
    .where(ChainTokenTable.chain_instance_id == _CHAIN, among(ChainTokenTable.owner, "holders"))
    .group_by(ChainTokenTable.owner)
)


class AccountLists(Records):
    """The part of a transaction that lists addresses."""

    def event_contracts(self, limit: int) -> tuple[str, ...]:
        return self._distinct("address", limit)

    def event_parties(self, limit: int) -> tuple[str, ...]:
        found = {*self._distinct("sender", limit), *self._distinct("recipient", limit)} - {NOBODY}
        return tuple(sorted(found))

    def held_counts(self, addresses: Collection[str]) -> Mapping[str, int]:
        rows = self._all(_HELD, {"holders": addresses})
        return {row["owner"]: row["held"] for row in rows}

    def _distinct(self, column: str, limit: int) -> tuple[str, ...]:
        return tuple(row["address"] for row in self._all(_walk(column), {"limit": limit}))


@cache
def _walk(name: str) -> Select[Any]:
    """From one address to the next in the index: DISTINCT would read every event."""
    column = table(ChainEventTable).c[name]
    least = select(func.min(column)).where(ChainEventTable.chain_instance_id == _CHAIN, column.is_not(None))
    found = select(least.scalar_subquery().label("address")).cte("found", recursive=True)
    following = least.where(column > found.c.address).scalar_subquery()
    found = found.union_all(select(following).where(found.c.address.is_not(None)))
    return select(found.c.address).where(found.c.address.is_not(None)).limit(bindparam("limit"))
