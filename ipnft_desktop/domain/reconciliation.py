"""Why register, chain and content may differ: the written list of causes, and what is done about each.

`docs/reconciliation.md` tells the same list to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Cause(StrEnum):
    """Why a fact does not agree."""

    TOKEN_MISSING = "TOKEN_MISSING"  # noqa: S105 - a cause's name, not a secret
    """The register says minted, and the contract knows no such token."""
    TRANSACTION_UNKNOWN = "TRANSACTION_UNKNOWN"
    """The chain has no such mined transaction."""
    OTHER_BLOCK = "OTHER_BLOCK"
    """The transaction is mined in another block than the one on record."""
    GAS_DIFFERS = "GAS_DIFFERS"
    """The receipt names another amount of gas than the one on record."""
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"  # noqa: S105 - as above
    """The chain has a token for an asset that is not minted by the register."""
    STRANGE_TOKEN = "STRANGE_TOKEN"  # noqa: S105 - as above
    """The chain has a token of our contract that no asset has the id of."""
    OWNER_MOVED = "OWNER_MOVED"
    """The token belongs to another account than the one on record."""
    VALIDITY_DIFFERS = "VALIDITY_DIFFERS"
    """The certificate's standing on the chain is not the one on record."""
    URI_DIFFERS = "URI_DIFFERS"
    """The contract names another metadata address than the one on record: it was amended, or the record changed."""
    METADATA_MISSING = "METADATA_MISSING"
    """The content store lacks the metadata that was minted."""
    METADATA_DAMAGED = "METADATA_DAMAGED"
    """What is stored under the metadata's address is not what the address names."""
    RECORD_CHANGED = "RECORD_CHANGED"
    """The minted metadata is sound, but the asset's fields say something else by now."""
    FILE_MISSING = "FILE_MISSING"
    """The content store lacks a file."""
    FILE_DAMAGED = "FILE_DAMAGED"
    """What is stored under the file's address is not what the address names."""
    FILE_RECORD_CHANGED = "FILE_RECORD_CHANGED"
    """The file is sound, but the hash on record is that of another one."""
    NO_RECORD = "NO_RECORD"
    """The register lacks what it should say about a minted asset."""
    INDEX_BEHIND = "INDEX_BEHIND"
    """The index of the chain lacks its newest blocks, so that tokens may be missing from the comparison."""


class Repair(StrEnum):
    """What can be done about a finding."""

    LOOK_AGAIN = "LOOK_AGAIN"
    """The mint is open again and ends by what the chain shows."""
    ADOPT = "ADOPT"
    """The token is taken into the register with its transaction."""
    NOTE_HOLDER = "NOTE_HOLDER"
    """The register keeps the chain's owner as the holder of the token."""
    TAKE_VALIDITY = "TAKE_VALIDITY"
    """The register takes the chain's validity."""
    TAKE_RECORD = "TAKE_RECORD"
    """The register takes from the chain what it lacks, or says otherwise, about the mint."""
    TAKE_URI = "TAKE_URI"
    """The register takes the metadata address that the contract names."""
    TAKE_FIELDS = "TAKE_FIELDS"
    """The asset takes its fields back from the minted metadata."""
    TAKE_HASH = "TAKE_HASH"
    """The register takes the hash of the file from its bytes."""
    RESTORE_METADATA = "RESTORE_METADATA"
    """The metadata is made anew from the register, if that gives the minted address, or comes from another source."""
    RESTORE_FILE = "RESTORE_FILE"
    """The file comes from another source, or is the original that a person chooses."""
    IGNORE = "IGNORE"
    """The finding is not told again, for a reason that is kept."""
    INDEX = "INDEX"
    """The index reads on."""


REPAIR_OF: Mapping[Cause, Repair] = MappingProxyType(
    {
        Cause.TOKEN_MISSING: Repair.LOOK_AGAIN,
        Cause.TRANSACTION_UNKNOWN: Repair.LOOK_AGAIN,
        Cause.OTHER_BLOCK: Repair.LOOK_AGAIN,
        Cause.GAS_DIFFERS: Repair.TAKE_RECORD,
        Cause.UNKNOWN_TOKEN: Repair.ADOPT,
        Cause.STRANGE_TOKEN: Repair.IGNORE,
        Cause.OWNER_MOVED: Repair.NOTE_HOLDER,
        Cause.VALIDITY_DIFFERS: Repair.TAKE_VALIDITY,
        Cause.URI_DIFFERS: Repair.TAKE_URI,
        Cause.METADATA_MISSING: Repair.RESTORE_METADATA,
        Cause.METADATA_DAMAGED: Repair.RESTORE_METADATA,
        Cause.RECORD_CHANGED: Repair.TAKE_FIELDS,
        Cause.FILE_MISSING: Repair.RESTORE_FILE,
        Cause.FILE_DAMAGED: Repair.RESTORE_FILE,
        Cause.FILE_RECORD_CHANGED: Repair.TAKE_HASH,
        Cause.NO_RECORD: Repair.TAKE_RECORD,
        Cause.INDEX_BEHIND: Repair.INDEX,
    }
)
"""The one repair of each cause."""

UNDOABLE = frozenset(
    {
        Repair.NOTE_HOLDER,
        Repair.TAKE_VALIDITY,
        Repair.TAKE_URI,
        Repair.TAKE_FIELDS,
        Repair.TAKE_HASH,
        Repair.IGNORE,
    }
)
"""Repairs that only the register knows of. The others follow the chain, or make content that its address proves."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, with its cause."""

    cause: Cause
    register: str
    """What the register says; empty where it says nothing."""
    found: str
    """What chain or content store say; empty where they have nothing."""
    asset_id: UUID | None = None
    asset_name: str = ""
    token_id: int | None = None
    subject: str = ""
    """File name, for a file."""

    @property
    def repair(self) -> Repair:
        """What can be done about it."""
        return REPAIR_OF[self.cause]

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others, also in a later run."""
        return self.cause, str(self.asset_id or ""), str(self.token_id or ""), self.subject


@dataclass(frozen=True, slots=True)
class ReconciliationRun:
    """What one comparison of all three looked at, and what it found."""

    ended_at: datetime
    is_scheduled: bool
    asset_count: int
    """Minted assets that were compared with chain and content."""
    token_count: int
    """Tokens of the chain that were looked for in the register."""
    findings: tuple[Finding, ...]
