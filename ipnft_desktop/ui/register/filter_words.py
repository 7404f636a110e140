"""What narrows the list, in words: one entry for each dimension, and the search without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import AssetQuery, DaySpan
from ipnft_desktop.ui.widgets.asset_words import legal_status_name, type_name
from ipnft_desktop.ui.widgets.measures import listed

_MAX_NAMES = 2


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One dimension that narrows a search."""

    words: str
    without: AssetQuery


def narrowings(query: AssetQuery, enterprises: Mapping[UUID, str]) -> list[Narrowing]:
    """What narrows the search beside its text and its states, which have controls of their own."""
    translate = QCoreApplication.translate
    unknown = translate("Filter", "unknown")
    owners = (enterprises.get(enterprise_id, unknown) for enterprise_id in query.enterprise_ids)
    found: list[Narrowing] = []
    if query.types:
        names = _some(map(type_name, query.types))
        found.append(Narrowing(translate("Filter", "Type: {0}").format(names), replace(query, types=frozenset())))
    if query.legal_statuses:
        names = _some(map(legal_status_name, query.legal_statuses))
        without = replace(query, legal_statuses=frozenset())
        found.append(Narrowing(translate("Filter", "Legal status: {0}").format(names), without))
    if query.enterprise_ids:
        without = replace(query, enterprise_ids=frozenset())
        found.append(Narrowing(translate("Filter", "Enterprise: {0}").format(_some(owners)), without))
    if query.created:
        days = _days(query.created)
        found.append(Narrowing(translate("Filter", "Registered: {0}").format(days), replace(query, created=DaySpan())))
    if query.creation:
        days = _days(query.creation)
        found.append(Narrowing(translate("Filter", "Made: {0}").format(days), replace(query, creation=DaySpan())))
    return found


def _some(names: Iterable[str]) -> str:
    known = sorted(names)
    if len(known) <= _MAX_NAMES:
        return listed(known)
    more = len(known) - _MAX_NAMES
    shown = listed(known[:_MAX_NAMES])
    return QCoreApplication.translate("Filter", "{0} and {1} more").format(shown, more)


def _days(span: DaySpan) -> str:
    translate = QCoreApplication.translate
    if span.first == span.last:
        return _day(span.first)
    if span.last is None:
        return translate("Filter", "from {0}").format(_day(span.first))
    if span.first is None:
        return translate("Filter", "until {0}").format(_day(span.last))
    return translate("Filter", "{0} to {1}").format(_day(span.first), _day(span.last))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
