"""Alerts: conditions of mints and audit log that a person should look at, raised once and kept until they pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What is out of order."""

    SUCCESS_RATE_LOW = "SUCCESS_RATE_LOW"
    """Fewer than 95 % of the last 50 mints succeeded."""
    MINT_TOO_OLD = "MINT_TOO_OLD"
    """A mint is open for more than ten minutes."""
    RETRIES_FAILED = "RETRIES_FAILED"
    """Three retries in a row failed."""
    AUDIT_BROKEN = "AUDIT_BROKEN"
    """The audit log is not as it was written, or cannot be judged any more."""
    STORES_DIFFER = "STORES_DIFFER"
    """A scheduled reconciliation found that register, chain and content differ."""
    CALL_STUCK = "CALL_STUCK"
    """A recorded call waits although blocks are mined, and what has a later nonce waits with it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `cleared_at` is set once its condition passed."""

    alert_id: int
    kind: AlertKind
    subject: str
    """The job or the call it is about, or empty for one about all of them."""
    facts: Mapping[str, str]
    raised_at: datetime
    cleared_at: datetime | None = None
