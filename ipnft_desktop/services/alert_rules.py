"""When the record of the mints is out of order, and about which mint an alert speaks (design 3, limits)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.minting import MintJob, MintOutcome, MintStage
from ipnft_desktop.services.ports import Transaction

OUTCOMES_WEIGHED = 50
LEAST_OUTCOMES = 20
"""With fewer, a single failure alone would already be more than 5 %."""
LEAST_SUCCESS_PERCENT = 95
RETRIES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class AlertedMint:
    """The mint an alert is about, or for one about all of them its latest failure; kept in the alert's facts."""

    job_id: UUID
    asset_id: UUID
    """The first asset of the mint."""
    asset_name: str
    asset_count: int

    @classmethod
    def of(cls, alert: Alert) -> AlertedMint | None:
        """None where the record did not know any."""
        facts = alert.facts
        try:
            return cls(UUID(facts["job"]), UUID(facts["asset"]), facts["asset_name"], int(facts["assets"]))
        except (KeyError, ValueError):
            return None


def conditions(tx: Transaction) -> dict[AlertKind, dict[str, str]]:
    """What holds now of all mints together, with its facts."""
    outcomes = tx.recent_outcomes(OUTCOMES_WEIGHED)
    found = {
        AlertKind.SUCCESS_RATE_LOW: low_success_rate(outcomes),
        AlertKind.RETRIES_FAILED: failed_retries(outcomes),
    }
    return {kind: facts for kind, facts in found.items() if facts is not None}


def low_success_rate(outcomes: Iterable[MintOutcome]) -> dict[str, str] | None:
    """Facts of SUCCESS_RATE_LOW (design 3, limits): fewer than 95 % of the given mints ended with a token."""
    stages = [outcome.stage for outcome in outcomes]
    succeeded = stages.count(MintStage.COMPLETED)
    if len(stages) < LEAST_OUTCOMES or succeeded * 100 >= len(stages) * LEAST_SUCCESS_PERCENT:
        return None
    return {"succeeded": str(succeeded), "ended": str(len(stages))}


def failed_retries(outcomes: Iterable[MintOutcome]) -> dict[str, str] | None:
    """Facts of RETRIES_FAILED (design 3, limits): the newest three retries or more, of whichever mints, failed.

    The record of a mint keeps its last attempt. The attempts before it failed too, or there would be no later one.
    """
    failed = 0
    for outcome in outcomes:
        if outcome.attempt <= 1:
            continue
        if outcome.stage is MintStage.COMPLETED:
            break
        failed += outcome.attempt - 1
    return {"failed": str(failed)} if failed >= RETRIES_IN_A_ROW else None


def latest_failure(tx: Transaction) -> dict[str, str]:
    """Where to begin reading: the newest mint without a token."""
    failed = next((found for found in tx.recent_outcomes(OUTCOMES_WEIGHED) if found.stage is MintStage.FAILED), None)
    job = tx.job(failed.job_id) if failed else None
    return facts_of(tx, job) if job else {}


def facts_of(tx: Transaction, job: MintJob) -> dict[str, str]:
    """What `AlertedMint.of` reads again, and when it began."""
    first = job.items[0].asset_id
    row = tx.asset_row(first)
    return {
        "job": str(job.job_id),
        "asset": str(first),
        "asset_name": row.name if row else str(first),
        "assets": str(len(job.items)),
        "requested_at": job.times.requested_at.isoformat(),
    }
