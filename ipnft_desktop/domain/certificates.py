"""Whether a certificate counts: valid, suspended or revoked; the documents that say why; and how it came to be so."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.assets import has_hidden_characters, token_id_of
from ipnft_desktop.domain.canonical_json import canonical_json
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.contract_writes import REASON_MAX_CHARS, ContractWrite
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind

REASON_SCHEMA = "ipnft-validity-reason/1"
SALT_BYTES = 16


class Validity(StrEnum):
    """As the contract numbers it, in this order."""

    VALID = "VALID"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"

    @property
    def number(self) -> int:
        """The contract's own number for it."""
        return list(Validity).index(self)


@dataclass(frozen=True, slots=True)
class ReasonDocument:
    """Why a certificate's validity was changed. Its exact bytes are kept; the chain has their hash."""

    content: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the bytes: `reasonHash` of the contract's event, and the digest of the document's CID."""
        return hashlib.sha256(self.content).digest()

    @property
    def reason_hash(self) -> str:
        """The same as the chain writes it."""
        return "0x" + self.digest.hex()

    @property
    def cid(self) -> str:
        """Under which the content store has it."""
        return Cid(Codec.RAW, self.digest).text


def reason_document(
    asset_id: UUID, validity: Validity, reason: str, chain_id: int, contract: str, actor: str, at: datetime, salt: bytes
) -> ReasonDocument:
    """The document for a change, as canonical JSON (RFC 8785). The salt keeps those who see only its hash from guessing
    a reason of few words."""
    return ReasonDocument(
        canonical_json(
            {
                "schema": REASON_SCHEMA,
                "asset_id": str(asset_id),
                "token_id": str(token_id_of(asset_id)),
                "chain_id": chain_id,
                "contract": contract,
                "validity": validity.value,
                "reason": reason,
                "by": actor,
                "at": at.astimezone(UTC).isoformat(timespec="seconds"),
                "salt": salt.hex(),
            }
        )
    )


def check_reason(reason: str) -> tuple[FieldProblem, ...]:
    """What is wrong with the reason that a person wrote."""
    text = reason.strip()
    if not text:
        return (FieldProblem("reason", ProblemKind.REQUIRED),)
    if len(text) > REASON_MAX_CHARS:
        return (FieldProblem("reason", ProblemKind.TOO_LONG, str(REASON_MAX_CHARS)),)
    return (FieldProblem("reason", ProblemKind.HIDDEN_CHARACTERS),) if has_hidden_characters(text) else ()


@dataclass(frozen=True, slots=True)
class ValidityChange:
    """A change that somebody asked for in this register."""

    asset_id: UUID
    validity: Validity
    document: ReasonDocument
    write: ContractWrite

    @property
    def reason(self) -> str:
        """As the person wrote it."""
        return self.write.reason


@dataclass(frozen=True, slots=True)
class ValidityEvent:
    """What the contract announced about a token's validity."""

    token_id: int
    validity: str
    reason_hash: str
    tx_hash: str
    block_number: int
    log_index: int
    signer: str = ""
    """Who sent the transaction."""
    timestamp_s: int = 0


@dataclass(frozen=True, slots=True)
class TransferEvent:
    """A token changed hands, or was minted: then `sender` is the zero address."""

    token_id: int
    sender: str
    recipient: str
    tx_hash: str
    block_number: int
    log_index: int
    signer: str = ""
    timestamp_s: int = 0

    @property
    def is_mint(self) -> bool:
        """Whether the token came into being."""
        return not int(self.sender, 16)


TokenEvent = ValidityEvent | TransferEvent


class TimelineKind(StrEnum):
    """What happened to a token."""

    MINTED = "MINTED"
    TRANSFERRED = "TRANSFERRED"
    VALIDITY = "VALIDITY"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a token, as chain and register tell it together."""

    kind: TimelineKind
    tx_hash: str
    block_number: int | None
    """None for a change on its way."""
    at: datetime
    signer: str
    """Account that sent it."""
    validity: str = ""
    recipient: str = ""
    reason: str = ""
    by: str = ""
    """Name of the person; empty where it was not done in this register."""
    reason_hash: str = ""
    is_known: bool = True
    """Whether the register has the document to the event's hash; always so for what is no change of validity."""
    change: ValidityChange | None = None


def timeline(events: Sequence[TokenEvent], changes: Sequence[ValidityChange]) -> tuple[TimelineEntry, ...]:
    """What happened to a token, oldest first; behind it what is on its way."""
    by_hash = {(change.write.tx_hash, change.document.reason_hash): change for change in changes}
    entries = [
        _entry(event, by_hash) for event in sorted(events, key=lambda event: (event.block_number, event.log_index))
    ]
    shown = {entry.tx_hash for entry in entries}
    waiting = [change for change in changes if change.write.succeeded is None and change.write.tx_hash not in shown]
    return (*entries, *(_on_its_way(change) for change in waiting if change.write.replaced_by is None))


def _entry(event: TokenEvent, changes: dict[tuple[str, str], ValidityChange]) -> TimelineEntry:
    at = datetime.fromtimestamp(event.timestamp_s, UTC)
    if isinstance(event, TransferEvent):
        kind = TimelineKind.MINTED if event.is_mint else TimelineKind.TRANSFERRED
        return TimelineEntry(kind, event.tx_hash, event.block_number, at, event.signer, recipient=event.recipient)
    change = changes.get((event.tx_hash, event.reason_hash))
    return TimelineEntry(
        TimelineKind.VALIDITY,
        event.tx_hash,
        event.block_number,
        at,
        event.signer,
        validity=event.validity,
        reason=change.reason if change else "",
        by=change.write.requested_by if change else "",
        reason_hash=event.reason_hash,
        is_known=change is not None,
        change=change,
    )


def _on_its_way(change: ValidityChange) -> TimelineEntry:
    return TimelineEntry(
        TimelineKind.VALIDITY,
        change.write.tx_hash,
        None,
        change.write.requested_at,
        change.write.signer,
        validity=change.validity,
        reason=change.reason,
        by=change.write.requested_by,
        reason_hash=change.document.reason_hash,
        change=change,
    )


class StateSource(StrEnum):
    """How a past state was found out."""

    CONTRACT = "CONTRACT"
    """The contract answered for that block."""
    EVENTS = "EVENTS"
    """The node keeps no state of that time: it follows from the events up to there."""


@dataclass(frozen=True, slots=True)
class PastState:
    """How a token stood at the end of a block."""

    block_number: int
    block_hash: str
    at: datetime
    exists: bool
    owner: str
    validity: str
    source: StateSource


def state_from(events: Sequence[TokenEvent], up_to_block: int) -> tuple[str | None, str]:
    """Owner (None while there is no token) and validity after all events up to a block."""
    owner, validity = None, Validity.VALID.value
    for event in sorted(events, key=lambda event: (event.block_number, event.log_index)):
        if event.block_number > up_to_block:
            break
        if isinstance(event, TransferEvent):
            owner = event.recipient
        else:
            validity = event.validity
    return owner, validity
