"""The audit log: who did what, when, and what changed."""

from __future__ import annotations

from collections.abc import Mapping

FieldChanges = Mapping[str, tuple[str | None, str | None]]
"""Old and new value of each field that changed, as text; None where there was, or is, nothing."""
