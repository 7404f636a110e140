"""Implements the port `ContractCodec`: call data, events and errors by ABIs, and storage by its layout."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.inspection.abi_decoding import NotOfTheseTypes, values_in
from ipnft_desktop.adapters.chain.inspection.abi_reading import abi_in, contract_abi
from ipnft_desktop.adapters.chain.inspection.abi_texts import encoded
from ipnft_desktop.adapters.chain.inspection.abi_values import hidden, told
from ipnft_desktop.adapters.chain.inspection.storage_names import StorageNames
from ipnft_desktop.adapters.chain.ip_asset_contract import ARTIFACT
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AbiParameter, ContractAbi, EntryKind
from ipnft_desktop.domain.inspection.decoding import (
    AbiOrigin,
    CallReading,
    Decoded,
    DecodedValue,
    LogReading,
    Undecoded,
)
from ipnft_desktop.domain.inspection.tracing import SlotChange, StateChange
from ipnft_desktop.domain.inspection.transactions import RawLog
from ipnft_desktop.paths import RESOURCES

_STANDARDS = RESOURCES / "abis" / "standards.json"
_BASELINES = RESOURCES / "contracts" / "baselines"
_SELECTOR_BYTES = 4
_KEPT_INDEXES = 64
_SOLIDITY = ContractAbi(
    "Solidity",
    AbiOrigin.STANDARD,
    (
        AbiEntry(EntryKind.ERROR, "Error", (AbiParameter("reason", "string"),)),
        AbiEntry(EntryKind.ERROR, "Panic", (AbiParameter("code", "uint256"),)),
    ),
)
"""What `require` and a failed check revert with, whatever the ABI says."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The entries of an ABI by what the chain knows them by."""

    abi: ContractAbi
    functions: Mapping[bytes, AbiEntry]
    errors: Mapping[bytes, AbiEntry]
    events: Mapping[bytes, tuple[AbiEntry, ...]]


