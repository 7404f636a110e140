"""Runs of many mints in a transaction: what planning asks for, all at once, and the runs with what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Executable, RowMapping, and_, bindparam, case, delete, exists, func, or_, select, true

from ipnft_desktop.adapters.database.asset_lists import AssetLists
from ipnft_desktop.adapters.database.members import among, among_these
from ipnft_desktop.adapters.database.mint_reading import OF_THIS_ATTEMPT
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    BatchOmissionTable,
    BatchRunTable,
    BatchTable,
    ChainInstanceTable,
    GatheredMintTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    WalletTable,
    table,
)
from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.batch_plan import MintCandidate, Omission
from ipnft_desktop.domain.batch_runs import (
    Batch,
    BatchRun,
    BatchStrategy,
    Congestion,
    ItemOutcome,
    PlannedBatch,
    RunAnchor,
    RunItem,
    outcome_of,
)
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, MintStage

_CANDIDATES = (
    select(
        AssetTable.asset_id,
        AssetTable.name,
        AssetTable.version,
        AssetTable.state,
        AssetTable.enterprise_id,
        WalletTable.address,
        # As `attempts_of` counts them: an attempt that was cancelled did not fail, those before it did.
        func.coalesce(
            case(
                (MintJobTable.failure_kind.is_not(None), MintJobTable.attempt),
                (MintJobTable.stage == MintStage.COMPLETED, 0),
                else_=MintJobTable.attempt - 1,
            ),
            0,
        ),
    )
    .select_from(AssetTable)
    .join(WalletTable, WalletTable.enterprise_id == AssetTable.enterprise_id)
    .outerjoin(
        MintIntentTable, and_(MintIntentTable.asset_id == AssetTable.asset_id, MintIntentTable.is_current == true())
    )
    .outerjoin(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .where(among(AssetTable.asset_id, "of_assets"))
)
_HAS_TOKENS = select(
    exists()
    .where(MintIntentTable.recipient == bindparam("of_recipient"))
    .where(TokenTable.intent_id == MintIntentTable.intent_id)
    .where(ChainInstanceTable.chain_instance_id == TokenTable.chain_instance_id, ACTIVE_CHAIN)
)
_RUNS = select(*table(BatchRunTable).c)
_BATCHES = (
    select(
        *table(BatchTable).c,
        MintJobTable.stage,
        TransactionTable.gas_used,
        TransactionTable.gas_price_wei,
        TransactionTable.tx_hash,
    )
    .join(MintJobTable, MintJobTable.job_id == BatchTable.job_id)
    .outerjoin(TransactionTable, and_(OF_THIS_ATTEMPT, TransactionTable.block_number.is_not(None)))
    .where(among(BatchTable.run_id, "of_runs"))
    .order_by(BatchTable.run_id, BatchTable.position, BatchTable.job_id)
)
_ITEM_COUNTS = (
    select(MintIntentTable.job_id, func.count().label("items"))
    .join(BatchTable, BatchTable.job_id == MintIntentTable.job_id)
    .where(among(BatchTable.run_id, "of_runs"))
    .group_by(MintIntentTable.job_id)
)
_OMISSION_COUNTS = (
    select(BatchOmissionTable.run_id, func.count().label("items"))
    .where(among(BatchOmissionTable.run_id, "of_runs"))
    .group_by(BatchOmissionTable.run_id)
)
_JOB_IDS = (
    select(BatchTable.job_id)
    .where(BatchTable.run_id == bindparam("of_run"))
    .order_by(BatchTable.position, BatchTable.job_id)
)
_ITEMS = (
    select(
        MintIntentTable.asset_id,
        AssetTable.name,
        MintIntentTable.job_id,
        MintIntentTable.recipient,
        MintIntentTable.is_current,
        TokenTable.token_id,
        TransactionTable.tx_hash,
        MintJobTable.stage,
        MintJobTable.attempt,
        MintJobTable.failure_code,
        MintJobTable.failure_detail,
        MintJobTable.failure_safe_to_retry,
    )
    .select_from(BatchTable)
    .join(MintJobTable, MintJobTable.job_id == BatchTable.job_id)
    .join(MintIntentTable, MintIntentTable.job_id == BatchTable.job_id)
    .join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
    .outerjoin(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
    .outerjoin(TransactionTable, and_(OF_THIS_ATTEMPT, TransactionTable.block_number.is_not(None)))
    .where(BatchTable.run_id == bindparam("of_run"))
    .order_by(BatchTable.position, BatchTable.job_id, MintIntentTable.position)
)
_OMISSIONS = (
    select(
        BatchOmissionTable.asset_id,
        BatchOmissionTable.asset_name,
        BatchOmissionTable.code,
        BatchOmissionTable.detail,
    )
    .where(BatchOmissionTable.run_id == bindparam("of_run"))
    .order_by(BatchOmissionTable.position)
)
_GATHERED = (
    select(*table(GatheredMintTable).c)
    .join(AssetTable, AssetTable.asset_id == GatheredMintTable.asset_id)
    .order_by(GatheredMintTable.asked_at, GatheredMintTable.asset_id)
)
_RELEASE = delete(table(GatheredMintTable)).where(among(GatheredMintTable.asset_id, "of_assets"))


class BatchRecords(AssetLists):
    """The part of a transaction that plans and keeps runs."""

    def mint_candidates(self, asset_ids: Collection[UUID]) -> tuple[MintCandidate, ...]:
        found = self._connection.execute(_CANDIDATES, {"of_assets": list(asset_ids)}).all()
        return tuple([MintCandidate(*row) for row in found])

    def token_holders(self, addresses: Collection[str]) -> frozenset[str]:
        return frozenset(address for address in addresses if self._value(_HAS_TOKENS, {"of_recipient": address}))

    def insert_run(
        self,
        run_id: UUID,
        strategy: BatchStrategy,
        congestion: Congestion | None,
        at: datetime,
        requested_by: str,
        batches: Sequence[PlannedBatch],
        omissions: Sequence[Omission],
    ) -> None:
        run = {"run_id": run_id, "strategy": strategy, "congestion": congestion}
        self._insert(BatchRunTable, {**run, "requested_at": at, "requested_by": requested_by})
        places = [
            {
                "job_id": batch.job_id,
                "run_id": run_id,
                "position": position,
                "gas_estimated": batch.gas_estimated,
                "gas_single": batch.gas_single,
            }
            for position, batch in enumerate(batches)
        ]
        self._insert(BatchTable, *places)
        left_out = [
            {
                "run_id": run_id,
                "position": position,
                "asset_id": omission.asset_id,
                "asset_name": omission.name,
                "code": omission.code,
                "detail": omission.detail,
            }
            for position, omission in enumerate(omissions)
        ]
        self._insert(BatchOmissionTable, *left_out)

    def gather_mints(self, mints: Sequence[GatheredMint]) -> None:
        self.release_gathered([mint.asset_id for mint in mints])
        rows = [
            {
                "asset_id": mint.asset_id,
                "recipient": mint.recipient,
                "asked_at": mint.asked_at,
                "asked_by": mint.asked_by,
            }
            for mint in mints
        ]
        self._insert(GatheredMintTable, *rows)

    def gathered_mints(self, owners: Collection[UUID] | None = None) -> tuple[GatheredMint, ...]:
        statement = _GATHERED if owners is None else _GATHERED.where(among_these(AssetTable.enterprise_id, owners))
        return tuple(GatheredMint(**row) for row in self._all(statement))

    def release_gathered(self, asset_ids: Collection[UUID]) -> None:
        self._change(_RELEASE, {"of_assets": list(asset_ids)})

    def run(self, run_id: UUID) -> BatchRun | None:
        found = self._runs(_RUNS.where(BatchRunTable.run_id == run_id))
        return found[0] if found else None

    def runs(self, after: RunAnchor | None, limit: int) -> tuple[BatchRun, ...]:
        newest = _RUNS.order_by(BatchRunTable.requested_at.desc(), BatchRunTable.run_id.desc()).limit(limit)
        if after is not None:
            at, run_id = BatchRunTable.requested_at, BatchRunTable.run_id
            newest = newest.where(at <= after.requested_at, or_(at < after.requested_at, run_id < after.run_id))
        return self._runs(newest)

    def run_job_ids(self, run_id: UUID) -> tuple[UUID, ...]:
        return tuple(self._connection.execute(_JOB_IDS, {"of_run": run_id}).scalars())

    def run_items(self, run_id: UUID) -> tuple[RunItem, ...]:
        items = [_item_of(row) for row in self._all(_ITEMS, {"of_run": run_id})]
        items += [
            RunItem(
                row["asset_id"],
                row["asset_name"],
                ItemOutcome.NOT_ATTEMPTED,
                code=row["code"],
                detail=row["detail"],
            )
            for row in self._all(_OMISSIONS, {"of_run": run_id})
        ]
        return tuple(items)

    def _runs(self, statement: Executable) -> tuple[BatchRun, ...]:
        runs = self._all(statement)
        if not runs:
            return ()
        values = {"of_runs": [run["run_id"] for run in runs]}
        counts = {row["job_id"]: row["items"] for row in self._all(_ITEM_COUNTS, values)}
        omitted = {row["run_id"]: row["items"] for row in self._all(_OMISSION_COUNTS, values)}
        batches: defaultdict[UUID, list[Batch]] = defaultdict(list)
        for row in self._all(_BATCHES, values):
            batches[row["run_id"]].append(_batch_of(row, counts.get(row["job_id"], 0)))
        return tuple(
            BatchRun(**run, batches=tuple(batches[run["run_id"]]), omitted=omitted.get(run["run_id"], 0))
            for run in runs
        )


def _batch_of(row: RowMapping, item_count: int) -> Batch:
    return Batch(
        job_id=row["job_id"],
        position=row["position"],
        item_count=item_count,
        stage=row["stage"],
        gas_estimated=row["gas_estimated"],
        gas_single=row["gas_single"],
        gas_used=row["gas_used"],
        gas_price_wei=row["gas_price_wei"],
        tx_hash=row["tx_hash"],
    )


def _item_of(row: RowMapping) -> RunItem:
    has_failed = row["stage"] is MintStage.FAILED
    may_retry = has_failed and row["is_current"] and row["failure_safe_to_retry"] and row["attempt"] < MAX_ATTEMPTS
    return RunItem(
        asset_id=row["asset_id"],
        name=row["name"],
        outcome=outcome_of(row["stage"]),
        job_id=row["job_id"],
        recipient=row["recipient"],
        token_id=row["token_id"],
        tx_hash=row["tx_hash"],
        code=row["failure_code"],
        detail=row["failure_detail"] or "",
        may_retry=bool(may_retry),
    )
