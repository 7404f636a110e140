"""Writes the index of the chain: appends what blocks told, takes it back, and keeps what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import BindParameter, Executable, bindparam, delete, select, update

from ipnft_desktop.adapters.database.index_lists import EVENTS, IndexLists
from ipnft_desktop.adapters.database.index_values import digits, event_of, row_of_event, row_of_token
from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.tables import (
    ChainEventTable,
    ChainIndexTable,
    ChainTokenTable,
    IndexedBlockTable,
    RoleHolderTable,
)
from ipnft_desktop.domain.chain_events import ChainEvent, ChainSlice
from ipnft_desktop.domain.chain_view import (
    ROLE_KINDS,
    TERM_KINDS,
    TOKEN_KINDS,
    ChainToken,
    ContractTerms,
    RoleHolder,
)

_CHAIN: BindParameter[int] = bindparam("chain")
_OF_CHAIN = (ChainEventTable, IndexedBlockTable, ChainTokenTable, RoleHolderTable, ChainIndexTable)
_EMPTY = tuple(delete(each).where(each.chain_instance_id == _CHAIN) for each in _OF_CHAIN)
_INDEX_HERE = ChainIndexTable.chain_instance_id == _CHAIN
_GO_ON = (
    update(ChainIndexTable)
    .where(_INDEX_HERE, ChainIndexTable.next_block == bindparam("first"))
    .values(next_block=bindparam("next"))
)
_GO_BACK = (
    update(ChainIndexTable)
    .where(_INDEX_HERE, ChainIndexTable.next_block > bindparam("next"))
    .values(next_block=bindparam("next"))
)
_HERE = ChainEventTable.chain_instance_id == _CHAIN
_ABOVE = ChainEventTable.block_number > bindparam("height")
_TOUCHED = select(ChainEventTable.kind, ChainEventTable.token_id, ChainEventTable.recipient).where(
    _HERE, _ABOVE, ChainEventTable.kind.in_(sorted(TOKEN_KINDS | ROLE_KINDS | TERM_KINDS))
)
_DROP_EVENTS = delete(ChainEventTable).where(_HERE, _ABOVE)
_DROP_BLOCKS = delete(IndexedBlockTable).where(
    IndexedBlockTable.chain_instance_id == _CHAIN, IndexedBlockTable.number > bindparam("height")
)
_IN_ORDER = EVENTS.where(_HERE).order_by(ChainEventTable.block_number, ChainEventTable.log_index)
_OF_TOKENS = _IN_ORDER.where(
    among(digits(ChainEventTable.token_id), "tokens"), ChainEventTable.kind.in_(sorted(TOKEN_KINDS))
)
_OF_ROLES = _IN_ORDER.where(ChainEventTable.kind.in_(sorted(ROLE_KINDS)))
_OF_TERMS = _IN_ORDER.where(ChainEventTable.kind.in_(sorted(TERM_KINDS)))
_FORGET_TOKENS = delete(ChainTokenTable).where(
    ChainTokenTable.chain_instance_id == _CHAIN, among(digits(ChainTokenTable.token_id), "tokens")
)
_FORGET_HOLDERS = delete(RoleHolderTable).where(
    RoleHolderTable.chain_instance_id == _CHAIN, among(RoleHolderTable.account, "accounts")
)


class IndexRecords(IndexLists):
    """The part of a transaction that writes the index of the chain."""

    def begin_index(self, first_block: int) -> None:
        chain = self._active_chain_instance()
        if chain is None:
            return
        for statement in _EMPTY:
            self._change(statement, {"chain": chain})
        self._insert(
            ChainIndexTable,
            {"chain_instance_id": chain, "first_block": first_block, "next_block": first_block, "is_paused": False},
        )

    def append_to_index(self, piece: ChainSlice) -> bool:
        chain = self._active_chain_instance()
        if chain is None or not piece.blocks:
            return False
        first, last = piece.blocks[0].block.number, piece.blocks[-1].block.number
        # First of all: on a shared register this row also keeps others from appending the same.
        if not self._change(_GO_ON, {"chain": chain, "first": first, "next": last + 1}):
            return False
        self._insert(
            IndexedBlockTable,
            *[
                {"chain_instance_id": chain, "parent_hash": each.parent_hash, **asdict(each.block)}
                for each in piece.blocks
            ],
        )
        self._insert(ChainEventTable, *[row_of_event(chain, event) for event in piece.events])
        self._apply(chain, piece.events)
        return True

    def drop_from_index(self, block_number: int) -> None:
        chain, reach = self._active_chain_instance(), self.index_reach()
        if chain is None or reach is None or block_number + 1 >= reach.next_block:
            return
        above = {"chain": chain, "height": block_number}
        touched = self._all(_TOUCHED, above)
        tokens = {str(row["token_id"]) for row in touched if row["kind"] in TOKEN_KINDS}
        holders = {row["recipient"] for row in touched if row["kind"] in ROLE_KINDS}
        self._change(_DROP_EVENTS, above)
        self._change(_DROP_BLOCKS, above)
        self._change(_GO_BACK, {"chain": chain, "next": max(block_number + 1, reach.first_block)})
        if tokens:
            self._change(_FORGET_TOKENS, {"chain": chain, "tokens": tokens})
            self._put_tokens(chain, {}, self._events(_OF_TOKENS, chain, tokens=tokens))
        if holders:
            self._change(_FORGET_HOLDERS, {"chain": chain, "accounts": holders})
            self._put_holders(chain, {}, self._events(_OF_ROLES, chain), only=holders)
        if any(row["kind"] in TERM_KINDS for row in touched):
            self._put_terms(chain, ContractTerms(), self._events(_OF_TERMS, chain))

    def _apply(self, chain: int, events: Iterable[ChainEvent]) -> None:
        of_tokens = [event for event in events if event.kind in TOKEN_KINDS]
        of_holders = [event for event in events if event.kind in ROLE_KINDS]
        of_terms = [event for event in events if event.kind in TERM_KINDS]
        if of_tokens:
            touched = {str(event.token_id) for event in of_tokens}
            known = self.chain_tokens([int(token_id) for token_id in touched])
            if known:
                self._change(_FORGET_TOKENS, {"chain": chain, "tokens": touched})
            self._put_tokens(chain, known, of_tokens)
        if of_holders:
            known_holders = {holder.account: holder for holder in self.role_holders()}
            accounts = {event.recipient or "" for event in of_holders}
            self._change(_FORGET_HOLDERS, {"chain": chain, "accounts": accounts})
            self._put_holders(chain, known_holders, of_holders, only=accounts)
        if of_terms:
            self._put_terms(chain, self.contract_terms(), of_terms)

    def _put_tokens(self, chain: int, known: Mapping[int, ChainToken], events: Iterable[ChainEvent]) -> None:
        tokens = dict(known)
        for event in events:
            assert event.token_id is not None
            tokens[event.token_id] = tokens.get(event.token_id, ChainToken(event.token_id)).after(event)
        self._insert(ChainTokenTable, *[row_of_token(chain, token) for token in tokens.values()])

    def _put_holders(
        self, chain: int, known: Mapping[str, RoleHolder], events: Iterable[ChainEvent], *, only: Collection[str]
    ) -> None:
        holders = dict(known)
        for event in events:
            account = event.recipient or ""
            holders[account] = holders.get(account, RoleHolder(account)).after(event)
        rows = [
            {"chain_instance_id": chain, **asdict(holder)}
            for account, holder in holders.items()
            if account in only and not holder.is_nothing
        ]
        self._insert(RoleHolderTable, *rows)

    def _put_terms(self, chain: int, terms: ContractTerms, events: Iterable[ChainEvent]) -> None:
        for event in events:
            terms = terms.after(event)
        self._change(update(ChainIndexTable).where(_INDEX_HERE).values(**asdict(terms)), {"chain": chain})

    def _events(self, statement: Executable, chain: int, **values: object) -> list[ChainEvent]:
        return [event_of(row) for row in self._all(statement, {"chain": chain, **values})]
