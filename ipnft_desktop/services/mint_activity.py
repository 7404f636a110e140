"""All mints as a list: read page by page, counted, one of them in full, and the failed ones tried again together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.mint_activity import JobAnchor, JobCounts, JobDetail, JobPage, JobQuery, JobRow
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.domain.people import Permission, Role, User
from ipnft_desktop.services.ports import Database
from ipnft_desktop.services.session import Session

PAGE_SIZE = 100
ASSETS_AT_ONCE = 500


class Desk(Protocol):
    """What the list needs of `services.mint_desk.MintDesk`."""

    @property
    def troubles(self) -> Mapping[UUID, ErrorCode]: ...
    async def retry(self, asset_id: UUID) -> MintJob: ...


@dataclass(frozen=True, slots=True)
class RetryResult:
    """What became of many retries."""

    retried: int
    refused: Mapping[ErrorCode, int] = field(default_factory=dict[ErrorCode, int])


class MintActivity:
    """Every method raises UserError SIGN_IN_REQUIRED for whoever is not signed in."""

    def __init__(self, database: Database, desk: Desk, session: Session) -> None:
        self._database = database
        self._desk = desk
        self._session = session

    async def page(self, query: JobQuery, after: JobAnchor | None = None, limit: int = PAGE_SIZE) -> JobPage:
        """Lines in order, those behind the anchor."""
        self._session.require_reader()
        troubles = self._desk.troubles
        page = await self._database.read(lambda tx: tx.job_page(query, after, limit, troubles))
        return replace(page, rows=self._with_troubles(page.rows))

    async def counts(self, query: JobQuery) -> JobCounts:
        """How many jobs of each group match the text and the dates, and how many of them the person may retry."""
        user = self._session.require_reader()
        troubles = self._desk.troubles
        return await self._database.read(lambda tx: tx.count_jobs(query, troubles, _owners(user)))

    async def rows_of(self, asset_ids: Sequence[UUID]) -> tuple[JobRow, ...]:
        """The lines of all jobs that these assets are in, or were in."""
        self._session.require_reader()
        rows: list[JobRow] = []
        for first in range(0, len(asset_ids), ASSETS_AT_ONCE):
            some = asset_ids[first : first + ASSETS_AT_ONCE]
            rows += await self._database.read(lambda tx, some=some: tx.job_rows_of(some))
        return self._with_troubles(tuple({row.job_id: row for row in rows}.values()))

    async def detail(self, job_id: UUID) -> JobDetail:
        """All about one job. Raises UserError MINT_INVALID_STATE where the register does not know it."""
        self._session.require_reader()
        detail = await self._database.read(lambda tx: tx.job_detail(job_id))
        if detail is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the register does not know this mint")
        return replace(detail, row=self._with_troubles((detail.row,))[0])

    async def retryable(self, query: JobQuery) -> tuple[UUID, ...]:
        """Of each failed job that the person may retry its first asset, oldest request first."""
        user = self._session.require_reader()
        return await self._database.read(lambda tx: tx.retryable_jobs(query, _owners(user)))

    async def retry_all(self, asset_ids: Sequence[UUID], goes_on: Callable[[int], bool]) -> RetryResult:
        """Try the failed mints of these assets again, one after the other. `goes_on` hears after each how many were
        tried, and answers whether to go on.

        What one of them alone is refused for is counted. Raises what concerns all: UserError PERMISSION_DENIED or
        SIGN_IN_REQUIRED, EnvironmentFault NODE_UNREACHABLE while the environment is down. If it goes down after the
        first were retried, that ends the work, and what was retried is told.
        """
        self._session.require(Permission.MINT)
        retried, refused = 0, Counter[ErrorCode]()
        for done, asset_id in enumerate(asset_ids, 1):
            try:
                await self._desk.retry(asset_id)
                retried += 1
            except UserError as error:
                if error.code is ErrorCode.SIGN_IN_REQUIRED:
                    raise
                refused[error.code] += 1
            except EnvironmentFault as fault:
                if not retried:
                    raise
                refused[fault.code] += 1
                break
            if not goes_on(done):
                break
        return RetryResult(retried, dict(refused))

    def _with_troubles(self, rows: tuple[JobRow, ...]) -> tuple[JobRow, ...]:
        """What holds a job up is not on record; it is as old as the read at most."""
        troubles = self._desk.troubles
        return tuple(
            replace(row, trouble=troubles[row.job_id]) if row.is_open and row.job_id in troubles else row
            for row in rows
        )


def _owners(user: User) -> frozenset[UUID] | None:
    """The enterprises whose mints the person may decide about; None for all."""
    return None if user.role is Role.ADMIN else user.enterprise_ids
