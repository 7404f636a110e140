"""The contract IPAssetNFT in bytes: its calls, answers, events and errors, encoded after its generated ABI.

eth_abi and the ABI file are loaded with the first instance, so make it aside from the event loop (`load`, 0.2 s).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
from ipnft_desktop.adapters.chain.contract_errors import Answer, Revert, harmless
from ipnft_desktop.adapters.chain.event_codec import EventCodec
from ipnft_desktop.adapters.chain.json_rpc import Json, as_bytes, as_list, as_object, as_quantity, as_text
from ipnft_desktop.domain.chain import MintCall, MintedToken, MintSighting, TokenFacts
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.paths import RESOURCES

ARTIFACT = RESOURCES / "contracts" / "IPAssetNFT.json"
TRANSFER_TOPIC = keccak(b"Transfer(address,address,uint256)").hex()

_TRANSFER = "0x" + TRANSFER_TOPIC
_NOBODY = "0x" + "0" * 64
_WORD_SIZE_BYTES, _ADDRESS_SIZE_BYTES = 32, 20
_ROYALTY_PRICE = 10_000
# Asked for a sale at this price, royaltyInfo answers in basis points.

_SOLIDITY_ERRORS = {"Error": ("string",), "Panic": ("uint256",)}
_VALIDITIES = ("VALID", "SUSPENDED", "REVOKED")


class IPAssetContract:
    """Encodes and decodes; knows no address and asks no node."""

    def __init__(self, abi: Iterable[Mapping[str, Any]], bytecode: bytes, terms: CollectionTerms | None = None) -> None:
        entries = list(abi)
        self.events = EventCodec(entries)
        """Reads logs, also those of other contracts."""
        self._bytecode = bytecode
        self._terms = terms or CollectionTerms()
        self._functions: dict[str, tuple[bytes, tuple[str, ...], tuple[str, ...]]] = {}
        self._errors: dict[bytes, tuple[str, tuple[str, ...]]] = {
            _selector(name, types): (name, types) for name, types in _SOLIDITY_ERRORS.items()
        }
        for entry in entries:
            name, inputs = str(entry.get("name", "")), _types(entry.get("inputs", ()))
            if entry["type"] == "function":
                self._functions[name] = (_selector(name, inputs), inputs, _types(entry["outputs"]))
            elif entry["type"] == "error":
                self._errors[_selector(name, inputs)] = (name, inputs)
            elif entry["type"] == "constructor":
                self._constructor_types = inputs

    @classmethod
    def load(cls, terms: CollectionTerms | None = None, artifact: Path = ARTIFACT) -> IPAssetContract:
        """From the generated artifact. Blocks: not for the event loop."""
        content = json.loads(artifact.read_text("utf-8"))
        return cls(content["abi"], as_bytes(content["bytecode"]), terms)

    def deployment(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        """Creation code with constructor arguments; the admin receives the royalties."""
        terms = self._terms
        values = (terms.name, terms.symbol, admin, minter, instance_id, admin, terms.royalty_bp)
        return self._bytecode + encode(self._constructor_types, values)

    def mint(self, call: MintCall) -> bytes:
        """The cheapest call that mints these assets: one, several to one recipient, or several to several."""
        ids = [asset_id.bytes for asset_id in call.asset_ids]
        if len(ids) == 1:
            return self.call("mintAsset", call.recipients[0], ids[0], call.directory_digest)
        if len(set(call.recipients)) == 1:
            return self.call("batchMint", call.recipients[0], ids, call.directory_digest)
        return self.call("batchMintTo", list(call.recipients), ids, call.directory_digest)

    def call(self, function: str, *values: object) -> bytes:
        """Input data of a call."""
        selector, inputs, _ = self._functions[function]
        return selector + encode(inputs, values)

    def answer(self, function: str, data: Json) -> tuple[Any, ...]:
        """Values that a call returned. Raises EnvironmentFault CONTRACT_MISSING when that is not what ours returns."""
        content = as_bytes(data)
        try:
            return decode(self._functions[function][2], content)
        except (DecodingError, OverflowError, UnicodeDecodeError):
            raise EnvironmentFault(
                ErrorCode.CONTRACT_MISSING, phrase("no readable answer to {function}", function=function)
            ) from None

    def revert(self, data: bytes) -> Revert:
        """Read revert data; an error unknown to the ABI is named by its selector."""
        if not data:
            return Revert("reverted without a reason")
        try:
            name, types = self._errors[data[:4]]
            values = decode(types, data[4:])
        except (KeyError, DecodingError, OverflowError, UnicodeDecodeError):
            return Revert(f"unknown error 0x{data[:4].hex()}")
        if name == "RecipientRefused":
            recipient, token_id, answer = values
            return Revert(name, (_checksum(recipient), str(token_id)), self._answer(answer))
        return Revert(name, tuple(map(_readable, types, values)))

    def _answer(self, data: bytes) -> Answer:
        """Read what a recipient answered. It is a stranger's: maybe cut short, never looked into more than once."""
        if not data:
            return Answer()
        name, _ = self._errors.get(data[:4], (f"0x{data[:4].hex()}", ()))
        return Answer(name, harmless(_text_in(data[4:])) if name == "Error" else "")

    def token_questions(self, token_id: int) -> list[bytes]:
        """The calls whose answers `token` reads, in its order; written by hand, for thousands are verified at once."""
        word = token_id.to_bytes(_WORD_SIZE_BYTES, "big")
        asked = [self._functions[function][0] + word for function in ("ownerOf", "tokenURI", "validityOf")]
        price = _ROYALTY_PRICE.to_bytes(_WORD_SIZE_BYTES, "big")
        return [*asked, self._functions["royaltyInfo"][0] + word + price]

    def token(self, token_id: int, owner: Json, uri: Json, validity: Json, royalty: Json) -> TokenFacts:
        """A token from the answers to `token_questions`."""
        number = int(self.answer("validityOf", validity)[0])
        return TokenFacts(
            token_id=token_id,
            owner=self.owner(owner),
            token_uri=self.answer("tokenURI", uri)[0],
            validity=_VALIDITIES[number] if number < len(_VALIDITIES) else str(number),
            royalty_bp=self.answer("royaltyInfo", royalty)[1],
        )

    def owner_question(self, token_id: int) -> bytes:
        """The call whose answer `owner` reads; written by hand, for a batch asks hundreds."""
        return self._functions["ownerOf"][0] + token_id.to_bytes(_WORD_SIZE_BYTES, "big")

    def owner(self, data: Json) -> str:
        """What ownerOf answered; as `answer` for what is no address."""
        content = as_bytes(data)
        if len(content) != _WORD_SIZE_BYTES or any(content[:-_ADDRESS_SIZE_BYTES]):
            return _checksum(self.answer("ownerOf", data)[0])
        return _checksum("0x" + content[-_ADDRESS_SIZE_BYTES:].hex())

    def checksum(self, address: str) -> str:
        """EIP-55 form of an address."""
        return _checksum(address)

    def minted(self, logs: Json, contract_address: str | None) -> tuple[MintedToken, ...]:
        """Tokens that our contract announced as new: transfers from the zero address."""
        if contract_address is None:
            return ()
        found = (_minted_token(as_object(log), contract_address.lower()) for log in as_list(logs))
        return tuple(token for token in found if token is not None)

    def mint_topics(self, token_id: int | None = None) -> list[Json]:
        """What to search events for: every mint, or that of one token."""
        topics: list[Json] = [_TRANSFER, _NOBODY]
        return topics if token_id is None else [*topics, None, f"0x{token_id:064x}"]

    def sightings(self, logs: Sequence[Json], contract_address: str) -> tuple[MintSighting, ...]:
        """As `minted`, each with the transaction that did it."""
        found: list[MintSighting] = []
        for log in map(as_object, logs):
            token = _minted_token(log, contract_address.lower())
            if token is not None:
                tx_hash, number = as_text(log.get("transactionHash")), as_quantity(log.get("blockNumber"))
                found.append(MintSighting(token.asset_id, token.token_id, token.owner, tx_hash, number))
        return tuple(found)


