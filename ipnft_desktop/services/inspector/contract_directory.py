"""Contracts that are known on the present chain, and one of them in full."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AccountState, ContractAbi, EntryKind
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Refusal
from ipnft_desktop.domain.inspection.directory import (
    ContractDetail,
    ContractKind,
    ContractLine,
    Creation,
    OwnFacts,
)
from ipnft_desktop.services.address_book import known_addresses
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.contract_creations import ContractCreations
from ipnft_desktop.services.inspector_ports import ChainInspection, ContractCodec
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session

MOST_CONTRACTS = 500
"""Of those that wrote logs."""
_AT_ONCE = 8
_BATCH = 100
_INTERFACES = (
    (ContractKind.ERC_721, bytes.fromhex("80ac58cd")),  # EIP-721
    (ContractKind.ERC_1155, bytes.fromhex("d9b67a26")),  # EIP-1155
)
_SUPPORTS_INTERFACE = bytes.fromhex("01ffc9a7")  # EIP-165
_TOTAL_SUPPLY, _DECIMALS = bytes.fromhex("18160ddd"), bytes.fromhex("313ce567")  # EIP-20
_NO_FUNCTION = bytes.fromhex("ffffffff")
"""EIP-165 keeps it free: who answers this answers anything."""
_NAMES = {ContractKind.ERC_721: "ERC-721", ContractKind.ERC_1155: "ERC-1155", ContractKind.ERC_20: "ERC-20"}
"""Of the standard ABIs."""


class ContractDirectory:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise. Raises EnvironmentFault NODE_UNREACHABLE."""

    def __init__(
        self,
        chain: ChainInspection,
        codec: ContractCodec,
        abis: AbiRegistry,
        index: ChainIndex,
        creations: ContractCreations,
        database: Database,
        session: Session,
    ) -> None:
        self._chain = chain
        self._codec = codec
        self._abis = abis
        self._index = index
        self._creations = creations
        self._database = database
        self._session = session
        self._kinds: dict[tuple[str, str], ContractKind] = {}
        self._asking = asyncio.Semaphore(_AT_ONCE)

    async def contracts(self) -> tuple[ContractLine, ...]:
        """Ours first, then by address: those that have an ABI of their own, wrote a log, were created lately, or have
        a name and code."""
        self._session.require_reader()
        created = await self._creations.newest()
        own = await self._abis.own_contract()
        bound, writers, named = await self._database.read(_addresses)
        certain = dict.fromkeys((*([own] if own else ()), *sorted({*bound, *writers, *created})))
        states = {state.address: state for state in await self._states((*certain, *sorted(named - certain.keys())))}
        wanted = [address for address in states if address in certain or states[address].code_bytes]
        return tuple(await asyncio.gather(*(self._line(states[address], own, bound, created) for address in wanted)))

    async def contract(self, address: str) -> ContractDetail:
        """One of any address with a checksum, whether or not it is among them."""
        self._session.require_reader()
        own = await self._abis.own_contract()
        bound, _, _ = await self._database.read(_addresses)
        (state,) = await self._chain.accounts((address,))
        line = await self._line(state, own, bound, {})
        if line.creation is None:
            line = ContractLine(state, line.kind, line.abi_name, await self._creations.of(address))
        if line.kind is ContractKind.NO_CODE:
            return ContractDetail(line, "", "", (), None)
        abis = (await self._abis.abis_of((address,)))[address]
        functions = _functions(abis, line.kind)
        name, symbol = await asyncio.gather(*(self._told(address, functions, each) for each in ("name", "symbol")))
        facts = await self._own_facts(address, functions) if address == own else None
        return ContractDetail(line, name, symbol, functions, facts)

    async def _own_facts(self, address: str, functions: Sequence[AbiEntry]) -> OwnFacts | None:
        identity: ChainIdentity | None = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            return None
        standing = await self._index.contract()
        instance = await self._told(address, functions, "instanceId")
        supply = await self._index.token_count()
        return OwnFacts(instance, identity.code_hash, standing.terms, standing.holders, supply)

    async def _line(
        self, state: AccountState, own: str | None, bound: Mapping[str, str], created: Mapping[str, Creation]
    ) -> ContractLine:
        kind = ContractKind.OURS if state.address == own and state.code_bytes else await self._kind(state)
        name = self._codec.own_abi().name if state.address == own else bound.get(state.address, "")
        return ContractLine(state, kind, name, created.get(state.address))

    async def _kind(self, state: AccountState) -> ContractKind:
        """What its code says it is; asked once for each code."""
        if not state.code_bytes:
            return ContractKind.NO_CODE
        key = (state.address, state.code_hash)
        if key not in self._kinds:
            async with self._asking:
                self._kinds[key] = await self._find_kind(state.address)
        return self._kinds[key]

    async def _find_kind(self, address: str) -> ContractKind:
        for kind, interface in _INTERFACES:
            answer = await self._chain.ask_contract(address, _SUPPORTS_INTERFACE + interface.ljust(32, b"\0"))
            if isinstance(answer, bytes) and len(answer) == 32 and int.from_bytes(answer, "big") == 1:
                return kind
        questions = (_TOTAL_SUPPLY, _DECIMALS, _NO_FUNCTION)
        answers = [await self._chain.ask_contract(address, question) for question in questions]
        *told, anything = (isinstance(answer, bytes) and len(answer) == 32 for answer in answers)
        if all(told) and not anything:
            return ContractKind.ERC_20
        return ContractKind.OTHER

    async def _told(self, address: str, functions: Iterable[AbiEntry], name: str) -> str:
        """What a function without arguments answers; nothing where there is none, or it does not answer."""
        entry = next((each for each in functions if each.name == name and not each.inputs), None)
        if entry is None:
            return ""
        answer = await self._chain.ask_contract(address, await asyncio.to_thread(self._codec.encode, entry, ()))
        if isinstance(answer, Refusal):
            return ""
        values = await asyncio.to_thread(self._codec.answer, entry, answer)
        return values[0].text if isinstance(values, tuple) and values else ""

    async def _states(self, addresses: Sequence[str]) -> list[AccountState]:
        found: list[AccountState] = []
        for begin in range(0, len(addresses), _BATCH):
            found += await self._chain.accounts(addresses[begin : begin + _BATCH])
        return found


def _addresses(tx: Transaction) -> tuple[Mapping[str, str], tuple[str, ...], frozenset[str]]:
    """Names of imported ABIs by address, contracts that wrote logs, and addresses with a name."""
    bound = {abi.address: abi.name for abi in tx.imported_abis() if not abi.is_general}
    named = frozenset(known.address for known in known_addresses(tx))
    return bound, tx.event_contracts(MOST_CONTRACTS), named


def _functions(abis: Sequence[ContractAbi], kind: ContractKind) -> tuple[AbiEntry, ...]:
    """Those of the ABIs bound to the contract; else of the standard that it says it follows."""
    chosen = [abi for abi in abis if abi.origin is not AbiOrigin.STANDARD]
    chosen = chosen or [abi for abi in abis if abi.name == _NAMES.get(kind)]
    functions = {entry.signature: entry for abi in chosen for entry in abi.entries if entry.kind is EntryKind.FUNCTION}
    return tuple(sorted(functions.values(), key=lambda entry: (entry.name.casefold(), len(entry.inputs))))
