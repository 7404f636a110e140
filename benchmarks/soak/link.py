"""Messages between the driver and its worker: one JSON object a line, `kind` first."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a line says."""

    # from the worker
    START_NODE = "START_NODE"
    """Start a node, or name the one that runs."""
    STOP_NODE = "STOP_NODE"
    READY = "READY"
    """The environment stands: requests are taken."""
    CREATED = "CREATED"
    """These assets are in the register."""
    REQUESTED = "REQUESTED"
    """The mint of these assets is on record."""
    CANCELLED = "CANCELLED"
    """A mint was asked to stop, and the register took it."""
    TROUBLE = "TROUBLE"
    SETTLED = "SETTLED"
    """After DRAIN: no mint is open any more."""

    # from the driver
    NODE = "NODE"
    """The node that runs now."""
    NODE_ENDED = "NODE_ENDED"
    DRAIN = "DRAIN"
    """Request nothing more, bring everything to its end."""


def line(kind: Kind, **facts: Any) -> bytes:
    """A message as it is written."""
    return json.dumps({"kind": kind, **facts}).encode() + b"\n"


def message(text: bytes) -> tuple[Kind, dict[str, Any]] | None:
    """A line as it was meant; None for one that is not whole, as a killed process leaves it."""
    try:
        facts: dict[str, Any] = json.loads(text)
        return Kind(facts.pop("kind")), facts
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
