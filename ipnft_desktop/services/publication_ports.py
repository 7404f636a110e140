"""What a transaction on the register does with the record of what was published."""

from __future__ import annotations

from typing import Protocol


class PublicationTransaction(Protocol):
    """Part of `services.ports.Transaction`."""
