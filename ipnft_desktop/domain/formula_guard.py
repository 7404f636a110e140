"""Keeps a text from being a formula when a spreadsheet opens a CSV file (CWE-1236, OWASP "CSV Injection").

An apostrophe is put before what a spreadsheet would calculate; a negative number is none of it. A text that has such a
beginning behind apostrophes of its own gets one more, so that taking one off again gives exactly what was there.
"""

from __future__ import annotations

import re

# The signs of OWASP's list, and their wide forms, which spreadsheets of East Asia take for the same.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def guard(text: str) -> str:
    """The text as a cell that is never calculated."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text
