"""Writing a mint, barrier by barrier (A to E). Each step names the stages it may start from and refuses all others,
so that no step is taken twice or out of order, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, RowMapping, bindparam, delete, false, select, update

from ipnft_desktop.adapters.database.mint_reading import MintReading
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    AssetState,
    MinedFacts,
    MintFailure,
    MintItem,
    MintJob,
    MintStage,
    TransactionRecord,
    check_transition,
)

_of_job: BindParameter[UUID] = bindparam("of_job")
_of_attempt = (TransactionTable.job_id == _of_job, TransactionTable.attempt == bindparam("of_attempt"))
_intents_of_job = select(MintIntentTable.intent_id).where(MintIntentTable.job_id == _of_job)
_assets_of_job = select(MintIntentTable.asset_id).where(MintIntentTable.job_id == _of_job)

_HOLD_JOB = select(*table(MintJobTable).c).where(MintJobTable.job_id == _of_job).with_for_update()
_ATTEMPT = select(*table(TransactionTable).c).where(*_of_attempt)
_INTENTS_OF_JOB = select(*table(MintIntentTable).c).where(MintIntentTable.job_id == _of_job)
_STATES_OF_JOB = select(AssetTable.state).where(AssetTable.asset_id.in_(_assets_of_job)).distinct()
_UPDATE_JOB = update(table(MintJobTable)).where(MintJobTable.job_id == _of_job)
_UPDATE_ATTEMPT = update(table(TransactionTable)).where(*_of_attempt)
_UPDATE_INTENT = update(table(MintIntentTable)).where(MintIntentTable.intent_id == bindparam("of_intent"))
_UPDATE_INTENTS_OF_JOB = update(table(MintIntentTable)).where(MintIntentTable.job_id == _of_job)
_UPDATE_ASSETS_OF_JOB = update(table(AssetTable)).where(AssetTable.asset_id.in_(_assets_of_job))
_DELETE_TOKENS = delete(TokenTable).where(TokenTable.intent_id.in_(_intents_of_job))

_BEFORE_SIGNING = (MintStage.REQUESTED, MintStage.PREPARING)


class MintRecords(MintReading):
    """The part of a transaction that writes mints."""

    def open_job(self, job: MintJob) -> None:
        """Barrier A. Raises UserError ASSET_NOT_FOUND, MINT_INVALID_STATE (also for a key used before)."""
        if job.stage is not MintStage.REQUESTED or not job.items:
            raise Defect("a mint begins as a request for at least one asset")
        asset_ids = [item.asset_id for item in job.items]
        states = self._all(select(AssetTable.state).where(AssetTable.asset_id.in_(asset_ids)))
        if len(states) < len(set(asset_ids)):
            raise UserError(ErrorCode.ASSET_NOT_FOUND, "an asset of this request is not in the register")
        for row in states:
            check_transition(row["state"], AssetState.MINT_PENDING)
        self._change(
            update(MintIntentTable)
            .where(MintIntentTable.asset_id.in_(asset_ids), MintIntentTable.is_open == false())
            .values(is_current=False)
        )
        self._insert(MintJobTable, _new_job(job))
        self._insert(MintIntentTable, *[_new_intent(job, position, item) for position, item in enumerate(job.items)])
        self._move_assets(job.job_id, AssetState.MINT_PENDING)

    def begin_attempt(self, job_id: UUID, attempt: int, at: datetime) -> None:
        """Claim, or take up again what a crash interrupted before signing. A failed job starts afresh: its asset may
        have been edited, so its content is frozen anew."""
        row = self._job_at(job_id, *_BEFORE_SIGNING, MintStage.FAILED)
        is_retry = row["stage"] is MintStage.FAILED
        if attempt != row["attempt"] + is_retry:
            raise Defect(f"attempt {attempt} cannot follow attempt {row['attempt']}")
        if row["stage"] is not MintStage.PREPARING:
            self._move_assets(job_id, AssetState.MINTING)
        if is_retry:
            self._change_job(job_id, **_UNTRIED)
            self._change_intents(job_id, is_open=True, metadata_cid=None, token_uri=None)
        self._change_job(job_id, stage=MintStage.PREPARING, attempt=attempt, last_attempt_at=at)

    def freeze_content(self, job_id: UUID, directory_cid: str, items: Sequence[MintItem]) -> None:
        """The same content again is accepted (work resumed after a crash), other content is a Defect."""
        row = self._job_at(job_id, MintStage.PREPARING)
        job = self.job(job_id)
        assert job is not None
        if row["directory_cid"] is not None:
            if (row["directory_cid"], job.items) != (directory_cid, tuple(items)):
                raise Defect("the content of this mint is frozen already and cannot change")
            return
        if [_requested(item) for item in items] != [_requested(item) for item in job.items]:
            raise Defect("the items to freeze are not those requested")
        if any(item.metadata_cid is None or item.token_uri is None for item in items):
            raise Defect("an item has no content to freeze")
        self._change_job(job_id, directory_cid=directory_cid)
        self._change(
            _UPDATE_INTENT,
            [
                {"of_intent": item.intent_id, "metadata_cid": item.metadata_cid, "token_uri": item.token_uri}
                for item in items
            ],
        )

    def record_signed(self, job_id: UUID, transaction: TransactionRecord, at: datetime) -> None:
        """Barrier B. Raises EnvironmentFault NONCE_CONFLICT where a live transaction holds the nonce."""
        row = self._job_at(job_id, MintStage.PREPARING)
        chain_instance_id = self._active_chain_instance()
        if row["directory_cid"] is None or chain_instance_id is None:
            raise Defect("nothing is signed before the content is frozen and a chain is bound")
        signed = {"job_id": job_id, "attempt": row["attempt"], "chain_instance_id": chain_instance_id, "is_live": True}
        self._insert(TransactionTable, {**signed, **asdict(transaction)})
        self._change_job(job_id, stage=MintStage.SUBMITTING, signed_at=at)

    def record_accepted(self, job_id: UUID, at: datetime) -> None:
        """Barrier C."""
        self._job_at(job_id, MintStage.SUBMITTING)
        self._change_job(job_id, stage=MintStage.CONFIRMING, accepted_at=at)

    def record_mined(self, job_id: UUID, mined: MinedFacts, confirmations: int, at: datetime) -> None:
        """May be repeated with every new block; `at` counts the first time a block is named."""
        row = self._job_at(job_id, MintStage.CONFIRMING)
        known_block = self._attempt(row)["block_hash"]
        self._change_attempt(row, **_mined_values(mined))
        is_known = known_block == mined.block_hash
        self._change_job(job_id, confirmations=confirmations, **({} if is_known else {"mined_at": at}))

    def record_unmined(self, job_id: UUID) -> None:
        """From COMPLETED too: a reorganisation can take a token away after MINTED."""
        row = self._job_at(job_id, MintStage.CONFIRMING, MintStage.FINALIZING, MintStage.COMPLETED)
        if row["stage"] is MintStage.COMPLETED:
            self._move_assets(job_id, AssetState.MINTING)
            self._change_intents(job_id, is_open=True)
        self._change_attempt(row, **_mined_values(None))
        self._change_job(job_id, stage=MintStage.CONFIRMING, confirmations=0, mined_at=None, completed_at=None)
        self._change(_DELETE_TOKENS, {"of_job": job_id})

    def record_final(self, job_id: UUID, mined: MinedFacts, confirmations: int) -> None:
        """Barrier D. Raises UserError DUPLICATE_ASSET where the register has such a token already."""
        row = self._job_at(job_id, MintStage.CONFIRMING)
        self._change_attempt(row, **_mined_values(mined))
        self._change_job(job_id, stage=MintStage.FINALIZING, confirmations=confirmations)
        chain_instance_id = self._attempt(row)["chain_instance_id"]
        items = self._all(_INTENTS_OF_JOB, {"of_job": job_id})
        tokens = [
            {
                "chain_instance_id": chain_instance_id,
                "token_id": token_id_of(item["asset_id"]),
                "intent_id": item["intent_id"],
                "minted_to": item["recipient"],
            }
            for item in items
        ]
        self._insert(TokenTable, *tokens)

    def record_minted(self, job_id: UUID, at: datetime) -> None:
        """Barrier E."""
        row = self._job_at(job_id, MintStage.FINALIZING)
        self._close(job_id, MintStage.COMPLETED, AssetState.MINTED, completed_at=at, mined_at=row["mined_at"] or at)

    def record_failed(self, job_id: UUID, failure: MintFailure, at: datetime) -> None:
        """The caller has the proof; the transaction, if one was signed, gives its nonce up."""
        row = self._job_at(job_id, *_BEFORE_SIGNING, MintStage.SUBMITTING, MintStage.CONFIRMING)
        self._change_attempt(row, is_live=False)
        self._close(job_id, MintStage.FAILED, AssetState.MINT_FAILED, completed_at=at, **failure_values(failure))

    def record_cancelled(self, job_id: UUID, at: datetime) -> None:
        """Before B, or instead of a retry once it failed."""
        self._job_at(job_id, *_BEFORE_SIGNING, MintStage.FAILED)
        self._close(job_id, MintStage.CANCELLED, AssetState.MINT_CANCELLED, completed_at=at)

    def _job_at(self, job_id: UUID, *stages: MintStage) -> RowMapping:
        """The job's row, held against other writers, if it is at one of the stages."""
        row = self._first(_HOLD_JOB, {"of_job": job_id})
        if row is None:
            raise Defect(f"no mint {job_id}")
        if row["stage"] not in stages:
            raise UserError(ErrorCode.MINT_INVALID_STATE, f"the mint is {row['stage']}")
        if row["stage"] in CLOSED_STAGES and self._is_superseded(job_id):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "a later mint or a new chain took the place of this one")
        return row

    def _is_superseded(self, job_id: UUID) -> bool:
        return not all(intent["is_current"] for intent in self._all(_INTENTS_OF_JOB, {"of_job": job_id}))

    def _close(self, job_id: UUID, stage: MintStage, state: AssetState, **values: Any) -> None:
        self._move_assets(job_id, state)
        self._change_job(job_id, stage=stage, **values)
        self._change_intents(job_id, is_open=False)

    def _move_assets(self, job_id: UUID, target: AssetState) -> None:
        for row in self._all(_STATES_OF_JOB, {"of_job": job_id}):
            check_transition(row["state"], target)
        self._change(_UPDATE_ASSETS_OF_JOB, {"of_job": job_id, "state": target})

    def _attempt(self, job: RowMapping) -> RowMapping:
        found = self._first(_ATTEMPT, {"of_job": job["job_id"], "of_attempt": job["attempt"]})
        assert found is not None  # No stage behind SUBMITTING is reached without it.
        return found

    def _change_attempt(self, job: RowMapping, **values: Any) -> None:
        """Change the transaction of the job's present attempt, if it has one."""
        self._change(_UPDATE_ATTEMPT, {"of_job": job["job_id"], "of_attempt": job["attempt"], **values})

    def _change_job(self, job_id: UUID, **values: Any) -> None:
        self._change(_UPDATE_JOB, {"of_job": job_id, **values})

    def _change_intents(self, job_id: UUID, **values: Any) -> None:
        self._change(_UPDATE_INTENTS_OF_JOB, {"of_job": job_id, **values})


