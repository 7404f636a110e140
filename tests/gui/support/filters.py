"""Saved filters in memory."""

from __future__ import annotations

from uuid import UUID, uuid4

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.saved_filters import SavedFilter

Filters = tuple[SavedFilter, ...]


class MemoryFilters:
    """Answers as `services.saved_filters.SavedFilters` does; an empty name is refused."""

    def __init__(self) -> None:
        self.kept: dict[UUID, SavedFilter] = {}
        self.times_listed = 0

    async def list(self) -> Filters:
        self.times_listed += 1
        return tuple(sorted(self.kept.values(), key=lambda saved: saved.name))

    async def save(self, name: str, query: AssetQuery) -> Filters:
        return await self._keep(SavedFilter(uuid4(), name, query))

    async def rename(self, filter_id: UUID, name: str) -> Filters:
        return await self._keep(SavedFilter(filter_id, name, self.kept[filter_id].query))

    async def delete(self, filter_id: UUID) -> Filters:
        del self.kept[filter_id]
        return await self.list()

    async def _keep(self, saved: SavedFilter) -> Filters:
        if not saved.name.strip():
            raise ValidationFailed((FieldProblem("name", ProblemKind.REQUIRED),))
        self.kept[saved.filter_id] = saved
        return await self.list()
