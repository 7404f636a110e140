"""What a transaction on the register does with the index of its chain."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import (
    ChainEvent,
    ChainSlice,
    EventAnchor,
    EventFilter,
    EventKind,
    EventPage,
    IndexedBlock,
    IndexReach,
)
from ipnft_desktop.domain.chain_view import ChainToken, ContractTerms, RoleHolder


class IndexTransaction(Protocol):
    """Part of `services.ports.Transaction`. Everything here is about the chain the register is bound to; the index of
    an earlier one stays on record. Without a chain there is nothing to read, and nothing is written."""

    def begin_index(self, first_block: int) -> None:
        """Begin an empty index at this height, in place of the one there is."""
        ...

    def index_reach(self) -> IndexReach | None:
        """None before an index was begun."""
        ...

    def append_to_index(self, piece: ChainSlice) -> bool:
        """Take in what follows, and what it means for tokens, roles and terms; False, and nothing written, where the
        index does not end right before it: another program was faster."""
        ...

    def drop_from_index(self, block_number: int) -> None:
        """Take back all above this block, which a reorganisation took away; tokens, roles and terms that were touched
        follow from the remaining events."""
        ...

    def indexed_block(self, number: int) -> IndexedBlock | None: ...
    def indexed_blocks(self, below: int | None, limit: int) -> tuple[BlockRef, ...]:
        """The newest blocks below a height, or at the end of the index, newest first."""
        ...

    def event_page(self, wanted: EventFilter, after: EventAnchor | None, limit: int) -> EventPage:
        """At most `limit` events (>= 1) behind `after`."""
        ...

    def count_events(self, wanted: EventFilter) -> int: ...
    def event_kinds(self) -> dict[EventKind, int]:
        """How many events of each kind there are; kinds without any are left out."""
        ...

    def events_of_token(self, token_id: int) -> tuple[ChainEvent, ...]:
        """All of one token of our contract, in the chain's order."""
        ...

    def chain_tokens(self, token_ids: Collection[int]) -> dict[int, ChainToken]:
        """Those of them that the chain told of."""
        ...

    def tokens_held_by(self, address: str, after: int | None, limit: int) -> tuple[ChainToken, ...]:
        """By token id, behind the one of this id."""
        ...

    def tokens_without_asset(self, after: int | None, limit: int) -> tuple[ChainToken, ...]:
        """Tokens of our contract that no asset of the register has the id of, by token id, behind this one."""
        ...

    def count_chain_tokens(self) -> int: ...
    def role_holders(self) -> tuple[RoleHolder, ...]:
        """By account."""
        ...

    def contract_terms(self) -> ContractTerms: ...
