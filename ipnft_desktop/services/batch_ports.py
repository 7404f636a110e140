"""What a transaction on the register does with runs of many mints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.batch_plan import MintCandidate, Omission
from ipnft_desktop.domain.batch_runs import BatchRun, BatchStrategy, Congestion, PlannedBatch, RunAnchor, RunItem


class BatchTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def mint_candidates(self, asset_ids: Collection[UUID]) -> tuple[MintCandidate, ...]:
        """In any order; unknown assets are left out."""
        ...

    def token_holders(self, addresses: Collection[str]) -> frozenset[str]:
        """To which of these a token was minted on the present chain."""
        ...

    def insert_run(
        self,
        run_id: UUID,
        strategy: BatchStrategy,
        congestion: Congestion | None,
        at: datetime,
        requested_by: str,
        batches: Sequence[PlannedBatch],
        omissions: Sequence[Omission],
    ) -> None:
        """Record a run of jobs that stand on record."""
        ...

    def gather_mints(self, mints: Sequence[GatheredMint]) -> None:
        """These assets wait for company; one that waits already does so anew."""
        ...

    def gathered_mints(self, owners: Collection[UUID] | None = None) -> tuple[GatheredMint, ...]:
        """What waits of these enterprises, or of all, in the order in which it was asked for."""
        ...

    def release_gathered(self, asset_ids: Collection[UUID]) -> None:
        """These wait no more, as far as they did."""
        ...

    def run(self, run_id: UUID) -> BatchRun | None: ...
    def runs(self, after: RunAnchor | None, limit: int) -> tuple[BatchRun, ...]:
        """Newest first, those behind the anchor."""
        ...

    def run_job_ids(self, run_id: UUID) -> tuple[UUID, ...]:
        """All jobs of a run, those included that left another one, in its order."""
        ...

    def run_items(self, run_id: UUID) -> tuple[RunItem, ...]:
        """In the order of the run, then what was left out."""
        ...
