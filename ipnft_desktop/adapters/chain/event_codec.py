"""Reads logs: those of our contract after its generated ABI, the parties of transfers of others; all else stays raw.

Every value our contract's events have is one word of 32 bytes, so nothing of a general decoder is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from ipnft_desktop.domain.chain_events import NOBODY, ChainEvent, EventKind
from ipnft_desktop.domain.chain_view import VALIDITIES

WORD_BYTES = 32
_ADDRESS_BYTES = 20
_MINT_CALLS = ("mintAsset(address,bytes16,bytes32)", "batchMint(address,bytes16[],bytes32)")
_MINT_TO_EACH = "batchMintTo(address[],bytes16[],bytes32)"
_MINT_WITH_URI = "mintAssetWithURI(address,bytes16,string)"

_MEANINGS: Mapping[str, tuple[EventKind, Mapping[str, str]]] = {
    "Transfer": (EventKind.TRANSFERRED, {"from": "sender", "to": "recipient", "id": "token_id"}),
    "Approval": (EventKind.APPROVED, {"owner": "sender", "account": "recipient", "id": "token_id"}),
    "ApprovalForAll": (
        EventKind.OPERATOR_APPROVED,
        {"owner": "sender", "operator": "recipient", "isApproved": "number"},
    ),
    "ValidityChanged": (
        EventKind.VALIDITY_CHANGED,
        {"tokenId": "token_id", "validity": "number", "reasonHash": "digest"},
    ),
    "DirectoryAmended": (EventKind.DIRECTORY_AMENDED, {"tokenId": "token_id", "directoryDigest": "digest"}),
    "MetadataUpdate": (EventKind.METADATA_UPDATED, {"_tokenId": "token_id"}),
    "BatchMetadataUpdate": (EventKind.METADATA_UPDATED, {}),
    "TokenRoyaltyChanged": (
        EventKind.TOKEN_ROYALTY_CHANGED,
        {"tokenId": "token_id", "receiver": "recipient", "royaltyBps": "number"},
    ),
    "DefaultRoyaltyChanged": (
        EventKind.DEFAULT_ROYALTY_CHANGED,
        {"receiver": "recipient", "royaltyBps": "number"},
    ),
    "Paused": (EventKind.PAUSED, {"account": "sender"}),
    "Unpaused": (EventKind.UNPAUSED, {"account": "sender"}),
    "RolesUpdated": (EventKind.ROLES_UPDATED, {"user": "recipient", "roles": "number"}),
    "OwnershipTransferred": (EventKind.OWNERSHIP_TRANSFERRED, {"oldOwner": "sender", "newOwner": "recipient"}),
    "OwnershipHandoverRequested": (EventKind.HANDOVER_REQUESTED, {"pendingOwner": "recipient"}),
    "OwnershipHandoverCanceled": (EventKind.HANDOVER_CANCELLED, {"pendingOwner": "recipient"}),
}
"""What each event of the ABI is called here, and which of its values the index keeps under which name."""


@dataclass(frozen=True, slots=True)
class _Event:
    kind: EventKind
    indexed: tuple[tuple[str, str], ...]
    """Type of each indexed value, and the field it is kept in; empty for none."""
    plain: tuple[tuple[str, str], ...]


class EventCodec:
    """Knows no address and asks no node."""

    def __init__(self, abi: Iterable[Mapping[str, Any]]) -> None:
        self._events: dict[bytes, _Event] = {}
        for entry in abi:
            # The laboratory's contracts are spoken to in the same way and have events that ours has not.
            if entry["type"] == "event" and entry["name"] in _MEANINGS:
                inputs = cast("Sequence[Mapping[str, Any]]", entry["inputs"])
                self._events[_topic(entry["name"], inputs)] = _described(entry["name"], inputs)
        self._transfer = keccak(b"Transfer(address,address,uint256)")
        self._mint_selectors = frozenset(keccak(call.encode())[:4] for call in (*_MINT_CALLS, _MINT_TO_EACH))
        self._mint_with_uri = keccak(_MINT_WITH_URI.encode())[:4]

    def read(self, raw: ChainEvent, contract_address: str | None) -> ChainEvent:
        """The event with what its topics and data say; `raw` as it is, but for its kind, where they say nothing."""
        if raw.address != contract_address:
            return self._foreign(raw)
        event = self._events.get(raw.topics[0]) if raw.topics else None
        values = None if event is None else _values(event, raw)
        if event is None or values is None:
            return replace(raw, kind=EventKind.UNREADABLE)
        kind = event.kind
        if kind is EventKind.TRANSFERRED and values["sender"] == NOBODY:
            kind = EventKind.MINTED
        return replace(raw, kind=kind, **values)

    def directory_of_mint(self, to: str | None, call_data: bytes, contract_address: str | None) -> bytes | None:
        """The metadata directory that a mint names which was sent to our contract: zeros where the token got a URI of
        its own, None where the transaction went to somebody else, as when another contract minted, whatever that
        calls its functions."""
        if to is None or contract_address is None or to.lower() != contract_address.lower():
            return None
        selector = call_data[:4]
        if selector == self._mint_with_uri:
            return bytes(WORD_BYTES)
        if selector not in self._mint_selectors:
            return None
        digest = call_data[4 + 2 * WORD_BYTES : 4 + 3 * WORD_BYTES]  # the third value of each of these calls
        return digest if len(digest) == WORD_BYTES else None

    def _foreign(self, raw: ChainEvent) -> ChainEvent:
        """ERC-20 and ERC-721 share this event, but for whether its last value is indexed."""
        if len(raw.topics) in (3, 4) and raw.topics[0] == self._transfer:
            sender, recipient = map(_address, raw.topics[1:3])
            if sender is not None and recipient is not None:
                return replace(raw, sender=sender, recipient=recipient)
        return raw


def _topic(name: str, inputs: Sequence[Mapping[str, Any]]) -> bytes:
    return keccak(f"{name}({','.join(str(each['type']) for each in inputs)})".encode())


def _described(name: str, inputs: Sequence[Mapping[str, Any]]) -> _Event:
    kind, kept = _MEANINGS[name]
    parts = [(each["indexed"], (str(each["type"]), kept.get(each["name"], ""))) for each in inputs]
    indexed = tuple(part for is_indexed, part in parts if is_indexed)
    return _Event(kind, indexed, tuple(part for is_indexed, part in parts if not is_indexed))


def _values(event: _Event, raw: ChainEvent) -> dict[str, Any] | None:
    """The values that are kept; None where topics or data are not what the ABI promises."""
    words = [raw.data[begin : begin + WORD_BYTES] for begin in range(0, len(raw.data), WORD_BYTES)]
    if len(raw.topics) != 1 + len(event.indexed) or len(raw.data) != WORD_BYTES * len(event.plain):
        return None
    values: dict[str, Any] = {}
    for (solidity_type, field), word in zip((*event.indexed, *event.plain), (*raw.topics[1:], *words), strict=True):
        value = _address(word) if solidity_type == "address" else word
        if value is None:
            return None
        if field:
            values[field] = int.from_bytes(word, "big") if field in ("number", "token_id") else value
    if event.kind is EventKind.VALIDITY_CHANGED and values["number"] >= len(VALIDITIES):
        return None
    return values


def _address(word: bytes) -> str | None:
    """The address that a word holds; None where it is something else."""
    if any(word[:-_ADDRESS_BYTES]):
        return None
    return _checksum(word[-_ADDRESS_BYTES:])


@lru_cache(maxsize=65_536)
def _checksum(address: bytes) -> str:
    # Kept: a hash takes a fifth of a millisecond, and the same accounts come again and again.
    return str(to_checksum_address(address))
