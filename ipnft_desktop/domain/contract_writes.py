"""Calls that change a contract's state: what is asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ipnft_desktop.domain.minting import MinedFacts

REASON_MAX_CHARS = 2_000
FUNCTION_MAX_CHARS = 500

CallValue = str | tuple["CallValue", ...]
"""A value as a person writes it: numbers in decimal digits or as 0x…, bytes as 0x…, `true` or `false`, addresses; the
values of an array or a tuple one after the other."""


@dataclass(frozen=True, slots=True)
class ContractCall:
    """A call as it is asked for."""

    target: str
    """The contract's address, checksummed."""
    function: str
    """As its selector is made of it: `setValidity(uint256,uint8,bytes32)`. Empty for a plain transfer."""
    arguments: tuple[tuple[str, CallValue], ...] = ()
    """Name and value of each parameter, in order; a parameter may have no name."""
    value_wei: int = 0
    """Sent along."""

    @property
    def name(self) -> str:
        """The function's name alone."""
        return self.function.partition("(")[0]

    @property
    def types(self) -> str:
        """The types of its parameters, in their brackets."""
        return self.function[len(self.name) :]


@dataclass(frozen=True, slots=True)
class CallEstimate:
    """What a call would cost, measured by simulation before anything is recorded."""

    gas_limit: int
    gas_price_wei: int
    max_fee_wei: int
    """Most that can be charged: gas limit times the fee cap per gas. The value sent along comes on top."""
    chain_id: int
    data: bytes
    """The call as the contract receives it."""


class WriteState(StrEnum):
    """How a call stands."""

    WAITING = "WAITING"
    """Recorded and signed; no block shows it."""
    DONE = "DONE"
    REVERTED = "REVERTED"
    """In a block, and refused there: gas was spent, nothing changed."""
    REPLACED = "REPLACED"
    """Another transaction of the account took its nonce: it can never be mined."""
    VANISHED = "VANISHED"
    """It was made on a chain that this register gave up."""


@dataclass(frozen=True, slots=True)
class ContractWrite:
    """A recorded call with its transaction."""

    write_id: int
    call: ContractCall
    tx_hash: str
    signer: str
    nonce: int
    gas_limit: int
    requested_at: datetime
    requested_by: str
    """Name of the account of the person."""
    reason: str = ""
    mined: MinedFacts | None = None
    mined_at: datetime | None = None
    """The block's own time; None while no block has it."""
    revert: str = ""
    """Why the contract refused it in its block; empty where it did not."""
    succeeded: bool | None = None
    """None while no block shows it."""
    replaced_by: str | None = None
    """Hash of the transaction that has its nonce."""
    on_present_chain: bool = True
    withdrawal: str | None = None
    """Hash of the newest transaction that takes it back: under its nonce, and sent instead of it."""
    is_withdrawn: bool = False
    """Whether what has its nonce is one of those."""

    @property
    def state(self) -> WriteState:
        """How it stands."""
        if not self.on_present_chain:
            return WriteState.VANISHED
        if self.replaced_by is not None:
            return WriteState.REPLACED
        if self.succeeded is None:
            return WriteState.WAITING
        return WriteState.DONE if self.succeeded else WriteState.REVERTED


class WithdrawalObstacle(StrEnum):
    """Why a call cannot be taken back."""

    ENDED = "ENDED"
    """It waits no more."""
    STRANGER = "STRANGER"
    """No account that this program signs with made it."""
    CLOSED = "CLOSED"
    """Nothing is sent at present."""


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What a block shows of a call."""

    mined: MinedFacts
    mined_at: datetime
    succeeded: bool
    revert: str = ""


class CallOrder(StrEnum):
    """The orders of the list of calls."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    FUNCTION = "FUNCTION"
    PERSON = "PERSON"
    NONCE = "NONCE"
    """The highest first."""


@dataclass(frozen=True, slots=True)
class CallWord:
    """A word that is looked for, in small letters, with the addresses that are called so."""

    text: str
    addresses: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which recorded calls are listed: those that hold every word, in one of the states where any are named."""

    words: tuple[CallWord, ...] = ()
    states: frozenset[WriteState] = frozenset()
    order: CallOrder = CallOrder.NEWEST

    @property
    def is_narrowed(self) -> bool:
        """Whether some calls may be left out."""
        return bool(self.words or self.states)
