"""What the doctor found as plain text, to be handed to whoever helps: without secrets and without names of homes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.findings import Examined, Level

Say = Callable[[Phrase], str]
"""Gives a phrase in the language of whoever reads."""

LEVEL_WORDS = {
    Level.OK: phrase("good"),
    Level.WARN: phrase("to look at"),
    Level.FAIL: phrase("wrong"),
    Level.UNKNOWN: phrase("not known"),
}


def summary(examined: Sequence[Examined], say: Say) -> str:
    """`9 good, 1 to look at`."""
    counts = Counter(each.finding.level for each in examined)
    return ", ".join(f"{counts[level]} {say(word)}" for level, word in LEVEL_WORDS.items() if counts[level])


def report(examined: Sequence[Examined], say: Say, at: datetime) -> str:
    """A line for each check, with what there is to tell and to do below it."""
    words = {level: f"[{say(word)}]" for level, word in LEVEL_WORDS.items()}
    width = max(map(len, words.values()))
    lines = [f"{say(phrase('Doctor'))}, {at:%Y-%m-%dT%H:%M:%SZ}: {summary(examined, say)}", ""]
    for each in examined:
        found = each.finding
        lines.append(f"{words[found.level]:{width}}  {say(each.title)}: {say(found.text)}")
        lines += [f"{'':{width}}  {say(more)}" for more in found.more]
        if found.advice is not None:
            lines.append(f"{'':{width}}  > {say(found.advice)}")
    return "\n".join(map(without_home, lines)) + "\n"


def without_home(text: str) -> str:
    """Paths below the person's home begin with ~."""
    return text.replace(str(Path.home()), "~")
