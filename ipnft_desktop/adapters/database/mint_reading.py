"""Mint jobs as recorded: read whole for the service, or as one asset's record for a person."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import Executable, RowMapping, and_, bindparam, func, select, true

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
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintRecord,
    MintStage,
    MintStrategy,
    MintTimes,
    TransactionRecord,
)

_OF_THIS_ATTEMPT = and_(
    TransactionTable.job_id == MintJobTable.job_id, TransactionTable.attempt == MintJobTable.attempt
)
_TRANSACTION = [column for column in table(TransactionTable).c if column.name not in ("job_id", "attempt")]
_JOBS = (
    select(*table(MintJobTable).c, *_TRANSACTION)
    .outerjoin(TransactionTable, _OF_THIS_ATTEMPT)
    .order_by(MintJobTable.requested_at, MintJobTable.job_id)
)
_ITEMS = (
    select(*table(MintIntentTable).c)
    .join(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .order_by(MintIntentTable.job_id, MintIntentTable.position)
)
_JOB = _JOBS.where(MintJobTable.job_id == bindparam("of_job"))
_ITEMS_OF_JOB = _ITEMS.where(MintJobTable.job_id == bindparam("of_job"))
_CURRENT_JOB_ID = select(MintIntentTable.job_id).where(
    MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_current == true()
)
_ITEM_COUNT = select(func.count()).select_from(MintIntentTable).where(MintIntentTable.job_id == bindparam("of_job"))
_CURRENT_MINT = (
    select(
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
    .outerjoin(TransactionTable, _OF_THIS_ATTEMPT)
    .outerjoin(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
    .outerjoin(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
    .where(MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_current == true())
)


class MintReading(Records):
    """The part of a transaction that reads mints."""

    def job(self, job_id: UUID) -> MintJob | None:
        found = self._joined(_JOB, _ITEMS_OF_JOB, {"of_job": job_id})
        return found[0] if found else None

    def latest_job_of(self, asset_id: UUID) -> MintJob | None:
        """The job that tells how the asset stands; None for one never minted on the present chain."""
        job_id = self._value(_CURRENT_JOB_ID, {"of_asset": asset_id})
        return None if job_id is None else self.job(job_id)

    def jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]:
        """Oldest request first."""
        at_stage = MintJobTable.stage.in_(stages)
        return self._joined(_JOBS.where(at_stage), _ITEMS.where(at_stage), {})

    def next_nonce(self, signer: str, chain_nonce: int) -> int:
        rows = self._all(
            select(TransactionTable.nonce)
            .where(
                TransactionTable.chain_instance_id == self._active_chain_instance(),
                TransactionTable.signer == signer,
                TransactionTable.nonce >= chain_nonce,
                TransactionTable.is_live == true(),
            )
            .order_by(TransactionTable.nonce)
        )
        nonce = chain_nonce
        for row in rows:
            if row["nonce"] != nonce:
                break
            nonce += 1
        return nonce

    def latest_single_mint_gas(self) -> int | None:
        return self._value(
            select(TransactionTable.gas_used)
            .join(MintJobTable, _OF_THIS_ATTEMPT)
            .join(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TransactionTable.chain_instance_id)
            .where(
                MintJobTable.stage == MintStage.COMPLETED, MintJobTable.strategy == MintStrategy.SINGLE, ACTIVE_CHAIN
            )
            .order_by(MintJobTable.completed_at.desc())
            .limit(1)
        )

    def _mint_record_of(self, asset_id: UUID) -> MintRecord | None:
        row = self._first(_CURRENT_MINT, {"of_asset": asset_id})
        return None if row is None else _record(row, self._value(_ITEM_COUNT, {"of_job": row["job_id"]}))

    def _joined(self, jobs: Executable, items: Executable, values: Values) -> tuple[MintJob, ...]:
        items_of: defaultdict[UUID, list[MintItem]] = defaultdict(list)
        for item in self._all(items, values):
            items_of[item["job_id"]].append(_item(item))
        return tuple(_job(row, items_of[row["job_id"]]) for row in self._all(jobs, values))


def _item(row: RowMapping) -> MintItem:
    return MintItem(
        intent_id=row["intent_id"],
        asset_id=row["asset_id"],
        recipient=row["recipient"],
        recipient_type=row["recipient_type"],
        metadata_cid=row["metadata_cid"],
        token_uri=row["token_uri"],
    )


def _job(row: RowMapping, items: list[MintItem]) -> MintJob:
    return MintJob(
        job_id=row["job_id"],
        strategy=row["strategy"],
        items=tuple(items),
        stage=row["stage"],
        attempt=row["attempt"],
        times=_times(row),
        required_confirmations=row["required_confirmations"],
        idempotency_key=row["idempotency_key"],
        directory_cid=row["directory_cid"],
        transaction=_transaction(row),
        mined=_mined(row),
        confirmations=row["confirmations"],
        failure=_failure(row),
    )


def _record(row: RowMapping, batch_size: int) -> MintRecord:
    return MintRecord(
        job_id=row["job_id"],
        strategy=row["strategy"],
        batch_size=batch_size,
        stage=row["stage"],
        attempt=row["attempt"],
        times=_times(row),
        recipient=row["recipient"],
        recipient_type=row["recipient_type"],
        chain_id=row["chain_id"],
        contract_address=row["contract_address"],
        token_id=row["token_id"],
        token_uri=row["token_uri"],
        metadata_cid=row["metadata_cid"],
        directory_cid=row["directory_cid"],
        tx_hash=row["tx_hash"],
        nonce=row["nonce"],
        gas_limit=row["gas_limit"],
        mined=_mined(row),
        confirmations=row["confirmations"],
        required_confirmations=row["required_confirmations"],
        failure=_failure(row),
    )


def _times(row: RowMapping) -> MintTimes:
    return MintTimes(
        requested_at=row["requested_at"],
        signed_at=row["signed_at"],
        accepted_at=row["accepted_at"],
        mined_at=row["mined_at"],
        completed_at=row["completed_at"],
        last_attempt_at=row["last_attempt_at"],
    )


def _transaction(row: RowMapping) -> TransactionRecord | None:
    if row["tx_hash"] is None:
        return None
    return TransactionRecord(
        tx_hash=row["tx_hash"],
        raw=row["raw"],
        signer=row["signer"],
        nonce=row["nonce"],
        gas_limit=row["gas_limit"],
        max_fee_per_gas_wei=row["max_fee_per_gas_wei"],
        max_priority_fee_per_gas_wei=row["max_priority_fee_per_gas_wei"],
    )


def _mined(row: RowMapping) -> MinedFacts | None:
    if row["block_hash"] is None:
        return None
    return MinedFacts(
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        gas_used=row["gas_used"],
        gas_price_wei=row["gas_price_wei"],
    )


def _failure(row: RowMapping) -> MintFailure | None:
    if row["failure_kind"] is None:
        return None
    return MintFailure(
        kind=row["failure_kind"],
        code=row["failure_code"],
        detail=row["failure_detail"],
        gas_spent=row["failure_gas_spent"],
        safe_to_retry=row["failure_safe_to_retry"],
    )
