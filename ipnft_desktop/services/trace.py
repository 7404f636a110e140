"""The lines a mint leaves in the log, from the click to the receipt, each with the mint's id."""

from __future__ import annotations

import logging
from enum import StrEnum

from ipnft_desktop.domain.minting import MintJob, TransactionPurpose
from ipnft_desktop.program_log import FactValue, log_event


class MintStep(StrEnum):
    """What a line is called; in the order of an ordinary mint, then what happens to others."""

    REQUESTED = "mint.requested"
    CLAIMED = "mint.claimed"
    PREPARED = "mint.prepared"
    SIGNED = "mint.signed"
    SENT = "mint.sent"
    ACCEPTED = "mint.accepted"
    MINED = "mint.mined"
    FINAL = "mint.final"
    MINTED = "mint.minted"
    REPLACED = "mint.replaced"
    UNMINED = "mint.unmined"
    ADOPTED = "mint.adopted"
    PARTED = "mint.parted"
    FAILED = "mint.failed"
    CANCELLED = "mint.cancelled"


_WARNINGS = frozenset({MintStep.UNMINED, MintStep.ADOPTED, MintStep.FAILED})


def log_step(step: MintStep, job: MintJob, **more: FactValue) -> None:
    """Log that a job made this step; `job` is how it stands after it, `more` what it does not say itself (verdict)."""
    log_event(step, logging.WARNING if step in _WARNINGS else logging.INFO, **_facts(step, job), **more)


def _facts(step: MintStep, job: MintJob) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {"mint": job.job_id, "attempt": job.attempt}
    if step is MintStep.REQUESTED:
        facts |= {"asset": job.items[0].asset_id} if len(job.items) == 1 else {"assets": len(job.items)}
    if step is MintStep.PREPARED:
        facts["cid"] = job.directory_cid
    if (transaction := job.transaction) is not None:
        facts |= {"tx": transaction.tx_hash, "nonce": transaction.nonce}
        if transaction.purpose is not TransactionPurpose.MINT:
            facts["purpose"] = transaction.purpose
    if job.mined is not None:
        facts |= {"block": job.mined.block_number, "confirmations": job.confirmations, "gas": job.mined.gas_used}
    if job.failure is not None:
        facts |= {"code": job.failure.code, "detail": job.failure.detail or None}
    return facts
