"""What is different between two blocks."""

from __future__ import annotations

from dataclasses import dataclass

from ipnft_desktop.domain.inspection.blocks import Block
from ipnft_desktop.domain.inspection.tracing import AccountChange, StateChange, Untold
from ipnft_desktop.domain.inspection.transactions import TransactionLine

MOST_BLOCKS = 2_000
MOST_TRANSACTIONS = 50
"""Of those between two blocks as many are traced; each costs the node a run of its own."""


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """A field of the header that differs; empty where a block has no such field."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """From the state after one block to the state after a later one."""

    before: Block
    after: Block
    header: tuple[HeaderChange, ...]
    transactions: tuple[TransactionLine, ...]
    """Those between the two in the order of the chain, as far as they were looked at."""
    transaction_count: int
    """All of those between the two."""
    state: tuple[StateChange, ...] | Untold
    """What all of the transactions in `transactions` changed together; a word that is as before is not in it."""
    accounts: tuple[AccountChange, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every transaction between the two was looked at."""
        return len(self.transactions) == self.transaction_count
