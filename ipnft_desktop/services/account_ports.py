"""What lists of accounts and contracts need of the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class AccountTransaction(Protocol):
    """Part of `services.ports.Transaction`: whom the events of the present chain speak of."""

    def event_contracts(self, limit: int) -> tuple[str, ...]:
        """At most so many contracts that wrote a log, by address."""
        ...

    def event_parties(self, limit: int) -> tuple[str, ...]:
        """At most so many accounts that an event names as who gave, and as many as who was given; by address, without
        the zero address."""
        ...

    def held_counts(self, addresses: Collection[str]) -> Mapping[str, int]:
        """How many tokens of our contract each of these holds; those without any are left out."""
        ...
