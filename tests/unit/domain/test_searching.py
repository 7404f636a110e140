"""What is typed into the search field, as words."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.searching import search_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  芯片\t布图 ", ("芯片", "布图")),
        ('"a b" c', ("a b", "c")),
        ('say "', ("say", '"')),
        ("ÉLAN élan", ("élan",)),
        ("x" * 501, None),
        ("a\x00", None),
        (" ".join(map(str, range(17))), None),
    ],
)
def test_words_are_folded_and_quotes_hold_together(typed: str, words: tuple[str, ...] | None) -> None:
    assert search_words(typed) == words
