"""What a transaction did inside: its calls, its gas, and the state it left changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.inspection.decoding import CallReading, Decoded, DecodedValue, LogReading, Undecoded
from ipnft_desktop.domain.inspection.transactions import RawTransaction


@dataclass(frozen=True, slots=True)
class CallFrame:
    """One call, as the node's trace tells it."""

    kind: str
    """CALL, STATICCALL, DELEGATECALL, CALLCODE, CREATE, CREATE2 or SELFDESTRUCT."""
    sender: str
    to: str | None
    value_wei: int
    gas: int
    """Given to it."""
    gas_used: int
    input: bytes = field(repr=False)
    output: bytes = field(repr=False)
    error: str
    """Why it failed, in the words of the node; empty where it did not."""
    calls: tuple[CallFrame, ...] = ()

    @property
    def is_creation(self) -> bool:
        """Whether its input is code."""
        return self.kind.startswith("CREATE")

    def walk(self, depth: int = 0) -> Iterator[tuple[int, CallFrame]]:
        """This one and all inside it in the order in which they began, each with its depth."""
        waiting: list[tuple[int, CallFrame]] = [(depth, self)]
        while waiting:
            at, frame = waiting.pop()
            yield at, frame
            waiting.extend((at + 1, inner) for inner in reversed(frame.calls))


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line of the call tree."""

    depth: int
    """0 for the transaction itself."""
    frame: CallFrame
    call: Decoded | Undecoded
    revert: Decoded | Undecoded | None
    """What it failed with; None where it did not fail."""
    is_cause: bool
    """It failed by itself, not because a call inside it did."""

    @property
    def has_failed(self) -> bool:
        """Whether it was taken back."""
        return bool(self.frame.error)


class Missing(StrEnum):
    """Why a part of what a transaction did is not known."""

    NO_TRACE = "NO_TRACE"
    """The node does not trace, or not in the way that was asked for."""
    TOO_LONG = "TOO_LONG"
    """The trace is longer, or nested deeper, than what the program reads."""
    OTHER_RULES = "OTHER_RULES"
    """The chain counts gas by other rules than those of Ethereum."""


@dataclass(frozen=True, slots=True)
class Untold:
    """In place of what the node does not tell."""

    missing: Missing
    told: str = ""
    """What it said instead."""


@dataclass(frozen=True, slots=True)
class GasStory:
    """Where the gas of a transaction went. The parts and `rest` sum up to `gas_used`."""

    gas_used: int
    parts: Mapping[GasPart, int]
    rest: int = 0
    """What is not told apart: 0 where the transaction was traced."""
    untold: Untold | None = None
    """Why there is a rest."""


@dataclass(frozen=True, slots=True)
class SlotChange:
    """A word of a contract's storage that is another one after the transaction."""

    address: str
    slot: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What else changed of an account. None where it stayed."""

    address: str
    balance_wei: tuple[int, int] | None = None
    """Before and after."""
    nonce: tuple[int, int] | None = None
    code_bytes: tuple[int, int] | None = None
    """The size of the code before and after: a contract came, or went."""


@dataclass(frozen=True, slots=True)
class RawState:
    """Everything that a transaction left changed, reverts taken back."""

    slots: tuple[SlotChange, ...]
    accounts: tuple[AccountChange, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One variable of a word: several may share it."""

    name: str
    before: DecodedValue
    after: DecodedValue

    @property
    def is_changed(self) -> bool:
        """Whether it is another one; a word is written whole."""
        return self.before.text != self.after.text


@dataclass(frozen=True, slots=True)
class StateChange:
    """A word that changed, with the name of the variable that it belongs to."""

    change: SlotChange
    variable: str
    """As Solidity writes it without the keys, such as `_directories`; empty where nothing at hand names it."""
    keys: tuple[DecodedValue, ...]
    """Of a mapping, from the outermost."""
    fields: tuple[FieldChange, ...]
    """What changed in the word, one for each variable in it; empty where nothing names it."""


@dataclass(frozen=True, slots=True)
class TransactionTrace:
    """What a transaction did inside, each part where the node tells it."""

    calls: tuple[CallLine, ...] | Untold
    gas: GasStory
    state: tuple[StateChange, ...] | Untold
    accounts: tuple[AccountChange, ...]


@dataclass(frozen=True, slots=True)
class TransactionDetail:
    """A transaction in words, before it is traced."""

    transaction: RawTransaction
    call: CallReading
    logs: tuple[LogReading, ...]
    assets: Mapping[UUID, str]
    """Names of the register's assets that it speaks of."""
