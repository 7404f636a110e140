"""What a search of the chain can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class FoundKind(StrEnum):
    """What a text that was searched for stands for."""

    BLOCK = "BLOCK"
    TRANSACTION = "TRANSACTION"
    ADDRESS = "ADDRESS"
    TOKEN = "TOKEN"  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    kind: FoundKind
    title: str
    """What it is called: a height, a label, the name of an asset; else the hash or the address itself."""
    block_number: int | None = None
    tx_hash: str = ""
    """Of a token the transaction that minted it."""
    address: str = ""
    """Of a token the contract."""
    asset_id: UUID | None = None
