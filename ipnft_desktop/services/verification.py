"""Asks chain and content store about one minted asset, for the card that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.ports import ContentStore, Database
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.verified_facts import Evidence, Stored, VerifiedFact, compared, published_files


class VerificationService:
    """Asks chain and content store about a minted asset, for somebody who is signed in: UserError SIGN_IN_REQUIRED."""

    def __init__(self, database: Database, chain: Chain, content: ContentStore, session: Session) -> None:
        self._database = database
        self._chain = chain
        self._content = content
        self._session = session

    async def token(self, asset_id: UUID) -> TokenFacts | None:
        """What the contract answers about an asset's token now."""
        self._session.require_reader()
        return await self._chain.token(token_id_of(asset_id))

    async def verify(self, asset_id: UUID) -> tuple[VerifiedFact, ...]:
        """Every comparable fact of a minted asset. Raises ASSET_NOT_FOUND, MINT_INVALID_STATE, NODE_UNREACHABLE."""
        self._session.require_reader()
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        if asset is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        record = asset.mint
        if record is None or record.tx_hash is None or record.mined is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "this asset has no token")
        owner = asset.enterprise.enterprise_id
        validities, holders, former = await self._database.read(
            lambda tx: (tx.validities([asset_id]), tx.noted_holders([asset_id]), tx.former_names(owner))
        )
        token = await self._chain.token(token_id_of(asset_id))
        receipt = (await self._chain.receipts([record.tx_hash]))[record.tx_hash]
        metadata = await stored_content(self._content, record.metadata_cid, Stored.of_metadata)
        files = [(file, await stored_content(self._content, file.cid, Stored.of)) for file in published_files(asset)]
        validity, holder = validities.get(asset_id, Validity.VALID), holders.get(asset_id, record.recipient)
        evidence = Evidence(asset, holder, validity, former, token, receipt, metadata, files)
        return await asyncio.to_thread(compared, evidence)


async def stored_content(content: ContentStore, cid: str | None, understood: Callable[[bytes], Stored]) -> Stored:
    """What the content store has under an address, read and understood aside from the event loop."""
    if cid is None:
        return Stored()
    try:
        found = await content.read(Cid.parse(cid))
    except IpnftError as error:
        return Stored(fault=error.code)
    except ValueError:  # no address at all: somebody wrote it there, and nothing can lie under it
        return Stored(fault=ErrorCode.CONTENT_STORE_UNAVAILABLE)
    return await asyncio.to_thread(understood, found)
