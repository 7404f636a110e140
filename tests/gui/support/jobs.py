"""Lines of the list of all mints, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.mint_activity import JobRow
from ipnft_desktop.domain.minting import FailureKind, MintFailure, MintProgress, MintStage, MintTimes

EPOCH = datetime(2024, 5, 17, 9, 30, tzinfo=UTC)
NOW = EPOCH + timedelta(seconds=100)
FAILURE = MintFailure(FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED, "NotAuthorised()", True, True)


def job_row(number: int, stage: MintStage = MintStage.COMPLETED, **changes: object) -> JobRow:
    """A mint requested so many seconds after the epoch."""
    made = JobRow(
        job_id=UUID(int=number),
        asset_id=UUID(int=10_000 + number),
        asset_name=f"Asset {number}",
        item_count=1,
        recipient="0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        stage=stage,
        attempt=1,
        times=MintTimes(EPOCH + timedelta(seconds=number)),
        requested_by="ann",
        is_current=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def job_progress(of: JobRow, stage: MintStage, **changes: object) -> MintProgress:
    """What the running mint of a line tells."""
    told = MintProgress(of.job_id, (of.asset_id,), stage, 50, of.times, of.attempt)
    return replace(told, **changes)  # type: ignore[arg-type]
