"""Whether an asset's token is what the register says: register, chain and content side by side, and why where not.

Nothing is asked here: whoever verifies brings what chain and content store answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ipnft_desktop.domain.assets import Asset, Attachment, token_id_of
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain import Receipt, TokenFacts
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.metadata import SCHEMA_VERSION, build_metadata, schema_version_of
from ipnft_desktop.domain.minting import MinedFacts, MintRecord
from ipnft_desktop.domain.reconciliation import Cause

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
    cause: Cause | None = None
    """Why the two differ; None where they agree."""

    @property
    def matches(self) -> bool:
        """Both sides say the same, and say something."""
        return self.register == self.witnessed != ABSENT


@dataclass(frozen=True, slots=True)
class Stored:
    """What the content store had under an address: the SHA-256 of its bytes, or why there are none."""

    sha256: bytes | None = None
    fault: ErrorCode | None = None
    metadata_version: str = SCHEMA_VERSION
    """Of a metadata file."""

    @classmethod
    def of(cls, content: bytes) -> Stored:
        """Of bytes that were read and verified. Hashing takes time: not for the event loop."""
        return cls(hashlib.sha256(content).digest())

    @classmethod
    def of_metadata(cls, content: bytes) -> Stored:
        """As `of`, for a metadata file."""
        return replace(cls.of(content), metadata_version=schema_version_of(content))

    @property
    def told(self) -> str:
        """As a line of the table says it."""
        if self.sha256 is not None:
            return self.sha256.hex()
        return self.fault.value if self.fault else ABSENT


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found out about one minted asset."""

    asset: Asset
    holder: str
    """Who holds the token by the register."""
    validity: Validity
    former_names: Sequence[str]
    """Of its enterprise: the metadata was made under one of its names."""
    token: TokenFacts | None
    receipt: Receipt | None
    metadata: Stored
    files: Sequence[tuple[Attachment, Stored]]


def compared(evidence: Evidence) -> tuple[VerifiedFact, ...]:
    """Every comparable fact. Builds metadata: not for the event loop where there are many."""
    record = evidence.asset.mint
    assert record is not None
    return (
        *_token_facts(evidence, record),
        *_receipt_facts(record, evidence.receipt),
        _metadata_fact(evidence),
        *(_file_fact(file, stored) for file, stored in evidence.files),
    )


def published_files(asset: Asset) -> tuple[Attachment, ...]:
    """The files whose bytes are public; of the others only a hash is."""
    return tuple(file for file in asset.attachments if not file.confidential)


def _fact(field: VerifiedField, register: str, chain: str | None, cause: Cause) -> VerifiedFact:
    fact = VerifiedFact(field, register, Witness.CHAIN, ABSENT if chain is None else chain)
    if fact.matches:
        return fact
    return replace(fact, cause=Cause.NO_RECORD if register == ABSENT else cause)


def _token_facts(evidence: Evidence, record: MintRecord) -> tuple[VerifiedFact, ...]:
    token, token_id = evidence.token, token_id_of(evidence.asset.asset_id)

    def fact(field: VerifiedField, register: str, chain: str | None, cause: Cause) -> VerifiedFact:
        return _fact(field, register, chain, Cause.TOKEN_MISSING if token is None else cause)

    uri, validity = record.token_uri or ABSENT, evidence.validity
    return (
        fact(VerifiedField.OWNER, evidence.holder, token.owner if token else None, Cause.OWNER_MOVED),
        fact(VerifiedField.TOKEN_ID, _hex(token_id), _hex(token.token_id) if token else None, Cause.TOKEN_MISSING),
        fact(VerifiedField.TOKEN_URI, uri, token.token_uri if token else None, Cause.URI_DIFFERS),
        fact(VerifiedField.VALIDITY, validity, token.validity if token else None, Cause.VALIDITY_DIFFERS),
    )


def _hex(token_id: int) -> str:
    """All 32 digits, so that the asset's UUID can be read in it."""
    return f"0x{token_id:032x}"


def _receipt_facts(record: MintRecord, receipt: Receipt | None) -> tuple[VerifiedFact, ...]:
    def fact(field: VerifiedField, register: str, chain: str | None, cause: Cause) -> VerifiedFact:
        return _fact(field, register, chain, Cause.TRANSACTION_UNKNOWN if receipt is None else cause)

    mined = record.mined
    return (
        fact(
            VerifiedField.TRANSACTION,
            record.tx_hash or ABSENT,
            receipt.tx_hash if receipt else None,
            Cause.TRANSACTION_UNKNOWN,
        ),
        fact(
            VerifiedField.BLOCK,
            _block_told(mined),
            f"#{receipt.block.number} {receipt.block.block_hash}" if receipt else None,
            Cause.OTHER_BLOCK,
        ),
        fact(
            VerifiedField.GAS_USED,
            f"{mined.gas_used:,}" if mined else ABSENT,
            f"{receipt.gas_used:,}" if receipt else None,
            Cause.GAS_DIFFERS,
        ),
    )


def _block_told(mined: MinedFacts | None) -> str:
    return f"#{mined.block_number} {mined.block_hash}" if mined else ABSENT


def _metadata_fact(evidence: Evidence) -> VerifiedFact:
    """The metadata that the asset gives today, in the shape of its time and under a name that its enterprise had,
    against the bytes under the minted CID."""
    stored = evidence.metadata
    expected = metadata_hashes(evidence.asset, evidence.former_names, stored.metadata_version)
    told = stored.told
    fact = VerifiedFact(VerifiedField.METADATA, told if told in expected else expected[0], Witness.CONTENT, told)
    if fact.matches:
        return fact
    return replace(
        fact, cause=_content_cause(stored, Cause.METADATA_MISSING, Cause.METADATA_DAMAGED) or Cause.RECORD_CHANGED
    )


def metadata_hashes(asset: Asset, former_names: Collection[str], version: str) -> list[str]:
    """SHA-256 of the metadata that the asset's fields give, under the present name of its enterprise and then under
    former ones."""
    owner = asset.enterprise
    return [
        hashlib.sha256(build_metadata(replace(asset, enterprise=replace(owner, name=name)), version)).hexdigest()
        for name in (owner.name, *former_names)
    ]


def _file_fact(file: Attachment, stored: Stored) -> VerifiedFact:
    fact = VerifiedFact(VerifiedField.ATTACHMENT, file.sha256.hex(), Witness.CONTENT, stored.told, file.file_name)
    if fact.matches:
        return fact
    cause = _content_cause(stored, Cause.FILE_MISSING, Cause.FILE_DAMAGED)
    return replace(fact, cause=cause or Cause.FILE_RECORD_CHANGED)


def _content_cause(stored: Stored, missing: Cause, damaged: Cause) -> Cause | None:
    if stored.sha256 is not None:
        return None
    return damaged if stored.fault is ErrorCode.CONTENT_MISMATCH else missing
