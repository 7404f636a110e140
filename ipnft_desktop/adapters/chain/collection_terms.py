"""What a deployment of IPAssetNFT fixes for all its tokens; apart from the codec, which is slow to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectionTerms:
    """Name, symbol and royalty of the collection."""

    name: str = "Intellectual Property Assets"
    symbol: str = "IPNFT"
    royalty_bp: int = 500
    """Share of a sale in basis points (1/10,000), paid to the admin."""
