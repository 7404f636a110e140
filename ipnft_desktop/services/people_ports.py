"""What a transaction on the register does with people, enterprises and addresses."""

from __future__ import annotations

from typing import Protocol


class PeopleTransaction(Protocol):
    """Part of `services.ports.Transaction`."""
