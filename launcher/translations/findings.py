"""What is wrong between the sources and a catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from launcher.translations.catalogues import Catalogue, Translation
from launcher.translations.sources import Text

_PLACES = re.compile(r"\{\w*\}|%L?n")


def findings(texts: Iterable[Text], catalogue: Catalogue) -> list[str]:
    """One line for each text that the catalogue lacks, has no translation of, translates wrongly or has no use for."""
    wanted = {text for text in texts if catalogue.dialect.wants(text)}
    told = [(text, "not in the catalogue, run `start.py translate`") for text in wanted - catalogue.entries.keys()]
    for text, translation in catalogue.entries.items():
        why = _fault(text, translation) if text in wanted else "no longer said, run `start.py translate`"
        if why:
            told.append((text, why))
    return [f"ipnft_{catalogue.dialect.code}.ts: {text.context}: {text.source!r}: {why}" for text, why in sorted(told)]


def _fault(text: Text, translation: Translation) -> str:
    if translation.is_empty or not translation.is_finished:
        return "not translated"
    # A form for exactly one may say the word in place of the number: only the last stands for every other number.
    forms = translation.forms[-1:] if text.is_plural else translation.forms
    if any(_places(form) != _places(text.source) for form in forms):
        return f"other places for values: {translation.forms[-1]!r}"
    return ""


def _places(text: str) -> Counter[str]:
    return Counter(place.replace("%Ln", "%n") for place in _PLACES.findall(text))
