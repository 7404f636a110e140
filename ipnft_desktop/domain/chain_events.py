"""What a chain told by its logs, as the register keeps it: events, which of them are wanted, and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import IpnftError

NOBODY = "0x" + "0" * 40
"""The zero address: whom a minted token comes from."""


class EventKind(StrEnum):
    """What a log says, where that is known. The names are those of our contract's events (`IIPAssetNFT`, ERC-721,
    ERC-4906, Solady's `OwnableRoles`)."""

    MINTED = "MINTED"
    TRANSFERRED = "TRANSFERRED"
    APPROVED = "APPROVED"
    OPERATOR_APPROVED = "OPERATOR_APPROVED"
    VALIDITY_CHANGED = "VALIDITY_CHANGED"
    DIRECTORY_AMENDED = "DIRECTORY_AMENDED"
    METADATA_UPDATED = "METADATA_UPDATED"
    TOKEN_ROYALTY_CHANGED = "TOKEN_ROYALTY_CHANGED"  # noqa: S105 - a kind's name, not a secret
    DEFAULT_ROYALTY_CHANGED = "DEFAULT_ROYALTY_CHANGED"
    PAUSED = "PAUSED"
    UNPAUSED = "UNPAUSED"
    ROLES_UPDATED = "ROLES_UPDATED"
    OWNERSHIP_TRANSFERRED = "OWNERSHIP_TRANSFERRED"
    HANDOVER_REQUESTED = "HANDOVER_REQUESTED"
    HANDOVER_CANCELLED = "HANDOVER_CANCELLED"
    UNREADABLE = "UNREADABLE"
    """A log of our contract that is none of its events: kept as it came."""
    FOREIGN = "FOREIGN"
    """A log of another contract; kept as it came."""


@dataclass(frozen=True, slots=True)
class EventAnchor:
    """The place of a log on its chain, and the event behind which a page begins."""

    block_number: int
    log_index: int


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """One log of a mined transaction, raw and, as far as its kind is known, read.

    Of a foreign log that has the topic and the indexed parties of ERC-20's or ERC-721's `Transfer`, `sender` and
    `recipient` are read too, so that an address finds it.
    """

    block: BlockRef
    tx_hash: str
    log_index: int
    """Within its block."""
    address: str
    """Of the contract that wrote the log, checksummed."""
    topics: tuple[bytes, ...]
    """At most four words of 32 bytes."""
    data: bytes
    kind: EventKind
    token_id: int | None = None
    sender: str | None = None
    """Who gave: the former holder or admin, the holder who approved; or who paused."""
    recipient: str | None = None
    """Who was given: the new holder or admin, the approved account, the royalty's receiver, the holder of roles, who
    asked for a handover."""
    number: int | None = None
    """The new validity (0 to 2), share of the royalty in basis points, bits of the roles, or 1 for an operator that is
    approved for all and 0 for one that is not any more."""
    digest: bytes | None = None
    """32 bytes: the reason of a validity; the directory a token was minted under or moved to, None where a mint did not
    tell it."""

    @property
    def anchor(self) -> EventAnchor:
        """Where it stands on its chain."""
        return EventAnchor(self.block.number, self.log_index)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted, and in which order; what is empty restricts nothing."""

    kinds: frozenset[EventKind] = frozenset()
    address: str = ""
    """Checksummed: the contract that wrote the log, or a party of it."""
    tx_hash: str = ""
    token_id: int | None = None
    """Of our contract."""
    first_block: int | None = None
    last_block: int | None = None
    descending: bool = True
    """The newest first."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        blocks = self.first_block is not None or self.last_block is not None
        return bool(self.kinds or self.address or self.tx_hash or self.token_id is not None or blocks)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order, and behind which of them the next page begins: None where none follow."""

    events: tuple[ChainEvent, ...]
    next_anchor: EventAnchor | None = None


@dataclass(frozen=True, slots=True)
class IndexedBlock:
    """A block as the index knows it."""

    block: BlockRef
    parent_hash: str


@dataclass(frozen=True, slots=True)
class ChainSlice:
    """Neighbouring blocks and all logs in them, both in the chain's order; the parent of each block is the one before
    it."""

    blocks: tuple[IndexedBlock, ...]
    events: tuple[ChainEvent, ...]


@dataclass(frozen=True, slots=True)
class IndexReach:
    """From where to where the index of the present chain reaches."""

    first_block: int
    next_block: int
    """The height it goes on at; `first_block` while it is empty."""

    @property
    def last_block(self) -> int | None:
        """The highest block in it; None while it is empty."""
        return None if self.next_block == self.first_block else self.next_block - 1


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index is behind its chain."""

    reach: IndexReach | None = None
    """None before the register has a chain."""
    head_block: int | None = None
    """Height of the chain as it was last heard; None while nothing follows it."""
    fault: IpnftError | None = None
    """What keeps the index from going on just now."""

    @property
    def missing_blocks(self) -> int:
        """How many blocks of the chain are not in it yet, as far as is known."""
        if self.reach is None or self.head_block is None:
            return 0
        return max(0, self.head_block + 1 - self.reach.next_block)

    @property
    def is_complete(self) -> bool:
        """Whether the index holds all that the chain told from `first_block` on."""
        return self.head_block is not None and self.reach is not None and not self.missing_blocks
