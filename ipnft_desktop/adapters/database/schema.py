"""What all tables share: their registry, names of constraints, and lengths."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, LargeBinary, MetaData, Table, Uuid, text
from sqlalchemy.orm import DeclarativeBase

from ipnft_desktop.adapters.database.column_types import UtcDateTime

ADDRESS_CHARS = 42
HASH_CHARS = 66
CID_MAX_CHARS = 100
URI_MAX_CHARS = 300
KEY_MAX_CHARS = 400
"""A name of 200 characters may grow when its case is folded."""


class Base(DeclarativeBase):
    """Registry of the tables; constraints get names, because a constraint without one cannot be migrated."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {UUID: Uuid, datetime: UtcDateTime, date: Date, bytes: LargeBinary}  # noqa: RUF012


def table(model: type[Base]) -> Table[Any]:
    """The table of a model, for the statements of SQLAlchemy Core."""
    return Base.metadata.tables[model.__tablename__]


def unique_where(flag: str, name: str, *columns: str) -> Index:
    """A partial unique index: at most one row with these values has the flag set."""
    return Index(name, *columns, unique=True, sqlite_where=text(f"{flag} = 1"), postgresql_where=text(flag))


def index_where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """An index of the rows that meet the condition, which both databases must read alike."""
    return Index(name, *columns, unique=unique, sqlite_where=text(condition), postgresql_where=text(condition))
