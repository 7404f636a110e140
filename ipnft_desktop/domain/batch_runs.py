"""Runs: many assets minted at one wish, in as many transactions as it takes; what was meant, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS, saved_percent
from ipnft_desktop.domain.minting import CLOSED_STAGES, MintProgress, MintStage


class BatchStrategy(StrEnum):
    """Who put a run together."""

    MANUAL = "MANUAL"
    AUTOMATIC = "AUTOMATIC"


class Congestion(StrEnum):
    """How busy the chain was."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class ItemOutcome(StrEnum):
    """What has become of an asset of a run. FAILED and NOT_ATTEMPTED say with certainty that the run made no token."""

    RUNNING = "RUNNING"
    MINTED = "MINTED"
    FAILED = "FAILED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"
    """It was left out, or cancelled."""


def outcome_of(stage: MintStage) -> ItemOutcome:
    """Of the items of a job at a stage."""
    match stage:
        case MintStage.COMPLETED:
            return ItemOutcome.MINTED
        case MintStage.FAILED:
            return ItemOutcome.FAILED
        case MintStage.CANCELLED:
            return ItemOutcome.NOT_ATTEMPTED
        case _:
            return ItemOutcome.RUNNING


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """One transaction of a run, as recorded with it."""

    job_id: UUID
    gas_estimated: int
    gas_single: int | None
    """Of the latest single mint on the same contract at that time, measured; None where there was none."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction of a run, and what it used."""

    job_id: UUID
    position: int
    """In the run, from 0. Items that left a batch stand at the place where it was."""
    item_count: int
    stage: MintStage
    gas_estimated: int | None
    """None for items that left another batch, whose estimate includes them."""
    gas_single: int | None
    gas_used: int | None = None
    gas_price_wei: int | None = None
    tx_hash: str | None = None

    @property
    def gas_singly(self) -> int | None:
        """What its items would have taken one by one, as measured; None where no single mint was."""
        return None if self.gas_single is None else self.gas_single * self.item_count

    @property
    def saved_gas(self) -> int | None:
        """Negative where it used more. None until the items are minted, or without a base."""
        if self.gas_used is None or self.gas_singly is None or self.stage is not MintStage.COMPLETED:
            return None
        return self.gas_singly - self.gas_used

    @property
    def saved_percent(self) -> float | None:
        """As `saved_gas`, of the single mints."""
        if self.saved_gas is None or self.gas_used is None or self.gas_singly is None:
            return None
        return saved_percent(self.gas_used, self.gas_singly)


