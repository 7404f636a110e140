"""Values as eth_abi decodes them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from ipnft_desktop.adapters.chain.inspection.chain_objects import checksummed
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.inspection.contracts import AbiParameter
from ipnft_desktop.domain.inspection.decoding import DecodedValue, ValueKind

MOST_ITEMS = 1_000
"""Of a list that are told; a batch has at most 256."""
_ASSET_ID_BITS = 128
_TOKEN_NAMES = frozenset({"id", "tokenId", "_tokenId", "_fromTokenId", "_toTokenId"})
_DIRECTORY_NAMES = frozenset({"directoryDigest", "previousDigest", "existing", "offered"})


def told(parameters: Sequence[AbiParameter], values: Sequence[Any], *, is_ours: bool) -> tuple[DecodedValue, ...]:
    """Each value under its parameter's name; in those of our own contract assets and directories are known."""
    return tuple(_told(parameter, value, is_ours) for parameter, value in zip(parameters, values, strict=True))


def hidden(parameter: AbiParameter, topic: bytes) -> DecodedValue:
    """An indexed value of a dynamic type: the chain keeps its hash alone."""
    return DecodedValue(parameter.name, parameter.solidity_type, "0x" + topic.hex())


def address_value(name: str, address: str) -> DecodedValue:
    """An address."""
    return DecodedValue(name, "address", address, ValueKind.ADDRESS)


def asset_value(name: str, number: int, solidity_type: str = "uint256") -> DecodedValue:
    """The id of one of our tokens; its asset's where it can be one."""
    text = str(number)
    if 0 < number < 1 << _ASSET_ID_BITS:
        return DecodedValue(name, solidity_type, text, ValueKind.ASSET, asset_id=UUID(int=number))
    return DecodedValue(name, solidity_type, text)


def directory_value(name: str, digest: bytes, text: str = "") -> DecodedValue:
    """The digest of a metadata directory; `text` is what the chain has, where that is a part of it only."""
    text = text or "0x" + digest.hex()
    if not any(digest):
        return DecodedValue(name, "bytes32", text)
    return DecodedValue(name, "bytes32", text, ValueKind.DIRECTORY, cid=Cid(Codec.DAG_PB, digest).text)


def validity_value(name: str, number: int) -> DecodedValue:
    """Of a certificate."""
    return DecodedValue(name, "uint8", str(number), ValueKind.VALIDITY)


def _told(parameter: AbiParameter, value: Any, is_ours: bool) -> DecodedValue:
    name, solidity_type = parameter.name, parameter.solidity_type
    if solidity_type.endswith("]"):
        item = AbiParameter(name, solidity_type[: solidity_type.rindex("[")], parameter.members)
        items = tuple(_told(item, each, is_ours) for each in value[:MOST_ITEMS])
        return DecodedValue(name, solidity_type, "", ValueKind.LIST, items=items, count=len(value))
    if parameter.members:
        items = told(parameter.members, cast("Sequence[Any]", value), is_ours=is_ours)
        return DecodedValue(name, solidity_type, "", ValueKind.LIST, items=items, count=len(items))
    if solidity_type == "address":
        return address_value(name, checksummed(str(value)))
    if is_ours and (known := _of_ours(name, solidity_type, value)) is not None:
        return known
    return DecodedValue(name, solidity_type, plain_text(value))


def _of_ours(name: str, solidity_type: str, value: Any) -> DecodedValue | None:
    """Types and names of IPAssetNFT's ABI say what is meant."""
    if solidity_type == "bytes16":
        found = asset_value(name, int.from_bytes(value, "big"), solidity_type)
        return DecodedValue(name, solidity_type, plain_text(value), found.kind, asset_id=found.asset_id)
    if solidity_type == "uint256" and name in _TOKEN_NAMES:
        return asset_value(name, value)
    if solidity_type == "bytes32" and name in _DIRECTORY_NAMES:
        return directory_value(name, value)
    return validity_value(name, value) if (solidity_type, name) == ("uint8", "validity") else None


def plain_text(value: Any) -> str:
    """In full as the chain has it."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value).lower() if isinstance(value, bool) else str(value)
