"""What people taught the program about contracts of others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS, Base
from ipnft_desktop.domain.inspection.contracts import ABI_NAME_MAX_CHARS
from ipnft_desktop.domain.people import USER_NAME_MAX_CHARS


class ImportedAbiTable(Base):
    """ABIs that people imported, one an address."""

    __tablename__ = "imported_abis"

    address: Mapped[str] = mapped_column(String(ADDRESS_CHARS), primary_key=True)
    name: Mapped[str] = mapped_column(String(ABI_NAME_MAX_CHARS))
    content: Mapped[str] = mapped_column(Text)
    """The ABI alone, as JSON."""
    imported_by: Mapped[str] = mapped_column(String(USER_NAME_MAX_CHARS))
    imported_at: Mapped[datetime]
