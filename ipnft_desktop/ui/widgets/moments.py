"""Moments as the chain counts them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_of_s(timestamp_s: int) -> datetime:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(timestamp_s, UTC)
