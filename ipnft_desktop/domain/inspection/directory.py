"""Contracts and accounts as the inspector lists them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ipnft_desktop.domain.chain_view import ContractTerms, RoleHolder
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AccountState
from ipnft_desktop.domain.inspection.decoding import Decoded, DecodedValue, Refusal, Undecoded


class ContractKind(StrEnum):
    """What a contract is, by what it answers itself."""

    OURS = "OURS"
    ERC_721 = "ERC_721"
    ERC_1155 = "ERC_1155"
    ERC_20 = "ERC_20"
    OTHER = "OTHER"
    """It has code and answers none of the standards' questions."""
    NO_CODE = "NO_CODE"
    """There is none at the address: it destroyed itself, or never was."""


@dataclass(frozen=True, slots=True)
class Creation:
    """Where a contract comes from."""

    tx_hash: str
    block_number: int
    timestamp_s: int
    creator: str


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One line of the list of contracts."""

    state: AccountState
    kind: ContractKind
    abi_name: str
    """Of the ABI that is bound to it; empty where none is."""
    creation: Creation | None
    """None where no transaction that was looked at created it."""

    @property
    def address(self) -> str:
        """With the checksum of EIP-55."""
        return self.state.address


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What the register's own contract is, as the chain answers and as its events told."""

    instance_id: str
    """32 random bytes chosen at deployment, as 0x-hex."""
    code_hash: str
    """That was recorded at deployment."""
    terms: ContractTerms
    holders: tuple[RoleHolder, ...]
    supply: int
    """Tokens, by the index."""


@dataclass(frozen=True, slots=True)
class ContractDetail:
    """A contract in full."""

    line: ContractLine
    name: str
    """As it calls itself; empty where it does not say."""
    symbol: str
    functions: tuple[AbiEntry, ...]
    """By name; empty where no ABI applies."""
    own: OwnFacts | None

    @property
    def reads(self) -> tuple[AbiEntry, ...]:
        """Functions that change nothing."""
        return tuple(entry for entry in self.functions if entry.is_read)

    @property
    def writes(self) -> tuple[AbiEntry, ...]:
        """Functions that change the contract."""
        return tuple(entry for entry in self.functions if not entry.is_read)


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What a contract answered."""

    values: tuple[DecodedValue, ...] | Undecoded
    """Why it is shown raw only, where it is."""
    data: bytes
    block_number: int
    """After this block."""


@dataclass(frozen=True, slots=True)
class ReadRefusal:
    """Why it did not."""

    refusal: Refusal
    error: Decoded | Undecoded
    block_number: int


class AccountSource(StrEnum):
    """Why an address is known."""

    WALLET = "WALLET"
    """Of an enterprise."""
    NAMED = "NAMED"
    """Of the address book."""
    SIGNER = "SIGNER"
    """Signs for this program."""
    NODE = "NODE"
    """One of the demonstration accounts of a local node."""
    EVENTS = "EVENTS"
    """An event names it."""
    SOUGHT = "SOUGHT"
    """Somebody asked for it."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the list of accounts."""

    state: AccountState
    sources: frozenset[AccountSource]
    token_count: int
    """Tokens of the register's contract that it holds, by the index."""

    @property
    def address(self) -> str:
        """With the checksum of EIP-55."""
        return self.state.address

    @property
    def is_contract(self) -> bool:
        """Whether it has code."""
        return self.state.code_bytes > 0


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts that are known."""

    lines: tuple[AccountLine, ...]
    is_whole: bool
    """Whether every account that events name is among them."""
