"""Call data, events and errors in the words of an ABI; and why some have none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.inspection.transactions import RawLog


class AbiOrigin(StrEnum):
    """Where an ABI comes from, and with it how far its word goes."""

    OURS = "OURS"
    """The register's own contract, at the address that is on record."""
    IMPORTED = "IMPORTED"
    """Somebody imported it for this very address."""
    STANDARD = "STANDARD"
    """A standard or one of the contracts in the laboratory has a function or event of this selector. The contract may
    mean another one by it."""


class ValueKind(StrEnum):
    """What a value is of, where more than its type is known."""

    PLAIN = "PLAIN"
    ADDRESS = "ADDRESS"
    ASSET = "ASSET"
    """Of one of the register's tokens: the id of its asset."""
    DIRECTORY = "DIRECTORY"
    """The digest of a metadata directory."""
    VALIDITY = "VALIDITY"
    """Of a certificate: 0 valid, 1 suspended, 2 revoked."""
    LIST = "LIST"
    """Of an array or a struct."""


@dataclass(frozen=True, slots=True)
class DecodedValue:
    """One argument, or one item of a list."""

    name: str
    """As the ABI has it; empty where it has none, and for the items of an array."""
    solidity_type: str
    text: str
    """In full as the chain has it: decimal numbers, 0x-hex for bytes; empty for a list."""
    kind: ValueKind = ValueKind.PLAIN
    asset_id: UUID | None = None
    cid: str = ""
    items: tuple[DecodedValue, ...] = ()
    count: int = 0
    """Of a list, how many items it has; `items` may be the first of them only."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A call, an event or an error with its arguments."""

    name: str
    signature: str
    """Name and types as they are hashed, such as `transfer(address,uint256)`."""
    arguments: tuple[DecodedValue, ...]
    origin: AbiOrigin
    abi_name: str
    """Of the contract or standard it was read by."""


class Undecoded(StrEnum):
    """Why something is shown raw only."""

    NOTHING = "NOTHING"
    """There is nothing to decode: no data, no topic."""
    NO_CODE = "NO_CODE"
    """No contract is at the address, any more or yet."""
    UNKNOWN = "UNKNOWN"
    """No ABI at hand knows the selector."""
    MALFORMED = "MALFORMED"
    """An ABI knows the selector, and the data do not fit it."""
    CREATION = "CREATION"
    """The code of a new contract."""


@dataclass(frozen=True, slots=True)
class LogReading:
    """An event, decoded where that could be."""

    log: RawLog
    event: Decoded | Undecoded


@dataclass(frozen=True, slots=True)
class CallReading:
    """Call data, decoded where that could be."""

    data: bytes = field(repr=False)
    call: Decoded | Undecoded


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call was refused."""

    data: bytes
    """What it reverted with; empty for a bare revert."""
    message: str
    """The node's own words."""