class AbiCodec:
    """Reads files at the first use of each; all of it computes."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[int, _Index] = OrderedDict()

    def standard_abis(self) -> tuple[ContractAbi, ...]:
        """ERC-20, ERC-721, ERC-1155 and the contracts of the laboratory."""
        return _standard_abis()

    def own_abi(self) -> ContractAbi:
        """That of IPAssetNFT."""
        return _own_abi()

    def read_abi(self, name: str, content: str) -> tuple[ContractAbi, str]:
        """What a person brought, and the ABI alone. Raises ValidationFailed (field `content`)."""
        abi = abi_in(content)
        return contract_abi(name, AbiOrigin.IMPORTED, abi), json.dumps(abi, separators=(",", ":"))

    def call(self, data: bytes, abis: Sequence[ContractAbi]) -> CallReading:
        """By the selector."""
        if not data:
            return CallReading(data, Undecoded.NOTHING)
        selector = data[:_SELECTOR_BYTES]
        known = [(index.abi, index.functions[selector]) for index in self._of(abis) if selector in index.functions]
        return CallReading(data, _first_that_fits(known, data[_SELECTOR_BYTES:]))

    def logs(self, logs: Sequence[RawLog], abis: Mapping[str, Sequence[ContractAbi]]) -> tuple[LogReading, ...]:
        """By the first topic."""
        standards = self.standard_abis()
        return tuple(LogReading(log, self._event(log, abis.get(log.address, standards))) for log in logs)

    def error(self, data: bytes, abis: Sequence[ContractAbi]) -> Decoded | Undecoded:
        """By the selector."""
        if not data:
            return Undecoded.NOTHING
        selector = data[:_SELECTOR_BYTES]
        indexes = self._of((*abis, _SOLIDITY))
        known = [(index.abi, index.errors[selector]) for index in indexes if selector in index.errors]
        return _first_that_fits(known, data[_SELECTOR_BYTES:])

    def answer(self, entry: AbiEntry, data: bytes) -> tuple[DecodedValue, ...] | Undecoded:
        """What a function returned."""
        try:
            values = values_in(entry.outputs, data)
            return told(entry.outputs, values, is_ours=entry in _own_entries())
        except NotOfTheseTypes:
            return Undecoded.MALFORMED

    def encode(self, entry: AbiEntry, texts: Sequence[str]) -> bytes:
        """A call. Raises ValidationFailed."""
        return selector_of(entry) + encoded(entry.inputs, texts)

    def methods(self, abis: Sequence[ContractAbi]) -> Mapping[str, str]:
        """Names by selector."""
        found: dict[str, str] = {}
        for index in reversed(self._of(abis)):
            found.update(("0x" + selector.hex(), entry.name) for selector, entry in index.functions.items())
        return found

    def name_state(
        self, slots: Sequence[SlotChange], own_contract: str | None, known: Collection[int]
    ) -> tuple[StateChange, ...]:
        """The variables of our contract that changed."""
        return _storage_names().name(slots, own_contract, known)

    def slots_of(self, known: Collection[int]) -> tuple[int, ...]:
        """Where our contract keeps what needs no key, or one of these."""
        return _storage_names().places(known)

    def _of(self, abis: Sequence[ContractAbi]) -> list[_Index]:
        return [self._index(abi) for abi in abis]

    def _index(self, abi: ContractAbi) -> _Index:
        """Kept together with the ABI it is of, so that no other can have its identity meanwhile."""
        kept = self._indexes.get(id(abi))
        if kept is None:
            kept = self._indexes[id(abi)] = _index_of(abi)
            while len(self._indexes) > _KEPT_INDEXES:
                self._indexes.popitem(last=False)
        return kept

    def _event(self, log: RawLog, abis: Sequence[ContractAbi]) -> Decoded | Undecoded:
        if not log.topics:
            return Undecoded.NOTHING
        topics = [bytes.fromhex(topic.removeprefix("0x")) for topic in log.topics]
        found: Decoded | Undecoded = Undecoded.UNKNOWN
        for index in self._of(abis):
            for entry in index.events.get(topics[0], ()):
                found = _event_of(index.abi, entry, topics[1:], log.data)
                if isinstance(found, Decoded):
                    return found
        return found


def selector_of(entry: AbiEntry) -> bytes:
    """First four bytes of the call data of a function, and of what an error reverts with."""
    return keccak(entry.signature.encode())[:_SELECTOR_BYTES]


def _first_that_fits(known: Sequence[tuple[ContractAbi, AbiEntry]], data: bytes) -> Decoded | Undecoded:
    for abi, entry in known:
        try:
            values = values_in(entry.inputs, data)
        except NotOfTheseTypes:
            continue
        return _decoded(abi, entry, told(entry.inputs, values, is_ours=abi.origin is AbiOrigin.OURS))
    return Undecoded.MALFORMED if known else Undecoded.UNKNOWN


def _event_of(abi: ContractAbi, entry: AbiEntry, topics: Sequence[bytes], data: bytes) -> Decoded | Undecoded:
    indexed = [parameter for parameter in entry.inputs if parameter.is_indexed]
    others = [parameter for parameter in entry.inputs if not parameter.is_indexed]
    if len(indexed) != len(topics):
        return Undecoded.MALFORMED
    is_ours = abi.origin is AbiOrigin.OURS
    try:
        in_topics = [_of_topic(parameter, topic, is_ours) for parameter, topic in zip(indexed, topics, strict=True)]
        in_data = told(others, values_in(others, data), is_ours=is_ours)
    except NotOfTheseTypes:
        return Undecoded.MALFORMED
    from_topics, from_data = iter(in_topics), iter(in_data)
    arguments = tuple(next(from_topics if parameter.is_indexed else from_data) for parameter in entry.inputs)
    return _decoded(abi, entry, arguments)


def _of_topic(parameter: AbiParameter, topic: bytes, is_ours: bool) -> DecodedValue:
    solidity_type = parameter.solidity_type
    if parameter.members or solidity_type.endswith("]") or solidity_type in ("string", "bytes"):
        return hidden(parameter, topic)
    return told((parameter,), values_in((parameter,), topic), is_ours=is_ours)[0]


def _decoded(abi: ContractAbi, entry: AbiEntry, arguments: tuple[DecodedValue, ...]) -> Decoded:
    return Decoded(entry.name, entry.signature, arguments, abi.origin, abi.name)


def _index_of(abi: ContractAbi) -> _Index:
    functions: dict[bytes, AbiEntry] = {}
    errors: dict[bytes, AbiEntry] = {}
    events: dict[bytes, tuple[AbiEntry, ...]] = {}
    for entry in abi.entries:
        if entry.kind is EntryKind.FUNCTION:
            functions[selector_of(entry)] = entry
        elif entry.kind is EntryKind.ERROR:
            errors[selector_of(entry)] = entry
        elif entry.kind is EntryKind.EVENT and not entry.is_anonymous:
            topic = keccak(entry.signature.encode())
            events[topic] = (*events.get(topic, ()), entry)
    return _Index(abi, functions, errors, events)


@cache
def _own_abi() -> ContractAbi:
    return contract_abi("IPAssetNFT", AbiOrigin.OURS, _read_json(ARTIFACT)["abi"])


@cache
def _own_entries() -> frozenset[AbiEntry]:
    return frozenset(_own_abi().entries)


@cache
def _standard_abis() -> tuple[ContractAbi, ...]:
    standards = [(each["name"], each["abi"]) for each in _read_json(_STANDARDS)]
    baselines = [(file.stem, _read_json(file)["abi"]) for file in sorted(_BASELINES.glob("*.json"))]
    return tuple(contract_abi(name, AbiOrigin.STANDARD, abi) for name, abi in (*standards, *baselines))


@cache
def _storage_names() -> StorageNames:
    return StorageNames(_read_json(ARTIFACT)["storageLayout"])


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
