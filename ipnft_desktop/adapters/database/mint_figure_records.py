"""Mints in figures: summed up by the database, from indexes that hold all that is summed up.

A price is kept as decimal digits and a fee is larger than any SQL integer, so sums of fees are taken in two parts of a
price, each of which stays below 2**63 for a hundred million mints and more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ipnft_desktop.adapters.database.column_types import UtcDateTime
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import BatchTable, MintJobTable, TransactionTable
from ipnft_desktop.domain.mint_figures import EndedStep, GasStep, MintFigures, QueueChange, moment_of_step
from ipnft_desktop.domain.minting import OPEN_STAGES, MintStage

T = TypeVar("T")

_PRICE_PART = 10**6


class _StepNumber(FunctionElement[int]):
    """Which step since 1970 holds a moment: of a column, and seconds."""

    type = BigInteger()
    inherit_cache = True


@compiles(_StepNumber)
def _step_number(element: _StepNumber, compiler: SQLCompiler, **options: Any) -> str:
    column, step_s = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(floor(extract(epoch FROM {column}) / {step_s}) AS BIGINT)"


@compiles(_StepNumber, "sqlite")
def _step_number_sqlite(element: _StepNumber, compiler: SQLCompiler, **options: Any) -> str:
    column, step_s = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST(strftime('%s', {column}) AS INTEGER) / {step_s})"


_SINCE = bindparam("since", type_=UtcDateTime())
_STEP_S = bindparam("step_s", type_=BigInteger())


def _step_of(column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[int]:
    return _StepNumber(column, _STEP_S).label("step")


_tokens = TransactionTable.token_count
_gas = TransactionTable.gas_used
_price = cast(TransactionTable.gas_price_wei, BigInteger)
_ON_CHAIN = TransactionTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_OUR_MINED = (
    _ON_CHAIN,
    TransactionTable.block_number.is_not(None),
    or_(TransactionTable.is_live == true(), _tokens.is_(None)),
)
"""Those that failed are not live and made no token; those of tokens that were adopted are told by nobody's records."""
_FEE = (
    func.sum(_gas * (_price % _PRICE_PART)).label("fee_low"),
    func.sum(_gas * (_price // _PRICE_PART)).label("fee_high"),
)
_PAID = select(func.sum(_tokens).label("tokens"), func.count().label("transactions"), *_FEE).where(*_OUR_MINED)
_ADOPTED = select(func.count().label("adopted_tokens")).where(
    # As the index has it, which SQLite would not recognise in `is_live = 0`.
    _ON_CHAIN,
    literal_column("NOT transactions.is_live"),
    literal_column("transactions.token_count = 1"),
)
_BATCHES = (
    select(
        func.count().label("batches"),
        func.sum(_tokens).label("batch_tokens"),
        func.sum(_gas).label("batch_gas"),
        func.sum(case((BatchTable.gas_single.is_not(None), _tokens))).label("based_tokens"),
        func.sum(case((BatchTable.gas_single.is_not(None), _gas))).label("based_gas"),
        func.sum(_tokens * BatchTable.gas_single).label("based_singly_gas"),
    )
    .outerjoin(BatchTable, BatchTable.job_id == TransactionTable.job_id)
    .where(_ON_CHAIN, _tokens > literal_column("1"))
)
_SUMS = (_PAID, _ADOPTED, _BATCHES)
_SINCE_SIGNED = TransactionTable.signed_at >= _SINCE
_SUMS_SINCE = tuple(statement.where(_SINCE_SIGNED) for statement in _SUMS)

_GAS_STEPS = (
    select(
        _step_of(TransactionTable.signed_at),
        func.count().label("transactions"),
        func.sum(_gas).label("gas_used"),
        *_FEE,
        func.coalesce(func.sum(_tokens), 0).label("tokens"),
        func.sum(case((_tokens.is_(None), 0), else_=_gas)).label("token_gas"),
    )
    .where(*_OUR_MINED, _SINCE_SIGNED)
    .group_by("step")
    .order_by("step")
)
_MINED_COUNT = select(func.count()).where(*_OUR_MINED, _SINCE_SIGNED)
_ENDED_STEPS = (
    select(
        _step_of(MintJobTable.completed_at),
        func.sum(case((MintJobTable.stage == MintStage.COMPLETED, 1), else_=0)).label("minted"),
        func.sum(case((MintJobTable.stage == MintStage.FAILED, 1), else_=0)).label("failed"),
    )
    .where(
        MintJobTable.completed_at >= _SINCE,
        MintJobTable.completed_at.is_not(None),
        MintJobTable.stage != MintStage.CANCELLED,
    )
    .group_by("step")
    .order_by("step")
)
_EVENTS = union_all(
    select(MintJobTable.requested_at.label("at"), literal(1).label("change")).where(
        MintJobTable.requested_at >= _SINCE
    ),
    select(MintJobTable.completed_at, literal(-1)).where(
        MintJobTable.completed_at >= _SINCE, MintJobTable.completed_at.is_not(None)
    ),
).subquery()
_RUNNING = select(
    _EVENTS.c.at, _EVENTS.c.change, func.sum(_EVENTS.c.change).over(order_by=_EVENTS.c.at).label("level")
).subquery()
_QUEUE_CHANGES = (
    select(
        _step_of(_RUNNING.c.at),
        func.max(_RUNNING.c.level).label("highest"),
        func.sum(_RUNNING.c.change).label("change"),
    )
    .group_by("step")
    .order_by("step")
)
_OPEN_JOBS = select(func.count()).where(or_(*[MintJobTable.stage == stage for stage in sorted(OPEN_STAGES)]))
_FIRST_REQUEST = select(MintJobTable.requested_at).order_by(MintJobTable.requested_at, MintJobTable.job_id).limit(1)


class MintFigureRecords(Records):
    """The part of a transaction that sums mints up."""

    def mint_figures(self, since: datetime | None) -> MintFigures:
        values = {} if since is None else {"since": since}
        sums: dict[str, int] = {}
        for statement in _SUMS if since is None else _SUMS_SINCE:
            sums |= {name: int(value or 0) for row in self._all(statement, values) for name, value in row.items()}
        sums["tokens"] += sums.pop("adopted_tokens")
        return MintFigures(fee_wei=_fee_wei(sums.pop("fee_low"), sums.pop("fee_high")), **sums)

    def mined_count(self, since: datetime) -> int:
        return self._value(_MINED_COUNT, {"since": since})

    def gas_steps(self, since: datetime, step_s: int) -> tuple[GasStep, ...]:
        def step(at: datetime, counted: dict[str, int]) -> GasStep:
            return GasStep(at, fee_wei=_fee_wei(counted.pop("fee_low"), counted.pop("fee_high")), **counted)

        return self._steps(_GAS_STEPS, since, step_s, step)

    def ended_steps(self, since: datetime, step_s: int) -> tuple[EndedStep, ...]:
        return self._steps(_ENDED_STEPS, since, step_s, lambda at, counted: EndedStep(at, **counted))

    def queue_changes(self, since: datetime, step_s: int) -> tuple[QueueChange, ...]:
        return self._steps(_QUEUE_CHANGES, since, step_s, lambda at, counted: QueueChange(at, **counted))

    def open_job_count(self) -> int:
        return self._value(_OPEN_JOBS)

    def first_request(self) -> datetime | None:
        return self._value(_FIRST_REQUEST)

    def _steps(
        self, statement: Executable, since: datetime, step_s: int, made: Callable[[datetime, dict[str, int]], T]
    ) -> tuple[T, ...]:
        steps: list[T] = []
        for row in self._all(statement, {"since": since, "step_s": step_s}):
            counted = {name: int(value) for name, value in row.items()}
            steps.append(made(moment_of_step(counted.pop("step"), step_s), counted))
        return tuple(steps)


def _fee_wei(low: int, high: int) -> int:
    return low + _PRICE_PART * high
