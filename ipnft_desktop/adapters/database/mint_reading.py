"""Mint jobs as recorded: read whole for the service, or as one asset's record for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import Executable, RowMapping, and_, bindparam, case, func, select, true

from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.mint_values import (
    item_of,
    job_of,
    record_of,
)
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN, Records, Values
from ipnft_desktop.adapters.database.tables import (
    ChainInstanceTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    MintItem,
    MintJob,
    MintOutcome,
    MintRecord,
    MintStage,
    MintStrategy,
)

OF_THIS_ATTEMPT = and_(TransactionTable.job_id == MintJobTable.job_id, TransactionTable.attempt == MintJobTable.attempt)
_TRANSACTION = [
    column for column in table(TransactionTable).c if column.name not in ("job_id", "attempt", "position", "signed_at")
]
_JOBS = (
    select(*table(MintJobTable).c, *_TRANSACTION)
    .outerjoin(TransactionTable, OF_THIS_ATTEMPT)
    .order_by(MintJobTable.requested_at, MintJobTable.job_id, TransactionTable.position)
)
_ITEMS = (
    select(*table(MintIntentTable).c)
    .join(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .order_by(MintIntentTable.job_id, MintIntentTable.position)
)
_JOB = _JOBS.where(MintJobTable.job_id == bindparam("of_job"))
ITEMS_OF_JOB = (
    select(*table(MintIntentTable).c)
    .where(MintIntentTable.job_id == bindparam("of_job"))
    .order_by(MintIntentTable.position)
)
_CURRENT_JOB_ID = select(MintIntentTable.job_id).where(
    MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_current == true()
)
_MINED_ABOVE = MintJobTable.job_id.in_(
    # All conditions in here: next to it, SQLite would rather walk over every completed job.
    select(MintJobTable.job_id)
    .join(TransactionTable, OF_THIS_ATTEMPT)
    .join(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
    .where(
        ACTIVE_CHAIN,
        TransactionTable.block_number > bindparam("above"),
        MintJobTable.stage.in_((*CLOSED_STAGES, MintStage.FINALIZING)),
    )
)
_JOBS_MINED_ABOVE = _JOBS.where(_MINED_ABOVE)
_ITEMS_MINED_ABOVE = _ITEMS.where(_MINED_ABOVE)
_OUTCOMES = (
    select(MintJobTable.job_id, MintJobTable.stage, MintJobTable.attempt, MintJobTable.completed_at)
    # Whatever ended and was not cancelled. Said with `=` or IN, SQLite would collect all of a stage and sort them.
    .where(MintJobTable.completed_at.is_not(None), MintJobTable.stage != MintStage.CANCELLED)
    .order_by(MintJobTable.completed_at.desc(), MintJobTable.job_id.desc())
    .limit(bindparam("limit"))
)
_FAILED_ATTEMPTS = (
    # An attempt that was cancelled, or is still open, did not fail; those before it did. A success ends the row.
    select(
        func.max(
            case(
                (MintJobTable.failure_kind.is_not(None), MintJobTable.attempt),
                (MintJobTable.stage == MintStage.COMPLETED, 0),
                else_=MintJobTable.attempt - 1,
            )
        )
    )
    .join(MintIntentTable, MintIntentTable.job_id == MintJobTable.job_id)
    .where(among(MintIntentTable.asset_id, "of_assets"), MintIntentTable.is_current == true())
)
_LATEST_SINGLE_GAS = (
    select(TransactionTable.gas_used)
    .join(MintJobTable, OF_THIS_ATTEMPT)
    .join(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
    .where(
        ACTIVE_CHAIN,
        TransactionTable.block_number.is_not(None),
        MintJobTable.stage == MintStage.COMPLETED,
        MintJobTable.strategy == MintStrategy.SINGLE,
    )
    .order_by(TransactionTable.block_number.desc())
    .limit(1)
)
_HIGHEST_MINED_BLOCK = (
    # From the end of the index, which MAX over a join would read whole.
    select(TransactionTable.block_number)
    .join(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
    .where(ACTIVE_CHAIN, TransactionTable.block_number.is_not(None))
    .order_by(TransactionTable.block_number.desc())
    .limit(1)
)
_ITEM_COUNTS = (
    select(MintIntentTable.job_id, func.count().label("items"))
    .where(among(MintIntentTable.job_id, "of_jobs"))
    .group_by(MintIntentTable.job_id)
)
_CURRENT_MINTS = (
    select(
        MintIntentTable.asset_id,
        *table(MintJobTable).c,
        *_TRANSACTION,
        MintIntentTable.recipient,
        MintIntentTable.recipient_type,
        MintIntentTable.metadata_cid,
        MintIntentTable.token_uri,
        ChainInstanceTable.chain_id,
        ChainInstanceTable.contract_address,
        TokenTable.token_id,
    )
    .select_from(MintIntentTable)
    .join(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .outerjoin(TransactionTable, OF_THIS_ATTEMPT)
    .outerjoin(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
    .outerjoin(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
    .where(among(MintIntentTable.asset_id, "of_assets"), MintIntentTable.is_current == true())
    # The transaction that counts is the last one: the mined one, else the newest.
    .order_by(MintIntentTable.asset_id, TransactionTable.block_hash.is_not(None), TransactionTable.position)
)


class MintReading(Records):
    """The part of a transaction that reads mints."""

    def job(self, job_id: UUID) -> MintJob | None:
        found = self._joined(_JOB, ITEMS_OF_JOB, {"of_job": job_id})
        return found[0] if found else None

    def latest_job_of(self, asset_id: UUID) -> MintJob | None:
        """The job that tells how the asset stands; None for one never minted on the present chain."""
        job_id = self._value(_CURRENT_JOB_ID, {"of_asset": asset_id})
        return None if job_id is None else self.job(job_id)

    def jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]:
        """Oldest request first."""
        at_stage = MintJobTable.stage.in_(stages)
        return self._joined(_JOBS.where(at_stage), _ITEMS.where(at_stage), {})

    def our_jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]:
        """Oldest request first; where the register is not shared, every job is ours."""
        if self._worker is None:
            return self.jobs_in(stages)
        ours = and_(MintJobTable.stage.in_(stages), MintJobTable.worker_id == self._worker)
        return self._joined(_JOBS.where(ours), _ITEMS.where(ours), {})

    def ended_jobs_above(self, block_number: int) -> tuple[MintJob, ...]:
        return self._joined(_JOBS_MINED_ABOVE, _ITEMS_MINED_ABOVE, {"above": block_number})

    def recent_outcomes(self, limit: int) -> tuple[MintOutcome, ...]:
        return tuple(MintOutcome(**row) for row in self._all(_OUTCOMES, {"limit": limit}))

    def attempts_of(self, asset_ids: Sequence[UUID]) -> int:
        return self._value(_FAILED_ATTEMPTS, {"of_assets": asset_ids}) or 0

    def latest_single_mint_gas(self) -> int | None:
        return self._value(_LATEST_SINGLE_GAS)

    def highest_mined_block(self) -> int | None:
        return self._value(_HIGHEST_MINED_BLOCK)

    def _mint_records_of(self, asset_ids: Sequence[UUID]) -> dict[UUID, MintRecord]:
        rows = {row["asset_id"]: row for row in self._all(_CURRENT_MINTS, {"of_assets": list(asset_ids)})}
        of_jobs = {"of_jobs": list({row["job_id"] for row in rows.values()})}
        counts = {row["job_id"]: row["items"] for row in self._all(_ITEM_COUNTS, of_jobs)} if rows else {}
        return {asset_id: record_of(row, counts[row["job_id"]]) for asset_id, row in rows.items()}

    def _joined(self, jobs: Executable, items: Executable, values: Values) -> tuple[MintJob, ...]:
        items_of: defaultdict[UUID, list[MintItem]] = defaultdict(list)
        for item in self._all(items, values):
            items_of[item["job_id"]].append(item_of(item))
        rows = groupby(self._all(jobs, values), key=_job_id)
        return tuple(job_of(list(of_job), items_of[job_id]) for job_id, of_job in rows)


def _job_id(row: RowMapping) -> UUID:
    return row["job_id"]
