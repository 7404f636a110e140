"""Decoded values as rows of name and value: addresses by label, assets by name, in full at a click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.chain_events import NOBODY
from ipnft_desktop.domain.inspection.decoding import DecodedValue, ValueKind
from ipnft_desktop.ui.widgets.chain_words import Names, value_text
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import shorten

MOST_ROWS = 200
"""A list of more items says how many more there are."""
_LONG_CHARS = 20


def value_facts(values: Sequence[DecodedValue], names: Names) -> tuple[Fact, ...]:
    """One row a value; the items of a list each have one, under its name and their number."""
    rows = list(_rows(values, names, ""))
    if len(rows) > MOST_ROWS:
        rest = number_text(len(rows) - MOST_ROWS)
        more = QCoreApplication.translate("ValueFacts", "{0} more").format(rest)
        return (*rows[:MOST_ROWS], Fact("…", more))
    return tuple(rows)


def _rows(values: Sequence[DecodedValue], names: Names, before: str) -> Iterator[Fact]:
    for at, value in enumerate(values):
        name = value.name if value.name and not before.endswith("[]") else str(at)
        if not value.name and not before and len(values) == 1:
            name = value.solidity_type
        key = f"{before.removesuffix('[]')}{'.' if before else ''}{name}"
        if value.kind is ValueKind.LIST and value.count:
            yield from _rows(value.items, names, f"{key}[]")
            if value.count > len(value.items):
                rest = number_text(value.count - len(value.items))
                yield Fact(key, QCoreApplication.translate("ValueFacts", "{0} more").format(rest))
        else:
            yield _row(key, value, names)


def _row(key: str, value: DecodedValue, names: Names) -> Fact:
    shown = value_text(value, names)
    if value.kind is ValueKind.ADDRESS:
        lead = shown if value.text == NOBODY else names.label_of(value.text) or ""
        return Fact(key, shorten(value.text), copy=value.text, lead=lead)
    if value.kind is ValueKind.ASSET and value.asset_id is not None:
        return Fact(key, shorten(value.text), copy=value.text, lead=names.assets.get(value.asset_id, ""))
    if value.kind is ValueKind.DIRECTORY:
        return Fact(key, shown, copy=value.text)
    if len(value.text) > _LONG_CHARS:
        return Fact(key, shown, copy=value.text)
    return Fact(key, shown, note="" if key == value.solidity_type else value.solidity_type)
