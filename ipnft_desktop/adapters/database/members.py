"""Whether a column holds one of any number of values, which go to the database as one parameter.

`IN (?, ?, ...)` wants a parameter for each: SQLite takes 32,766 in a statement, PostgreSQL 65,535.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def among(column: Column, name: str) -> ColumnElement[bool]:
    """The column holds one of the values, a collection of any size, that the statement is run with under this name.
    Ids, texts and integers can be asked for."""
    return _Among(column, bindparam(name, type_=_Together(column.type)))


def among_these(column: Column, values: Collection[Any]) -> ColumnElement[bool]:
    """As `among`, with the values."""
    together: BindParameter[Any] = bindparam(None, values, type_=_Together(column.type))
    return _Among(column, together)


class _Together(TypeDecorator[Collection[Any]]):
    """Values as one parameter: a JSON array for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str | list[Any] | None:
        if value is None:
            return None
        return json.dumps(list(value), default=_kept) if dialect.name == "sqlite" else list(value)


class _Among(FunctionElement[bool]):
    """Not of the type Boolean, which is compared with 1 on SQLite; no index serves that."""

    inherit_cache = True


@compiles(_Among)
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  made of names and placeholders


def _kept(value: Any) -> str:
    """As SQLite keeps it."""
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(type(value).__name__)
