"""Tables of the runs: many assets minted at one wish. What became of them stands with their jobs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, Base
from ipnft_desktop.domain.audit import ACTOR_MAX_CHARS
from ipnft_desktop.domain.batch_runs import BatchStrategy, Congestion
from ipnft_desktop.domain.errors import ErrorCode


class BatchRunTable(Base):
    """Runs, each with one transaction or more."""

    __tablename__ = "batch_runs"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    strategy: Mapped[BatchStrategy] = mapped_column(Word(BatchStrategy))
    congestion: Mapped[Congestion | None] = mapped_column(Word(Congestion))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(ACTOR_MAX_CHARS))

    __table_args__ = (
        one_of("strategy", BatchStrategy),
        one_of("congestion", Congestion),
        Index(None, "requested_at", "run_id"),
    )


class BatchTable(Base):
    """Which job belongs to which run, and what was expected of it."""

    __tablename__ = "batches"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("mint_jobs.job_id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("batch_runs.run_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    gas_estimated: Mapped[int | None] = mapped_column(BigInteger)
    gas_single: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index(None, "run_id", "position"),)


class BatchOmissionTable(Base):
    """Assets that were left out of a run before it was recorded. They may have been deleted since."""

    __tablename__ = "batch_omissions"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("batch_runs.run_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    asset_id: Mapped[UUID]
    asset_name: Mapped[str] = mapped_column(String(200))
    code: Mapped[ErrorCode] = mapped_column(Word(ErrorCode))
    detail: Mapped[str] = mapped_column(Text)


class GatheredMintTable(Base):
    """Mints that wait for company. Without a recipient they go to the wallet of the asset's enterprise."""

    __tablename__ = "gathered_mints"

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.asset_id", ondelete="CASCADE"), primary_key=True)
    recipient: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(ACTOR_MAX_CHARS))

    __table_args__ = (Index(None, "asked_at", "asset_id"),)
