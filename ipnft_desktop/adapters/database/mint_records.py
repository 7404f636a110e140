"""Writing a mint, barrier by barrier (A to E). On the way through a mint a step is as few statements as it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, func, insert, select, true, update

from ipnft_desktop.adapters.database.mint_steps import ITEM_COUNT, OF_JOB, OF_JOBS, UNMINED, JobStep, MintSteps
from ipnft_desktop.adapters.database.mint_values import (
    failure_values,
    intent_values,
    item_of,
    job_values,
    transaction_values,
)
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    MintIntentTable,
    MintJobTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    MAX_ATTEMPTS,
    AssetState,
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintStage,
    TransactionPurpose,
    TransactionRecord,
    check_transition,
)

_assets = table(AssetTable)

_STANDING = (
    select(AssetTable.asset_id, AssetTable.state, MintIntentTable.intent_id)
    .outerjoin(
        MintIntentTable, and_(MintIntentTable.asset_id == AssetTable.asset_id, MintIntentTable.is_current == true())
    )
    .where(AssetTable.asset_id.in_(bindparam("of_assets", expanding=True)))
    .order_by(AssetTable.asset_id)
    .with_for_update(of=_assets)
)
_SUPERSEDE = (
    update(table(MintIntentTable))
    .where(MintIntentTable.intent_id.in_(bindparam("of_intents", expanding=True)))
    .values(is_current=False)
)
_FREEZE_INTENT = update(table(MintIntentTable)).where(MintIntentTable.intent_id == bindparam("of_intent"))
_of_this_attempt = select(MintJobTable.attempt).where(MintJobTable.job_id == TransactionTable.job_id).scalar_subquery()
_UNMINE_ATTEMPTS = update(table(TransactionTable)).where(
    TransactionTable.job_id.in_(OF_JOBS),
    TransactionTable.attempt == _of_this_attempt,
    TransactionTable.block_hash.is_not(None),
)
_MINE_ATTEMPT = (
    update(table(TransactionTable))
    .where(
        TransactionTable.job_id == OF_JOB,
        TransactionTable.attempt == _of_this_attempt,
        TransactionTable.tx_hash == bindparam("mined_hash"),
    )
    .values({TransactionTable.token_count: ITEM_COUNT})
)
_MINTED_ITEMS = (
    select(*table(MintIntentTable).c, TransactionTable.chain_instance_id, TransactionTable.purpose)
    .join(TransactionTable, TransactionTable.job_id == MintIntentTable.job_id)
    .where(
        MintIntentTable.job_id.in_(OF_JOBS),
        TransactionTable.attempt == _of_this_attempt,
        TransactionTable.block_hash.is_not(None),
    )
)
_INSERT_SIGNED = insert(table(TransactionTable)).values(chain_instance_id=ACTIVE_CHAIN_INSTANCE.scalar_subquery())

_UNSIGNED = (MintStage.REQUESTED, MintStage.PREPARING)
_IS_KNOWN_BLOCK = exists().where(
    TransactionTable.job_id == MintJobTable.job_id,
    TransactionTable.attempt == MintJobTable.attempt,
    TransactionTable.tx_hash == bindparam("seen_hash"),
    TransactionTable.block_hash == bindparam("seen_block"),
)
_seen_at = bindparam("seen_at", type_=MintJobTable.mined_at.type)

_CLAIM = JobStep(MintStage.REQUESTED)
_FREEZE = JobStep(MintStage.PREPARING, only_if=MintJobTable.directory_cid.is_(None))
_SIGN = JobStep(MintStage.PREPARING)
_ACCEPT = JobStep(MintStage.SUBMITTING)
_MINE = JobStep(
    MintStage.CONFIRMING,
    computing={MintJobTable.mined_at: case((_IS_KNOWN_BLOCK, MintJobTable.mined_at), else_=_seen_at)},
)
_FINALIZE = JobStep(MintStage.CONFIRMING)
_COMPLETE = JobStep(
    MintStage.FINALIZING, computing={MintJobTable.mined_at: func.coalesce(MintJobTable.mined_at, _seen_at)}
)
_FAIL = JobStep(*_UNSIGNED, MintStage.SUBMITTING, MintStage.CONFIRMING)


class MintRecords(MintSteps):
    """The part of a transaction that takes a mint from barrier to barrier."""

    def open_jobs(self, jobs: Sequence[MintJob]) -> None:
        """Barrier A. Raises UserError ASSET_NOT_FOUND, MINT_INVALID_STATE (also for a key used before), RETRY_LIMIT."""
        if any(job.stage is not MintStage.REQUESTED or not job.items for job in jobs):
            raise Defect("a mint begins as a request for at least one asset")
        asset_ids = [item.asset_id for job in jobs for item in job.items]
        former = self._former_intents(asset_ids)
        for job in jobs:
            failed = self.attempts_of([item.asset_id for item in job.items]) if former else 0
            _require_attempt(job.attempt, 1 + failed)
        if former:
            self._change(_SUPERSEDE, {"of_intents": former})
        self._insert(MintJobTable, *[{**job_values(job), "worker_id": self._worker} for job in jobs])
        intents = [intent_values(job, place, item) for job in jobs for place, item in enumerate(job.items)]
        self._insert(MintIntentTable, *intents)
        self._move_assets([job.job_id for job in jobs], len(asset_ids), AssetState.MINT_PENDING)

    def begin_attempts(self, attempts: Mapping[UUID, int], at: datetime) -> None:
        """Claim, or take up again what a crash interrupted before signing. A failed job starts afresh: its asset may
        have been edited, so its content is frozen anew. Raises UserError RETRY_LIMIT."""
        claimed = self._try(_CLAIM, list(attempts), stage=MintStage.PREPARING, last_attempt_at=at)
        for job_id, job in claimed.items():
            _require_attempt(attempts[job_id], job["attempt"])
        if claimed:
            claimed_ids = list(claimed)
            self._move_assets(claimed_ids, self._count_items(claimed_ids), AssetState.MINTING)
        for job_id, attempt in attempts.items():
            if job_id not in claimed:
                self._begin_again(job_id, attempt, at)

    def _begin_again(self, job_id: UUID, attempt: int, at: datetime) -> None:
        job = self._hold(job_id, MintStage.PREPARING, MintStage.FAILED)
        if job["stage"] is MintStage.PREPARING:
            _require_attempt(attempt, job["attempt"])
            self._change_job(job_id, last_attempt_at=at)
            return
        _require_attempt(attempt, job["attempt"] + 1)
        item_count = self._change_intents([job_id], is_open=True, metadata_cid=None, token_uri=None)
        self._move_assets([job_id], item_count, AssetState.MINTING)
        now = {"stage": MintStage.PREPARING, "attempt": attempt, "last_attempt_at": at, "worker_id": self._worker}
        self._change_job(job_id, **now, **_UNTRIED)

    def freeze_contents(self, contents: Mapping[UUID, tuple[str, Sequence[MintItem]]]) -> None:
        """The same content again is accepted (work resumed after a crash), other content is a Defect."""
        items = [item for _, items in contents.values() for item in items]
        if any(item.metadata_cid is None or item.token_uri is None for item in items):
            raise Defect("an item has no content to freeze")
        if not self._try_each(_FREEZE, {job_id: {"directory_cid": cid} for job_id, (cid, _) in contents.items()}):
            self._require_frozen(contents)
            return
        requested = self._items_of(list(contents))
        for job_id, (_, frozen) in contents.items():
            if requested[job_id] != [replace(item, metadata_cid=None, token_uri=None) for item in frozen]:
                raise Defect("the items to freeze are not those requested")
        self._change_each(
            _FREEZE_INTENT,
            [
                {"of_intent": item.intent_id, "metadata_cid": item.metadata_cid, "token_uri": item.token_uri}
                for item in items
            ],
        )

    def _require_frozen(self, contents: Mapping[UUID, tuple[str, Sequence[MintItem]]]) -> None:
        if len(contents) > 1:
            self._refuse(_FREEZE, list(contents))
        for job_id, (directory_cid, items) in contents.items():
            frozen = self._hold(job_id, MintStage.PREPARING)
            if (frozen["directory_cid"], self._items(job_id)) != (directory_cid, list(items)):
                raise Defect("the content of this mint is frozen already and cannot change")

    def record_signed(self, signed: Mapping[UUID, TransactionRecord], at: datetime) -> None:
        """Barrier B. Raises EnvironmentFault NONCE_CONFLICT where a live transaction holds a nonce, Defect where no
        chain is bound."""
        jobs = self._step(_SIGN, list(signed), stage=MintStage.SUBMITTING, signed_at=at)
        if any(job["directory_cid"] is None for job in jobs.values()):
            raise Defect("nothing is signed before the content is frozen")
        rows = [
            {
                "job_id": job_id,
                "attempt": jobs[job_id]["attempt"],
                "position": 0,
                "is_live": True,
                "signed_at": at,
                **transaction_values(transaction),
            }
            for job_id, transaction in signed.items()
        ]
        self._change_each(_INSERT_SIGNED, rows)

    def record_accepted(self, job_ids: Sequence[UUID], at: datetime) -> None:
        """Barrier C."""
        self._step(_ACCEPT, job_ids, stage=MintStage.CONFIRMING, accepted_at=at)

    def record_mined(self, job_id: UUID, mined: MinedFacts, confirmations: int, at: datetime) -> None:
        """May be repeated with every new block; `at` counts the first time a block is named."""
        seen = {"seen_hash": mined.tx_hash, "seen_block": mined.block_hash, "seen_at": at}
        job = self._step(_MINE, [job_id], confirmations=confirmations, **seen)[job_id]
        self._settle_mined(job_id, job["attempt"], mined)

    def record_final(self, mined: Mapping[UUID, tuple[MinedFacts, int]]) -> None:
        """Barrier D. Raises UserError DUPLICATE_ASSET where the register has such a token already."""
        jobs = list(mined)
        final = {"stage": MintStage.FINALIZING}
        self._step_each(_FINALIZE, {job_id: {**final, "confirmations": depth} for job_id, (_, depth) in mined.items()})
        self._change(_UNMINE_ATTEMPTS, {"of_jobs": jobs, **UNMINED})
        facts = [{"of_job": job_id, **_block_values(facts)} for job_id, (facts, _) in mined.items()]
        if self._change_each(_MINE_ATTEMPT, facts) != len(jobs):
            raise Defect("a mint never signed the transaction that was mined")
        tokens = self._all(_MINTED_ITEMS, {"of_jobs": jobs})
        if any(row["purpose"] is not TransactionPurpose.MINT for row in tokens):
            raise Defect("a cancellation makes no token")
        self._insert_tokens(*[(row["chain_instance_id"], item_of(row)) for row in tokens])

    def record_minted(self, job_ids: Sequence[UUID], at: datetime) -> None:
        """Barrier E."""
        self._step(_COMPLETE, job_ids, stage=MintStage.COMPLETED, completed_at=at, seen_at=at)
        self._end(job_ids, AssetState.MINTED)

    def record_failed(self, job_id: UUID, failure: MintFailure, at: datetime) -> None:
        """The caller has the proof; what was signed in this attempt gives its nonce up."""
        values = failure_values(failure)
        job = self._step(_FAIL, [job_id], stage=MintStage.FAILED, completed_at=at, **values)[job_id]
        self._change_attempt(job_id, job["attempt"], is_live=False)
        self._end([job_id], AssetState.MINT_FAILED)

    def _former_intents(self, asset_ids: Sequence[UUID]) -> list[UUID]:
        """Hold the assets, which must all be mintable, and name the intents of their last mints."""
        standing = self._all(_STANDING, {"of_assets": asset_ids})
        if len(standing) < len(set(asset_ids)):
            raise UserError(ErrorCode.ASSET_NOT_FOUND, "an asset of this request is not in the register")
        for row in standing:
            check_transition(row["state"], AssetState.MINT_PENDING)
        return [row["intent_id"] for row in standing if row["intent_id"] is not None]


def _block_values(mined: MinedFacts) -> dict[str, Any]:
    return {
        "mined_hash": mined.tx_hash,
        "block_number": mined.block_number,
        "block_hash": mined.block_hash,
        "gas_used": mined.gas_used,
        "gas_price_wei": mined.gas_price_wei,
    }


def _require_attempt(attempt: int, expected: int) -> None:
    if attempt != expected:
        raise Defect(f"attempt {attempt} cannot follow: the next one is {expected}")
    if attempt > MAX_ATTEMPTS:
        raise UserError(ErrorCode.RETRY_LIMIT)


_UNTRIED: dict[str, Any] = {
    "directory_cid": None,
    "confirmations": 0,
    "signed_at": None,
    "accepted_at": None,
    "mined_at": None,
    "completed_at": None,
    **failure_values(None),
}
