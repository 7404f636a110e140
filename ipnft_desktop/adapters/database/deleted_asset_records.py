"""Deleted assets in a transaction: kept whole, listed, brought back, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from ipnft_desktop.adapters.database.asset_records import AssetRecords
from ipnft_desktop.adapters.database.asset_snapshots import asset_from, owner_of, snapshot_of
from ipnft_desktop.adapters.database.members import among_these
from ipnft_desktop.adapters.database.tables import DeletedAssetTable
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import Defect

_LINES = select(
    DeletedAssetTable.asset_id, DeletedAssetTable.name, DeletedAssetTable.deleted_at, DeletedAssetTable.deleted_by
)


class DeletedAssetRecords(AssetRecords):
    """The part of a transaction that deals with deleted assets."""

    def keep_deleted(self, asset: Asset, line: DeletedAsset) -> None:
        self._insert(
            DeletedAssetTable,
            {
                "asset_id": line.asset_id,
                "name": line.name,
                "deleted_at": line.deleted_at,
                "deleted_by": line.deleted_by,
                "snapshot": snapshot_of(asset),
            },
        )

    def deleted_asset(self, asset_id: UUID) -> Asset | None:
        snapshot = self._value(select(DeletedAssetTable.snapshot).where(DeletedAssetTable.asset_id == asset_id))
        if snapshot is None:
            return None
        owner_id = owner_of(snapshot)
        owner = next((known for known in self.enterprises() if known.enterprise_id == owner_id), None)
        if owner is None:
            raise Defect(f"the owner of {asset_id} is not in the register any more")
        return asset_from(snapshot, owner)

    def deleted_assets(self, limit: int) -> tuple[DeletedAsset, ...]:
        newest = _LINES.order_by(DeletedAssetTable.deleted_at.desc(), DeletedAssetTable.asset_id.desc())
        return tuple(DeletedAsset(**row) for row in self._all(newest.limit(limit)))

    def deleted_lines(self, asset_ids: Sequence[UUID]) -> tuple[DeletedAsset, ...]:
        return tuple(
            DeletedAsset(**row) for row in self._all(_LINES.where(among_these(DeletedAssetTable.asset_id, asset_ids)))
        )

    def forget_deleted(self, asset_ids: Sequence[UUID]) -> None:
        self._change(delete(DeletedAssetTable).where(among_these(DeletedAssetTable.asset_id, asset_ids)))
