"""A table that SQLite reads by a certain index: SQLAlchemy passes it no hints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, TableClause, column
from sqlalchemy.ext.compiler import compiles


class IndexedTable(TableClause):
    """The table of a statement, `INDEXED BY` the index (https://sqlite.org/lang_indexedby.html)."""

    inherit_cache = False

    def __init__(self, of: Table[Any], index: str) -> None:
        super().__init__(of.name, *[column(one.name, one.type) for one in of.c])
        self.index = index


@compiles(IndexedTable, "sqlite")
def _write(element: IndexedTable, compiler: Any, **options: Any) -> str:
    name = compiler.visit_table(element, **options)
    return f"{name} INDEXED BY {element.index}" if options.get("asfrom") else name
