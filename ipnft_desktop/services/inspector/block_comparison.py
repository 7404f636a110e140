"""What is different between two blocks: their headers, and the state before and after what lies between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.blocks import Block
from ipnft_desktop.domain.inspection.comparison import (
    MOST_BLOCKS,
    MOST_TRANSACTIONS,
    BlockDifference,
    HeaderChange,
)
from ipnft_desktop.domain.inspection.tracing import AccountChange, RawState, SlotChange, Untold
from ipnft_desktop.domain.inspection.transactions import RawTransaction, TransactionLine
from ipnft_desktop.services.inspector.transaction_reading import TransactionReading
from ipnft_desktop.services.inspector_ports import ChainInspection

_BLOCKS_AT_ONCE = 100
_TRACED_AT_ONCE = 4


class BlockComparison:
    """Traces each transaction between two blocks, as many as MOST_TRANSACTIONS."""

    def __init__(self, chain: ChainInspection, reading: TransactionReading) -> None:
        self._chain = chain
        self._reading = reading

    async def between(self, first: int, second: int) -> BlockDifference:
        """From the state after the lower block to that after the higher one. Raises ValidationFailed (field `block`)
        where the chain has no such block, or where more than MOST_BLOCKS lie between; it names the heights that `first`
        can be compared with."""
        lower, higher = sorted((first, second))
        if higher - lower > MOST_BLOCKS:
            last = min(first + MOST_BLOCKS, await self._chain.head())
            reach = f"{max(first - MOST_BLOCKS, 0):,} - {last:,}"
            raise ValidationFailed((FieldProblem("block", ProblemKind.OUT_OF_RANGE, reach),))
        before, after = await asyncio.gather(self._block(lower), self._block(higher))
        lines, count = await self._transactions(lower, higher)
        state, traced = await self._states(lines)
        header = _header(before, after)
        if isinstance(state, Untold):
            return BlockDifference(before, after, header, tuple(lines), count, state, ())
        named = await self._reading.name_state(state, [(transaction, ()) for transaction in traced])
        return BlockDifference(before, after, header, tuple(lines), count, named, state.accounts)

    async def _block(self, number: int) -> Block:
        found = await self._chain.block(number)
        if found is None:
            head = await self._chain.head()
            raise ValidationFailed((FieldProblem("block", ProblemKind.OUT_OF_RANGE, f"0 - {head:,}"),))
        return found

    async def _transactions(self, lower: int, higher: int) -> tuple[list[TransactionLine], int]:
        """Those above the lower block up to the higher one, as many as are looked at, and how many there are."""
        counts: dict[int, int] = {}
        below: int | None = higher + 1
        while below is not None and below > lower + 1:
            page = await self._chain.blocks(below, min(_BLOCKS_AT_ONCE, below - lower - 1))
            counts.update((line.number, line.transaction_count) for line in page.lines)
            below = page.next_below
        lines: list[TransactionLine] = []
        for number in sorted(number for number, count in counts.items() if count):
            lines += (await self._chain.transactions_of(number)).lines
            if len(lines) >= MOST_TRANSACTIONS:
                break
        return lines[:MOST_TRANSACTIONS], sum(counts.values())

    async def _states(self, lines: Sequence[TransactionLine]) -> tuple[RawState | Untold, list[RawTransaction]]:
        states: list[RawState] = []
        traced: list[RawTransaction] = []
        for begin in range(0, len(lines), _TRACED_AT_ONCE):
            hashes = [line.tx_hash for line in lines[begin : begin + _TRACED_AT_ONCE]]
            found = await asyncio.gather(*map(self._chain.state, hashes))
            transactions = await asyncio.gather(*map(self._chain.transaction, hashes))
            for state in found:
                if isinstance(state, Untold):
                    return state, traced
                states.append(state)
            traced += [transaction for transaction in transactions if transaction is not None]
        return _together(states), traced


def _header(before: Block, after: Block) -> tuple[HeaderChange, ...]:
    names = dict.fromkeys((*before.header, *after.header))
    both = ((name, before.header.get(name, ""), after.header.get(name, "")) for name in names)
    return tuple(HeaderChange(name, old, new) for name, old, new in both if old != new)


def _together(states: Iterable[RawState]) -> RawState:
    """What changes that came one after the other changed in all."""
    slots: dict[tuple[str, int], SlotChange] = {}
    accounts: dict[str, AccountChange] = {}
    for state in states:
        for change in state.slots:
            place = change.address, change.slot
            first = slots.get(place, change)
            slots[place] = SlotChange(change.address, change.slot, first.before, change.after)
        for changed in state.accounts:
            accounts[changed.address] = _joined(accounts.get(changed.address), changed)
    moved = (_as_moved(change) for change in accounts.values())
    return RawState(
        tuple(change for change in slots.values() if change.before != change.after),
        tuple(change for change in moved if change.balance_wei or change.nonce or change.code_bytes),
    )


def _joined(before: AccountChange | None, after: AccountChange) -> AccountChange:
    if before is None:
        return after
    return AccountChange(
        after.address,
        _through(before.balance_wei, after.balance_wei),
        _through(before.nonce, after.nonce),
        _through(before.code_bytes, after.code_bytes),
    )


def _through(before: tuple[int, int] | None, after: tuple[int, int] | None) -> tuple[int, int] | None:
    if before is None or after is None:
        return before or after
    return before[0], after[1]


def _as_moved(change: AccountChange) -> AccountChange:
    """Without what came back to where it was."""
    pairs = (change.balance_wei, change.nonce, change.code_bytes)
    balance, nonce, code = (pair if pair and pair[0] != pair[1] else None for pair in pairs)
    return AccountChange(change.address, balance, nonce, code)
