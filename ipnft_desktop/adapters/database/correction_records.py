"""Setting right what is recorded of a minted asset, in a transaction: by what chain and content say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, bindparam, delete, select, true, update
from uuid6 import uuid7

from ipnft_desktop.adapters.database.mint_detours import MintDetours, directory_of
from ipnft_desktop.adapters.database.mint_steps import ITEM_COUNT, OF_JOB
from ipnft_desktop.adapters.database.mint_values import intent_values, item_of, job_values
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    AttachmentTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    AdoptedMint,
    AssetState,
    MintItem,
    MintJob,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
)

_STATE = select(AssetTable.state).where(AssetTable.asset_id == bindparam("of_asset"))
_CURRENT = select(*table(MintIntentTable).c).where(
    MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_current == true()
)
_CHANGE_CURRENT = update(table(MintIntentTable)).where(
    MintIntentTable.asset_id == bindparam("of_asset"), MintIntentTable.is_current == true()
)
_COUNT_TOKENS = (
    update(table(TransactionTable))
    .where(
        TransactionTable.job_id == OF_JOB,
        TransactionTable.attempt == bindparam("of_attempt"),
        TransactionTable.block_hash.is_not(None),
        TransactionTable.token_count.is_(None),
    )
    .values({TransactionTable.token_count: ITEM_COUNT})
)
_DELETE_TOKEN = delete(table(TokenTable)).where(
    TokenTable.chain_instance_id == bindparam("of_chain"),
    TokenTable.token_id == bindparam("of_token", type_=TokenTable.token_id.type),
)


class CorrectionRecords(MintDetours):
    """The part of a transaction that the reconciliation writes to the record of a minted asset."""

    def correct_file_hash(self, attachment_id: UUID, sha256: bytes) -> None:
        self._change(
            update(AttachmentTable).where(AttachmentTable.attachment_id == attachment_id).values(sha256=sha256)
        )

    def correct_metadata(self, asset_id: UUID, token_uri: str | None, metadata_cid: str | None) -> None:
        intent = self._first(_CURRENT, {"of_asset": asset_id})
        if intent is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no mint of this asset is on record")
        self._change(_CHANGE_CURRENT, {"of_asset": asset_id, "token_uri": token_uri, "metadata_cid": metadata_cid})
        if self._count_items([intent["job_id"]]) == 1:
            # The directory of a batch belongs to its other items, too.
            self._change_job(intent["job_id"], directory_cid=directory_of(token_uri or ""))

    def complete_mint(self, asset_id: UUID, adopted: AdoptedMint, at: datetime) -> None:
        chain_instance_id = self._active_chain_instance()
        if chain_instance_id is None:
            raise Defect("a token's record is completed on the bound chain")
        if self._value(_STATE, {"of_asset": asset_id}) is not AssetState.MINTED:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "this asset is not minted")
        intent = self._first(_CURRENT, {"of_asset": asset_id}) or self._ended_mint(asset_id, adopted, at)
        job = self._hold(intent["job_id"], MintStage.COMPLETED)
        self._settle(job, chain_instance_id, adopted, at)
        uri = intent["token_uri"] or adopted.token_uri
        self._change(_CHANGE_CURRENT, {"of_asset": asset_id, "token_uri": uri})
        self._change_job(
            job["job_id"],
            directory_cid=job["directory_cid"] or directory_of(uri),
            confirmations=max(job["confirmations"], adopted.confirmations),
            mined_at=job["mined_at"] or at,
            completed_at=job["completed_at"] or at,
        )
        self._change(_DELETE_TOKEN, {"of_chain": chain_instance_id, "of_token": token_id_of(asset_id)})
        self._insert_tokens((chain_instance_id, replace(item_of(intent), recipient=adopted.owner)))

    def _settle(self, job: RowMapping, chain_instance_id: int, adopted: AdoptedMint, at: datetime) -> None:
        """The transaction that the chain names, in its block, and no other one of the attempt."""
        attempt = self._attempt(job)
        if all(row["tx_hash"] != adopted.mined.tx_hash for row in attempt):
            # Not live: it is mined, and whoever signed it minds its nonce.
            position = max((row["position"] for row in attempt), default=-1) + 1
            self._insert_transaction(job, position, chain_instance_id, adopted.transaction, at, is_live=False)
        self._settle_mined(job["job_id"], job["attempt"], adopted.mined)
        self._change(_COUNT_TOKENS, {"of_job": job["job_id"], "of_attempt": job["attempt"]})

    def _ended_mint(self, asset_id: UUID, adopted: AdoptedMint, at: datetime) -> RowMapping:
        """A mint of one asset that is over, where the register has none; returns the row of its item."""
        item = MintItem(UUID(int=uuid7().int), asset_id, adopted.owner, RecipientType.ENTERPRISE)
        job = MintJob(
            job_id=UUID(int=uuid7().int),
            strategy=MintStrategy.SINGLE,
            items=(item,),
            stage=MintStage.COMPLETED,
            attempt=1,
            times=MintTimes(requested_at=at),
            required_confirmations=1,
            idempotency_key=uuid4().hex,
        )
        self._insert(MintJobTable, {**job_values(job), "worker_id": self._worker})
        self._insert(MintIntentTable, {**intent_values(job, 0, item), "is_open": False})
        made = self._first(_CURRENT, {"of_asset": asset_id})
        assert made is not None
        return made
