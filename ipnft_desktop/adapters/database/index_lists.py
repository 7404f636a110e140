"""Reads the index of the chain: a page of events at a time, each from the index of what it is narrowed by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, func, select, tuple_

from ipnft_desktop.adapters.database.index_values import digits, event_of, token_of_row
from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records, Values
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    ChainEventTable,
    ChainIndexTable,
    ChainTokenTable,
    IndexedBlockTable,
    RoleHolderTable,
    table,
)
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import (
    ChainEvent,
    EventAnchor,
    EventFilter,
    EventKind,
    EventPage,
    IndexedBlock,
    IndexReach,
)
from ipnft_desktop.domain.chain_view import ChainToken, ContractTerms, RoleHolder

Conditions = Sequence[ColumnElement[bool]]

_CHAIN = ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_HERE = ChainEventTable.chain_instance_id == _CHAIN
_PLACE = (ChainEventTable.block_number, ChainEventTable.log_index)
EVENTS = select(*table(ChainEventTable).c, IndexedBlockTable.block_hash, IndexedBlockTable.timestamp_s).join(
    IndexedBlockTable,
    and_(
        IndexedBlockTable.chain_instance_id == ChainEventTable.chain_instance_id,
        IndexedBlockTable.number == ChainEventTable.block_number,
    ),
)
_INDEX = select(*table(ChainIndexTable).c).where(ChainIndexTable.chain_instance_id == _CHAIN)
_BLOCKS = select(*table(IndexedBlockTable).c).where(IndexedBlockTable.chain_instance_id == _CHAIN)
_BLOCK = _BLOCKS.where(IndexedBlockTable.number == bindparam("at"))
_NEWEST_BLOCKS = _BLOCKS.order_by(IndexedBlockTable.number.desc()).limit(bindparam("limit"))
_BLOCKS_BELOW = _NEWEST_BLOCKS.where(IndexedBlockTable.number < bindparam("below"))
_KINDS = select(ChainEventTable.kind, func.count().label("count")).where(_HERE).group_by(ChainEventTable.kind)
_OF_TOKEN = EVENTS.where(
    _HERE, ChainEventTable.token_id == bindparam("token"), ChainEventTable.kind != EventKind.FOREIGN
).order_by(*_PLACE)
_TOKENS = select(*table(ChainTokenTable).c).where(ChainTokenTable.chain_instance_id == _CHAIN)
_THESE_TOKENS = _TOKENS.where(among(digits(ChainTokenTable.token_id), "tokens"))
_HELD_BY = _TOKENS.where(ChainTokenTable.owner == bindparam("holder"))
_WITHOUT_ASSET = _TOKENS.where(
    ~select(AssetTable.asset_id).where(AssetTable.asset_id == ChainTokenTable.asset_id).exists()
)
_TOKEN_COUNT = select(func.count()).select_from(ChainTokenTable).where(ChainTokenTable.chain_instance_id == _CHAIN)
_HOLDERS = (
    select(RoleHolderTable.account, RoleHolderTable.roles, RoleHolderTable.handover_asked_s)
    .where(RoleHolderTable.chain_instance_id == _CHAIN)
    .order_by(RoleHolderTable.account)
)


class IndexLists(Records):
    """The part of a transaction that reads the index of the chain."""

    def index_reach(self) -> IndexReach | None:
        row = self._first(_INDEX)
        return None if row is None else IndexReach(row["first_block"], row["next_block"])

    def indexed_block(self, number: int) -> IndexedBlock | None:
        row = self._first(_BLOCK, {"at": number})
        return None if row is None else IndexedBlock(_block(row), row["parent_hash"])

    def indexed_blocks(self, below: int | None, limit: int) -> tuple[BlockRef, ...]:
        if below is None:
            return tuple(map(_block, self._all(_NEWEST_BLOCKS, {"limit": limit})))
        return tuple(map(_block, self._all(_BLOCKS_BELOW, {"limit": limit, "below": below})))

    def event_page(self, wanted: EventFilter, after: EventAnchor | None, limit: int) -> EventPage:
        pages = [self._ordered(wanted, branch, after, limit + 1) for branch in _branches(wanted)]
        together: Iterable[ChainEvent] = merge(*pages, key=_place, reverse=wanted.descending)
        # One event may be found on several ways: an account that sends to itself.
        found = {event.anchor: event for event in together}
        events = tuple(islice(found.values(), limit))
        return EventPage(events, events[-1].anchor if len(found) > limit else None)

    def count_events(self, wanted: EventFilter) -> int:
        branches = _branches(wanted)
        if len(branches) == 1:
            return self._value(select(func.count()).where(*branches[0]))
        places = (select(*_PLACE).where(*branch) for branch in branches)
        first, *others = places
        return self._value(select(func.count()).select_from(first.union(*others).subquery()))

    def event_kinds(self) -> dict[EventKind, int]:
        return {row["kind"]: row["count"] for row in self._all(_KINDS)}

    def events_of_token(self, token_id: int) -> tuple[ChainEvent, ...]:
        return tuple(map(event_of, self._all(_OF_TOKEN, {"token": token_id})))

    def chain_tokens(self, token_ids: Collection[int]) -> dict[int, ChainToken]:
        rows = self._all(_THESE_TOKENS, {"tokens": [str(token_id) for token_id in token_ids]})
        return {token.token_id: token for token in map(token_of_row, rows)}

    def tokens_held_by(self, address: str, after: int | None, limit: int) -> tuple[ChainToken, ...]:
        return self._tokens(_HELD_BY, after, limit, {"holder": address})

    def tokens_without_asset(self, after: int | None, limit: int) -> tuple[ChainToken, ...]:
        return self._tokens(_WITHOUT_ASSET, after, limit, {})

    def count_chain_tokens(self) -> int:
        return self._value(_TOKEN_COUNT)

    def role_holders(self) -> tuple[RoleHolder, ...]:
        return tuple(RoleHolder(**row) for row in self._all(_HOLDERS))

    def contract_terms(self) -> ContractTerms:
        row = self._first(_INDEX)
        if row is None:
            return ContractTerms()
        return ContractTerms(row["admin"], row["is_paused"], row["default_royalty_receiver"], row["default_royalty_bp"])

    def _tokens(
        self, statement: Select[*tuple[Any, ...]], after: int | None, limit: int, values: Values
    ) -> tuple[ChainToken, ...]:
        # By their numbers, which are kept as digits without leading zeros: the longer one is the larger.
        kept = digits(ChainTokenTable.token_id)
        if after is not None:
            statement = statement.where(tuple_(func.length(kept), kept) > tuple_(len(str(after)), str(after)))
        page = statement.order_by(func.length(kept), kept).limit(limit)
        return tuple(map(token_of_row, self._all(page, values)))

    def _ordered(
        self, wanted: EventFilter, branch: Conditions, after: EventAnchor | None, limit: int
    ) -> Sequence[ChainEvent]:
        conditions = [*branch]
        if after is not None:
            place, anchor = tuple_(*_PLACE), tuple_(after.block_number, after.log_index)
            conditions.append(place < anchor if wanted.descending else place > anchor)
        order = [column.desc() if wanted.descending else column for column in _PLACE]
        return [event_of(row) for row in self._all(EVENTS.where(*conditions).order_by(*order).limit(limit))]


def _branches(wanted: EventFilter) -> list[Conditions]:
    """Conditions that together find what is wanted, each led by an index of its own."""
    common: list[ColumnElement[bool]] = [_HERE]
    if wanted.kinds:
        common.append(ChainEventTable.kind.in_(sorted(wanted.kinds)))
    if wanted.tx_hash:
        common.append(ChainEventTable.tx_hash == wanted.tx_hash)
    if wanted.token_id is not None:
        common.extend((ChainEventTable.token_id == wanted.token_id, ChainEventTable.kind != EventKind.FOREIGN))
    if wanted.first_block is not None:
        common.append(ChainEventTable.block_number >= wanted.first_block)
    if wanted.last_block is not None:
        common.append(ChainEventTable.block_number <= wanted.last_block)
    if not wanted.address:
        return [common]
    parties = (ChainEventTable.address, ChainEventTable.sender, ChainEventTable.recipient)
    return [[*common, party == wanted.address] for party in parties]


def _place(event: ChainEvent) -> tuple[int, int]:
    return event.block.number, event.log_index


def _block(row: RowMapping) -> BlockRef:
    return BlockRef(row["number"], row["block_hash"], row["timestamp_s"])
