"""Transactions as the inspector lists them and shows one, before anything of them is decoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class TransactionPlace:
    """Where a transaction stands in the chain."""

    block_number: int
    index: int
    """Of the transaction in its block, from 0."""


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """One line of the list of transactions. Addresses have the checksum of EIP-55."""

    tx_hash: str
    place: TransactionPlace
    timestamp_s: int
    succeeded: bool
    sender: str
    to: str | None
    """None for the creation of a contract."""
    created: str | None
    """The contract that it created."""
    nonce: int
    value_wei: int
    selector: str
    """The first four bytes of the call data as 0x-hex; empty where there are fewer."""
    method: str
    """Name of the function that the selector stands for; empty where no ABI at hand knows it."""
    gas_used: int
    gas_price_wei: int
    """What was paid for a unit of gas."""

    @property
    def fee_wei(self) -> int:
        """What the sender paid for it."""
        return self.gas_used * self.gas_price_wei


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """Transactions, newest first."""

    lines: tuple[TransactionLine, ...]
    next_below: TransactionPlace | None
    """The next page begins before this place; None where nothing is older."""


@dataclass(frozen=True, slots=True)
class RawLog:
    """An event as the chain keeps it."""

    index: int
    """Of the log in its block."""
    address: str
    topics: tuple[str, ...]
    """As 0x-hex in small letters."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """One mined transaction with everything the node tells of it."""

    line: TransactionLine
    block_hash: str
    input: bytes = field(repr=False)
    logs: tuple[RawLog, ...] = field(repr=False)
    gas_limit: int
    type_number: int
    """Of EIP-2718: 0 legacy, 1 with an access list, 2 with EIP-1559's fees, 3 with blobs, 4 with authorisations."""
    declared_gas: int
    """Paid beforehand for the entries of an access list (EIP-2930) and for authorisations (EIP-7702)."""
    fields: Mapping[str, str] = field(repr=False)
    """What else the node says of it and of its receipt, under the node's own names; without call data and logs."""
    authorisations: int = 0
    """How many of EIP-7702 it carries."""
    is_signed: bool = True
    """Not so for one that a local node took in the name of an account that it impersonated."""