@dataclass(frozen=True, slots=True)
class BatchRun:
    """A run with its transactions."""

    run_id: UUID
    strategy: BatchStrategy
    congestion: Congestion | None
    """None where nobody asked for it."""
    requested_at: datetime
    requested_by: str
    batches: tuple[Batch, ...]
    omitted: int
    """Assets that were left out before anything was recorded of their mint."""

    @property
    def anchor(self) -> RunAnchor:
        """Where the page behind this run begins."""
        return RunAnchor(self.requested_at, self.run_id)

    @property
    def counts(self) -> Mapping[ItemOutcome, int]:
        """Items by what has become of them."""
        counted = Counter[ItemOutcome]({ItemOutcome.NOT_ATTEMPTED: self.omitted})
        for batch in self.batches:
            counted[outcome_of(batch.stage)] += batch.item_count
        return counted

    @property
    def item_count(self) -> int:
        """All that the run was about, what was left out included."""
        return self.omitted + sum(batch.item_count for batch in self.batches)

    @property
    def is_open(self) -> bool:
        """Whether something is still under way."""
        return any(batch.stage not in CLOSED_STAGES for batch in self.batches)

    @property
    def gas_estimated(self) -> int:
        """Of all its transactions."""
        return sum(batch.gas_estimated or 0 for batch in self.batches)

    @property
    def gas_used(self) -> int:
        """Of all that was mined, reverted ones included."""
        return sum(batch.gas_used or 0 for batch in self.batches)

    @property
    def fee_wei(self) -> int:
        """What that cost."""
        return sum((batch.gas_used or 0) * (batch.gas_price_wei or 0) for batch in self.batches)

    @property
    def gas_singly(self) -> int | None:
        """What the items of the transactions of which `saved_gas` tells would have taken one by one."""
        singly = [batch.gas_singly for batch in self.batches if batch.saved_gas is not None]
        return sum(each or 0 for each in singly) if singly else None

    @property
    def saved_gas(self) -> int | None:
        """By the transactions of which it is known; None where of none."""
        saved = [batch.saved_gas for batch in self.batches if batch.saved_gas is not None]
        return sum(saved) if saved else None

    @property
    def saved_percent(self) -> float | None:
        """As `saved_gas`, of the same items minted singly."""
        saved, singly = self.saved_gas, self.gas_singly
        return None if saved is None or singly is None else saved_percent(singly - saved, singly)

    @property
    def saved_percent_of_baseline(self) -> float | None:
        """Against single mints of the common kind, `BASELINE_SINGLE_GAS` each."""
        minted = [batch for batch in self.batches if batch.stage is MintStage.COMPLETED and batch.gas_used is not None]
        singly = BASELINE_SINGLE_GAS * sum(batch.item_count for batch in minted)
        return saved_percent(sum(batch.gas_used or 0 for batch in minted), singly)


@dataclass(frozen=True, slots=True)
class RunItem:
    """One asset of a run, with what has become of it there."""

    asset_id: UUID
    name: str
    outcome: ItemOutcome
    job_id: UUID | None = None
    """None where it was left out before."""
    recipient: str | None = None
    token_id: int | None = None
    tx_hash: str | None = None
    code: ErrorCode | None = None
    """Why it failed or was left out."""
    detail: str = ""
    may_retry: bool = False
    """Whether it failed, can be tried again, and was not meanwhile."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A snapshot of a run for whoever watches it."""

    run_id: UUID
    batches: tuple[MintProgress, ...]
    """In the order of the run; each names its assets."""
    changed: tuple[MintProgress, ...] = ()
    """Those that are different from the snapshot before."""
    omitted: int = 0

    @property
    def counts(self) -> Mapping[ItemOutcome, int]:
        """Items by what has become of them."""
        counted = Counter[ItemOutcome]({ItemOutcome.NOT_ATTEMPTED: self.omitted})
        for batch in self.batches:
            counted[outcome_of(batch.stage)] += len(batch.asset_ids)
        return counted

    @property
    def percent(self) -> int:
        """Of all that is to be done: what has ended, however it did, counts in full."""
        total = sum(len(batch.asset_ids) for batch in self.batches)
        done = sum(len(b.asset_ids) * (100 if b.stage in CLOSED_STAGES else b.percent) for b in self.batches)
        return 100 if not total else done // total

    @property
    def is_open(self) -> bool:
        """Whether something is still under way."""
        return any(batch.stage not in CLOSED_STAGES for batch in self.batches)


@dataclass(frozen=True, slots=True)
class RunAnchor:
    """The run behind which a page of the list begins."""

    requested_at: datetime
    run_id: UUID


@dataclass(frozen=True, slots=True)
class CancelResult:
    """What became of the wish to end a run."""

    cancelled: int = 0
    """Items that will not be minted."""
    asked: int = 0
    """Items whose transaction was signed: the chain decides."""
    too_late: int = 0
    """Items that were mined, or had ended."""
    unreached: int = 0
    """Items whose transaction is signed, while the chain cannot be asked."""


@dataclass(frozen=True, slots=True)
class RetryFailedResult:
    """What became of the wish to try failed items again."""

    retried: int = 0
    """Items."""
    refused: Mapping[ErrorCode, int] = field(default_factory=dict[ErrorCode, int])
    """Items that were not, by the reason."""
