"""What a transaction on the register does where what is recorded of a minted asset is set right."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.minting import AdoptedMint


class CorrectionTransaction(Protocol):
    """Part of `services.ports.Transaction`. Only the reconciliation calls it: what was minted is never edited."""

    def correct_asset(self, asset: Asset, expected_version: int) -> None:
        """As `update_asset`, of an asset that is minted. Raises UserError ASSET_CHANGED, also where it is minted no
        more."""
        ...

    def correct_file_hash(self, attachment_id: UUID, sha256: bytes) -> None: ...

    def correct_metadata(self, asset_id: UUID, token_uri: str | None, metadata_cid: str | None) -> None:
        """Where the metadata of a minted asset is by its record. Raises UserError MINT_INVALID_STATE where it has no
        mint."""
        ...

    def complete_mint(self, asset_id: UUID, adopted: AdoptedMint, at: datetime) -> None:
        """Write what the record of a minted asset's mint lacks, or says otherwise than the chain: transaction, block,
        gas, token, and a URI where there is none. What it does say of recipient and metadata stays.

        Raises UserError MINT_INVALID_STATE for an asset that is not minted, or whose mint goes on.
        """
        ...
