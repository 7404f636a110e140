"""What the register knows of its chain without asking the node: events, tokens and roles, as they were indexed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import (
    ChainEvent,
    EventAnchor,
    EventFilter,
    EventKind,
    EventPage,
    IndexStatus,
)
from ipnft_desktop.domain.chain_view import ChainToken, ContractTerms, RoleHolder
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.ports import Database
from ipnft_desktop.services.session import Session

TRANSACTION_EVENTS_MAX = 10_000
"""Most logs of one transaction that are read at once."""


@dataclass(frozen=True, slots=True)
class ContractStanding:
    """Roles and terms of our contract."""

    terms: ContractTerms
    holders: tuple[RoleHolder, ...]


class ChainIndex:
    """Every method raises UserError SIGN_IN_REQUIRED for whoever is not signed in. What is not indexed yet is missing
    in the answers; `status` tells how far the index reaches."""

    def __init__(self, database: Database, indexing: ChainIndexing, session: Session) -> None:
        self._database = database
        self._indexing = indexing
        self._session = session

    async def status(self) -> IndexStatus:
        """How far the index reaches, and what keeps it from going on. `IndexAdvanced` tells each change."""
        self._session.require_reader()
        reach = await self._database.read(lambda tx: tx.index_reach())
        return replace(self._indexing.status, reach=reach)

    async def events(self, wanted: EventFilter, after: EventAnchor | None = None, limit: int = 100) -> EventPage:
        """A page of at most `limit` events behind an anchor."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.event_page(wanted, after, limit))

    async def count(self, wanted: EventFilter) -> int:
        """How many events there are of these."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.count_events(wanted))

    async def kinds(self) -> Mapping[EventKind, int]:
        """How many events of each kind there are; kinds without any are left out."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.event_kinds())

    async def events_of_token(self, token_id: int) -> tuple[ChainEvent, ...]:
        """All that our contract told of a token, in the chain's order."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.events_of_token(token_id))

    async def events_of_transaction(self, tx_hash: str) -> tuple[ChainEvent, ...]:
        """The logs of a transaction, in their order, at most `TRANSACTION_EVENTS_MAX`."""
        wanted = EventFilter(tx_hash=tx_hash, descending=False)
        return (await self.events(wanted, None, TRANSACTION_EVENTS_MAX)).events

    async def history_of(self, address: str, after: EventAnchor | None = None, limit: int = 100) -> EventPage:
        """What an account had a part in, or a contract told; newest first."""
        return await self.events(EventFilter(address=address), after, limit)

    async def tokens_of(self, address: str, after: int | None = None, limit: int = 100) -> tuple[ChainToken, ...]:
        """Tokens of our contract that an account holds, by token id, behind the one of this id."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.tokens_held_by(address, after, limit))

    async def tokens(self, token_ids: Collection[int]) -> Mapping[int, ChainToken]:
        """How these tokens stand; those that the chain told nothing of are left out."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.chain_tokens(token_ids))

    async def token_count(self) -> int:
        """Tokens of our contract."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.count_chain_tokens())

    async def contract(self) -> ContractStanding:
        """Roles and terms of our contract."""
        self._session.require_reader()
        return await self._database.read(lambda tx: ContractStanding(tx.contract_terms(), tx.role_holders()))

    async def blocks(self, below: int | None = None, limit: int = 100) -> tuple[BlockRef, ...]:
        """Indexed blocks below a height, or from the end of the index, newest first."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.indexed_blocks(below, limit))
