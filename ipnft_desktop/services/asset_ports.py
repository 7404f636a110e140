"""What a transaction on the register does with assets and enterprises."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, AssetPage, AssetQuery, AssetRow, Enterprise, PageAnchor


class AssetTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def insert_asset(self, asset: Asset) -> None: ...
    def insert_assets(self, assets: Sequence[Asset]) -> None:
        """Many at once, in a few statements."""
        ...

    def taken_asset_ids(self, asset_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these belong to an asset of the register, or to one that was deleted and may come back."""
        ...

    def update_asset(self, asset: Asset, expected_version: int) -> None:
        """Replace fields, licence and attachments; raises UserError ASSET_CHANGED if the version moved on."""
        ...

    def delete_asset(self, asset_id: UUID) -> None: ...
    def asset(self, asset_id: UUID) -> Asset | None: ...
    def assets(self, asset_ids: Sequence[UUID]) -> tuple[Asset, ...]:
        """Several at once, in any order and without their mints; unknown ones are left out."""
        ...

    def whole_assets(self, asset_ids: Sequence[UUID]) -> tuple[Asset, ...]:
        """As `asset` for several, in this order; unknown ones are left out."""
        ...

    def asset_row(self, asset_id: UUID) -> AssetRow | None: ...
    def asset_rows(self, asset_ids: Sequence[UUID]) -> tuple[AssetRow, ...]:
        """The rows of these assets, in any order; unknown ones are left out."""
        ...

    def asset_page(self, query: AssetQuery, after: PageAnchor | None, limit: int) -> AssetPage: ...
    def asset_ids(self, query: AssetQuery, limit: int) -> tuple[UUID, ...]:
        """The assets of a list in its order, at most `limit`."""
        ...

    def count_assets(self, query: AssetQuery) -> int: ...

    def insert_enterprise(self, enterprise: Enterprise) -> None: ...
    def enterprises(self) -> tuple[Enterprise, ...]: ...
    def enterprises_of(self, asset_ids: Collection[UUID]) -> frozenset[UUID]:
        """The enterprises that own these assets; unknown assets are left out."""
        ...
