"""What the parts of a transaction share. Statements are built once and get their values as parameters: building one
costs more than running it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Executable, Insert, RowMapping, insert, select, true

from ipnft_desktop.adapters.database.tables import Base, ChainInstanceTable, table

Values = Mapping[str, Any]

ACTIVE_CHAIN = ChainInstanceTable.is_active == true()
ACTIVE_CHAIN_INSTANCE = select(ChainInstanceTable.chain_instance_id).where(ACTIVE_CHAIN)


class Records:
    """Statements run in the caller's transaction, for the program `worker`: None where no other may work on the
    same register."""

    def __init__(self, connection: Connection, worker: UUID | None = None) -> None:
        self._connection = connection
        self._worker = worker

    def _first(self, statement: Executable, values: Values | None = None) -> RowMapping | None:
        row = self._connection.execute(statement, values).first()
        # Public as documented; the underscore only keeps names of columns free.
        return None if row is None else row._mapping  # pyright: ignore[reportPrivateUsage]

    def _all(self, statement: Executable, values: Values | None = None) -> Sequence[RowMapping]:
        return self._connection.execute(statement, values).mappings().all()

    def _value(self, statement: Executable, values: Values | None = None) -> Any:
        return self._connection.execute(statement, values).scalar()

    def _change(self, statement: Executable, values: Values | None = None) -> int:
        """Run an UPDATE or DELETE; returns how many rows it touched."""
        return self._connection.execute(statement, values).rowcount

    def _change_each(self, statement: Executable, values: Sequence[Values]) -> int:
        """Run it once with each of the values, of which there must be some; returns how many rows it touched in all.
        It must return no rows."""
        return self._connection.execute(statement, values[0] if len(values) == 1 else values).rowcount

    def _insert(self, model: type[Base], *rows: Values) -> None:
        """Insert the rows, of which there may be none."""
        if rows:
            self._connection.execute(_insert_into(model), rows[0] if len(rows) == 1 else rows)

    def _active_chain_instance(self) -> int | None:
        return self._value(ACTIVE_CHAIN_INSTANCE)


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(table(model))
