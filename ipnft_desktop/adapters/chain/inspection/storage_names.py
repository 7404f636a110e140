"""Finds the variables behind changed words of our contract: by the compiler's layout and by Solady's seeds.

A mapping's value lies at a hash of its key, and nothing on the chain tells the key. So each word that the transaction
spoke of is tried as a key, until every changed word has its name or no word is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.inspection import solady_slots
from ipnft_desktop.adapters.chain.inspection.abi_values import asset_value, directory_value
from ipnft_desktop.adapters.chain.inspection.storage_words import (
    ADDRESS_BITS,
    Part,
    Word,
    address,
    number,
    raw,
    truth,
)
from ipnft_desktop.domain.inspection.decoding import DecodedValue
from ipnft_desktop.domain.inspection.tracing import SlotChange, StateChange

_ASSET_ID_BITS = 128
_MOST_OPERATORS = 64
"""Pairs of so many accounts are tried as owner and operator."""
_MOST_TEXT_WORDS = 4_096
_BYTE_BITS = 8


class StorageNames:
    """Of the contract whose `storageLayout` the compiler wrote
    (https://docs.soliditylang.org/en/latest/internals/layout_in_storage.html)."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self._types: Mapping[str, Mapping[str, Any]] = layout["types"]
        self._plain: list[Mapping[str, Any]] = []
        self._mappings: list[tuple[str, int, str, str]] = []
        for variable in layout["storage"]:
            kind = self._types[variable["type"]]
            if kind["encoding"] == "mapping":
                self._mappings.append((variable["label"], int(variable["slot"]), kind["key"], kind["value"]))
            else:
                self._plain.append(variable)

    def name(
        self, slots: Sequence[SlotChange], own_contract: str | None, known: Collection[int]
    ) -> tuple[StateChange, ...]:
        """Each change with its variable, in the order in which they came; what has no name stays raw."""
        wanted = {change.slot for change in slots if change.address == own_contract}
        found: dict[int, Word] = {}
        if wanted:
            for words in self._candidates(known):
                found.update((slot, word) for slot, word in words.items() if slot in wanted)
                if len(found) == len(wanted):
                    break
            found.update(self._rest_of_texts(wanted - found.keys(), found))
        return tuple(_named(change, own_contract, found) for change in slots)

    def places(self, known: Collection[int]) -> tuple[int, ...]:
        """Of all variables that need no key, and of all that can be found by these."""
        return tuple(dict.fromkeys(slot for words in self._candidates(known) for slot in words))

    def _candidates(self, known: Collection[int]) -> Iterator[dict[int, Word]]:
        """Words whose places can be told, the likely ones first."""
        yield {**self._plain_words(), **solady_slots.fixed_words()}
        tokens, accounts, digests = _token_ids(known), _accounts(known), _digests(known)
        for token_id in tokens:
            yield solady_slots.words_of_token(token_id, digests)
        for account in accounts:
            yield solady_slots.words_of_account(account)
        mask = (1 << solady_slots.DIRECTORY_KEY_BITS) - 1
        for label, base, key_type, value_type in self._mappings:
            keys = {digest & mask: digest for digest in digests} if key_type == "t_uint80" else dict.fromkeys(tokens, 0)
            for key, digest in keys.items():
                yield {_of_mapping(key, base): self._mapped(label, key_type, key, digest, value_type)}
        for owner, operator in product(accounts[:_MOST_OPERATORS], repeat=2):
            yield solady_slots.word_of_operator(owner, operator)

    def _plain_words(self) -> dict[int, Word]:
        """Variables without a key, those that share a word together."""
        parts: dict[int, list[Part]] = {}
        for variable in self._plain:
            parts.setdefault(int(variable["slot"]), []).append(self._part(variable))
        return {
            slot: Word(", ".join(part.name for part in shared), (), tuple(shared)) for slot, shared in parts.items()
        }

    def _mapped(self, label: str, key_type: str, key: int, digest: int, value_type: str) -> Word:
        told = _directory_key(key, digest) if key_type == "t_uint80" else asset_value("tokenId", key)
        members: Sequence[Mapping[str, Any]] = self._types[value_type].get("members") or (
            {"label": label, "offset": 0, "type": value_type},
        )
        return Word(label, (told,), tuple(map(self._part, members)))

    def _part(self, variable: Mapping[str, Any]) -> Part:
        kind = self._types[variable["type"]]
        reader = {"bool": truth, "address": address}.get(kind["label"], number)
        if kind["label"] == "bytes32":
            reader = _digest if variable["label"] == "digest" else raw
        return Part(
            variable["label"], _BYTE_BITS * int(variable["offset"]), _BYTE_BITS * int(kind["numberOfBytes"]), reader
        )

    def _rest_of_texts(self, wanted: Collection[int], found: Mapping[int, Word]) -> dict[int, Word]:
        """A text of more than 31 bytes goes on from the hash of its place (solady/src/utils/LibBytes.sol)."""
        rest: dict[int, Word] = {}
        texts = [(slot, word) for slot, word in found.items() if word.parts[0].name == "_spacer"]
        for slot, word in texts:
            first = int.from_bytes(keccak(slot.to_bytes(32, "big")), "big")
            for each in wanted:
                if 0 <= each - first < _MOST_TEXT_WORDS:
                    part = Part(f"[{each - first}]", 0, 256, raw)
                    rest[each] = Word(word.variable, word.keys, (part,))
        return rest


def _named(change: SlotChange, own_contract: str | None, found: Mapping[int, Word]) -> StateChange:
    word = found.get(change.slot) if change.address == own_contract else None
    return StateChange(change, "", (), ()) if word is None else word.named(change)


def _of_mapping(key: int, base: int) -> int:
    return int.from_bytes(keccak(key.to_bytes(32, "big") + base.to_bytes(32, "big")), "big")


def _token_ids(known: Collection[int]) -> list[int]:
    """An asset's id stands alone, or as 16 bytes at the left of a word."""
    low = (1 << _ASSET_ID_BITS) - 1
    alone = (word for word in known if 0 < word <= low)
    at_the_left = (word >> _ASSET_ID_BITS for word in known if word > low and not word & low)
    return list(dict.fromkeys((*at_the_left, *alone)))


def _accounts(known: Collection[int]) -> list[int]:
    return [word for word in dict.fromkeys(known) if 0 < word < 1 << ADDRESS_BITS]


def _digests(known: Collection[int]) -> list[int]:
    return [word for word in dict.fromkeys(known) if word >= 1 << ADDRESS_BITS]


def _digest(name: str, value: int) -> DecodedValue:
    return directory_value(name, value.to_bytes(32, "big"))


def _directory_key(key: int, digest: int) -> DecodedValue:
    return directory_value("directoryKey", digest.to_bytes(32, "big"), f"0x{key:020x}")
