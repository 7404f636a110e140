"""The metadata that a token names by the contract's own answer, whatever the register has on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.ports import ContentStore

_IPFS = "ipfs://"


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Where a token's metadata is."""

    uri: str
    directory: Cid | None = None
    """None for an address of another form than our contract makes of a directory."""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class StoredMetadata:
    """Metadata as the content store has it, proved by the directory that the contract names."""

    cid: str
    content: bytes


class MintedMetadata:
    """Raises EnvironmentFault NODE_UNREACHABLE."""

    def __init__(self, chain: Chain, content: ContentStore) -> None:
        self._chain = chain
        self._content = content

    async def address(self, asset_id: UUID) -> TokenAddress:
        """By the contract, now. Raises UserError MINT_INVALID_STATE where it has no such token."""
        token = await self._chain.token(token_id_of(asset_id))
        if token is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has no such token any more")
        return _parsed(token.token_uri)

    async def stored(self, address: TokenAddress) -> StoredMetadata | None:
        """What the content store has there; None where something on the way is missing or damaged."""
        if address.directory is None:
            return None
        try:
            content = await self._content.read(address.directory, address.file_name)
        except EnvironmentFault:
            return None
        _, files = await self._content.directory_addresses({address.file_name: content})
        return StoredMetadata(files[address.file_name].cid.text, content)


def _parsed(uri: str) -> TokenAddress:
    directory, slash, name = uri.removeprefix(_IPFS).partition("/")
    if not uri.startswith(_IPFS) or not slash or not name or "/" in name:
        return TokenAddress(uri)
    try:
        return TokenAddress(uri, Cid.parse(directory), name)
    except ValueError:
        return TokenAddress(uri)