def _minted_token(log: Mapping[str, Json], contract_address: str) -> MintedToken | None:
    """The token a log of this contract, in small letters, announces as new; None for every other log."""
    topics = as_list(log.get("topics"))
    is_ours = as_text(log.get("address")).lower() == contract_address
    if not is_ours or len(topics) != 4 or as_text(topics[0]).lower() != _TRANSFER:
        return None
    sender, to, token = map(as_bytes, topics[1:])
    token_id = int.from_bytes(token, "big")
    if any(sender) or token_id >> 128:
        return None
    return MintedToken(UUID(int=token_id), token_id, _checksum("0x" + to[-_ADDRESS_SIZE_BYTES:].hex()))


@lru_cache(maxsize=4096)
def _checksum(address: str) -> str:
    # Kept, because a batch repeats its recipients.
    return str(to_checksum_address(address))


def _selector(name: str, types: tuple[str, ...]) -> bytes:
    return keccak(f"{name}({','.join(types)})".encode())[:4]


def _types(parameters: object) -> tuple[str, ...]:
    return tuple(str(parameter["type"]) for parameter in cast("Iterable[Mapping[str, Any]]", parameters))


def _text_in(encoded: bytes) -> str:
    """The one string of these values, as far as it is there: an offset, a length, the bytes."""
    size_bytes = int.from_bytes(encoded[32:64], "big")
    return encoded[64 : 64 + size_bytes].decode("utf-8", "replace")


def _readable(solidity_type: str, value: object) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, str) and solidity_type == "string":
        return harmless(value)
    return _checksum(str(value)) if solidity_type == "address" else str(value)
