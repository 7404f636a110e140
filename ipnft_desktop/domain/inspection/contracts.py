"""What is known of contracts: their ABIs, and the variables of their storage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ipnft_desktop.domain.inspection.decoding import AbiOrigin

ABI_MAX_BYTES = 5 * 1024 * 1024
"""Of what is imported: an artifact of a compiler with its code is larger than its ABI, and rarely above 1 MB."""
ABI_NAME_MAX_CHARS = 100


GENERAL = "general:"
_KEY_CHARS = 42
"""As many as an address has."""


def general_key(name: str) -> str:
    """What an ABI for every contract is kept under: one a name, whatever its case."""
    digest = hashlib.sha256(name.strip().casefold().encode()).hexdigest()
    return (GENERAL + digest)[:_KEY_CHARS]


class EntryKind(StrEnum):
    """What an entry of an ABI describes."""

    FUNCTION = "function"
    EVENT = "event"
    ERROR = "error"
    CONSTRUCTOR = "constructor"


@dataclass(frozen=True, slots=True)
class AbiParameter:
    """A parameter, an answer, or a member of a struct."""

    name: str
    solidity_type: str
    """As it is hashed: a struct is a tuple of its members' types in brackets."""
    members: tuple[AbiParameter, ...] = ()
    """Of a struct, or of the structs in an array."""
    is_indexed: bool = False


@dataclass(frozen=True, slots=True)
class AbiEntry:
    """One function, event or error."""

    kind: EntryKind
    name: str
    inputs: tuple[AbiParameter, ...]
    outputs: tuple[AbiParameter, ...] = ()
    mutability: str = ""
    """pure, view, nonpayable or payable; of functions and constructors."""
    is_anonymous: bool = False

    @property
    def signature(self) -> str:
        """Name and types as they are hashed."""
        return f"{self.name}({','.join(parameter.solidity_type for parameter in self.inputs)})"

    @property
    def is_read(self) -> bool:
        """Whether calling it changes nothing."""
        return self.mutability in ("pure", "view")


@dataclass(frozen=True, slots=True)
class ContractAbi:
    """An ABI under a name."""

    name: str
    origin: AbiOrigin
    entries: tuple[AbiEntry, ...]


@dataclass(frozen=True, slots=True)
class ImportedAbi:
    """An ABI that somebody imported for an address, or for every contract, as it is kept."""

    address: str
    """With the checksum of EIP-55; of one for every contract what `general_key` says."""
    name: str
    content: str
    """The ABI alone as JSON."""
    imported_by: str
    imported_at: datetime

    @property
    def is_general(self) -> bool:
        """Whether it is for every contract: a selector that it knows may mean something else there."""
        return self.address.startswith(GENERAL)


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the chain holds of an address at a block."""

    address: str
    balance_wei: int
    nonce: int
    code_bytes: int
    """0 for an account of a person, and for a contract that is gone."""
    code_hash: str
    """Keccak-256 of the code; empty where there is none."""
