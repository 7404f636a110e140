"""What a transaction on the register does with deleted assets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.deleted_assets import DeletedAsset


class DeletedAssetTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def keep_deleted(self, asset: Asset, line: DeletedAsset) -> None:
        """Keep all that is needed to bring an asset back; its mints are not part of that."""
        ...

    def deleted_asset(self, asset_id: UUID) -> Asset | None:
        """The asset as a draft that continues its versions; None where it is not among the deleted ones."""
        ...

    def deleted_assets(self, limit: int) -> tuple[DeletedAsset, ...]:
        """Newest first."""
        ...

    def deleted_lines(self, asset_ids: Sequence[UUID]) -> tuple[DeletedAsset, ...]:
        """Those of these that are among the deleted ones, in any order."""
        ...

    def forget_deleted(self, asset_ids: Sequence[UUID]) -> None:
        """Keep these no longer: they came back, or are deleted for good."""
        ...
