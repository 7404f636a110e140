"""Searches that a person gave a name, and the form in which they are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, cast
from uuid import UUID

from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState

FILTER_NAME_MAX_CHARS = 100

T = TypeVar("T", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A search under a name."""

    filter_id: UUID
    name: str
    query: AssetQuery


def write_query(query: AssetQuery) -> dict[str, Any]:
    """A search as JSON; `read_query` gives it back."""
    return {
        "text": query.text,
        "states": sorted(query.states),
        "types": sorted(query.types),
        "legal_statuses": sorted(query.legal_statuses),
        "enterprise_ids": sorted(str(enterprise_id) for enterprise_id in query.enterprise_ids),
        "created": _write_days(query.created),
        "creation": _write_days(query.creation),
        "sort": query.sort,
        "descending": query.descending,
    }


def read_query(kept: Mapping[str, Any]) -> AssetQuery:
    """A kept search. What this version does not know, written by a newer one, narrows nothing."""
    plain = AssetQuery()
    sort = _known(SortKey, [kept.get("sort", plain.sort)])
    return AssetQuery(
        text=str(kept.get("text", "")),
        states=_known(AssetState, kept.get("states")),
        types=_known(AssetType, kept.get("types")),
        legal_statuses=_known(LegalStatus, kept.get("legal_statuses")),
        enterprise_ids=frozenset(_each(UUID, kept.get("enterprise_ids"))),
        created=_read_days(kept.get("created")),
        creation=_read_days(kept.get("creation")),
        sort=next(iter(sort), plain.sort),
        descending=bool(kept.get("descending", plain.descending)),
    )


def _write_days(days: DaySpan) -> list[str | None]:
    return [day.isoformat() if day else None for day in (days.first, days.last)]


def _read_days(kept: object) -> DaySpan:
    ends = [*cast("list[object]", kept if isinstance(kept, list) else []), None, None][:2]
    first, last = (next(iter(_each(date.fromisoformat, [end])), None) for end in ends)
    return DaySpan(first, last)


def _known(words: type[T], kept: object) -> frozenset[T]:
    return frozenset(_each(words, kept))


def _each(read: Callable[[str], Any], kept: object) -> list[Any]:
    """What can be read of a kept list."""
    found: list[Any] = []
    for text in cast("list[object]", kept if isinstance(kept, list) else []):
        try:
            found.append(read(str(text)))
        except ValueError:
            continue
    return found
