"""What a person types into the search field, taken apart."""

from __future__ import annotations

import re

from ipnft_desktop.domain.assets import has_hidden_characters

SEARCH_MAX_CHARS = 500
SEARCH_MAX_WORDS = 16
LISTED_MAX = 5_000
"""Matches of a search or a filter that are counted and listed; beyond them the answer is "more than"."""
_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def search_words(text: str) -> tuple[str, ...] | None:
    """The words a text must hold, each anywhere in it, their case folded; what stands in quotes is one word.

    Empty if everything matches, None if nothing can: the text is longer than any search, or holds hidden characters.
    """
    if len(text) > SEARCH_MAX_CHARS or has_hidden_characters(text):
        return None
    found = [quoted or plain for quoted, plain in _WORDS.findall(text.casefold())]
    words = tuple(dict.fromkeys(found))
    return words if len(words) <= SEARCH_MAX_WORDS else None
