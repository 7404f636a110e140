"""What a transaction on the register does with calls of contracts and with the validity of certificates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.certificates import ReasonDocument, Validity, ValidityChange
from ipnft_desktop.domain.contract_writes import CallQuery, ContractCall, ContractWrite, WriteOutcome
from ipnft_desktop.domain.minting import TransactionRecord


class WriteTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def record_write(
        self, call: ContractCall, transaction: TransactionRecord, reason: str, actor: str, at: datetime
    ) -> int:
        """Written together with its transaction (`record_fill`), before it is sent; returns its number. A chain must
        be bound."""
        ...

    def record_write_mined(self, write_id: int, outcome: WriteOutcome) -> None:
        """A block shows it."""
        ...

    def record_write_unmined(self, write_id: int) -> None:
        """That block vanished, or the transaction that had its nonce: it waits again."""
        ...

    def record_write_replaced(self, write_id: int, tx_hash: str) -> None:
        """Another transaction has its nonce."""
        ...

    def record_withdrawal(self, write_id: int, fill: TransactionRecord, at: datetime) -> None:
        """A transaction that sends nothing under the nonce of a call, written before it is sent; the chain mines one of
        the two. Raises UserError RECORD_CHANGED for a call that waits no more."""
        ...

    def contract_write(self, write_id: int) -> ContractWrite | None: ...
    def contract_writes(self, limit: int, before: int | None = None) -> tuple[ContractWrite, ...]:
        """Newest first, those before the number `before`."""
        ...

    def listed_writes(
        self, query: CallQuery, limit: int, after: ContractWrite | None = None
    ) -> tuple[ContractWrite, ...]:
        """In the order of the query, those behind `after`, on whichever chain they were made."""
        ...

    def count_writes(self, query: CallQuery) -> int: ...

    def open_writes(self) -> tuple[ContractWrite, ...]:
        """Those of the present chain that no block shows, oldest first."""
        ...

    def ended_writes_above(self, block_number: int) -> tuple[ContractWrite, ...]:
        """Those of the present chain that a higher block shows, or that another transaction replaced; oldest first."""
        ...

    def raw_transaction(self, tx_hash: str) -> bytes | None:
        """The signed bytes of a transaction of the present chain that belongs to no mint."""
        ...

    def record_validity_change(
        self, write_id: int, asset_id: UUID, validity: Validity, document: ReasonDocument
    ) -> None:
        """What a recorded call does to a certificate."""
        ...

    def validity_changes(self, asset_id: UUID) -> tuple[ValidityChange, ...]:
        """All that was asked for on the present chain, oldest first."""
        ...

    def validities(self, asset_ids: Collection[UUID]) -> dict[UUID, Validity]:
        """As the register knows them: by the newest change that a block shows to have succeeded. Those that were never
        changed are left out."""
        ...
