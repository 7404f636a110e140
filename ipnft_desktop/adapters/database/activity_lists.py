"""The list of all mints: one page at a time behind an anchor, each state from the index of its order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, case, false, func, literal, select, true, tuple_

from ipnft_desktop.adapters.database.activity_search import matching
from ipnft_desktop.adapters.database.members import among, among_these
from ipnft_desktop.adapters.database.mint_reading import OF_THIS_ATTEMPT, MintReading
from ipnft_desktop.adapters.database.mint_values import failure_of, times_of
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    EnterpriseTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.mint_activity import (
    BY_STATE,
    STAGES_OF,
    JobAnchor,
    JobCounts,
    JobDetail,
    JobGroup,
    JobItem,
    JobPage,
    JobQuery,
    JobRow,
    JobSort,
    JobTransaction,
)
from ipnft_desktop.domain.minting import CLOSED_STAGES, MAX_ATTEMPTS, MintStage, TransactionPurpose

Conditions = list[ColumnElement[bool]]

_JOBS = select(*table(MintJobTable).c)
_ITEMS_OF_JOBS = (
    select(
        MintIntentTable.job_id,
        func.count().label("item_count"),
        func.sum(case((MintIntentTable.is_current == true(), 0), else_=1)).label("superseded"),
        func.min(MintIntentTable.position).label("first"),
    )
    .where(among(MintIntentTable.job_id, "of_jobs"))
    .group_by(MintIntentTable.job_id)
    .subquery()
)
_SUBJECTS = (
    select(
        _ITEMS_OF_JOBS.c.job_id,
        _ITEMS_OF_JOBS.c.item_count,
        _ITEMS_OF_JOBS.c.superseded,
        MintIntentTable.asset_id,
        MintIntentTable.recipient,
        AssetTable.name,
    )
    .join(
        MintIntentTable,
        and_(MintIntentTable.job_id == _ITEMS_OF_JOBS.c.job_id, MintIntentTable.position == _ITEMS_OF_JOBS.c.first),
    )
    .join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
)
_TRANSACTION_FIELDS = (
    TransactionTable.purpose,
    TransactionTable.tx_hash,
    TransactionTable.nonce,
    TransactionTable.gas_limit,
    TransactionTable.max_fee_per_gas_wei,
    TransactionTable.signed_at,
    TransactionTable.block_number,
    TransactionTable.gas_used,
    TransactionTable.gas_price_wei,
)
_PRESENT_TRANSACTIONS = (
    select(TransactionTable.job_id, *_TRANSACTION_FIELDS)
    .join(MintJobTable, OF_THIS_ATTEMPT)
    .where(among(TransactionTable.job_id, "of_jobs"))
    .order_by(TransactionTable.position)
)
_ALL_TRANSACTIONS = (
    select(TransactionTable.attempt, *_TRANSACTION_FIELDS)
    .where(TransactionTable.job_id == bindparam("of_job"))
    .order_by(TransactionTable.attempt, TransactionTable.position)
)
_ITEMS = (
    select(
        MintIntentTable.asset_id,
        AssetTable.name,
        AssetTable.enterprise_id,
        EnterpriseTable.name.label("enterprise_name"),
        MintIntentTable.recipient,
        AssetTable.state,
        TokenTable.token_id,
        MintIntentTable.is_current,
    )
    .join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
    .join(EnterpriseTable, EnterpriseTable.enterprise_id == AssetTable.enterprise_id)
    .outerjoin(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
    .where(MintIntentTable.job_id == bindparam("of_job"))
    .order_by(MintIntentTable.position)
)
_JOBS_OF_ASSETS = _JOBS.where(
    MintJobTable.job_id.in_(select(MintIntentTable.job_id).where(among(MintIntentTable.asset_id, "of_assets")))
)
_IS_CURRENT = ~(
    select(MintIntentTable.intent_id)
    .where(MintIntentTable.job_id == MintJobTable.job_id, MintIntentTable.is_current == false())
    .exists()
)
_MAY_RETRY = and_(MintJobTable.failure_safe_to_retry == true(), MintJobTable.attempt < MAX_ATTEMPTS)
_NO_TRANSACTION: Mapping[str, Any] = dict.fromkeys(("tx_hash", "nonce", "block_number", "gas_used", "gas_price_wei"))


class ActivityLists(MintReading):
    """The part of a transaction that lists mints."""

    def job_page(self, query: JobQuery, after: JobAnchor | None, limit: int, troubled: Collection[UUID]) -> JobPage:
        narrowed = self._narrowed(query)
        branches = [[*branch, *narrowed] for branch in _branches(query, after, troubled)]
        if query.sort is JobSort.STATE:
            found = self._one_after_another(query, branches, limit + 1)
        else:
            found = self._merged(query, branches, limit + 1)
        rows = self._rows(found[:limit])
        return JobPage(rows, rows[-1].anchor if len(found) > limit else None)

    def count_jobs(
        self, query: JobQuery, troubled: Collection[UUID], owners: Collection[UUID] | None = None
    ) -> JobCounts:
        narrowed = self._narrowed(query)
        at_stage = select(MintJobTable.stage, func.count().label("jobs")).where(*narrowed).group_by(MintJobTable.stage)
        jobs_at = {row["stage"]: int(row["jobs"]) for row in self._all(at_stage)}
        failed = [MintJobTable.stage == MintStage.FAILED, _IS_CURRENT, *narrowed]
        counts = {group: sum(jobs_at.get(stage, 0) for stage in stages) for group, stages in STAGES_OF.items()}
        counts[JobGroup.FAILED] = self._count(failed) if jobs_at.get(MintStage.FAILED) else 0
        retryable = self._count([*failed, _MAY_RETRY]) if counts[JobGroup.FAILED] else 0
        counts[JobGroup.NEEDS_ATTENTION] = counts[JobGroup.FAILED] - retryable
        if troubled:
            counts[JobGroup.NEEDS_ATTENTION] += self._count([*_held_up(troubled), *narrowed])
        if retryable and owners is not None:
            retryable = self._count([*failed, _MAY_RETRY, _belongs_to(owners)])
        return JobCounts(counts, retryable)

    def retryable_jobs(self, query: JobQuery, owners: Collection[UUID] | None = None) -> tuple[UUID, ...]:
        conditions = [MintJobTable.stage == MintStage.FAILED, _IS_CURRENT, _MAY_RETRY, *self._narrowed(query)]
        if owners is not None:
            conditions.append(_belongs_to(owners))
        first = (
            select(MintIntentTable.asset_id)
            .where(MintIntentTable.job_id == MintJobTable.job_id)
            .order_by(MintIntentTable.position)
            .limit(1)
            .scalar_subquery()
        )
        jobs = select(first).where(*conditions).order_by(MintJobTable.requested_at, MintJobTable.job_id)
        return tuple(self._connection.execute(jobs).scalars())

    def job_rows_of(self, asset_ids: Sequence[UUID]) -> tuple[JobRow, ...]:
        return self._rows(self._all(_JOBS_OF_ASSETS, {"of_assets": list(asset_ids)}))

    def job_detail(self, job_id: UUID) -> JobDetail | None:
        job = self.job(job_id)
        if job is None:
            return None
        values = {"of_job": job_id}
        (row,) = self._rows(self._all(_JOBS.where(MintJobTable.job_id == job_id)))
        items = tuple(JobItem(**item) for item in self._all(_ITEMS, values))
        return JobDetail(job, row, items, tuple(JobTransaction(**tx) for tx in self._all(_ALL_TRANSACTIONS, values)))

    def _narrowed(self, query: JobQuery) -> Conditions:
        conditions = matching(self._connection, query.text)
        if query.since is not None:
            conditions.append(MintJobTable.requested_at >= query.since)
        if query.until is not None:
            conditions.append(MintJobTable.requested_at < query.until)
        return conditions

    def _count(self, conditions: Conditions) -> int:
        return self._value(select(func.count()).select_from(MintJobTable).where(*conditions))

    def _one_after_another(self, query: JobQuery, branches: Sequence[Conditions], limit: int) -> list[RowMapping]:
        found: list[RowMapping] = []
        for branch in branches:
            found += self._in_order(query, branch, limit - len(found))
            if len(found) == limit:
                break
        return found

    def _merged(self, query: JobQuery, branches: Sequence[Conditions], limit: int) -> list[RowMapping]:
        """Each from its own index: one scan over several states would have to sort, or to step over all others."""
        found = [self._in_order(query, branch, limit) for branch in branches]
        return sorted(chain.from_iterable(found), key=_by_time, reverse=query.descending)[:limit]

    def _in_order(self, query: JobQuery, conditions: Conditions, limit: int) -> Sequence[RowMapping]:
        keys = (MintJobTable.requested_at, MintJobTable.job_id)
        order = [key.desc() if query.descending else key.asc() for key in keys]
        return self._all(_JOBS.where(*conditions).order_by(*order).limit(limit))

    def _rows(self, jobs: Sequence[RowMapping]) -> tuple[JobRow, ...]:
        """What belongs to all of them is asked for together."""
        if not jobs:
            return ()
        values = {"of_jobs": [job["job_id"] for job in jobs]}
        subject_of = {row["job_id"]: row for row in self._all(_SUBJECTS, values)}
        transactions_of: dict[UUID, list[RowMapping]] = {}
        for row in self._all(_PRESENT_TRANSACTIONS, values):
            transactions_of.setdefault(row["job_id"], []).append(row)
        return tuple(_row_of(job, subject_of[job["job_id"]], transactions_of.get(job["job_id"], ())) for job in jobs)


def _branches(query: JobQuery, after: JobAnchor | None, troubled: Collection[UUID]) -> Iterable[Conditions]:
    """What a list is put together from: all jobs at once, or those of each stage."""
    if query.sort is JobSort.TIME:
        behind = [] if after is None else [_behind(query, after)]
        if query.group is JobGroup.ALL:
            return [behind]
        branches = [_at(query.group, stage, troubled) for stage in STAGES_OF[query.group]]
        return [[*branch, *behind] for branch in branches if branch is not None]
    stages = [stage for stage in BY_STATE if stage in STAGES_OF[query.group]]
    if not query.descending:
        stages.reverse()
    if after is not None and after.stage in stages:
        stages = stages[stages.index(after.stage) :]
    branches = [(stage, _at(query.group, stage, troubled)) for stage in stages]
    return [
        [*branch, *([_behind(query, after)] if after is not None and stage is after.stage else [])]
        for stage, branch in branches
        if branch is not None
    ]


def _at(group: JobGroup, stage: MintStage, troubled: Collection[UUID]) -> Conditions | None:
    """Those of a group that are at a stage; None where there can be none."""
    at_stage = MintJobTable.stage == stage
    if group is JobGroup.NEEDS_ATTENTION and stage is not MintStage.FAILED:
        return [at_stage, among_these(MintJobTable.job_id, troubled)] if troubled else None
    if group is JobGroup.NEEDS_ATTENTION:
        return [at_stage, _IS_CURRENT, ~_MAY_RETRY]
    return [at_stage, _IS_CURRENT] if group is JobGroup.FAILED else [at_stage]


def _held_up(troubled: Collection[UUID]) -> Conditions:
    open_stages = [stage for stage in MintStage if stage not in CLOSED_STAGES]
    return [among_these(MintJobTable.job_id, troubled), MintJobTable.stage.in_(open_stages)]


def _belongs_to(owners: Collection[UUID]) -> ColumnElement[bool]:
    """Nothing of the job belongs to anybody else."""
    foreign = (
        select(MintIntentTable.intent_id)
        .join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
        .where(MintIntentTable.job_id == MintJobTable.job_id, ~among_these(AssetTable.enterprise_id, owners))
    )
    return ~foreign.exists()


def _behind(query: JobQuery, after: JobAnchor) -> ColumnElement[bool]:
    here = tuple_(MintJobTable.requested_at, MintJobTable.job_id)
    there = tuple_(
        literal(after.requested_at, table(MintJobTable).c.requested_at.type),
        literal(after.job_id, table(MintJobTable).c.job_id.type),
    )
    return here < there if query.descending else here > there


def _by_time(job: RowMapping) -> tuple[Any, UUID]:
    return job["requested_at"], job["job_id"]


def _row_of(job: RowMapping, subject: RowMapping, transactions: Sequence[RowMapping]) -> JobRow:
    # The transaction that counts: the mined one, or while none is mined the newest.
    newest = transactions[-1] if transactions else _NO_TRANSACTION
    counts = next((each for each in transactions if each["block_number"] is not None), newest)
    return JobRow(
        job_id=job["job_id"],
        asset_id=subject["asset_id"],
        asset_name=subject["name"],
        item_count=subject["item_count"],
        recipient=subject["recipient"],
        stage=job["stage"],
        attempt=job["attempt"],
        times=times_of(job),
        requested_by=job["requested_by"],
        is_current=not subject["superseded"],
        confirmations=job["confirmations"],
        required_confirmations=job["required_confirmations"],
        tx_hash=counts["tx_hash"],
        nonce=counts["nonce"],
        block_number=counts["block_number"],
        gas_used=counts["gas_used"],
        gas_price_wei=counts["gas_price_wei"],
        cancel_requested=any(each["purpose"] is TransactionPurpose.CANCEL for each in transactions),
        failure=failure_of(job),
    )
