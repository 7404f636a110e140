"""Domain values of the mint out of rows, and rows out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from ipnft_desktop.domain.minting import (
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintRecord,
    MintTimes,
    TransactionRecord,
)

_TRANSACTION_FIELDS = tuple(part.name for part in fields(TransactionRecord))


def item_of(row: RowMapping) -> MintItem:
    """An item from its intent."""
    return MintItem(
        intent_id=row["intent_id"],
        asset_id=row["asset_id"],
        recipient=row["recipient"],
        recipient_type=row["recipient_type"],
        metadata_cid=row["metadata_cid"],
        token_uri=row["token_uri"],
    )


def job_of(rows: Sequence[RowMapping], items: Sequence[MintItem]) -> MintJob:
    """A job from its row joined with each transaction of the present attempt, or with none."""
    row = rows[0]
    return MintJob(
        job_id=row["job_id"],
        strategy=row["strategy"],
        items=tuple(items),
        stage=row["stage"],
        attempt=row["attempt"],
        times=times_of(row),
        required_confirmations=row["required_confirmations"],
        idempotency_key=row["idempotency_key"],
        directory_cid=row["directory_cid"],
        transactions=tuple(transaction_of(each) for each in rows if each["tx_hash"] is not None),
        mined=next((mined_of(each) for each in rows if each["block_hash"] is not None), None),
        confirmations=row["confirmations"],
        failure=failure_of(row),
        requested_by=row["requested_by"],
    )


def record_of(row: RowMapping, batch_size: int) -> MintRecord:
    """An asset's record from its intent joined with everything about it."""
    return MintRecord(
        job_id=row["job_id"],
        strategy=row["strategy"],
        batch_size=batch_size,
        stage=row["stage"],
        attempt=row["attempt"],
        times=times_of(row),
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
        mined=mined_of(row),
        confirmations=row["confirmations"],
        required_confirmations=row["required_confirmations"],
        failure=failure_of(row),
    )


def times_of(row: RowMapping) -> MintTimes:
    """When each fact about a job became true."""
    return MintTimes(
        requested_at=row["requested_at"],
        signed_at=row["signed_at"],
        accepted_at=row["accepted_at"],
        mined_at=row["mined_at"],
        completed_at=row["completed_at"],
        last_attempt_at=row["last_attempt_at"],
    )


def transaction_of(row: RowMapping) -> TransactionRecord:
    """A signed transaction."""
    return TransactionRecord(
        tx_hash=row["tx_hash"],
        raw=row["raw"],
        signer=row["signer"],
        nonce=row["nonce"],
        gas_limit=row["gas_limit"],
        max_fee_per_gas_wei=row["max_fee_per_gas_wei"],
        max_priority_fee_per_gas_wei=row["max_priority_fee_per_gas_wei"],
        purpose=row["purpose"],
    )


def mined_of(row: RowMapping) -> MinedFacts | None:
    """What the chain said of a transaction; None while it is not mined."""
    if row["block_hash"] is None:
        return None
    return MinedFacts(
        tx_hash=row["tx_hash"],
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        gas_used=row["gas_used"],
        gas_price_wei=row["gas_price_wei"],
    )


def failure_of(row: RowMapping) -> MintFailure | None:
    """Why a job stopped."""
    if row["failure_kind"] is None:
        return None
    return MintFailure(
        kind=row["failure_kind"],
        code=row["failure_code"],
        detail=row["failure_detail"],
        gas_spent=row["failure_gas_spent"],
        safe_to_retry=row["failure_safe_to_retry"],
    )


def failure_values(failure: MintFailure | None) -> dict[str, Any]:
    """The columns of a failure; all empty for None."""
    return {
        "failure_kind": failure.kind if failure else None,
        "failure_code": failure.code if failure else None,
        "failure_detail": failure.detail if failure else None,
        "failure_gas_spent": failure.gas_spent if failure else None,
        "failure_safe_to_retry": failure.safe_to_retry if failure else None,
    }


def transaction_values(transaction: TransactionRecord) -> dict[str, Any]:
    """The columns of a signed transaction."""
    # Not asdict, which copies what it finds: every mint comes through here.
    return {name: getattr(transaction, name) for name in _TRANSACTION_FIELDS}


def job_values(job: MintJob) -> dict[str, Any]:
    """The columns of a job as requested."""
    return {
        "job_id": job.job_id,
        "strategy": job.strategy,
        "stage": job.stage,
        "attempt": job.attempt,
        "idempotency_key": job.idempotency_key,
        "required_confirmations": job.required_confirmations,
        "confirmations": 0,
        "requested_at": job.times.requested_at,
        "requested_by": job.requested_by,
    }


def intent_values(job: MintJob, position: int, item: MintItem) -> dict[str, Any]:
    """The columns of an item as requested."""
    return {
        "intent_id": item.intent_id,
        "job_id": job.job_id,
        "position": position,
        "asset_id": item.asset_id,
        "is_open": True,
        "is_current": True,
        "recipient": item.recipient,
        "recipient_type": item.recipient_type,
    }
