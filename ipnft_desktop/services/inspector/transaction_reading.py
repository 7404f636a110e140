"""One transaction in words: its call, its events, and what a trace of it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from ipnft_desktop.domain.inspection.contracts import ContractAbi
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, CallReading, LogReading, Undecoded
from ipnft_desktop.domain.inspection.tracing import (
    CallFrame,
    CallLine,
    RawState,
    StateChange,
    TransactionDetail,
    TransactionTrace,
    Untold,
)
from ipnft_desktop.domain.inspection.transactions import RawTransaction
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.words import assets_in, words_of
from ipnft_desktop.services.inspector_ports import ChainInspection, ContractCodec
from ipnft_desktop.services.ports import Database

Abis = Mapping[str, Sequence[ContractAbi]]


class TransactionReading:
    """Decodes in threads, with the ABIs that apply at each address."""

    def __init__(self, chain: ChainInspection, codec: ContractCodec, abis: AbiRegistry, database: Database) -> None:
        self._chain = chain
        self._codec = codec
        self._abis = abis
        self._database = database

    async def detail(self, transaction: RawTransaction) -> TransactionDetail:
        """Call and events, with the names of the assets in them."""
        to = transaction.line.to
        abis = await self._abis.abis_of({*(log.address for log in transaction.logs), *filter(None, (to,))})
        has_code = to is None or not transaction.input or (await self._chain.accounts((to,)))[0].code_bytes > 0
        call, logs = await asyncio.to_thread(self._read, transaction, abis, has_code)
        wanted = assets_in(call.call, *(log.event for log in logs))
        rows = await self._database.read(lambda tx: tx.asset_rows(tuple(wanted))) if wanted else ()
        return TransactionDetail(transaction, call, logs, {row.asset_id: row.name for row in rows})

    async def trace(self, detail: TransactionDetail, known: Iterable[str] = ()) -> TransactionTrace:
        """What it did inside. `known` are addresses that may be keys of a mapping although it does not name them."""
        transaction = detail.transaction
        tx_hash = transaction.line.tx_hash
        frame, gas, state = await asyncio.gather(
            self._chain.calls(tx_hash), self._chain.gas(transaction), self._chain.state(tx_hash)
        )
        frames = [] if isinstance(frame, Untold) else [inner for _, inner in frame.walk()]
        abis = await self._abis.abis_of({each.to for each in frames if each.to})
        calls = frame if isinstance(frame, Untold) else await asyncio.to_thread(self._lines, frame, abis)
        if isinstance(state, Untold):
            return TransactionTrace(calls, gas, state, ())
        named = await self.name_state(state, [(transaction, frames)], known)
        return TransactionTrace(calls, gas, named, state.accounts)

    async def name_state(
        self,
        state: RawState,
        transactions: Sequence[tuple[RawTransaction, Sequence[CallFrame]]],
        known: Iterable[str] = (),
    ) -> tuple[StateChange, ...]:
        """The changed words with their variables, whose keys may stand in these transactions."""
        own = await self._abis.own_contract()

        def work() -> tuple[StateChange, ...]:
            words = dict.fromkeys(word for each, frames in transactions for word in words_of(each, frames))
            words.update(dict.fromkeys(int(address, 16) for address in known))
            return self._codec.name_state(state.slots, own, list(words))

        return await asyncio.to_thread(work)

    def _read(
        self, transaction: RawTransaction, abis: Abis, has_code: bool
    ) -> tuple[CallReading, tuple[LogReading, ...]]:
        logs = self._codec.logs(transaction.logs, abis)
        to = transaction.line.to
        if to is None:
            return CallReading(transaction.input, Undecoded.CREATION), logs
        if has_code:
            return self._codec.call(transaction.input, abis[to]), logs
        # A selector alone says nothing where no contract is; what was imported for the address still does.
        bound = [abi for abi in abis[to] if abi.origin is not AbiOrigin.STANDARD]
        call = self._codec.call(transaction.input, bound)
        is_unknown = call.call is Undecoded.UNKNOWN
        return CallReading(call.data, Undecoded.NO_CODE) if is_unknown else call, logs

    def _lines(self, root: CallFrame, abis: Abis) -> tuple[CallLine, ...]:
        return tuple(self._line(depth, frame, abis) for depth, frame in root.walk())

    def _line(self, depth: int, frame: CallFrame, abis: Abis) -> CallLine:
        of_contract = abis.get(frame.to or "", self._codec.standard_abis())
        call = Undecoded.CREATION if frame.is_creation else self._codec.call(frame.input, of_contract).call
        revert = self._codec.error(frame.output, of_contract) if frame.error else None
        is_cause = bool(frame.error) and not any(inner.error for inner in frame.calls)
        return CallLine(depth, frame, call, revert, is_cause)
