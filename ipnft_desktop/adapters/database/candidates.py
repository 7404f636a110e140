"""What the full-text index is asked for the words of a search: no more than makes the answer short.

The index walks through every asset that holds a trigram, so a frequent one costs time; and where all assets hold it, or
all that hold another one do, it leaves none of them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ipnft_desktop.adapters.database import search_index
from ipnft_desktop.adapters.database.register_sample import RegisterSample, Some
from ipnft_desktop.adapters.database.search_index import TRIGRAM

_TRIGRAMS_MAX = 32
_ENTRY_US, _SHORT_WORD_ENTRY_US = 0.06, 0.55
"""Microseconds for each asset that holds a trigram, measured. The trigrams of a short word are first looked for."""
_CANDIDATE_US = 4.0
"""To look at the text of one asset."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A trigram, or a word that is shorter."""

    text: str
    some: Some
    cost_us: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the index is asked for. What `is_exact` needs no comparison with the text."""

    parts: tuple[_Part, ...]
    some: Some
    """Those of the sample that the index answers with."""
    cost_us: float
    is_exact: bool

    def expression(self, connection: Connection) -> tuple[str | None, bool]:
        """For FTS5, and whether it is exact. A word that begins too many trigrams is left out, or None is left."""
        expressions = [_expression(connection, part.text) for part in self.parts]
        asked = [f"({one})" for one in expressions if one is not None]
        return " AND ".join(asked) or None, self.is_exact and len(asked) == len(expressions)


def candidates(words: Sequence[str], sample: RegisterSample) -> Candidates | None:
    """None where the index is of no help: nearly every asset holds the words."""
    chosen = _chosen(_parts(words, sample), sample)
    if not chosen:
        return None
    some = sample.everything
    for part in chosen:
        some &= part.some
    cost_us = sum(part.cost_us for part in chosen)
    return Candidates(tuple(chosen), some, cost_us, {part.text for part in chosen} == set(words))


def _expression(connection: Connection, text: str) -> str | None:
    return search_index.quoted(text) if len(text) == TRIGRAM else search_index.beginning_with(connection, text)


def _parts(words: Sequence[str], sample: RegisterSample) -> list[_Part]:
    texts = dict.fromkeys(
        text
        for word in words
        for text in ([word] if len(word) < TRIGRAM else [word[at : at + TRIGRAM] for at in range(len(word) - 2)])
    )
    return [_part(text, sample) for text in list(texts)[:_TRIGRAMS_MAX]]


def _part(text: str, sample: RegisterSample) -> _Part:
    some = sample.holding(text)
    return _Part(text, some, sample.number(some) * (_ENTRY_US if len(text) == TRIGRAM else _SHORT_WORD_ENTRY_US))


def _chosen(parts: list[_Part], sample: RegisterSample) -> list[_Part]:
    """Always the one that leaves fewest, as long as it saves more than it costs."""
    chosen: list[_Part] = []
    left = sample.everything
    while parts:
        best = min(parts, key=lambda part: ((left & part.some).bit_count(), part.cost_us))
        saved_us = sample.number(left & ~best.some) * _CANDIDATE_US
        if saved_us < best.cost_us:
            break
        chosen.append(best)
        parts.remove(best)
        left &= best.some
    return chosen
