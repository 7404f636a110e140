"""Words of a contract's storage: which variables share one, and how each reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ipnft_desktop.adapters.chain.inspection.abi_values import address_value
from ipnft_desktop.adapters.chain.inspection.chain_objects import checksummed
from ipnft_desktop.domain.inspection.decoding import DecodedValue
from ipnft_desktop.domain.inspection.tracing import FieldChange, SlotChange, StateChange

WORD_BITS = 256
ADDRESS_BITS = 160


@dataclass(frozen=True, slots=True)
class Part:
    """A variable in a word: its lowest bit, how many bits it has, and what they mean."""

    name: str
    lowest_bit: int
    bits: int
    read: Callable[[str, int], DecodedValue]

    def of(self, word: int) -> DecodedValue:
        """Its value in the word."""
        return self.read(self.name, word >> self.lowest_bit & (1 << self.bits) - 1)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is known: the variable, its keys, and the parts of it."""

    variable: str
    keys: tuple[DecodedValue, ...]
    parts: tuple[Part, ...]

    def named(self, change: SlotChange) -> StateChange:
        """A change of this word in its variables."""
        fields = tuple(FieldChange(part.name, part.of(change.before), part.of(change.after)) for part in self.parts)
        return StateChange(change, self.variable, self.keys, fields)


def number(name: str, value: int) -> DecodedValue:
    """A whole number."""
    return DecodedValue(name, "uint256", str(value))


def truth(name: str, value: int) -> DecodedValue:
    """A bool."""
    return DecodedValue(name, "bool", "true" if value else "false")


def address(name: str, value: int) -> DecodedValue:
    """An address."""
    return address_value(name, checksummed(f"0x{value:040x}"))


def raw(name: str, value: int) -> DecodedValue:
    """Bytes that mean nothing here."""
    return DecodedValue(name, "bytes32", f"0x{value:064x}")
