"""What may happen to a mint beside the barriers: fee bumps and cancellations, blocks that vanish, tokens the chain
already holds, a batch that must be split, an asset given free again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, delete, false, insert, select, update
from uuid6 import uuid7

from ipnft_desktop.adapters.database.mint_steps import OF_JOB, UNMINED, MintSteps
from ipnft_desktop.adapters.database.mint_values import failure_values, transaction_values
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    BatchTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    OF_NO_MINT,
    AdoptedMint,
    AssetState,
    MintItem,
    MintStage,
    MintStrategy,
    TransactionPurpose,
    TransactionRecord,
    check_transition,
)

_DELETE_TOKENS = delete(table(TokenTable)).where(
    TokenTable.intent_id.in_(select(MintIntentTable.intent_id).where(MintIntentTable.job_id == OF_JOB))
)
_DELETE_FOREIGN = delete(table(TransactionTable)).where(
    TransactionTable.job_id == OF_JOB,
    TransactionTable.attempt == bindparam("of_attempt"),
    TransactionTable.is_live == false(),
)
_COUNT_ADOPTED = (
    update(table(TransactionTable))
    .where(
        TransactionTable.job_id == OF_JOB,
        TransactionTable.attempt == bindparam("of_attempt"),
        TransactionTable.block_hash.is_not(None),
    )
    .values(token_count=1)
)
_STATE = select(AssetTable.state).where(AssetTable.asset_id == bindparam("of_asset")).with_for_update()
_TO_DRAFT = update(table(AssetTable)).where(AssetTable.asset_id == bindparam("of_asset")).values(state=AssetState.DRAFT)
_FORGET_MINTS = (
    update(table(MintIntentTable))
    .where(MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_open == false())
    .values(is_current=False)
)
_CHANGE_INTENT = update(table(MintIntentTable)).where(MintIntentTable.intent_id == bindparam("of_intent"))
_KEEP_RUN = insert(table(BatchTable)).from_select(
    ["job_id", "run_id", "position", "gas_single"],
    select(
        bindparam("new_job", type_=BatchTable.job_id.type),
        BatchTable.run_id,
        BatchTable.position,
        BatchTable.gas_single,
    ).where(BatchTable.job_id == OF_JOB),
)

_UNSIGNED = (MintStage.REQUESTED, MintStage.PREPARING)
_SENT = (MintStage.SUBMITTING, MintStage.CONFIRMING)


class MintDetours(MintSteps):
    """The part of a transaction that writes what not every mint goes through."""

    def record_replacement(self, job_id: UUID, transaction: TransactionRecord, at: datetime) -> None:
        """Raises UserError MINT_INVALID_STATE once a transaction of the attempt is recorded as mined."""
        job = self._hold(job_id, *_SENT)
        attempt = self._attempt(job)
        first = attempt[0]
        if any(row["block_hash"] is not None for row in attempt):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "a transaction of this mint is mined already")
        if (transaction.signer, transaction.nonce) != (first["signer"], first["nonce"]):
            raise Defect("a replacement must have the signer and the nonce of what it replaces")
        if transaction.purpose in OF_NO_MINT:
            raise Defect("a mint is replaced by a mint or a cancellation")
        self._insert_transaction(job, len(attempt), first["chain_instance_id"], transaction, at, is_live=True)

    def record_cancelled(self, job_id: UUID, at: datetime) -> None:
        """Before B, or instead of a retry once it failed, or once the chain mined the cancellation."""
        job = self._hold(job_id, *_UNSIGNED, MintStage.CONFIRMING, MintStage.FAILED)
        if job["stage"] is MintStage.CONFIRMING and not any(map(_is_mined_cancellation, self._attempt(job))):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has not mined the cancellation")
        self._change_job(job_id, stage=MintStage.CANCELLED, completed_at=at)
        self._end([job_id], AssetState.MINT_CANCELLED)

    def record_unmined(self, job_id: UUID) -> None:
        """From every end that a block of ours proved: a reorganisation can take a token away after MINTED, and the
        revert or the cancellation after which no token was thought to exist. Raises UserError MINT_INVALID_STATE once
        a later mint took the place of this one, EnvironmentFault NONCE_CONFLICT once another one has its nonce."""
        job = self._hold(job_id, MintStage.CONFIRMING, MintStage.FINALIZING, *CLOSED_STAGES)
        attempt = self._attempt(job)
        if job["stage"] in CLOSED_STAGES:
            if not any(row["block_hash"] for row in attempt):
                raise UserError(ErrorCode.MINT_INVALID_STATE, "no block of ours ended this mint")
            item_count = self._change_intents([job_id], is_open=True)
            self._move_assets([job_id], item_count, AssetState.MINTING)
        stage = MintStage.CONFIRMING
        if job["stage"] is MintStage.COMPLETED and not all(row["is_live"] for row in attempt):
            # An adopted token was made by somebody else's transaction: theirs to send again, not ours.
            self._change(_DELETE_FOREIGN, {"of_job": job_id, "of_attempt": job["attempt"]})
            if not any(row["is_live"] for row in attempt):
                stage = MintStage.PREPARING
                self._change_intents([job_id], metadata_cid=None, token_uri=None)
                self._change_job(job_id, directory_cid=None, signed_at=None, accepted_at=None)
        self._change_attempt(job_id, job["attempt"], is_live=True, **UNMINED)
        self._change_job(
            job_id,
            stage=stage,
            confirmations=0,
            mined_at=None,
            completed_at=None,
            worker_id=self._worker,
            **failure_values(None),
        )
        self._change(_DELETE_TOKENS, {"of_job": job_id})

    def record_adopted(self, job_id: UUID, adopted: AdoptedMint, at: datetime) -> None:
        """The requested recipient and URI give way to those of the token. Raises UserError DUPLICATE_ASSET where the
        register has the token already, Defect for a batch or while no chain is bound."""
        job = self._hold(job_id, *_UNSIGNED, *_SENT, MintStage.FINALIZING)
        chain_instance_id = self._active_chain_instance()
        if job["items"] != 1 or chain_instance_id is None:
            raise Defect("a token is adopted on the bound chain by a mint of one asset")
        attempt = self._attempt(job)
        if all(row["tx_hash"] != adopted.mined.tx_hash for row in attempt):
            # Not live: it is mined, and whoever signed it minds its nonce.
            self._insert_transaction(job, len(attempt), chain_instance_id, adopted.transaction, at, is_live=False)
        self._settle_mined(job_id, job["attempt"], adopted.mined)
        (requested,) = self._items(job_id)
        item = _as_minted(requested, adopted)
        self._change(
            _CHANGE_INTENT,
            {
                "of_intent": item.intent_id,
                "recipient": item.recipient,
                "metadata_cid": item.metadata_cid,
                "token_uri": item.token_uri,
            },
        )
        self._change(_DELETE_TOKENS, {"of_job": job_id})
        self._insert_tokens((chain_instance_id, item))
        self._change(_COUNT_ADOPTED, {"of_job": job_id, "of_attempt": job["attempt"]})
        self._change_job(
            job_id,
            stage=MintStage.COMPLETED,
            directory_cid=directory_of(adopted.token_uri),
            confirmations=adopted.confirmations,
            mined_at=job["mined_at"] or at,
            completed_at=at,
        )
        self._end([job_id], AssetState.MINTED)

    def split_off(self, job_id: UUID, *asset_ids: UUID) -> UUID:
        """The new job stands where the old one does, at the same attempt and in the same run, without its
        transactions. Raises Defect where the assets are not some of several items."""
        job = self._hold(job_id, *_UNSIGNED, *_SENT)
        items = self._items(job_id)
        leaving = [item for item in items if item.asset_id in asset_ids]
        if not leaving or len(leaving) != len(asset_ids) or len(leaving) == len(items):
            raise Defect("only some of several items can be split off")
        if job["stage"] in _UNSIGNED:
            self._change_intents([job_id], metadata_cid=None, token_uri=None)
            self._change_job(job_id, directory_cid=None)
        self._change_job(job_id, strategy=_strategy_of(len(items) - len(leaving)))
        new_id = UUID(int=uuid7().int)
        own = {
            "job_id": new_id,
            "strategy": _strategy_of(len(leaving)),
            "idempotency_key": str(new_id),
            "directory_cid": None,
        }
        kept = {column.key: job[column.key] for column in table(MintJobTable).c}
        self._insert(MintJobTable, {**kept, **own})
        self._change(_KEEP_RUN, {"of_job": job_id, "new_job": new_id})
        for position, item in enumerate(leaving):
            self._change(_CHANGE_INTENT, {"of_intent": item.intent_id, "job_id": new_id, "position": position})
        return new_id

    def reset_to_draft(self, asset_id: UUID) -> None:
        """Raises UserError ASSET_NOT_FOUND, or MINT_INVALID_STATE where a token may exist."""
        state: AssetState | None = self._value(_STATE, {"of_asset": asset_id})
        if state is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        check_transition(state, AssetState.DRAFT)
        self._change(_FORGET_MINTS, {"of_asset": asset_id})
        self._change(_TO_DRAFT, {"of_asset": asset_id})

    def _insert_transaction(
        self,
        job: RowMapping,
        position: int,
        chain_instance_id: int,
        transaction: TransactionRecord,
        at: datetime,
        *,
        is_live: bool,
    ) -> None:
        self._insert(
            TransactionTable,
            {
                "job_id": job["job_id"],
                "attempt": job["attempt"],
                "position": position,
                "chain_instance_id": chain_instance_id,
                "is_live": is_live,
                "signed_at": at,
                **transaction_values(transaction),
            },
        )


def _strategy_of(item_count: int) -> MintStrategy:
    return MintStrategy.SINGLE if item_count == 1 else MintStrategy.BATCH


def _is_mined_cancellation(row: RowMapping) -> bool:
    return row["purpose"] is TransactionPurpose.CANCEL and row["block_hash"] is not None


def _as_minted(item: MintItem, adopted: AdoptedMint) -> MintItem:
    """The item as the chain holds it; the CID of its metadata is known only where it is the one we froze."""
    metadata_cid = item.metadata_cid if item.token_uri == adopted.token_uri else None
    return replace(item, recipient=adopted.owner, token_uri=adopted.token_uri, metadata_cid=metadata_cid)


def directory_of(token_uri: str) -> str | None:
    """The directory of `ipfs://<directory>/<file>`; None for any other form."""
    scheme, _, path = token_uri.partition("://")
    directory, slash, _ = path.partition("/")
    return directory if scheme == "ipfs" and slash and directory else None
