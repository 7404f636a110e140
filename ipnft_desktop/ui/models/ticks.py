"""What is ticked, whatever the list shows just now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import QObject, Signal


class Ticks(QObject):
    """Assets in the order in which they were ticked; `changed` comes once for all of a change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: dict[UUID, None] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._ids

    @property
    def asset_ids(self) -> tuple[UUID, ...]:
        """All of them."""
        return tuple(self._ids)

    def add(self, asset_ids: Iterable[UUID]) -> None:
        """Tick these as well."""
        before = len(self._ids)
        self._ids.update(dict.fromkeys(asset_ids))
        self._tell(len(self._ids) != before)

    def take_away(self, asset_ids: Iterable[UUID]) -> None:
        """Untick these, as far as they are ticked."""
        before = len(self._ids)
        for asset_id in asset_ids:
            self._ids.pop(asset_id, None)
        self._tell(len(self._ids) != before)

    def clear(self) -> None:
        """Untick everything."""
        was_any = bool(self._ids)
        self._ids = {}
        self._tell(was_any)

    def _tell(self, is_other: bool) -> None:
        if is_other:
            self.changed.emit()
