"""Sentences for people, kept as template and values so that the window can translate them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English template with named places, and what stands in them. The template is the translation key.

    A whole number is written as the language does, a phrase within the phrase is translated too.
    """

    template: str
    values: Mapping[str, str | int | Phrase] = field(default_factory=dict[str, "str | int | Phrase"])

    def __str__(self) -> str:
        return self.template.format(**self.values)


def phrase(template: str, **values: object) -> Phrase:
    """Write a phrase in one line: `phrase("{count} assets", count=24)`. The words of an enumeration are translated."""
    return Phrase(template, {name: _kept(value) for name, value in values.items()})


def _kept(value: object) -> str | int | Phrase:
    if isinstance(value, StrEnum):
        return Phrase(value.value)
    return value if isinstance(value, int | Phrase) else str(value)
