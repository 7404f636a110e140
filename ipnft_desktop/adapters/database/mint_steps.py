"""What every step of a mint shares. A step names the stages it may be taken from and refuses all others, so that none
is taken twice or out of order, whoever asks; on a shared register it also refuses a program that lost the job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Case,
    ColumnElement,
    RowMapping,
    Update,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from ipnft_desktop.adapters.database.mint_reading import ITEMS_OF_JOB, MintReading
from ipnft_desktop.adapters.database.mint_values import item_of
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    TransactionTable,
    table,
)
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import (
    CLOSED_STAGES,
    TRANSITIONS,
    AssetState,
    MinedFacts,
    MintItem,
    MintStage,
)
from ipnft_desktop.domain.phrases import phrase

OF_JOB: BindParameter[UUID] = bindparam("of_job")
OF_JOBS: BindParameter[Sequence[UUID]] = bindparam("of_jobs", expanding=True)

_jobs = table(MintJobTable)
_transactions = table(TransactionTable)
_assets_of_jobs = select(MintIntentTable.asset_id).where(MintIntentTable.job_id.in_(OF_JOBS))
ITEM_COUNT = select(func.count()).where(MintIntentTable.job_id == OF_JOB).scalar_subquery()
_COUNT_ITEMS = select(func.count()).select_from(MintIntentTable).where(MintIntentTable.job_id.in_(OF_JOBS))

_HOLD_JOB = select(*_jobs.c, ITEM_COUNT.label("items")).where(MintJobTable.job_id == OF_JOB).with_for_update(of=_jobs)
_SUPERSEDED = select(exists().where(MintIntentTable.job_id == OF_JOB, MintIntentTable.is_current == false()))
_ITEMS_OF_JOBS = (
    select(*table(MintIntentTable).c)
    .where(MintIntentTable.job_id.in_(OF_JOBS))
    .order_by(MintIntentTable.job_id, MintIntentTable.position)
)
_ATTEMPT = (
    select(*_transactions.c)
    .where(TransactionTable.job_id == OF_JOB, TransactionTable.attempt == bindparam("of_attempt"))
    .order_by(TransactionTable.position)
)
_UPDATE_JOB = update(_jobs).where(MintJobTable.job_id == OF_JOB)
_UPDATE_INTENTS = update(table(MintIntentTable)).where(MintIntentTable.job_id.in_(OF_JOBS))
_UPDATE_ATTEMPT = update(_transactions).where(
    TransactionTable.job_id == OF_JOB, TransactionTable.attempt == bindparam("of_attempt")
)


def _if_mined(column: InstrumentedAttribute[Any]) -> Case[Any]:
    """The fact for the transaction that was mined, nothing for the others."""
    is_mined = TransactionTable.tx_hash == bindparam("mined_hash")
    return case((is_mined, bindparam(f"mined_{column.key}", type_=column.type)))


_BLOCK_FACTS = (
    TransactionTable.block_number,
    TransactionTable.block_hash,
    TransactionTable.gas_used,
    TransactionTable.gas_price_wei,
)
UNMINED: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(column.key for column in (*_BLOCK_FACTS, TransactionTable.token_count))
)
"""The columns of a transaction that no block holds."""
_SETTLE_MINED = _UPDATE_ATTEMPT.values({column: _if_mined(column) for column in _BLOCK_FACTS}).returning(
    TransactionTable.tx_hash, TransactionTable.purpose, TransactionTable.chain_instance_id
)


class JobStep:
    """A change of jobs that begins at one of the stages: a statement that looks and writes at once. It sets what it is
    run with, besides what the database is to compute."""

    def __init__(
        self,
        *stages: MintStage,
        only_if: ColumnElement[bool] | None = None,
        computing: Mapping[InstrumentedAttribute[Any], ColumnElement[Any]] | None = None,
    ) -> None:
        self.stages = stages
        statement = update(_jobs).where(or_(*[MintJobTable.stage == stage for stage in stages]))
        if only_if is not None:
            statement = statement.where(only_if)
        if computing is not None:
            statement = statement.values(computing)
        result = (MintJobTable.job_id, MintJobTable.attempt, MintJobTable.directory_cid)
        of_us = MintJobTable.worker_id == bindparam("of_worker")
        alike = statement.where(MintJobTable.job_id.in_(OF_JOBS)).returning(*result)
        self.alike = alike
        self.alike_fenced = alike.where(of_us)
        self.each = statement.where(MintJobTable.job_id == OF_JOB)
        self.each_fenced = self.each.where(of_us)


class MintSteps(MintReading):
    """The tools of which the steps are made."""

    def _step(self, step: JobStep, job_ids: Sequence[UUID], **values: Any) -> dict[UUID, RowMapping]:
        """Change jobs that stand where the step begins, all alike; returns the rows as changed."""
        rows = self._try(step, job_ids, **values)
        if len(rows) != len(job_ids):
            self._refuse(step, job_ids)
        return rows

    def _try(self, step: JobStep, job_ids: Sequence[UUID], **values: Any) -> dict[UUID, RowMapping]:
        """As `_step`; without those jobs that do not stand there, or not with this program."""
        if self._worker is None:
            rows = self._all(step.alike, {"of_jobs": job_ids, **values})
        else:
            rows = self._all(step.alike_fenced, {"of_jobs": job_ids, "of_worker": self._worker, **values})
        return {row["job_id"]: row for row in rows}

    def _step_each(self, step: JobStep, values: Mapping[UUID, Mapping[str, Any]]) -> None:
        """As `_step`, with values of its own for each job."""
        if not self._try_each(step, values):
            self._refuse(step, list(values))

    def _try_each(self, step: JobStep, values: Mapping[UUID, Mapping[str, Any]]) -> bool:
        """Whether all of the jobs stand where the step begins, with this program; if not, some may have changed."""
        if self._worker is None:
            changes = [{"of_job": job_id, **own} for job_id, own in values.items()]
            return self._change_each(step.each, changes) == len(changes)
        changes = [{"of_job": job_id, "of_worker": self._worker, **own} for job_id, own in values.items()]
        return self._change_each(step.each_fenced, changes) == len(changes)

    def _refuse(self, step: JobStep, job_ids: Sequence[UUID]) -> NoReturn:
        """Raise why a step was not taken. Of several jobs only that it was not: each is asked for alone then."""
        if len(job_ids) > 1:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "one of several mints cannot take this step")
        self._hold(job_ids[0], *step.stages)
        raise Defect(f"the mint {job_ids[0]} did not change although it could")

    def _hold(self, job_id: UUID, *stages: MintStage) -> RowMapping:
        """The job's row, held against other writers, if this program may take a step from where it stands."""
        row = self._first(_HOLD_JOB, {"of_job": job_id})
        if row is None:
            raise Defect(f"no mint {job_id}")
        stage: MintStage = row["stage"]
        is_closed = stage in CLOSED_STAGES
        if stage not in stages or not is_closed:
            self._require_ours(row)
        if stage not in stages:
            raise UserError(ErrorCode.MINT_INVALID_STATE, phrase("the mint is {stage}", stage=stage))
        if is_closed and self._value(_SUPERSEDED, {"of_job": job_id}):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "a later mint or a new chain took the place of this one")
        return row

    def _require_ours(self, job: RowMapping) -> None:
        if self._worker is not None and job["worker_id"] != self._worker:
            raise EnvironmentFault(
                ErrorCode.LEASE_LOST, phrase("the mint {job_id} has another worker", job_id=job["job_id"])
            )

    def _items(self, job_id: UUID) -> list[MintItem]:
        return [item_of(row) for row in self._all(ITEMS_OF_JOB, {"of_job": job_id})]

    def _items_of(self, job_ids: Sequence[UUID]) -> dict[UUID, list[MintItem]]:
        items: dict[UUID, list[MintItem]] = {job_id: [] for job_id in job_ids}
        for row in self._all(_ITEMS_OF_JOBS, {"of_jobs": job_ids}):
            items[row["job_id"]].append(item_of(row))
        return items

    def _attempt(self, job: RowMapping) -> list[RowMapping]:
        """What was signed in the job's present attempt, oldest first."""
        return list(self._all(_ATTEMPT, {"of_job": job["job_id"], "of_attempt": job["attempt"]}))

    def _count_items(self, job_ids: Sequence[UUID]) -> int:
        return self._value(_COUNT_ITEMS, {"of_jobs": job_ids})

    def _move_assets(self, job_ids: Sequence[UUID], item_count: int, target: AssetState) -> None:
        if self._change(_move_to(target), {"of_jobs": job_ids}) != item_count:
            raise UserError(
                ErrorCode.MINT_INVALID_STATE, phrase("an asset of the mint cannot become {target}", target=target)
            )

    def _end(self, job_ids: Sequence[UUID], state: AssetState) -> None:
        """What the end of jobs means for their intents and assets."""
        item_count = self._change_intents(job_ids, is_open=False)
        self._move_assets(job_ids, item_count, state)

    def _insert_tokens(self, *tokens: tuple[int, MintItem]) -> None:
        """The token of each item on a chain instance."""
        rows = [
            {
                "chain_instance_id": chain_instance_id,
                "token_id": token_id_of(item.asset_id),
                "intent_id": item.intent_id,
                "minted_to": item.recipient,
            }
            for chain_instance_id, item in tokens
        ]
        self._insert(TokenTable, *rows)

    def _change_job(self, job_id: UUID, **values: Any) -> None:
        self._change(_UPDATE_JOB, {"of_job": job_id, **values})

    def _change_intents(self, job_ids: Sequence[UUID], **values: Any) -> int:
        """Change all items of the jobs; returns how many there are."""
        return self._change(_UPDATE_INTENTS, {"of_jobs": job_ids, **values})

    def _change_attempt(self, job_id: UUID, attempt: int, **values: Any) -> None:
        self._change(_UPDATE_ATTEMPT, {"of_job": job_id, "of_attempt": attempt, **values})

    def _settle_mined(self, job_id: UUID, attempt: int, mined: MinedFacts) -> RowMapping:
        """Write the block's facts to the transaction they are about, and to no other of the attempt: after a
        reorganisation another one may be mined. Returns that transaction's purpose and chain."""
        values = {
            "of_job": job_id,
            "of_attempt": attempt,
            "mined_hash": mined.tx_hash,
            "mined_block_number": mined.block_number,
            "mined_block_hash": mined.block_hash,
            "mined_gas_used": mined.gas_used,
            "mined_gas_price_wei": mined.gas_price_wei,
        }
        for row in self._all(_SETTLE_MINED, values):
            if row["tx_hash"] == mined.tx_hash:
                return row
        raise Defect(f"the mint {job_id} never signed the transaction {mined.tx_hash}")


@cache
def _move_to(target: AssetState) -> Update:
    """Move the assets of jobs that may go there."""
    sources = [state for state, targets in TRANSITIONS.items() if target in targets]
    return (
        update(table(AssetTable))
        .where(AssetTable.asset_id.in_(_assets_of_jobs), or_(*[AssetTable.state == source for source in sources]))
        .values(state=target)
    )
