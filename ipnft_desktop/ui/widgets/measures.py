"""Numbers, sizes, shares, durations and times as people read them, written as the language in force does.

Days and times keep the order of ISO 8601 in every language: it reads alike in both, sorts as it stands, and is what
the fields for days take. What is exported or hashed never passes here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication, QLocale

_UNITS = ("B", "kB", "MB", "GB", "TB")
_UNIT_STEP = 1_000
_COUNTING_DIGITS = 6


def number_text(value: int) -> str:
    """A whole number of any size, its digits in groups."""
    return f"{value:,}".replace(",", QLocale().groupSeparator())


def decimal_text(value: float, decimals: int) -> str:
    """A number with exactly so many decimals."""
    locale = QLocale()
    signs = str.maketrans({",": locale.groupSeparator(), ".": locale.decimalPoint()})
    return f"{value:,.{decimals}f}".translate(signs)


def figure_text(value: float) -> str:
    """A number with six digits that count, and no zeros that say nothing: `209,534`, `0.00125`."""
    whole_digits = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = f"{value:,.{max(0, _COUNTING_DIGITS - whole_digits)}f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    locale = QLocale()
    return plain.translate(str.maketrans({",": locale.groupSeparator(), ".": locale.decimalPoint()}))


def size_text(size_bytes: int) -> str:
    """`88 kB`, `1.2 MB`: decimal units, as file managers count."""
    size, unit = float(size_bytes), 0
    while size >= _UNIT_STEP and unit < len(_UNITS) - 1:
        size, unit = size / _UNIT_STEP, unit + 1
    return f"{decimal_text(size, 1 if unit > 1 else 0)} {_UNITS[unit]}"


def percent_text(percent: float, decimals: int | None = None) -> str:
    """`5 %` or `2.5 %`; with so many decimals where they are given."""
    digits = f"{percent:g}".replace(".", QLocale().decimalPoint())
    if decimals is not None:
        digits = decimal_text(percent, decimals)
    return QCoreApplication.translate("Measure", "{0} %").format(digits)


def seconds_text(seconds: float, decimals: int = 2) -> str:
    """`0.04 s`; nothing below zero, which only a clock that was set back measures."""
    return QCoreApplication.translate("Measure", "{0} s").format(decimal_text(max(seconds, 0.0), decimals))


def listed(words: Iterable[str]) -> str:
    """Words one after the other: `Patent, Design`."""
    return QCoreApplication.translate("Measure", ", ").join(words)


def labelled_text(label: str, text: str) -> str:
    """`Type: Patent`."""
    return QCoreApplication.translate("Measure", "{0}: {1}").format(label, text)


def day_text(day: date) -> str:
    """A day without a time."""
    return day.isoformat()


def local_day(moment: datetime) -> str:
    """The day it was here."""
    return day_text(moment.astimezone().date())


def local_time(moment: datetime) -> str:
    """Date and time in the zone of this computer."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def local_clock(moment: datetime, *, with_milliseconds: bool = False) -> str:
    """The time of day in the zone of this computer."""
    local = moment.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}" if with_milliseconds else f"{local:%H:%M:%S}"


def short_local_time(moment: datetime) -> str:
    """Day of the year and minute in the zone of this computer, for what is from these weeks."""
    return f"{moment.astimezone():%m-%d %H:%M}"


def utc_time(moment: datetime) -> str:
    """The same moment in ISO 8601, UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
