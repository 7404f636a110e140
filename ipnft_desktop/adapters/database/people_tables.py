"""Tables of the people who work with the register, and of the names they give to addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.column_types import BytewiseText, Word, one_of
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, KEY_MAX_CHARS, Base
from ipnft_desktop.domain.people import ENTERPRISE_NAME_MAX_CHARS, LABEL_MAX_CHARS, USER_NAME_MAX_CHARS, Role


class UserTable(Base):
    """Accounts; closed ones stay. `name_key` is the name with its case folded."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", Role), UniqueConstraint("name_key"))

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(USER_NAME_MAX_CHARS))
    name_key: Mapped[str] = mapped_column(BytewiseText(KEY_MAX_CHARS))
    display_name: Mapped[str] = mapped_column(String(LABEL_MAX_CHARS))
    role: Mapped[Role] = mapped_column(Word(Role))
    password_hash: Mapped[str | None] = mapped_column(Text)
    """Argon2id in its text form; none for the demonstration user, whom no password signs in."""
    is_active: Mapped[bool]
    is_demo: Mapped[bool]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    failed_sign_ins: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[datetime | None]


class MembershipTable(Base):
    """Whom an operator acts for."""

    __tablename__ = "memberships"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(
        ForeignKey("enterprises.enterprise_id", ondelete="CASCADE"), primary_key=True
    )


class FormerNameTable(Base):
    """Names that enterprises had: what was minted under one of them names it for ever."""

    __tablename__ = "former_names"

    enterprise_id: Mapped[UUID] = mapped_column(
        ForeignKey("enterprises.enterprise_id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(ENTERPRISE_NAME_MAX_CHARS))


class AddressTable(Base):
    """Labels of addresses that belong to no enterprise of the register."""

    __tablename__ = "address_book"

    address: Mapped[str] = mapped_column(String(ADDRESS_CHARS), primary_key=True)
    label: Mapped[str] = mapped_column(String(LABEL_MAX_CHARS))
    note: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]
