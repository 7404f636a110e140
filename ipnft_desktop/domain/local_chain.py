"""What a person does to a chain of our own, which a chain of others does not allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ipnft_desktop.domain.chain import BlockRef

MINED_AT_ONCE_MAX = 1_000
"""Most blocks that are mined at one wish."""
INTERVAL_MIN_S = 1
INTERVAL_MAX_S = 3_600
TIME_AHEAD_MAX = timedelta(days=3_660)
"""So far ahead of the newest block the next one may be."""
NAME_MAX_CHARS = 100


class MiningMode(StrEnum):
    """When blocks come."""

    AT_ONCE = "AT_ONCE"
    """Each transaction in a block of its own, as it comes."""
    INTERVAL = "INTERVAL"
    """One block every few seconds, with what came meanwhile."""
    ON_DEMAND = "ON_DEMAND"
    """Only when somebody mines."""


@dataclass(frozen=True, slots=True)
class Mining:
    """How the node mines."""

    mode: MiningMode = MiningMode.AT_ONCE
    interval_s: int | None = None
    """Of INTERVAL."""


@dataclass(frozen=True, slots=True)
class ChainSnapshot:
    """A point to which the node can go back, for as long as it runs."""

    snapshot_id: int
    """Of this program; the node's own changes each time it goes back."""
    name: str
    block: BlockRef
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class RevertPreview:
    """What going back to a snapshot undoes."""

    snapshot: ChainSnapshot
    blocks: int
    mints: int
    """Assets whose token a block above shows; they are sent again, with the same bytes."""
    calls: int
    """Other calls of contracts that a block above shows; sent again as well."""
    snapshots: int
    """Later snapshots, which are lost."""


@dataclass(frozen=True, slots=True)
class LocalChainState:
    """How the chain of our own stands."""

    head: BlockRef
    mining: Mining
    snapshots: tuple[ChainSnapshot, ...]
    bank: str
    """The demonstration account that pays for others, checksummed."""
    bank_wei: int
    impersonates: bool = False
    """Whether calls may be sent from accounts that sign nothing."""
