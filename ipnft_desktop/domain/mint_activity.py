"""Mints and batches as a list shows them: one line a job, narrowed, sorted, counted, and one of them in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    MAX_ATTEMPTS,
    AssetState,
    MintFailure,
    MintJob,
    MintProgress,
    MintStage,
    MintTimes,
    TransactionPurpose,
)


class JobGroup(StrEnum):
    """What a list of jobs can be narrowed to. NEEDS_ATTENTION lies across the others: what does not go on, or could not
    be tried again, without a person."""

    ALL = "ALL"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    NEEDS_ATTENTION = "NEEDS_ATTENTION"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    MINTED = "MINTED"


STAGES_OF: Mapping[JobGroup, frozenset[MintStage]] = MappingProxyType(
    {
        JobGroup.ALL: frozenset(MintStage),
        JobGroup.RUNNING: frozenset(
            {MintStage.PREPARING, MintStage.SUBMITTING, MintStage.CONFIRMING, MintStage.FINALIZING}
        ),
        JobGroup.WAITING: frozenset({MintStage.REQUESTED}),
        JobGroup.NEEDS_ATTENTION: frozenset(MintStage) - {MintStage.COMPLETED, MintStage.CANCELLED},
        JobGroup.FAILED: frozenset({MintStage.FAILED}),
        JobGroup.CANCELLED: frozenset({MintStage.CANCELLED}),
        JobGroup.MINTED: frozenset({MintStage.COMPLETED}),
    }
)
"""The stages a job of each group can be at."""

BY_STATE: tuple[MintStage, ...] = (
    MintStage.FAILED,
    MintStage.REQUESTED,
    MintStage.PREPARING,
    MintStage.SUBMITTING,
    MintStage.CONFIRMING,
    MintStage.FINALIZING,
    MintStage.COMPLETED,
    MintStage.CANCELLED,
)
"""The order by state: what wants a look, then what is under way, then what is over."""


class JobSort(StrEnum):
    """What jobs can be ordered by; within one state by time."""

    TIME = "TIME"
    STATE = "STATE"


@dataclass(frozen=True, slots=True)
class JobQuery:
    """Which jobs are wanted, and in which order; what is empty restricts nothing."""

    group: JobGroup = JobGroup.ALL
    text: str = ""
    """Words of an asset's name, number, creator or description; or the beginning of a transaction hash or of a
    recipient's address, from `0x` on."""
    since: datetime | None = None
    until: datetime | None = None
    """Requested before this moment."""
    sort: JobSort = JobSort.TIME
    descending: bool = True
    """Newest first, by state those at the front of `BY_STATE`; otherwise all of it the other way round."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.group is not JobGroup.ALL or bool(self.text or self.since or self.until)


@dataclass(frozen=True, slots=True)
class JobAnchor:
    """The job behind which a page begins."""

    stage: MintStage
    requested_at: datetime
    job_id: UUID


@dataclass(frozen=True, slots=True)
class JobRow:
    """One line of the list."""

    job_id: UUID
    asset_id: UUID
    """The first asset of the job, as `asset_name` and `recipient`."""
    asset_name: str
    item_count: int
    recipient: str
    stage: MintStage
    attempt: int
    times: MintTimes
    requested_by: str
    """Name of the account that asked; empty where it is not on record."""
    is_current: bool
    """Whether the job still tells how its assets stand: none of them was minted again or reset since."""
    confirmations: int = 0
    required_confirmations: int = 1
    tx_hash: str | None = None
    nonce: int | None = None
    block_number: int | None = None
    gas_used: int | None = None
    gas_price_wei: int | None = None
    cancel_requested: bool = False
    failure: MintFailure | None = None
    trouble: ErrorCode | None = None
    """What keeps a running job from going on just now."""

    @property
    def anchor(self) -> JobAnchor:
        """Where the page behind this line begins."""
        return JobAnchor(self.stage, self.times.requested_at, self.job_id)

    @property
    def is_open(self) -> bool:
        """Whether the outcome is not on record yet."""
        return self.stage not in CLOSED_STAGES

    @property
    def code(self) -> ErrorCode | None:
        """Why it failed, or what holds it up."""
        return self.failure.code if self.failure else self.trouble

    @property
    def fee_wei(self) -> int | None:
        """What the mined transaction cost."""
        if self.gas_used is None or self.gas_price_wei is None:
            return None
        return self.gas_used * self.gas_price_wei

    @property
    def may_retry(self) -> bool:
        """Whether the desk would take another attempt."""
        is_safe = self.failure is not None and self.failure.safe_to_retry
        return self.stage is MintStage.FAILED and self.is_current and is_safe and self.attempt < MAX_ATTEMPTS

    @property
    def may_cancel(self) -> bool:
        """Whether the desk would take a cancellation: once, while nothing is mined; or instead of a retry."""
        is_cancellable = self.is_open or (self.stage is MintStage.FAILED and self.is_current)
        return is_cancellable and self.block_number is None and not self.cancel_requested

    @property
    def needs_attention(self) -> bool:
        """Whether nothing goes on without a person."""
        if self.is_open:
            return self.trouble is not None
        return self.stage is MintStage.FAILED and self.is_current and not self.may_retry

    def is_in(self, group: JobGroup) -> bool:
        """Whether the line belongs into a list of this group."""
        if group is JobGroup.NEEDS_ATTENTION:
            return self.needs_attention
        if group is JobGroup.FAILED and not self.is_current:
            return False
        return self.stage in STAGES_OF[group]

    def elapsed_s(self, now: datetime) -> float:
        """From the request, or from the beginning of the present attempt, to the end or until now."""
        begun = self.times.last_attempt_at or self.times.requested_at
        ended = None if self.is_open else self.times.completed_at
        return max(((ended or now) - begun).total_seconds(), 0.0)

    def after(self, progress: MintProgress) -> JobRow:
        """The line as a running job tells it; all of it but what an attempt does not change."""
        is_open = progress.stage not in CLOSED_STAGES
        return replace(
            self,
            stage=progress.stage,
            attempt=progress.attempt,
            times=progress.times,
            confirmations=progress.confirmations,
            required_confirmations=progress.required_confirmations,
            tx_hash=progress.tx_hash,
            nonce=progress.nonce,
            block_number=progress.block_number,
            gas_used=progress.gas_used,
            gas_price_wei=progress.gas_price_wei,
            cancel_requested=progress.cancel_requested,
            item_count=len(progress.asset_ids),
            failure=progress.failure,
            trouble=progress.error.code if progress.error and is_open else None,
        )


@dataclass(frozen=True, slots=True)
class JobPage:
    """Lines in order, and behind which of them the next page begins: None where none follow."""

    rows: tuple[JobRow, ...]
    next_anchor: JobAnchor | None


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs of each group match a text and dates."""

    of: Mapping[JobGroup, int]
    retryable: int
    """Failed ones that the person may try again."""


@dataclass(frozen=True, slots=True)
class JobItem:
    """One asset of a job, with what has become of it."""

    asset_id: UUID
    name: str
    enterprise_id: UUID
    enterprise_name: str
    recipient: str
    state: AssetState
    """Of the asset now."""
    token_id: int | None
    """The token that this job made, as far as it is on record."""
    is_current: bool
    """Whether this job still tells how the asset stands."""


@dataclass(frozen=True, slots=True)
class JobTransaction:
    """A transaction that was signed for a job, in any of its attempts."""

    attempt: int
    purpose: TransactionPurpose
    tx_hash: str
    nonce: int
    gas_limit: int
    max_fee_per_gas_wei: int
    signed_at: datetime
    block_number: int | None
    gas_used: int | None
    gas_price_wei: int | None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """All that the register knows about a job."""

    job: MintJob
    row: JobRow
    items: tuple[JobItem, ...]
    transactions: tuple[JobTransaction, ...]
    """Oldest first."""
