"""Where the gas of a transaction went: the rules of the chain, from its call data and what its trace adds up to.

Rules of Prague: 21,000 a transaction (Yellow Paper, appendix G), 4 and 16 gas a byte of call data (EIP-2028), at least
10 and 40 gas a byte in all (EIP-7623), 32,000 a creation with 2 gas a word of its code (EIP-3860) and 200 a byte that
is kept, at most a fifth given back (EIP-3529), of an authorisation 12,500 of its 25,000 where its account exists
(EIP-7702).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from types import MappingProxyType

from ipnft_desktop.domain.errors import Defect

BASE_GAS = 21_000
ZERO_BYTE_GAS = 4
NON_ZERO_BYTE_GAS = 16
_FLOOR_ZERO_BYTE_GAS = 10
_FLOOR_NON_ZERO_BYTE_GAS = 40
_CREATION_GAS = 32_000
_CREATION_WORD_GAS = 2
_KEPT_CODE_BYTE_GAS = 200
_WORD_BYTES = 32
_REFUND_DIVISOR = 5
_EXISTING_AUTHORITY_REFUND = 12_500


class GasPart(StrEnum):
    """What gas is paid for. The parts of a transaction sum up to what its receipt says."""

    BASE = "BASE"
    """Being a transaction."""
    CALLDATA = "CALLDATA"
    STORAGE = "STORAGE"
    """Reading and writing the contract's slots."""
    LOGS = "LOGS"
    """Events."""
    CODE = "CODE"
    """Creating a contract, and looking at the code of another."""
    EXECUTION = "EXECUTION"
    """All other steps: arithmetic, memory, hashes, calls."""
    CALLDATA_FLOOR = "CALLDATA_FLOOR"
    """What is added where call data would cost less than its least price (EIP-7623)."""
    REFUND = "REFUND"
    """Given back for emptied slots; not above zero."""


PART_OF_OPCODE: Mapping[str, GasPart] = MappingProxyType(
    {
        **dict.fromkeys(("SLOAD", "SSTORE", "TLOAD", "TSTORE"), GasPart.STORAGE),
        **dict.fromkeys(("LOG0", "LOG1", "LOG2", "LOG3", "LOG4"), GasPart.LOGS),
        **dict.fromkeys(("EXTCODESIZE", "EXTCODECOPY", "EXTCODEHASH"), GasPart.CODE),
    }
)
"""Steps whose price is a part of its own; that of all others is EXECUTION."""


@dataclass(frozen=True, slots=True)
class TracedGas:
    """What the trace of a transaction adds up to, in gas."""

    total: int
    """From the first step to the last; neither the transaction itself nor its call data are in it."""
    storage: int
    logs: int
    code: int
    refund_counter: int
    """What would be given back without the limit of EIP-3529."""
    given: int = 0
    """What was there at the first step: all of it is lost where a step failed for another reason than REVERT."""


@dataclass(frozen=True, slots=True)
class GasBreakdown:
    """One transaction's gas by what it was paid for."""

    parts: Mapping[GasPart, int]
    zero_bytes: int
    """Of the call data."""
    non_zero_bytes: int

    @property
    def gas_used(self) -> int:
        """As in the receipt."""
        return sum(self.parts.values())


def break_down(
    gas_used: int,
    data: bytes,
    traced: TracedGas,
    *,
    kept_code_bytes: int | None = None,
    declared_gas: int = 0,
    authorisations: int = 0,
    succeeded: bool = True,
) -> GasBreakdown:
    """The parts of a transaction. `kept_code_bytes` is the size of the contract that it created, 0 where that failed;
    None where it created none. `declared_gas` was paid beforehand for an access list (EIP-2930) and authorisations
    (EIP-7702), and is counted as storage. One that failed gets nothing back, and may have lost all it was given; but
    each of its `authorisations` may have given 12,500 back before the first step, whatever became of the steps: that
    of an account that was there already.

    Raises Defect where they do not sum up to the receipt: then the node follows other rules than these.
    """
    totals = (traced.total,) if succeeded else (traced.total, traced.given)
    counter = traced.refund_counter if succeeded else 0
    # The steps tell the counter with what was in it before them; where there are none, or they were taken back, how
    # many of the accounts were there is known only by what adds up.
    counters = [counter + given * _EXISTING_AUTHORITY_REFUND for given in range(authorisations + 1)]
    found = (
        _parts_of(data, traced, total, kept_code_bytes, declared_gas, refund_counter)
        for refund_counter in counters
        for total in totals
    )
    plain = next(found)
    for each in chain((plain,), found):
        if each.gas_used == gas_used:
            return each
    raise Defect(f"the parts of the gas are {plain.gas_used}, the receipt says {gas_used}")


def calldata_gas(data: bytes) -> int:
    """What the bytes of a transaction cost, the floor of EIP-7623 aside."""
    zero_bytes = data.count(0)
    return ZERO_BYTE_GAS * zero_bytes + NON_ZERO_BYTE_GAS * (len(data) - zero_bytes)


def _parts_of(
    data: bytes, traced: TracedGas, total: int, kept_code_bytes: int | None, declared_gas: int, refund_counter: int
) -> GasBreakdown:
    zero_bytes = data.count(0)
    non_zero_bytes = len(data) - zero_bytes
    calldata = calldata_gas(data)
    creation = 0
    if kept_code_bytes is not None:
        words = -(-len(data) // _WORD_BYTES)
        creation = _CREATION_GAS + _CREATION_WORD_GAS * words + _KEPT_CODE_BYTE_GAS * kept_code_bytes
    gross = BASE_GAS + calldata + creation + declared_gas + total
    refund = min(refund_counter, gross // _REFUND_DIVISOR)
    floor = BASE_GAS + _FLOOR_ZERO_BYTE_GAS * zero_bytes + _FLOOR_NON_ZERO_BYTE_GAS * non_zero_bytes
    parts = {
        GasPart.BASE: BASE_GAS,
        GasPart.CALLDATA: calldata,
        GasPart.STORAGE: traced.storage + declared_gas,
        GasPart.LOGS: traced.logs,
        GasPart.CODE: creation + traced.code,
        GasPart.EXECUTION: total - traced.storage - traced.logs - traced.code,
        GasPart.CALLDATA_FLOOR: max(0, floor - (gross - refund)),
        GasPart.REFUND: -refund,
    }
    return GasBreakdown(MappingProxyType(parts), zero_bytes, non_zero_bytes)
