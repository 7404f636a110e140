"""Sizes and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ("B", "kB", "MB", "GB", "TB")
_UNIT_STEP = 1_000


def size_text(size_bytes: int) -> str:
    """`88 kB`, `1.2 MB`: decimal units, as file managers count."""
    size, unit = float(size_bytes), 0
    while size >= _UNIT_STEP and unit < len(_UNITS) - 1:
        size, unit = size / _UNIT_STEP, unit + 1
    decimals = 1 if unit > 1 else 0
    return f"{size:.{decimals}f} {_UNITS[unit]}"


def local_time(moment: datetime) -> str:
    """Date and time in the zone of this computer."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def utc_time(moment: datetime) -> str:
    """The same moment in ISO 8601, UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
