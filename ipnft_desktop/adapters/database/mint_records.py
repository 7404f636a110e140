"""Writing a mint, barrier by barrier (A to E). On the way through a mint a step is as few statements as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, func, insert, select, true, update

from ipnft_desktop.adapters.database.mint_steps import JobStep, MintSteps
from ipnft_desktop.adapters.database.mint_values import (
    failure_values,
    intent_values,
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

    def open_job(self, job: MintJob) -> None:
        """Barrier A. Raises UserError ASSET_NOT_FOUND, MINT_INVALID_STATE (also for a key used before), RETRY_LIMIT."""
        if job.stage is not MintStage.REQUESTED or not job.items:
            raise Defect("a mint begins as a request for at least one asset")
        asset_ids = [item.asset_id for item in job.items]
        former = self._former_intents(asset_ids)
        _require_attempt(job.attempt, 1 + (self.attempts_of(asset_ids) if former else 0))
        if former:
            self._change(_SUPERSEDE, {"of_intents": former})
        self._insert(MintJobTable, {**job_values(job), "worker_id": self._worker})
        self._insert(MintIntentTable, *[intent_values(job, place, item) for place, item in enumerate(job.items)])
        self._move_assets(job.job_id, len(asset_ids), AssetState.MINT_PENDING)

    def begin_attempt(self, job_id: UUID, attempt: int, at: datetime) -> None:
        """Claim, or take up again what a crash interrupted before signing. A failed job starts afresh: its asset may
        have been edited, so its content is frozen anew. Raises UserError RETRY_LIMIT."""
        claimed = self._try(_CLAIM, job_id, stage=MintStage.PREPARING, last_attempt_at=at)
        if claimed is None:
            self._begin_again(job_id, attempt, at)
            return
        _require_attempt(attempt, claimed["attempt"])
        self._move_assets(job_id, claimed["items"], AssetState.MINTING)

    def _begin_again(self, job_id: UUID, attempt: int, at: datetime) -> None:
        job = self._hold(job_id, MintStage.PREPARING, MintStage.FAILED)
        if job["stage"] is MintStage.PREPARING:
            _require_attempt(attempt, job["attempt"])
            self._change_job(job_id, last_attempt_at=at)
            return
        _require_attempt(attempt, job["attempt"] + 1)
        item_count = self._change_intents(job_id, is_open=True, metadata_cid=None, token_uri=None)
        self._move_assets(job_id, item_count, AssetState.MINTING)
        now = {"stage": MintStage.PREPARING, "attempt": attempt, "last_attempt_at": at, "worker_id": self._worker}
        self._change_job(job_id, **now, **_UNTRIED)

    def freeze_content(self, job_id: UUID, directory_cid: str, items: Sequence[MintItem]) -> None:
        """The same content again is accepted (work resumed after a crash), other content is a Defect."""
        if any(item.metadata_cid is None or item.token_uri is None for item in items):
            raise Defect("an item has no content to freeze")
        if self._try(_FREEZE, job_id, directory_cid=directory_cid) is None:
            frozen = self._hold(job_id, MintStage.PREPARING)
            if (frozen["directory_cid"], self._items(job_id)) != (directory_cid, list(items)):
                raise Defect("the content of this mint is frozen already and cannot change")
            return
        if self._items(job_id) != [replace(item, metadata_cid=None, token_uri=None) for item in items]:
            raise Defect("the items to freeze are not those requested")
        contents = [
            {"of_intent": item.intent_id, "metadata_cid": item.metadata_cid, "token_uri": item.token_uri}
            for item in items
        ]
        self._change(_FREEZE_INTENT, contents[0] if len(contents) == 1 else contents)

    def record_signed(self, job_id: UUID, transaction: TransactionRecord, at: datetime) -> None:
        """Barrier B. Raises EnvironmentFault NONCE_CONFLICT where a live transaction holds the nonce, Defect where no
        chain is bound."""
        job = self._step(_SIGN, job_id, stage=MintStage.SUBMITTING, signed_at=at)
        if job["directory_cid"] is None:
            raise Defect("nothing is signed before the content is frozen")
        of_attempt = {"job_id": job_id, "attempt": job["attempt"], "position": 0, "is_live": True, "signed_at": at}
        self._change(_INSERT_SIGNED, {**of_attempt, **transaction_values(transaction)})

    def record_accepted(self, job_id: UUID, at: datetime) -> None:
        """Barrier C."""
        self._step(_ACCEPT, job_id, stage=MintStage.CONFIRMING, accepted_at=at)

    def record_mined(self, job_id: UUID, mined: MinedFacts, confirmations: int, at: datetime) -> None:
        """May be repeated with every new block; `at` counts the first time a block is named."""
        seen = {"seen_hash": mined.tx_hash, "seen_block": mined.block_hash, "seen_at": at}
        job = self._step(_MINE, job_id, confirmations=confirmations, **seen)
        self._settle_mined(job_id, job["attempt"], mined)

    def record_final(self, job_id: UUID, mined: MinedFacts, confirmations: int) -> None:
        """Barrier D. Raises UserError DUPLICATE_ASSET where the register has such a token already."""
        job = self._step(_FINALIZE, job_id, stage=MintStage.FINALIZING, confirmations=confirmations)
        transaction = self._settle_mined(job_id, job["attempt"], mined)
        if transaction["purpose"] is not TransactionPurpose.MINT:
            raise Defect("a cancellation makes no token")
        self._insert_tokens(transaction["chain_instance_id"], self._items(job_id))

    def record_minted(self, job_id: UUID, at: datetime) -> None:
        """Barrier E."""
        self._step(_COMPLETE, job_id, stage=MintStage.COMPLETED, completed_at=at, seen_at=at)
        self._end(job_id, AssetState.MINTED)

    def record_failed(self, job_id: UUID, failure: MintFailure, at: datetime) -> None:
        """The caller has the proof; what was signed in this attempt gives its nonce up."""
        job = self._step(_FAIL, job_id, stage=MintStage.FAILED, completed_at=at, **failure_values(failure))
        self._change_attempt(job_id, job["attempt"], is_live=False)
        self._end(job_id, AssetState.MINT_FAILED)

    def _former_intents(self, asset_ids: Sequence[UUID]) -> list[UUID]:
        """Hold the assets, which must all be mintable, and name the intents of their last mints."""
        standing = self._all(_STANDING, {"of_assets": asset_ids})
        if len(standing) < len(set(asset_ids)):
            raise UserError(ErrorCode.ASSET_NOT_FOUND, "an asset of this request is not in the register")
        for row in standing:
            check_transition(row["state"], AssetState.MINT_PENDING)
        return [row["intent_id"] for row in standing if row["intent_id"] is not None]


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
