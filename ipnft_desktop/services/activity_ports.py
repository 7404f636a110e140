"""What a transaction on the register does with the list of all mints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.mint_activity import JobAnchor, JobCounts, JobDetail, JobPage, JobQuery, JobRow


class ActivityTransaction(Protocol):
    """Part of `services.ports.Transaction`. `troubled` names the open jobs that something holds up: no record tells
    that."""

    def job_page(self, query: JobQuery, after: JobAnchor | None, limit: int, troubled: Collection[UUID]) -> JobPage:
        """At most `limit` lines (>= 1) behind `after`."""
        ...

    def count_jobs(
        self, query: JobQuery, troubled: Collection[UUID], owners: Collection[UUID] | None = None
    ) -> JobCounts:
        """Of each group, whatever group the query is of. What may be retried is counted where all of it belongs to
        `owners`, enterprises; to anybody for None."""
        ...

    def retryable_jobs(self, query: JobQuery, owners: Collection[UUID] | None = None) -> tuple[UUID, ...]:
        """The failed jobs that match and would be taken for another attempt, oldest first, counted as above. For each
        its first asset."""
        ...

    def job_rows_of(self, asset_ids: Sequence[UUID]) -> tuple[JobRow, ...]:
        """The lines of all jobs that these assets are in, or were in."""
        ...

    def job_detail(self, job_id: UUID) -> JobDetail | None:
        """All about one job."""
        ...
