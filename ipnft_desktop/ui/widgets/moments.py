"""Moments as the chain counts them. A block may claim any second, also one that no calendar has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.ui.widgets.measures import local_time, number_text, short_local_time, utc_time


def moment_of_s(timestamp_s: int) -> datetime:
    """Seconds since 1970 as a moment. Raises ValueError or OverflowError beyond the year 9999."""
    return datetime.fromtimestamp(timestamp_s, UTC)


def local_time_of(timestamp_s: int) -> str:
    """Date and time in the zone of this computer."""
    return _told(timestamp_s, local_time)


def short_local_time_of(timestamp_s: int) -> str:
    """Day of the year and minute in the zone of this computer."""
    return _told(timestamp_s, short_local_time)


def utc_time_of(timestamp_s: int) -> str:
    """In ISO 8601, UTC."""
    return _told(timestamp_s, utc_time)


def _told(timestamp_s: int, text: Callable[[datetime], str]) -> str:
    try:
        return text(moment_of_s(timestamp_s))
    except (ValueError, OverflowError, OSError):
        return QCoreApplication.translate("Measure", "second {0}").format(number_text(timestamp_s))
