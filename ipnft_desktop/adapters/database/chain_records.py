"""The chain this register is bound to, and the journal of its blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Select, delete, func, select, true, update

from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.mint_values import failure_values
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN, Records
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    ChainInstanceTable,
    DeploymentTable,
    JournalBlockTable,
    JournalTransactionTable,
    MintIntentTable,
    MintJobTable,
    table,
)
from ipnft_desktop.domain.chain import BlockRef, ChainIdentity, DeploymentRecord, RecordedBlock
from ipnft_desktop.domain.errors import Defect, ErrorCode
from ipnft_desktop.domain.minting import BUSY_STATES, CLOSED_STAGES, AssetState, FailureKind, MintFailure, MintStage

_LOST_WITH_ITS_CHAIN = MintFailure(
    kind=FailureKind.CHAIN_RESET,
    code=ErrorCode.CHAIN_RESET,
    detail="the chain was given up for a new one",
    gas_spent=False,
    safe_to_retry=True,
)

_HASHES_AT = select(JournalBlockTable.number, JournalBlockTable.block_hash).where(among(JournalBlockTable.number, "at"))


class ChainRecords(Records):
    """The part of a transaction that deals with the chain."""

    def chain_identity(self) -> ChainIdentity | None:
        row = self._first(select(*table(ChainInstanceTable).c).where(ACTIVE_CHAIN))
        if row is None:
            return None
        return ChainIdentity(**{part.name: row[part.name] for part in fields(ChainIdentity)})

    def bind_chain(self, identity: ChainIdentity, at: datetime) -> None:
        """Raises Defect while another chain is bound; it must be retired first."""
        self._settle_deployment()
        bound = self.chain_identity()
        if bound == identity:
            return
        if bound is not None:
            raise Defect("the register is bound to another chain")
        self._insert(ChainInstanceTable, {"is_active": True, "bound_at": at, **asdict(identity)})

    def record_deployment(self, deployment: DeploymentRecord, at: datetime) -> None:
        self._settle_deployment()
        self._insert(DeploymentTable, {"is_open": True, "recorded_at": at, **asdict(deployment)})

    def open_deployment(self) -> DeploymentRecord | None:
        row = self._first(select(*table(DeploymentTable).c).where(DeploymentTable.is_open == true()))
        if row is None:
            return None
        return DeploymentRecord(**{part.name: row[part.name] for part in fields(DeploymentRecord)})

    def _settle_deployment(self) -> None:
        self._change(update(DeploymentTable).where(DeploymentTable.is_open == true()).values(is_open=False))

    def retire_chain(self, at: datetime) -> None:
        """Jobs, transactions and tokens of the old chain stay on record, but no longer tell how an asset stands."""
        affected = select(AssetTable.asset_id).where(AssetTable.state.in_({*BUSY_STATES, AssetState.MINTED}))
        self._change(
            update(MintIntentTable)
            .where(MintIntentTable.asset_id.in_(affected))
            .values(is_open=False, is_current=False)
        )
        self._change(
            update(MintJobTable)
            .where(MintJobTable.stage.in_(frozenset(MintStage) - CLOSED_STAGES))
            .values(stage=MintStage.FAILED, completed_at=at, **failure_values(_LOST_WITH_ITS_CHAIN))
        )
        self._change(update(AssetTable).where(AssetTable.asset_id.in_(affected)).values(state=AssetState.DRAFT))
        self._change(update(ChainInstanceTable).where(ACTIVE_CHAIN).values(is_active=False, retired_at=at))
        self._settle_deployment()
        self._change(delete(JournalBlockTable))

    def append_blocks(self, blocks: Sequence[RecordedBlock]) -> None:
        """Raises Defect where the blocks would leave a gap: a journal with a gap cannot be replayed."""
        if not blocks:
            return
        numbers = [recorded.block.number for recorded in blocks]
        first, last = numbers[0], self.last_recorded_block()
        if numbers != list(range(first, first + len(blocks))) or (last is not None and first > last.number + 1):
            raise Defect(f"journal blocks {first} to {numbers[-1]} do not follow {last.number if last else 'nothing'}")
        self._change(delete(JournalBlockTable).where(JournalBlockTable.number >= first))
        self._insert(JournalBlockTable, *[asdict(recorded.block) for recorded in blocks])
        transactions = [
            {"block_number": recorded.block.number, "position": position, "raw": raw}
            for recorded in blocks
            for position, raw in enumerate(recorded.raw_transactions)
        ]
        self._insert(JournalTransactionTable, *transactions)

    def drop_blocks_above(self, number: int) -> None:
        self._change(delete(JournalBlockTable).where(JournalBlockTable.number > number))

    def last_recorded_block(self) -> BlockRef | None:
        highest = select(func.max(JournalBlockTable.number)).scalar_subquery()
        row = self._first(select(*table(JournalBlockTable).c).where(JournalBlockTable.number == highest))
        return None if row is None else BlockRef(row["number"], row["block_hash"], row["timestamp_s"])

    def recorded_block_hashes(self, numbers: Collection[int]) -> dict[int, str]:
        return {row["number"]: row["block_hash"] for row in self._all(_HASHES_AT, {"at": list(numbers)})}

    def recorded_blocks(self, from_number: int, limit: int) -> tuple[RecordedBlock, ...]:
        """At most `limit` blocks from `from_number` on, in order."""
        blocks = self._all(_blocks_from(from_number, limit))
        if not blocks:
            return ()
        raw: defaultdict[int, list[bytes]] = defaultdict(list)
        for row in self._all(
            select(JournalTransactionTable.block_number, JournalTransactionTable.raw)
            .where(JournalTransactionTable.block_number.between(blocks[0]["number"], blocks[-1]["number"]))
            .order_by(JournalTransactionTable.block_number, JournalTransactionTable.position)
        ):
            raw[row["block_number"]].append(row["raw"])
        return tuple(
            RecordedBlock(BlockRef(row["number"], row["block_hash"], row["timestamp_s"]), tuple(raw[row["number"]]))
            for row in blocks
        )


def _blocks_from(number: int, limit: int) -> Select[int, str, int]:
    return (
        select(JournalBlockTable.number, JournalBlockTable.block_hash, JournalBlockTable.timestamp_s)
        .where(JournalBlockTable.number >= number)
        .order_by(JournalBlockTable.number)
        .limit(limit)
    )
