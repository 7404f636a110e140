"""Which transaction created a contract: nothing on a chain leads from the one to the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from ipnft_desktop.domain.chain_events import EventFilter
from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.domain.inspection.directory import Creation
from ipnft_desktop.domain.inspection.transactions import TransactionLine, TransactionPlace
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector_ports import ChainInspection
from ipnft_desktop.services.ports import Database

MOST_TRANSACTIONS = 500
"""Of the newest, that are looked through."""
PAGES_AT_ONCE = 6
"""In one look: a page without a transaction is a thousand blocks."""
_PAGE = 100


@dataclass
class _Stretch:
    """Transactions that are still to be looked through, newest first."""

    below: TransactionPlace
    down_to: int
    """Height of the last block of it."""
    left: int = MOST_TRANSACTIONS


class ContractCreations:
    """Looks through the newest transactions, each once and as many as a look may, and elsewhere at the first event of
    a contract: most write one when they are created."""

    def __init__(self, chain: ChainInspection, index: ChainIndex, database: Database) -> None:
        self._chain = chain
        self._index = index
        self._database = database
        self._found: dict[str, Creation] = {}
        self._newest: BlockLine | None = None
        self._waiting: list[_Stretch] = []
        self._lock = asyncio.Lock()

    async def newest(self) -> Mapping[str, Creation]:
        """Contracts that were created in the newest transactions, by address; those of an earlier look stay. What one
        look did not come to, or could not, is looked through by the next. Raises EnvironmentFault NODE_UNREACHABLE."""
        async with self._lock:
            await self._forget_what_is_gone()
            await self._see_what_is_new()
            for _ in range(PAGES_AT_ONCE):
                if not self._waiting:
                    break
                await self._look_through_a_page_of(self._waiting[-1])
            return self._found

    async def of(self, address: str) -> Creation | None:
        """Where one contract comes from, as far as it can be told."""
        if address in self._found:
            return self._found[address]
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is not None and identity.contract_address == address:
            return await self._in_block(identity.deployment_block, address)
        page = await self._index.events(EventFilter(address=address, descending=False), None, 1)
        return await self._in_block(page.events[0].block.number, address) if page.events else None

    async def _in_block(self, number: int, address: str) -> Creation | None:
        page = await self._chain.transactions_of(number)
        found = next((line for line in page.lines if line.created == address), None)
        return None if found is None else _creation(found)

    async def _forget_what_is_gone(self) -> None:
        """Another chain, or one that was reorganised, is looked through anew."""
        if self._newest is not None and await self._at(self._newest.number) != self._newest:
            self._newest = None
            self._waiting.clear()
            self._found.clear()

    async def _see_what_is_new(self) -> None:
        head = await self._at(None)
        if head is None or head == self._newest:
            return
        down_to = 0 if self._newest is None else self._newest.number + 1
        self._waiting.append(_Stretch(TransactionPlace(head.number + 1, 0), down_to))
        self._newest = head

    async def _look_through_a_page_of(self, stretch: _Stretch) -> None:
        page = await self._chain.transactions(stretch.below, min(_PAGE, stretch.left))
        for line in page.lines:
            if line.created is not None:
                self._found[line.created] = _creation(line)
        stretch.left -= len(page.lines)
        below = page.next_below
        if below is None or below <= TransactionPlace(stretch.down_to, 0) or stretch.left <= 0:
            self._waiting.remove(stretch)
        else:
            stretch.below = below

    async def _at(self, height: int | None) -> BlockLine | None:
        page = await self._chain.blocks(None if height is None else height + 1, 1)
        return page.lines[0] if page.lines else None


def _creation(line: TransactionLine) -> Creation:
    return Creation(line.tx_hash, line.place.block_number, line.timestamp_s, line.sender)
