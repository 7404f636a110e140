"""Assets that were deleted and can come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeletedAsset:
    """One line of the list of deleted assets."""

    asset_id: UUID
    name: str
    deleted_at: datetime
    deleted_by: str
    """Name of the person, as the audit log has it."""
