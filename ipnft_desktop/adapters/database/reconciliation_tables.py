"""Tables of what was found different from chain and content, and of what people decided about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import Uint256, Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, Base
from ipnft_desktop.domain.audit import ACTOR_MAX_CHARS
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.reconciliation import Cause

ASSET_NAME_CHARS = 200


class NotedStandingTable(Base):
    """How a token stands on its chain where that is not what this register did: its holder, its validity, or both."""

    __tablename__ = "noted_standings"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.asset_id"), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(ADDRESS_CHARS))
    validity: Mapped[Validity | None] = mapped_column(Word(Validity))
    noted_at: Mapped[datetime]

    __table_args__ = (one_of("validity", Validity),)


class IgnoredTokenTable(Base):
    """Tokens without an asset that are not told again, each for a reason."""

    __tablename__ = "ignored_tokens"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    token_id: Mapped[int] = mapped_column(Uint256, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    ignored_by: Mapped[str] = mapped_column(String(ACTOR_MAX_CHARS))
    ignored_at: Mapped[datetime]


class ReconciliationTable(Base):
    """The latest comparison of each chain with register and content."""

    __tablename__ = "reconciliations"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("chain_instances.chain_instance_id"), primary_key=True, autoincrement=False
    )
    ended_at: Mapped[datetime]
    is_scheduled: Mapped[bool]
    asset_count: Mapped[int] = mapped_column(Integer)
    token_count: Mapped[int] = mapped_column(Integer)


class FindingTable(Base):
    """What it found. Names and ids are kept as they were then, so nothing here refers to an asset."""

    __tablename__ = "findings"

    chain_instance_id: Mapped[int] = mapped_column(
        ForeignKey("reconciliations.chain_instance_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cause: Mapped[Cause] = mapped_column(Word(Cause))
    register: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    asset_id: Mapped[UUID | None]
    asset_name: Mapped[str] = mapped_column(String(ASSET_NAME_CHARS))
    token_id: Mapped[int | None] = mapped_column(Uint256)
    subject: Mapped[str] = mapped_column(Text)

    __table_args__ = (one_of("cause", Cause),)
