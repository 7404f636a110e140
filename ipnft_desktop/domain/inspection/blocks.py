"""Blocks as the inspector lists and compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One line of the list of blocks."""

    number: int
    block_hash: str
    parent_hash: str
    timestamp_s: int
    transaction_count: int
    gas_used: int
    gas_limit: int
    base_fee_wei: int | None
    """None on a chain older than EIP-1559."""

    @property
    def fullness(self) -> float:
        """Gas used of the gas there was room for, 0 to 1."""
        return self.gas_used / self.gas_limit if self.gas_limit else 0.0


@dataclass(frozen=True, slots=True)
class BlockPage:
    """Blocks, newest first."""

    lines: tuple[BlockLine, ...]
    next_below: int | None
    """The next page begins below this height; None where the first block of the chain is in this one."""


@dataclass(frozen=True, slots=True)
class Block:
    """All that the node tells of a block."""

    line: BlockLine
    header: Mapping[str, str]
    """Every field of the header under the node's own name, as the node writes it."""
    tx_hashes: tuple[str, ...]
