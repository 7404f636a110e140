"""When mints that wait for company have enough of it: by number, by the time they waited, by how busy the chain is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.chain import ChainLoad

SIZES: Mapping[Congestion, int] = MappingProxyType({Congestion.LOW: 35, Congestion.MEDIUM: 25, Congestion.HIGH: 15})
"""How many go together; on a busy chain a smaller transaction finds room sooner."""
BUSY_FULLNESS, QUIET_FULLNESS = 0.6, 0.4
RISING, FALLING = 1.125, 1.0
"""A block aims at being half full, and the base fee changes by an eighth at most from one to the next (EIP-1559)."""


@dataclass(frozen=True, slots=True)
class GatheringPolicy:
    """How mints are gathered. Whatever the size should be, it stays within these bounds."""

    least: int = 10
    most: int = 40
    longest_wait: timedelta = timedelta(seconds=30)
    sizes: Mapping[Congestion, int] = field(default_factory=lambda: SIZES)
    congestion: Congestion | None = None
    """Set by hand, for a demonstration; None reads it from the chain."""

    def size(self, congestion: Congestion) -> int:
        """How many go together."""
        return max(self.least, min(self.sizes[congestion], self.most))


@dataclass(frozen=True, slots=True)
class GatheredMint:
    """An asset that waits for company."""

    asset_id: UUID
    recipient: str | None
    """Checksummed address (EIP-55); None for the wallet of its enterprise."""
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, slots=True)
class WaitingAsset:
    """The same for whoever looks on, with the asset as lists show it."""

    mint: GatheredMint
    row: AssetRow

    def goes_at(self, policy: GatheringPolicy) -> datetime:
        """When it goes at the latest."""
        return self.mint.asked_at + policy.longest_wait


def congestion_of(load: ChainLoad) -> Congestion:
    """HIGH where blocks are fuller than they aim at or the base fee rose by a step, LOW where they are emptier and it
    did not rise."""
    if not load.fullness or not load.base_fees_wei[0]:
        return Congestion.MEDIUM
    fullness = sum(load.fullness) / len(load.fullness)
    trend = load.base_fees_wei[-1] / load.base_fees_wei[0]
    if fullness > BUSY_FULLNESS or trend >= RISING:
        return Congestion.HIGH
    return Congestion.LOW if fullness < QUIET_FULLNESS and trend <= FALLING else Congestion.MEDIUM


def due(waiting: Sequence[GatheredMint], size: int, longest_wait: timedelta, now: datetime) -> tuple[GatheredMint, ...]:
    """Those that go together now, oldest first: all for one address, or all for their own enterprises. Empty while
    there are too few and none has waited long enough. `waiting` is in the order in which they were asked for."""
    for group in by_destination(waiting):
        if len(group) >= size or now - group[0].asked_at >= longest_wait:
            return group[:size]
    return ()


def by_destination(waiting: Sequence[GatheredMint]) -> tuple[tuple[GatheredMint, ...], ...]:
    """Those that may go together: all for one address, or all for their own enterprises."""
    groups: dict[str | None, list[GatheredMint]] = {}
    for mint in waiting:
        groups.setdefault(mint.recipient, []).append(mint)
    return tuple(map(tuple, groups.values()))


def wait_s(waiting: Sequence[GatheredMint], longest_wait: timedelta, now: datetime) -> float | None:
    """Until the oldest has waited long enough; None where none waits."""
    if not waiting:
        return None
    return max(0.0, (min(mint.asked_at for mint in waiting) + longest_wait - now).total_seconds())
