"""How well a text fits what is typed: every word of it, at the start of a word best, else its letters in order."""

from __future__ import annotations

_WHOLE_START, _WORD_START, _INSIDE, _SCATTERED = 100, 80, 60, 40


def fit(typed: str, text: str) -> int:
    """The higher the better, 0 where it does not fit; both are compared without their case."""
    words, folded = typed.casefold().split(), text.casefold()
    fits = [_fit_word(word, folded) for word in words]
    return sum(fits) if all(fits) else 0


def fits_closely(typed: str, text: str) -> bool:
    """Whether every word of what is typed begins a word of the text."""
    folded = text.casefold()
    return all(_fit_word(word, folded) >= _WORD_START for word in typed.casefold().split())


def _fit_word(word: str, text: str) -> int:
    at = text.find(word)
    if at == 0:
        return _WHOLE_START
    while at > 0:
        if not text[at - 1].isalnum():
            return _WORD_START
        at = text.find(word, at + 1)
    if word in text:
        return _INSIDE
    return _scattered(word, text)


def _scattered(word: str, text: str) -> int:
    """The letters in order, the first one at the start of a word; gaps cost."""
    best = 0
    for start, letter in enumerate(text):
        if letter == word[0] and (start == 0 or not text[start - 1].isalnum()):
            best = max(best, _SCATTERED - _gaps(word, text, start))
    return best


def _gaps(word: str, text: str, start: int) -> int:
    """How many letters are skipped from the first one on; as many as count out a fit where one is missing."""
    at, skipped = start, 0
    for letter in word[1:]:
        found = text.find(letter, at + 1)
        if found < 0:
            return _SCATTERED
        skipped, at = skipped + found - at - 1, found
    return skipped
