"""Asking contracts: their functions by the ABIs that apply, raw calls, and what lies in their storage."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry, ContractAbi
from ipnft_desktop.domain.inspection.decoding import Decoded, Refusal, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.directory import ReadAnswer, ReadRefusal
from ipnft_desktop.domain.inspection.tracing import SlotChange, StateChange
from ipnft_desktop.domain.inspection.typed_values import plain_text
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector_ports import ChainInspection, ContractCodec
from ipnft_desktop.services.session import Session

RAW_MAX_BYTES = 1024 * 1024
_WORD_BITS = 256
_TOKEN_BITS = 128


class ContractAsking:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise. Changes nothing. Every method may raise
    EnvironmentFault NODE_UNREACHABLE, and ValidationFailed (field `block`) for a height that the chain has not."""

    def __init__(self, chain: ChainInspection, codec: ContractCodec, abis: AbiRegistry, session: Session) -> None:
        self._chain = chain
        self._codec = codec
        self._abis = abis
        self._session = session

    async def ask(
        self, address: str, entry: AbiEntry, texts: Sequence[str], at: int | None = None
    ) -> ReadAnswer | ReadRefusal:
        """What a function answers after the block of a height, the newest one for None. Raises ValidationFailed
        (fields `argument.<index>`)."""
        self._session.require_reader()
        data = await asyncio.to_thread(self.encoded, entry, texts)
        return await self._ask(address, data, entry, at)

    async def ask_raw(self, address: str, data: str, at: int | None = None) -> ReadAnswer | ReadRefusal:
        """What a contract answers to call data in 0x-hex. Raises ValidationFailed (field `data`)."""
        self._session.require_reader()
        return await self._ask(address, bytes_of(data, "data"), None, at)

    async def plain_storage(self, address: str, at: int | None = None) -> tuple[StateChange, ...]:
        """The variables of our contract that have no key, with their values; nothing for another contract. Of each
        change the second half is what is there."""
        return await self._named(address, (), at)

    async def keyed_storage(self, address: str, key: str, at: int | None = None) -> tuple[StateChange, ...]:
        """The same for what our contract keeps under a key: an address, the id of a token or of its asset. Raises
        ValidationFailed (field `key`)."""
        word = word_of(key, "key")
        told = await self._named(address, (word,), at)
        is_token = word < 1 << _TOKEN_BITS  # it would do for an account too, of which nobody has the key
        return tuple(each for each in told if each.keys and not (is_token and each.keys[0].kind is ValueKind.ADDRESS))

    async def slot(self, address: str, slot: str, at: int | None = None) -> StateChange:
        """One word of any contract by its number. Raises ValidationFailed (field `slot`)."""
        self._session.require_reader()
        number = word_of(slot, "slot")
        height = await self._height(at)
        (word,) = await self._chain.storage(address, (number,), height)
        return (await self._told(address, {number: word}, ()))[0]

    def encoded(self, entry: AbiEntry, texts: Sequence[str]) -> bytes:
        """A call with arguments as a person typed them; it computes. Raises ValidationFailed."""
        plain = [plain_text(parameter.solidity_type, text) for parameter, text in zip(entry.inputs, texts, strict=True)]
        return self._codec.encode(entry, plain)

    async def _ask(self, address: str, data: bytes, entry: AbiEntry | None, at: int | None) -> ReadAnswer | ReadRefusal:
        height = await self._height(at)
        answer = await self._chain.ask_contract(address, data, height)
        if isinstance(answer, Refusal):
            abis = (await self._abis.abis_of((address,)))[address]
            return ReadRefusal(answer, await asyncio.to_thread(self._codec.error, answer.data, abis), height)
        if entry is not None:
            return ReadAnswer(await asyncio.to_thread(self._codec.answer, entry, answer), answer, height)
        abis = (await self._abis.abis_of((address,)))[address]
        found = await asyncio.to_thread(_function_of, self._codec, data, abis)
        values = Undecoded.UNKNOWN if found is None else await asyncio.to_thread(self._codec.answer, found, answer)
        return ReadAnswer(values if answer else Undecoded.NOTHING, answer, height)

    async def _named(self, address: str, known: tuple[int, ...], at: int | None) -> tuple[StateChange, ...]:
        self._session.require_reader()
        if address != await self._abis.own_contract():
            return ()
        slots = await asyncio.to_thread(self._codec.slots_of, known)
        height = await self._height(at)
        words = await self._chain.storage(address, slots, height)
        return await self._told(address, dict(zip(slots, words, strict=True)), known)

    async def _told(self, address: str, words: dict[int, int], known: tuple[int, ...]) -> tuple[StateChange, ...]:
        own = await self._abis.own_contract()
        changes = [SlotChange(address, slot, 0, word) for slot, word in words.items()]
        return await asyncio.to_thread(self._codec.name_state, changes, own, known)

    async def _height(self, at: int | None) -> int:
        head = await self._chain.head()
        if at is None:
            return head
        if not 0 <= at <= head:
            raise ValidationFailed((FieldProblem("block", ProblemKind.OUT_OF_RANGE, f"0–{head:,}"),))
        return at


def bytes_of(text: str, field: str) -> bytes:
    """What 0x-hex stands for; nothing typed is no bytes. Raises ValidationFailed."""
    stripped = "".join(text.split())
    if len(stripped) > 2 * RAW_MAX_BYTES + 2:
        raise ValidationFailed((FieldProblem(field, ProblemKind.TOO_LONG, f"{2 * RAW_MAX_BYTES:,}"),))
    try:
        if stripped and not stripped.startswith("0x"):
            raise ValueError(stripped)
        return bytes.fromhex(stripped[2:])
    except ValueError:
        raise ValidationFailed((FieldProblem(field, ProblemKind.NOT_OF_TYPE, "bytes"),)) from None


def word_of(text: str, field: str) -> int:
    """A number of 256 bits: decimal, 0x-hex, an address or the id of an asset. Raises ValidationFailed."""
    try:
        number = int(plain_text("uint256", text).strip().replace(",", ""), 0)
    except ValueError:
        number = -1
    if not 0 <= number < 1 << _WORD_BITS:
        raise ValidationFailed((FieldProblem(field, ProblemKind.NOT_OF_TYPE, "uint256"),))
    return number


def _function_of(codec: ContractCodec, data: bytes, abis: Sequence[ContractAbi]) -> AbiEntry | None:
    """The function that raw call data are for, where an ABI at hand knows it."""
    call = codec.call(data, abis).call
    if not isinstance(call, Decoded):
        return None
    entries = (entry for abi in abis if abi.name == call.abi_name for entry in abi.entries)
    return next((entry for entry in entries if entry.signature == call.signature), None)
