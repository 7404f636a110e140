"""Blocks and transactions as lists, one of them in full, and what is different between two blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.comparison import BlockDifference
from ipnft_desktop.domain.inspection.contracts import ContractAbi
from ipnft_desktop.domain.inspection.tracing import TransactionDetail, TransactionTrace
from ipnft_desktop.domain.inspection.transactions import TransactionPage, TransactionPlace
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.block_comparison import BlockComparison
from ipnft_desktop.services.inspector.transaction_reading import TransactionReading
from ipnft_desktop.services.inspector_ports import ChainInspection, ContractCodec
from ipnft_desktop.services.ports import Database
from ipnft_desktop.services.session import Session

PAGE_SIZE = 100


class ChainInspector:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise. Reads the chain as it is, not what the register
    knows of it; raises EnvironmentFault NODE_UNREACHABLE. Changes nothing."""

    def __init__(
        self,
        chain: ChainInspection,
        codec: ContractCodec,
        abis: AbiRegistry,
        database: Database,
        session: Session,
        known_addresses: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`known_addresses` are those that have a name."""
        self._chain = chain
        self._abis = abis
        self._session = session
        self._known_addresses = known_addresses
        self._codec = codec
        self._reading = TransactionReading(chain, codec, abis, database)
        self._comparison = BlockComparison(chain, self._reading)

    async def head(self) -> int:
        """Height of the newest block."""
        self._session.require_reader()
        return await self._chain.head()

    async def blocks(self, below: int | None = None, limit: int = PAGE_SIZE) -> BlockPage:
        """Newest first, those below a height."""
        self._session.require_reader()
        return await self._chain.blocks(below, limit)

    async def block(self, at: int | str) -> Block | None:
        """By height or hash; None where the chain has none."""
        self._session.require_reader()
        return await self._chain.block(at)

    async def transactions(self, below: TransactionPlace | None = None, limit: int = PAGE_SIZE) -> TransactionPage:
        """Newest first, those before a place. A page without lines may go on."""
        self._session.require_reader()
        return await self._with_methods(await self._chain.transactions(below, limit))

    async def transactions_of(self, number: int) -> TransactionPage:
        """All of a block, in its order."""
        self._session.require_reader()
        return await self._with_methods(await self._chain.transactions_of(number))

    async def transaction(self, tx_hash: str) -> TransactionDetail | None:
        """A mined transaction in words; None where the chain has none."""
        self._session.require_reader()
        found = await self._chain.transaction(tx_hash)
        if found is None:
            return None
        detail = await self._reading.detail(found)
        (line,) = (await self._with_methods(TransactionPage((found.line,), None))).lines
        return replace(detail, transaction=replace(found, line=line))

    async def trace(self, detail: TransactionDetail) -> TransactionTrace:
        """What it did inside, as far as the node tells."""
        self._session.require_reader()
        return await self._reading.trace(detail, self._known_addresses())

    async def compare(self, first: int, second: int) -> BlockDifference:
        """Two blocks by their heights, whichever is the lower. Raises ValidationFailed (field `block`)."""
        self._session.require_reader()
        return await self._comparison.between(first, second)

    async def _with_methods(self, page: TransactionPage) -> TransactionPage:
        addresses = {line.to for line in page.lines if line.to and line.selector}
        names = await asyncio.to_thread(self._methods, await self._abis.abis_of(addresses))
        lines = tuple(
            replace(line, method=names[line.to].get(line.selector, "")) if line.to and line.selector else line
            for line in page.lines
        )
        return replace(page, lines=lines)

    def _methods(self, abis: Mapping[str, tuple[ContractAbi, ...]]) -> dict[str, Mapping[str, str]]:
        """Names of functions at each address. Most addresses have the standards alone: those are joined once."""
        joined: dict[tuple[int, ...], Mapping[str, str]] = {}
        names: dict[str, Mapping[str, str]] = {}
        for address, of_it in abis.items():
            key = tuple(map(id, of_it))
            if key not in joined:
                joined[key] = self._codec.methods(of_it)
            names[address] = joined[key]
        return names
