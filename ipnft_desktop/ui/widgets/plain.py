"""Text from outside made harmless before it is shown: never rich text, nothing invisible."""

from __future__ import annotations

import html
import unicodedata

_KEPT = {"\n", "\t"}
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
# Joiners are part of ordinary writing (emoji, Indic and Persian text) and change nothing a reader could be misled by.
_JOINERS = {"\u200c", "\u200d"}


def visible(text: str) -> str:
    """The text with control, direction and other invisible characters written as `⟨U+202E⟩`."""
    if text.replace("\n", "").isprintable():  # nothing invisible is
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in _KEPT or character in _JOINERS or unicodedata.category(character) not in _INVISIBLE:
        return character
    return f"⟨U+{ord(character):04X}⟩"


def plain_tooltip(text: str) -> str:
    """A tool tip that shows the text literally, its lines as lines; Qt would take anything that looks like mark-up for
    rich text."""
    return f"<qt>{html.escape(visible(text))}</qt>".replace("\n", "<br>") if text else ""


def shorten(text: str, head: int = 6, tail: int = 4) -> str:
    """The middle of a long hash or address left out: `0x7099…79C8`. Short texts stay whole."""
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"
