"""What a transaction on the register does with saved filters."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.saved_filters import SavedFilter


class FilterTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def save_filter(self, owner_id: UUID, saved: SavedFilter) -> None:
        """Keep it; one of the same owner under the same name, or the same id, gives way."""
        ...

    def delete_filter(self, owner_id: UUID, filter_id: UUID) -> None: ...
    def saved_filters(self, owner_id: UUID) -> tuple[SavedFilter, ...]:
        """The owner's, by name."""
        ...
