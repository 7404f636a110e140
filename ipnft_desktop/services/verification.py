"""The register's row beside what the contract answers and what the content store holds, field by field."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain import Receipt, TokenFacts
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.metadata import SCHEMA_VERSION, build_metadata, schema_version_of
from ipnft_desktop.domain.minting import MintRecord
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.ports import ContentStore, Database
from ipnft_desktop.services.session import Session

ABSENT = "-"


class VerifiedField(StrEnum):
    """What is compared."""

    OWNER = "OWNER"
    TOKEN_ID = "TOKEN_ID"  # noqa: S105 - a field's name, not a secret
    TOKEN_URI = "TOKEN_URI"  # noqa: S105 - a field's name, not a secret
    VALIDITY = "VALIDITY"
    BLOCK = "BLOCK"
    TRANSACTION = "TRANSACTION"
    GAS_USED = "GAS_USED"
    METADATA = "METADATA"
    ATTACHMENT = "ATTACHMENT"


class Witness(StrEnum):
    """Who answers for the right-hand side."""

    CHAIN = "CHAIN"
    CONTENT = "CONTENT"


@dataclass(frozen=True, slots=True)
class VerifiedFact:
    """One line of the verify table: equal, or not."""

    field: VerifiedField
    register: str
    witness: Witness
    witnessed: str
    subject: str = ""
    """File name, for attachments."""

    @property
    def matches(self) -> bool:
        """Both sides say the same, and say something."""
        return self.register == self.witnessed != ABSENT


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
        validities = await self._database.read(lambda tx: tx.validities([asset_id]))
        token = await self._chain.token(token_id_of(asset_id))
        receipt = (await self._chain.receipts([record.tx_hash]))[record.tx_hash]
        return (
            *_token_facts(asset, record, validities.get(asset_id, Validity.VALID), token),
            *_receipt_facts(record, receipt),
            await self._metadata_fact(asset, record),
            *[await self._attachment_fact(cid, name, sha256) for cid, name, sha256 in _published_files(asset)],
        )

    async def _metadata_fact(self, asset: Asset, record: MintRecord) -> VerifiedFact:
        """The metadata that the asset gives today, in the shape of its time and under a name that its enterprise had,
        against the bytes under the minted CID."""
        stored = await self._stored(record.metadata_cid)
        version = schema_version_of(stored) if isinstance(stored, bytes) else SCHEMA_VERSION
        found = await _sha256(stored)
        owner = asset.enterprise
        former = await self._database.read(lambda tx: tx.former_names(owner.enterprise_id))
        expected = [
            hashlib.sha256(build_metadata(replace(asset, enterprise=replace(owner, name=name)), version)).hexdigest()
            for name in (owner.name, *former)
        ]
        return VerifiedFact(VerifiedField.METADATA, found if found in expected else expected[0], Witness.CONTENT, found)

    async def _attachment_fact(self, cid: str, name: str, sha256: bytes) -> VerifiedFact:
        stored = await _sha256(await self._stored(cid))
        return VerifiedFact(VerifiedField.ATTACHMENT, sha256.hex(), Witness.CONTENT, stored, subject=name)

    async def _stored(self, cid: str | None) -> bytes | str:
        """The bytes, or a word for why there are none."""
        if cid is None:
            return ABSENT
        try:
            return await self._content.read(Cid.parse(cid))
        except IpnftError as error:
            return error.code.value


async def _sha256(stored: bytes | str) -> str:
    if isinstance(stored, str):
        return stored
    return await asyncio.to_thread(lambda: hashlib.sha256(stored).hexdigest())


def _token_facts(
    asset: Asset, record: MintRecord, validity: Validity, token: TokenFacts | None
) -> tuple[VerifiedFact, ...]:
    def fact(field: VerifiedField, register: str, chain: str | None) -> VerifiedFact:
        return VerifiedFact(field, register, Witness.CHAIN, ABSENT if chain is None else chain)

    token_id = token_id_of(asset.asset_id)
    return (
        fact(VerifiedField.OWNER, record.recipient, token.owner if token else None),
        fact(VerifiedField.TOKEN_ID, _hex(token_id), _hex(token.token_id) if token else None),
        fact(VerifiedField.TOKEN_URI, record.token_uri or ABSENT, token.token_uri if token else None),
        fact(VerifiedField.VALIDITY, validity, token.validity if token else None),
    )


def _hex(token_id: int) -> str:
    """All 32 digits, so that the asset's UUID can be read in it."""
    return f"0x{token_id:032x}"


def _receipt_facts(record: MintRecord, receipt: Receipt | None) -> tuple[VerifiedFact, ...]:
    mined = record.mined
    assert mined is not None

    def fact(field: VerifiedField, register: str, chain: str | None) -> VerifiedFact:
        return VerifiedFact(field, register, Witness.CHAIN, ABSENT if chain is None else chain)

    return (
        fact(VerifiedField.TRANSACTION, record.tx_hash or ABSENT, receipt.tx_hash if receipt else None),
        fact(
            VerifiedField.BLOCK,
            f"#{mined.block_number} {mined.block_hash}",
            f"#{receipt.block.number} {receipt.block.block_hash}" if receipt else None,
        ),
        fact(VerifiedField.GAS_USED, f"{mined.gas_used:,}", f"{receipt.gas_used:,}" if receipt else None),
    )


def _published_files(asset: Asset) -> list[tuple[str, str, bytes]]:
    return [(a.cid, a.file_name, a.sha256) for a in asset.attachments if not a.confidential]
