"""What a mint would publish of an asset, or has published: its metadata, byte for byte, and its files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, Attachment
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.metadata import build_metadata, metadata_file_name, schema_version_of
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.ports import ContentStore, Database
from ipnft_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class MetadataPreview:
    """The metadata of one asset."""

    asset: Asset
    content: bytes
    """The very bytes of the file."""
    cid: str
    token_uri: str
    """For the assets asked about as one mint; with others beside it an asset has another directory."""
    is_published: bool
    """The token exists: this is what it was minted with, and not what the register would publish today."""

    @property
    def file_name(self) -> str:
        """Name of the file in its directory."""
        return metadata_file_name(self.asset)

    @property
    def schema_version(self) -> str:
        """Version of the published schema that it follows."""
        return schema_version_of(self.content)

    @property
    def text(self) -> str:
        """The same, laid out for reading."""
        return json.dumps(json.loads(self.content), ensure_ascii=False, indent=2)

    @property
    def public_files(self) -> tuple[Attachment, ...]:
        """Files that anybody may fetch by their CID."""
        return tuple(file for file in self.asset.attachments if not file.confidential)

    @property
    def hashed_files(self) -> tuple[Attachment, ...]:
        """Files of which the metadata holds the hash and not where they are."""
        return tuple(file for file in self.asset.attachments if file.confidential)


class MetadataPreviews:
    """Reads and computes; writes nothing."""

    def __init__(self, database: Database, content: ContentStore, session: Session) -> None:
        self._database = database
        self._content = content
        self._session = session

    async def preview(self, asset_ids: Sequence[UUID]) -> tuple[MetadataPreview, ...]:
        """Each of these assets, as one mint of all that have no token yet would publish them, in the order asked for.

        Raises UserError SIGN_IN_REQUIRED, ASSET_NOT_FOUND or METADATA_INVALID; EnvironmentFault
        CONTENT_STORE_UNAVAILABLE or CONTENT_MISMATCH where the metadata of a token cannot be read.
        """
        self._session.require_reader()
        assets = await self._database.read(lambda tx: [tx.asset(asset_id) for asset_id in asset_ids])
        known = [asset for asset in assets if asset is not None]
        if len(known) < len(assets):
            raise UserError(ErrorCode.ASSET_NOT_FOUND)
        foretold = await self._foretold([asset for asset in known if asset.state is not AssetState.MINTED])
        return tuple([foretold.get(asset.asset_id) or await self._published(asset) for asset in known])

    async def _foretold(self, assets: Sequence[Asset]) -> dict[UUID, MetadataPreview]:
        if not assets:
            return {}
        contents = await asyncio.to_thread(lambda: {metadata_file_name(one): build_metadata(one) for one in assets})
        directory, stored = await self._content.directory_addresses(contents)
        return {
            asset.asset_id: MetadataPreview(
                asset, contents[name], stored[name].cid.text, f"ipfs://{directory.text}/{name}", is_published=False
            )
            for asset in assets
            for name in (metadata_file_name(asset),)
        }

    async def _published(self, asset: Asset) -> MetadataPreview:
        mint = asset.mint
        if mint is None or mint.metadata_cid is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the token was minted by another program")
        content = await self._content.read(Cid.parse(mint.metadata_cid))
        return MetadataPreview(asset, content, mint.metadata_cid, mint.token_uri or "", is_published=True)
