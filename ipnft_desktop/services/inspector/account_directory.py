"""Accounts that are known on the present chain, and one of them in full."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from uuid import UUID

from ipnft_desktop.domain.chain_events import EventAnchor
from ipnft_desktop.domain.chain_view import ChainToken
from ipnft_desktop.domain.inspection.contracts import AccountState
from ipnft_desktop.domain.inspection.directory import AccountLine, AccountList, AccountSource
from ipnft_desktop.services.address_book import known_addresses
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector.event_reading import EventLinePage, EventReading
from ipnft_desktop.services.inspector_ports import ChainInspection
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session

MOST_SEEN = 1_000
"""Of the accounts that are known from events alone, each way; anybody else is found by the address."""
HISTORY_PAGE = 100
_BATCH = 100

Accounts = Callable[[], Awaitable[Collection[str]]]


class AccountDirectory:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise. Raises EnvironmentFault NODE_UNREACHABLE."""

    def __init__(
        self,
        chain: ChainInspection,
        index: ChainIndex,
        events: EventReading,
        database: Database,
        session: Session,
        node_accounts: Accounts,
        signers: Accounts,
    ) -> None:
        """`node_accounts` are those that a local node funds, `signers` those that sign for this program."""
        self._chain = chain
        self._index = index
        self._events = events
        self._database = database
        self._session = session
        self._node_accounts = node_accounts
        self._signers = signers

    async def accounts(self, kept: Mapping[str, AccountState] | None = None) -> AccountList:
        """Everybody who is known, those with a name first. The node is not asked for those in `kept`: they are told to
        be as they are there. Each other one costs it three questions."""
        self._session.require_reader()
        sources = dict[str, set[AccountSource]]()

        def add(addresses: Collection[str], source: AccountSource) -> None:
            for address in addresses:
                sources.setdefault(address, set()).add(source)

        wallets, named, seen = await self._database.read(_known)
        add(wallets, AccountSource.WALLET)
        add(named, AccountSource.NAMED)
        add(await self._signers(), AccountSource.SIGNER)
        add(await self._node_accounts(), AccountSource.NODE)
        add(seen, AccountSource.EVENTS)
        return AccountList(await self._lines(sources, kept or {}), len(seen) < MOST_SEEN)

    async def account(self, address: str) -> AccountLine:
        """One of any address with a checksum."""
        self._session.require_reader()
        (line,) = await self._lines({address: {AccountSource.SOUGHT}}, {})
        return line

    async def tokens(self, address: str, after: int | None = None) -> tuple[tuple[ChainToken, str], ...]:
        """A page of the tokens it holds, by token id, each with the name of its asset; empty where the register has
        none."""
        found = await self._index.tokens_of(address, after, HISTORY_PAGE)
        ids = [token.asset_id for token in found if token.asset_id is not None]
        names = await self._names(ids)
        return tuple((token, names.get(token.asset_id, "") if token.asset_id else "") for token in found)

    async def history(self, address: str, after: EventAnchor | None = None) -> EventLinePage:
        """A page of the events that name it, newest first."""
        self._session.require_reader()
        return await self._events.lines(await self._index.history_of(address, after, HISTORY_PAGE))

    async def _names(self, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        rows = await self._database.read(lambda tx: tx.asset_rows(ids)) if ids else ()
        return {row.asset_id: row.name for row in rows}

    async def _lines(
        self, sources: Mapping[str, Collection[AccountSource]], kept: Mapping[str, AccountState]
    ) -> tuple[AccountLine, ...]:
        held = await self._database.read(lambda tx: tx.held_counts(tuple(sources)))
        states = dict(kept)
        asked = [address for address in sources if address not in kept]
        for begin in range(0, len(asked), _BATCH):
            for state in await self._chain.accounts(asked[begin : begin + _BATCH]):
                states[state.address] = state
        return tuple(
            AccountLine(states[address], frozenset(known), held.get(address, 0)) for address, known in sources.items()
        )


def _known(tx: Transaction) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Wallets of enterprises, addresses of the book, and whom events name."""
    known = known_addresses(tx)
    wallets = [each.address for each in known if each.enterprise is not None]
    named = [each.address for each in known if each.enterprise is None]
    return wallets, named, tx.event_parties(MOST_SEEN)
