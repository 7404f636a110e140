"""Which transaction created a contract: nothing on a chain leads from the one to the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ipnft_desktop.domain.chain_events import EventFilter
from ipnft_desktop.domain.inspection.directory import Creation
from ipnft_desktop.domain.inspection.transactions import TransactionLine, TransactionPlace
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector_ports import ChainInspection
from ipnft_desktop.services.ports import Database

MOST_TRANSACTIONS = 500
"""Of the newest, that are looked through at once."""
_PAGE = 100


class ContractCreations:
    """Looks through the newest transactions, each once, and elsewhere at the first event of a contract: most write one
    when they are created."""

    def __init__(self, chain: ChainInspection, index: ChainIndex, database: Database) -> None:
        self._chain = chain
        self._index = index
        self._database = database
        self._found: dict[str, Creation] = {}
        self._newest: TransactionLine | None = None
        self._lock = asyncio.Lock()

    async def newest(self) -> Mapping[str, Creation]:
        """Contracts that were created in the newest transactions, by address; those of an earlier look stay. Raises
        EnvironmentFault NODE_UNREACHABLE."""
        async with self._lock:
            await self._forget_what_is_gone()
            below: TransactionPlace | None = None
            looked_at, first = 0, self._newest
            while looked_at < MOST_TRANSACTIONS:
                page = await self._chain.transactions(below, _PAGE)
                for line in page.lines:
                    if first is not None and line.place <= first.place:
                        return self._found
                    self._note(line)
                looked_at += max(1, len(page.lines))
                if (below := page.next_below) is None:
                    break
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
        if self._newest is not None and await self._chain.transaction(self._newest.tx_hash) is None:
            self._newest = None
            self._found.clear()

    def _note(self, line: TransactionLine) -> None:
        if self._newest is None or line.place > self._newest.place:
            self._newest = line
        if line.created is not None:
            self._found[line.created] = _creation(line)


def _creation(line: TransactionLine) -> Creation:
    return Creation(line.tx_hash, line.place.block_number, line.timestamp_s, line.sender)
