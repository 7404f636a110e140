"""Nonces of the signing accounts: which come next, which are held by what was signed, and who may use them."""

from __future__ import annotations

import itertools
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, text, true
from sqlalchemy.types import Uuid

from ipnft_desktop.adapters.database.mint_values import transaction_of, transaction_values
from ipnft_desktop.adapters.database.records import ACTIVE_CHAIN_INSTANCE, Records
from ipnft_desktop.adapters.database.tables import MintJobTable, TransactionTable, table
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import OF_NO_MINT, TransactionRecord
from ipnft_desktop.domain.phrases import phrase

LEASE_S = 10
"""A signer is free for other programs this long after its holder last took a nonce."""

_LIVE = (
    select(*table(TransactionTable).c)
    .where(
        TransactionTable.chain_instance_id == ACTIVE_CHAIN_INSTANCE.scalar_subquery(),
        TransactionTable.signer == bindparam("of_signer"),
        TransactionTable.nonce >= bindparam("from_nonce"),
        TransactionTable.is_live == true(),
    )
    .order_by(TransactionTable.nonce, TransactionTable.position)
)
_STRANDED = _LIVE.outerjoin(MintJobTable, MintJobTable.job_id == TransactionTable.job_id).where(
    or_(TransactionTable.job_id.is_(None), MintJobTable.completed_at.is_not(None))
)
_HELD_NONCES = _LIVE.with_only_columns(TransactionTable.nonce).where(TransactionTable.position == 0)
_INSERT_FILL = insert(table(TransactionTable)).values(chain_instance_id=ACTIVE_CHAIN_INSTANCE.scalar_subquery())

# Only a shared register has leases, and PostgreSQL alone can be shared. `clock_timestamp` goes on while this waits for
# the row; `now` would stand still.
_TAKE_LEASE = text(
    f"""
    INSERT INTO signer_leases AS lease (signer, worker_id, fencing_token, expires_at)
    VALUES (:signer, :worker, 1, clock_timestamp() + interval '{LEASE_S} seconds')
    ON CONFLICT (signer) DO UPDATE SET
        worker_id = excluded.worker_id,
        fencing_token = lease.fencing_token + (lease.worker_id <> excluded.worker_id)::int,
        expires_at = clock_timestamp() + interval '{LEASE_S} seconds'
    WHERE lease.worker_id = excluded.worker_id OR lease.expires_at <= clock_timestamp()
    """  # noqa: S608 - put together from a constant
).bindparams(bindparam("worker", type_=Uuid))
_END_LEASE = text(
    "UPDATE signer_leases SET expires_at = clock_timestamp() WHERE signer = :signer AND worker_id = :worker"
).bindparams(bindparam("worker", type_=Uuid))


class SignerRecords(Records):
    """The part of a transaction that deals with nonces."""

    def next_nonces(self, signer: str, chain_nonce: int, count: int) -> list[int]:
        """Raises EnvironmentFault SIGNER_BUSY while another program holds the signer's lease."""
        if self._worker is not None and not self._change(_TAKE_LEASE, {"signer": signer, "worker": self._worker}):
            raise EnvironmentFault(ErrorCode.SIGNER_BUSY, phrase("another program sends from {signer}", signer=signer))
        rows = self._all(_HELD_NONCES, {"of_signer": signer, "from_nonce": chain_nonce})
        held = {row["nonce"] for row in rows}
        free = (nonce for nonce in itertools.count(chain_nonce) if nonce not in held)
        return list(itertools.islice(free, count))

    def release_signer(self, signer: str) -> None:
        if self._worker is not None:
            self._change(_END_LEASE, {"signer": signer, "worker": self._worker})

    def live_transactions(self, signer: str, from_nonce: int) -> tuple[TransactionRecord, ...]:
        return tuple(transaction_of(row) for row in self._all(_LIVE, {"of_signer": signer, "from_nonce": from_nonce}))

    def stranded_transactions(self, signer: str, from_nonce: int) -> tuple[TransactionRecord, ...]:
        values = {"of_signer": signer, "from_nonce": from_nonce}
        newest = {row["nonce"]: transaction_of(row) for row in self._all(_STRANDED, values)}
        return tuple(newest.values())

    def record_fill(self, transaction: TransactionRecord, at: datetime) -> None:
        """Raises EnvironmentFault NONCE_CONFLICT where a live transaction holds the nonce, Defect where no chain is
        bound."""
        if transaction.purpose not in OF_NO_MINT:
            raise Defect("only fills, anchors and calls belong to no mint")
        of_nobody = {"job_id": None, "attempt": None, "position": 0, "is_live": True, "signed_at": at}
        self._change(_INSERT_FILL, {**of_nobody, **transaction_values(transaction)})
