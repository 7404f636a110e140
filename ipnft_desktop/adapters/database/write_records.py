"""Calls of contracts, and changes of validity, in a transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.mint_values import transaction_values
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import (
    ContractWriteTable,
    NotedStandingTable,
    TransactionTable,
    ValidityChangeTable,
    table,
)
from ipnft_desktop.domain.certificates import ReasonDocument, Validity, ValidityChange
from ipnft_desktop.domain.contract_writes import (
    CallOrder,
    CallQuery,
    CallValue,
    CallWord,
    ContractCall,
    ContractWrite,
    WriteOutcome,
    WriteState,
)
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import MinedFacts, TransactionPurpose, TransactionRecord

_WRITES = table(ContractWriteTable)
_CHANGES = table(ValidityChangeTable)
_NUMBER_DIGITS = 19
"""What has more is no number that the database knows."""
_NO_BLOCK = {
    "block_number": None,
    "block_hash": None,
    "mined_at": None,
    "gas_used": None,
    "gas_price_wei": None,
    "succeeded": None,
    "revert": "",
    "replaced_by": None,
}
_ON_PRESENT_CHAIN = _WRITES.c.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_IS_OPEN = _WRITES.c.succeeded.is_(None) & _WRITES.c.replaced_by.is_(None)
_TAKES_BACK = and_(
    TransactionTable.is_live,
    TransactionTable.chain_instance_id == _WRITES.c.chain_instance_id,
    TransactionTable.signer == _WRITES.c.signer,
    TransactionTable.nonce == _WRITES.c.nonce,
    TransactionTable.position > 0,
)
_WITHDRAWAL = (
    select(TransactionTable.tx_hash)
    .where(_TAKES_BACK)
    .order_by(TransactionTable.position.desc())
    .limit(1)
    .correlate(_WRITES)
    .scalar_subquery()
)
_IS_WITHDRAWN = exists().where(_TAKES_BACK, TransactionTable.tx_hash == _WRITES.c.replaced_by).correlate(_WRITES)
_WRITE = (_WRITES, _WITHDRAWAL.label("withdrawal"), _IS_WITHDRAWN.label("is_withdrawn"))
"""A call with what takes it back."""
_STATES: Mapping[WriteState, ColumnElement[bool]] = {
    WriteState.WAITING: _ON_PRESENT_CHAIN & _IS_OPEN,
    WriteState.DONE: _ON_PRESENT_CHAIN & _WRITES.c.replaced_by.is_(None) & _WRITES.c.succeeded.is_(True),
    WriteState.REVERTED: _ON_PRESENT_CHAIN & _WRITES.c.replaced_by.is_(None) & _WRITES.c.succeeded.is_(False),
    WriteState.REPLACED: _ON_PRESENT_CHAIN & _WRITES.c.replaced_by.is_not(None),
    WriteState.VANISHED: func.coalesce(~_ON_PRESENT_CHAIN, literal(True)),  # while no chain is bound too
}
_SORTED_BY: Mapping[CallOrder, tuple[ColumnElement[Any], ...]] = {
    CallOrder.NEWEST: (_WRITES.c.write_id,),
    CallOrder.OLDEST: (_WRITES.c.write_id,),
    CallOrder.FUNCTION: (_WRITES.c.function, _WRITES.c.write_id),
    CallOrder.PERSON: (_WRITES.c.requested_by, _WRITES.c.write_id),
    CallOrder.NONCE: (_WRITES.c.nonce, _WRITES.c.write_id),
}
_FALLING = frozenset({CallOrder.NEWEST, CallOrder.NONCE})
_INSERT = insert(_WRITES).returning(_WRITES.c.write_id)
_CHANGE = update(_WRITES).where(_WRITES.c.write_id == bindparam("of_write"))
_JOINED = select(_CHANGES.c.asset_id, _CHANGES.c.validity, _CHANGES.c.document, *_WRITE).join_from(
    _CHANGES, _WRITES, _CHANGES.c.write_id == _WRITES.c.write_id
)
_NEWEST_DONE = (
    select(_CHANGES.c.asset_id, func.max(_CHANGES.c.write_id).label("write_id"))
    .join_from(_CHANGES, _WRITES, _CHANGES.c.write_id == _WRITES.c.write_id)
    .where(_ON_PRESENT_CHAIN, _WRITES.c.succeeded, among(_CHANGES.c.asset_id, "assets"))
    .group_by(_CHANGES.c.asset_id)
    .subquery()
)
_VALIDITIES = select(_CHANGES.c.asset_id, _CHANGES.c.validity).join(
    _NEWEST_DONE, _NEWEST_DONE.c.write_id == _CHANGES.c.write_id
)
_NOTED_HERE = NotedStandingTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery()
_NOTED_VALIDITIES = select(NotedStandingTable.asset_id, NotedStandingTable.validity).where(
    _NOTED_HERE, among(NotedStandingTable.asset_id, "assets"), NotedStandingTable.validity.is_not(None)
)
_FORGET_NOTED = (
    update(NotedStandingTable)
    .where(_NOTED_HERE, NotedStandingTable.asset_id == bindparam("of_asset"))
    .values(validity=None)
)
_RAW = select(TransactionTable.raw).where(
    TransactionTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery(),
    TransactionTable.tx_hash == bindparam("of_hash"),
    TransactionTable.job_id.is_(None),
)
_NEXT_POSITION = select(func.max(TransactionTable.position) + 1).where(
    TransactionTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery(),
    TransactionTable.signer == bindparam("of_signer"),
    TransactionTable.nonce == bindparam("of_nonce"),
    TransactionTable.is_live,
)


class WriteRecords(Records):
    """The part of a transaction that deals with calls of contracts."""

    def record_write(
        self, call: ContractCall, transaction: TransactionRecord, reason: str, actor: str, at: datetime
    ) -> int:
        chain = self._active_chain_instance()
        if chain is None:
            raise Defect("no contract is called before a chain is bound")
        values = {
            "chain_instance_id": chain,
            "target": call.target,
            "function": call.function,
            "arguments": [[name, value] for name, value in call.arguments],
            "value_wei": call.value_wei,
            "reason": reason,
            "requested_at": at,
            "requested_by": actor,
            "tx_hash": transaction.tx_hash,
            "signer": transaction.signer,
            "nonce": transaction.nonce,
            "gas_limit": transaction.gas_limit,
            **_NO_BLOCK,
        }
        return self._value(_INSERT, values)

    def record_write_mined(self, write_id: int, outcome: WriteOutcome) -> None:
        mined = outcome.mined
        self._change(
            _CHANGE.values(
                block_number=mined.block_number,
                block_hash=mined.block_hash,
                mined_at=outcome.mined_at,
                gas_used=mined.gas_used,
                gas_price_wei=mined.gas_price_wei,
                succeeded=outcome.succeeded,
                revert=outcome.revert,
                replaced_by=None,
            ),
            {"of_write": write_id},
        )

    def record_write_unmined(self, write_id: int) -> None:
        self._change(_CHANGE.values(**_NO_BLOCK), {"of_write": write_id})

    def record_write_replaced(self, write_id: int, tx_hash: str) -> None:
        self._change(_CHANGE.values({**_NO_BLOCK, "replaced_by": tx_hash}), {"of_write": write_id})

    def record_withdrawal(self, write_id: int, fill: TransactionRecord, at: datetime) -> None:
        write = self.contract_write(write_id)
        if write is None or write.state is not WriteState.WAITING:
            raise UserError(ErrorCode.RECORD_CHANGED, "this call waits no more")
        if (fill.signer, fill.nonce, fill.purpose) != (write.signer, write.nonce, TransactionPurpose.FILL):
            raise Defect("a call is withdrawn by a fill of its signer and nonce")
        position = self._value(_NEXT_POSITION, {"of_signer": fill.signer, "of_nonce": fill.nonce})
        of_nobody = {"job_id": None, "attempt": None, "position": position, "is_live": True, "signed_at": at}
        chain = {"chain_instance_id": self._active_chain_instance()}
        self._insert(TransactionTable, {**of_nobody, **chain, **transaction_values(fill)})

    def contract_write(self, write_id: int) -> ContractWrite | None:
        return next(iter(self._writes(_WRITES.c.write_id == write_id)), None)

    def contract_writes(self, limit: int, before: int | None = None) -> tuple[ContractWrite, ...]:
        conditions = () if before is None else (_WRITES.c.write_id < before,)
        return self._writes(*conditions, limit=limit)

    def listed_writes(
        self, query: CallQuery, limit: int, after: ContractWrite | None = None
    ) -> tuple[ContractWrite, ...]:
        columns, is_falling = _SORTED_BY[query.order], query.order in _FALLING
        statement = select(*_WRITE).where(*_narrowed(query)).limit(limit)
        if after is not None:
            values = (literal(value, column.type) for column, value in zip(columns, _place(query, after), strict=True))
            here, there = tuple_(*columns), tuple_(*values)
            statement = statement.where(here < there if is_falling else here > there)
        statement = statement.order_by(*(column.desc() if is_falling else column.asc() for column in columns))
        chain = self._active_chain_instance()
        return tuple(_write_of(row, chain) for row in self._all(statement))

    def count_writes(self, query: CallQuery) -> int:
        return self._value(select(func.count()).select_from(_WRITES).where(*_narrowed(query)))

    def open_writes(self) -> tuple[ContractWrite, ...]:
        return tuple(reversed(self._writes(_ON_PRESENT_CHAIN, _IS_OPEN)))

    def ended_writes_above(self, block_number: int) -> tuple[ContractWrite, ...]:
        ended = (_WRITES.c.block_number > block_number) | _WRITES.c.replaced_by.is_not(None)
        return tuple(reversed(self._writes(_ON_PRESENT_CHAIN, ended)))

    def raw_transaction(self, tx_hash: str) -> bytes | None:
        return self._value(_RAW, {"of_hash": tx_hash})

    def record_validity_change(
        self, write_id: int, asset_id: UUID, validity: Validity, document: ReasonDocument
    ) -> None:
        self._change(_FORGET_NOTED, {"of_asset": asset_id})  # what is done from here on counts again
        self._insert(
            ValidityChangeTable,
            {
                "write_id": write_id,
                "asset_id": asset_id,
                "validity": validity,
                "document": document.content,
                "cid": document.cid,
            },
        )

    def validity_changes(self, asset_id: UUID) -> tuple[ValidityChange, ...]:
        chain = self._active_chain_instance()
        statement = _JOINED.where(_CHANGES.c.asset_id == asset_id, _ON_PRESENT_CHAIN).order_by(_CHANGES.c.write_id)
        return tuple(
            ValidityChange(row["asset_id"], row["validity"], ReasonDocument(row["document"]), _write_of(row, chain))
            for row in self._all(statement)
        )

    def validities(self, asset_ids: Collection[UUID]) -> dict[UUID, Validity]:
        if not asset_ids:
            return {}
        values = {"assets": list(asset_ids)}
        # Behind them what was noted of the chain, for it was noted later.
        rows = (*self._all(_VALIDITIES, values), *self._all(_NOTED_VALIDITIES, values))
        return {row["asset_id"]: row["validity"] for row in rows}

    def _writes(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[ContractWrite, ...]:
        """Newest first."""
        chain = self._active_chain_instance()
        statement = select(*_WRITE).where(*conditions).order_by(_WRITES.c.write_id.desc()).limit(limit)
        return tuple(_write_of(row, chain) for row in self._all(statement))


def _narrowed(query: CallQuery) -> list[ColumnElement[bool]]:
    conditions = [_holds(word) for word in query.words]
    return [*conditions, or_(*(_STATES[state] for state in sorted(query.states)))] if query.states else conditions


def _holds(word: CallWord) -> ColumnElement[bool]:
    """Somewhere in what a person reads of a call."""
    columns = _WRITES.c
    texts = (columns.function, columns.target, columns.requested_by, columns.reason, columns.tx_hash, columns.revert)
    # The arguments are kept as JSON, which writes what is no ASCII as its numbers.
    in_json = json.dumps(word.text)[1:-1]
    found = [func.lower(text).contains(word.text, autoescape=True) for text in texts]
    found.append(func.lower(sqlalchemy.cast(columns.arguments, Text)).contains(in_json, autoescape=True))
    if word.text.isascii() and word.text.isdecimal() and len(word.text) < _NUMBER_DIGITS:
        found += [columns.block_number == int(word.text), columns.nonce == int(word.text)]
    if word.addresses:
        found.append(columns.target.in_(word.addresses))
    return or_(*found)


def _place(query: CallQuery, write: ContractWrite) -> tuple[object, ...]:
    """Where a call stands in an order."""
    match query.order:
        case CallOrder.FUNCTION:
            return write.call.function, write.write_id
        case CallOrder.PERSON:
            return write.requested_by, write.write_id
        case CallOrder.NONCE:
            return write.nonce, write.write_id
        case CallOrder.NEWEST | CallOrder.OLDEST:
            return (write.write_id,)


def _write_of(row: RowMapping, present_chain: int | None) -> ContractWrite:
    mined = None
    if row["block_number"] is not None:
        mined = MinedFacts(
            row["tx_hash"], row["block_number"], row["block_hash"], row["gas_used"], row["gas_price_wei"]
        )
    return ContractWrite(
        write_id=row["write_id"],
        call=ContractCall(row["target"], row["function"], _arguments(row["arguments"]), row["value_wei"]),
        tx_hash=row["tx_hash"],
        signer=row["signer"],
        nonce=row["nonce"],
        gas_limit=row["gas_limit"],
        requested_at=row["requested_at"],
        requested_by=row["requested_by"],
        reason=row["reason"],
        mined=mined,
        mined_at=row["mined_at"],
        revert=row["revert"],
        succeeded=row["succeeded"],
        replaced_by=row["replaced_by"],
        on_present_chain=row["chain_instance_id"] == present_chain,
        withdrawal=row["withdrawal"],
        is_withdrawn=row["is_withdrawn"],
    )


def _arguments(stored: Sequence[Any]) -> tuple[tuple[str, CallValue], ...]:
    return tuple((name, _value(value)) for name, value in stored)


def _value(stored: Any) -> CallValue:
    return tuple(map(_value, cast("list[Any]", stored))) if isinstance(stored, list) else str(stored)
