"""Tables of the calls that change a contract's state, and of what they did to certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Uint256, Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, CID_MAX_CHARS, HASH_CHARS, Base, index_where
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.contract_writes import FUNCTION_MAX_CHARS


class ContractWriteTable(Base):
    """Calls, written before any node saw them; their signed bytes are among the transactions.

    `succeeded` is null while no block shows the call; `replaced_by` names the transaction that took its nonce.
    """

    __tablename__ = "contract_writes"
    __table_args__ = (
        UniqueConstraint("chain_instance_id", "tx_hash"),
        CheckConstraint("(succeeded IS NULL) = (block_number IS NULL)", name="block"),
        index_where("succeeded IS NULL AND replaced_by IS NULL", "ix_contract_writes_open", "chain_instance_id"),
        index_where("block_number IS NOT NULL", "ix_contract_writes_block_number", "chain_instance_id", "block_number"),
    )

    write_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    chain_instance_id: Mapped[int] = mapped_column(ForeignKey("chain_instances.chain_instance_id"))
    target: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    function: Mapped[str] = mapped_column(String(FUNCTION_MAX_CHARS))
    arguments: Mapped[list[Any]] = mapped_column(JSON)
    """A list of name and value of each parameter."""
    value_wei: Mapped[int] = mapped_column(Uint256)
    reason: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(200))
    tx_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    signer: Mapped[str] = mapped_column(String(ADDRESS_CHARS))
    nonce: Mapped[int] = mapped_column(BigInteger)
    gas_limit: Mapped[int] = mapped_column(BigInteger)
    block_number: Mapped[int | None] = mapped_column(BigInteger)
    block_hash: Mapped[str | None] = mapped_column(String(HASH_CHARS))
    mined_at: Mapped[datetime | None]
    gas_used: Mapped[int | None] = mapped_column(BigInteger)
    gas_price_wei: Mapped[int | None] = mapped_column(Uint256)
    succeeded: Mapped[bool | None]
    revert: Mapped[str] = mapped_column(Text)
    replaced_by: Mapped[str | None] = mapped_column(String(HASH_CHARS))


class ValidityChangeTable(Base):
    """Changes of a certificate's validity, each with the exact bytes of the document whose hash went on chain."""

    __tablename__ = "validity_changes"
    __table_args__ = (one_of("validity", Validity), Index(None, "asset_id", "write_id"))

    write_id: Mapped[int] = mapped_column(ForeignKey("contract_writes.write_id"), primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.asset_id"))
    validity: Mapped[Validity] = mapped_column(Word(Validity))
    document: Mapped[bytes]
    cid: Mapped[str] = mapped_column(String(CID_MAX_CHARS), index=True)
