"""What a restore would change: the present register compared with a backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of record. Of each group only the first names are told."""

    disappearing: int = 0
    """In the register and not in the backup."""
    returning: int = 0
    """In the backup and not in the register."""
    changing: int = 0
    """In both, and different."""
    first_disappearing: tuple[str, ...] = ()
    first_returning: tuple[str, ...] = ()
    first_changing: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both have the same."""
        return not (self.disappearing or self.returning or self.changing)


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """Everything a person should know before a backup takes the register's place."""

    assets: Difference
    enterprises: Difference
    people: Difference
    addresses: Difference
    filters: Difference
    """Saved searches."""
    mints: Difference
    """By job: those the backup does not know, and those it knows at another stage."""
    newer_tokens: int
    """Tokens that the backup does not know. A network of others keeps them, and the start behind a restore takes them
    in again; a chain of our own is made again from the backup's journal, and is without them."""
    audit_rows_lost: int
    """Lines of the audit log that the backup does not have."""
    changed_at: datetime | None
    """Newest entry of the register's audit log, and of the backup's."""
    backup_changed_at: datetime | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        parts = (self.assets, self.enterprises, self.people, self.addresses, self.filters, self.mints)
        return all(part.is_empty for part in parts) and not self.newer_tokens and not self.audit_rows_lost