def failure_values(failure: MintFailure | None) -> dict[str, Any]:
    """The columns of a failure; all empty for None."""
    return {
        "failure_kind": failure.kind if failure else None,
        "failure_code": failure.code if failure else None,
        "failure_detail": failure.detail if failure else None,
        "failure_gas_spent": failure.gas_spent if failure else None,
        "failure_safe_to_retry": failure.safe_to_retry if failure else None,
    }


_UNTRIED: dict[str, Any] = {
    "stage": MintStage.REQUESTED,
    "directory_cid": None,
    "confirmations": 0,
    "signed_at": None,
    "accepted_at": None,
    "mined_at": None,
    "completed_at": None,
    **failure_values(None),
}


def _mined_values(mined: MinedFacts | None) -> dict[str, Any]:
    return asdict(mined) if mined else dict.fromkeys(part.name for part in fields(MinedFacts))


def _requested(item: MintItem) -> tuple[Any, ...]:
    return item.intent_id, item.asset_id, item.recipient, item.recipient_type


def _new_job(job: MintJob) -> dict[str, Any]:
    return {
        "job_id": job.job_id,
        "strategy": job.strategy,
        "stage": job.stage,
        "attempt": job.attempt,
        "idempotency_key": job.idempotency_key,
        "required_confirmations": job.required_confirmations,
        "confirmations": 0,
        "requested_at": job.times.requested_at,
    }


def _new_intent(job: MintJob, position: int, item: MintItem) -> dict[str, Any]:
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
