"""Column types that mean the same in SQLite and PostgreSQL, and hand out domain values."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)

UINT256_MAX_DIGITS = 78
WORD_MAX_CHARS = 40


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its time zone. SQLite knows no zones, so there the UTC wall time is stored: it sorts as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """On SQLite straight from its text: a page of a list holds hundreds of moments."""
        return _moment_of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Uint256(TypeDecorator[int]):
    """An unsigned integer of up to 256 bits (wei, token ids), kept as decimal digits: no SQL integer is that wide."""

    impl = String(UINT256_MAX_DIGITS)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not 0 <= value < 2**256:
            raise ValueError("outside the range of an unsigned 256-bit integer")
        return str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class BytewiseText(TypeDecorator[str]):
    """Text that sorts by code point everywhere, so that a page begins where the last one ended in any database."""

    impl = String
    cache_ok = True

    def __init__(self, max_chars: int) -> None:
        super().__init__(max_chars)
        self.max_chars = max_chars

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite compares bytewise by itself; PostgreSQL by the language of the server unless told otherwise.
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.max_chars, collation=collation))


class Word(TypeDecorator[E], Generic[E]):
    """A member of an enumeration, kept as its word; `one_of` gives the CHECK that belongs to it."""

    impl = BytewiseText(WORD_MAX_CHARS)
    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """By one look into a table: a page of a list holds hundreds of words."""
        return _Members(self.members).__getitem__


class _Members(dict[str | None, E | None], Generic[E]):
    """Members by their words; raises ValueError for a word that is none."""

    def __init__(self, members: type[E]) -> None:
        super().__init__({None: None, **{member.value: member for member in members}})
        self._enumeration = members

    def __missing__(self, word: str | None) -> E:
        return self._enumeration(word)


def _moment_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def one_of(column: str, members: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the enumeration's words, or nothing where it may be null."""
    words = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column} IN ({words})", name=column)
