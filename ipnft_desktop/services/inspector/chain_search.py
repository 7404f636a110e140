"""What a text stands for: a height, a hash, an address, a token, or the name of one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.address_book import known_addresses
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.inspector_ports import ChainInspection
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session

MOST_FOUND = 20
"""Of each kind that a name may stand for."""
_HASH = re.compile(r"0x[0-9a-f]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HEXADECIMAL = re.compile(r"0x[0-9a-f]{1,64}")
_DECIMAL = re.compile(r"#?\d{1,78}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ZERO_ADDRESS = "0x" + "0" * 40
_TOKEN_BITS = 128


class ChainSearch:
    """Asks chain, address book and register, for whoever is signed in: UserError SIGN_IN_REQUIRED otherwise."""

    def __init__(self, inspection: ChainInspection, chain: Chain, database: Database, session: Session) -> None:
        self._inspection = inspection
        self._chain = chain
        self._database = database
        self._session = session

    async def find(self, text: str) -> tuple[Found, ...]:
        """Everything that the text stands for, nothing where it stands for nothing.

        Raises ValidationFailed (field `search`) for an address with a wrong checksum, EnvironmentFault
        NODE_UNREACHABLE.
        """
        self._session.require_reader()
        sought = " ".join(text.split())
        small = sought.lower()
        if not sought:
            return ()
        if _HASH.fullmatch(small):
            return await self._of_hash(small)
        if _ADDRESS.fullmatch(sought):
            return (await self._address(sought),)
        if _UUID.fullmatch(small):
            return await self._of_token(UUID(small).int)
        if _HEXADECIMAL.fullmatch(small):
            return await self._of_token(int(small, 16))
        if _DECIMAL.fullmatch(sought.replace(",", "")):
            number = int(sought.replace(",", "").removeprefix("#"))
            return (*await self._of_height(number), *await self._of_token(number), *await self._of_name(sought))
        return await self._of_name(sought)

    async def mint_of(self, asset_id: UUID) -> str | None:
        """Hash of the transaction that minted an asset's token; None where there is no token."""
        self._session.require_reader()
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        if asset is not None and asset.mint is not None and asset.mint.token_id is not None:
            return asset.mint.tx_hash
        sighting = await self._chain.mint_of(asset_id.int)
        return None if sighting is None else sighting.tx_hash

    async def _of_hash(self, text: str) -> tuple[Found, ...]:
        found = await self._inspection.transaction(text)
        if found is not None:
            return (Found(FoundKind.TRANSACTION, text, found.line.place.block_number, text),)
        block = await self._inspection.block(text)
        if block is not None:
            return (Found(FoundKind.BLOCK, str(block.line.number), block.line.number),)
        return await self._of_token(int(text, 16))

    async def _of_height(self, number: int) -> tuple[Found, ...]:
        if number > await self._inspection.head():
            return ()
        return (Found(FoundKind.BLOCK, str(number), number),)

    async def _address(self, text: str) -> Found:
        if int(text, 16) == 0:
            return Found(FoundKind.ADDRESS, _ZERO_ADDRESS, address=_ZERO_ADDRESS)
        try:
            address = parse_address(text)
        except UserError:
            raise ValidationFailed((FieldProblem("search", ProblemKind.NOT_AN_ADDRESS),)) from None
        labels = await self._database.read(_labels)
        return Found(FoundKind.ADDRESS, labels.get(address, address), address=address)

    async def _of_token(self, token_id: int) -> tuple[Found, ...]:
        """A token of the register's contract."""
        if not 0 < token_id < 1 << _TOKEN_BITS:
            return ()
        asset_id = UUID(int=token_id)
        row = await self._database.read(lambda tx: tx.asset_row(asset_id))
        identity = await self._database.read(lambda tx: tx.chain_identity())
        tx_hash = None if identity is None else await self.mint_of(asset_id)
        if identity is None or tx_hash is None:
            return ()
        title = str(asset_id) if row is None else row.name
        return (Found(FoundKind.TOKEN, title, None, tx_hash, identity.contract_address, asset_id),)

    async def _of_name(self, text: str) -> tuple[Found, ...]:
        """Labels of addresses that have every word, and minted assets as the register finds them."""
        words = text.casefold().split()
        minted = AssetQuery(text=text, states=frozenset({AssetState.MINTED}))
        labels = await self._database.read(_labels)
        page = await self._database.read(lambda tx: tx.asset_page(minted, None, MOST_FOUND))
        named = (
            (address, label) for address, label in labels.items() if all(word in label.casefold() for word in words)
        )
        addresses = [Found(FoundKind.ADDRESS, label, address=address) for address, label in named]
        tokens = [Found(FoundKind.TOKEN, row.name, asset_id=row.asset_id) for row in page.rows]
        return (*addresses[:MOST_FOUND], *tokens)


def _labels(tx: Transaction) -> Mapping[str, str]:
    return {known.address: known.entry.label for known in reversed(known_addresses(tx))}
