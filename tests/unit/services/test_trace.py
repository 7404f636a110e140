"""A mint leaves all its steps in the log under one id, whatever else is minted beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.minting import MinedFacts, MintJob, MintStage, TransactionPurpose
from ipnft_desktop.program_log import LOG_FILE, close_log, open_log
from ipnft_desktop.services.trace import MintStep, log_step
from tests.support import samples
from tests.support.core_factory import MemoryCore, request

ORDINARY = (
    MintStep.REQUESTED,
    MintStep.CLAIMED,
    MintStep.PREPARED,
    MintStep.SIGNED,
    MintStep.SENT,
    MintStep.ACCEPTED,
    MintStep.MINED,
    MintStep.FINAL,
    MintStep.MINTED,
)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    open_log(tmp_path)
    yield tmp_path / LOG_FILE
    close_log()


def _written(log_file: Path) -> list[str]:
    close_log()
    return [line.partition(" ipnft ")[2] for line in log_file.read_text("utf-8").splitlines()]


def _job(**changes: object) -> MintJob:
    return replace(samples.job(samples.asset(samples.enterprise())), **changes)


def test_a_step_says_what_is_known_by_then(log_file: Path) -> None:
    job = _job()
    signed = samples.transaction(7)
    mined = MinedFacts(signed.tx_hash, 12, samples.digest("block"), 76_324, 10**9)
    log_step(MintStep.REQUESTED, job)
    job = replace(job, directory_cid=samples.cid())
    log_step(MintStep.PREPARED, job)
    job = replace(job, transactions=(signed,))
    log_step(MintStep.SENT, job, verdict="ACCEPTED")
    job = replace(job, mined=mined, confirmations=1, stage=MintStage.CONFIRMING)
    log_step(MintStep.MINED, job)
    head = f"mint={job.job_id} attempt=1"
    tx = f"tx={signed.tx_hash} nonce=7"
    assert _written(log_file) == [
        f"mint.requested {head} asset={job.items[0].asset_id}",
        f"mint.prepared {head} cid={job.directory_cid}",
        f"mint.sent {head} {tx} verdict=ACCEPTED",
        f"mint.mined {head} {tx} block=12 confirmations=1 gas=76324",
    ]


def test_a_failure_says_why_and_a_cancellation_that_it_is_one(log_file: Path) -> None:
    job = _job(transactions=(samples.transaction(7), samples.transaction(7, purpose=TransactionPurpose.CANCEL)))
    log_step(MintStep.REPLACED, job)
    log_step(MintStep.FAILED, replace(job, failure=samples.failure(detail="Not allowed\nnow")))
    replaced, failed = _written(log_file)
    assert replaced.endswith("nonce=7 purpose=CANCEL")
    assert failed.endswith('code=TX_REVERTED detail="Not allowed\\nnow"')


async def test_mints_side_by_side_leave_every_step_under_their_own_id(tmp_path: Path, log_file: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    try:
        assets = await memory.add_assets(3)
        jobs = [await memory.core.desk.request([request(asset)]) for asset in assets]
        for job in jobs:
            await memory.core.desk.outcome(job.job_id)
    finally:
        await memory.core.close()
    lines = _written(log_file)
    for job in jobs:
        steps = [line.split(" ", 1)[0] for line in lines if re.search(f" mint={job.job_id}( |$)", line)]
        assert [step for step in steps if step.startswith("mint.")] == list(ORDINARY)
