"""Reads what a chain holds through a node's JSON-RPC; what is long is taken apart in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.answers import block_call, hex_text
from ipnft_desktop.adapters.chain.inspection.chain_objects import (
    block_line,
    checksummed,
    raw_transaction,
    transaction_line,
    whole_block,
)
from ipnft_desktop.adapters.chain.inspection.traces_inside import CALL_TRACER, STATE_TRACER, call_frame, raw_state
from ipnft_desktop.adapters.chain.json_answers import AnswerUnread, Json, unreadable
from ipnft_desktop.adapters.chain.json_rpc import (
    JsonRpc,
    RpcCall,
    RpcError,
    as_bytes,
    as_list,
    as_object,
    as_quantity,
    as_text,
)
from ipnft_desktop.adapters.chain.traces import traced_gas
from ipnft_desktop.domain.errors import Defect
from ipnft_desktop.domain.gas_breakdown import BASE_GAS, GasPart, break_down, calldata_gas
from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.contracts import AccountState
from ipnft_desktop.domain.inspection.decoding import Refusal
from ipnft_desktop.domain.inspection.tracing import CallFrame, GasStory, Missing, RawState, Untold
from ipnft_desktop.domain.inspection.transactions import (
    RawTransaction,
    TransactionLine,
    TransactionPage,
    TransactionPlace,
)

T = TypeVar("T")

_BLOCKS_AT_ONCE = 50
_MOST_BLOCKS_LOOKED_THROUGH = 1_000
"""For a page of transactions: so many empty blocks in a row end it without one."""
_TRANSACTIONS_AT_ONCE = 100
_TRACE = "debug_traceTransaction"


class NodeInspection:
    """Implements the port `ChainInspection` through `rpc`, which others use too."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc

    async def head(self) -> int:
        """Height of the newest block."""
        return as_quantity(await self._rpc.call("eth_blockNumber"))

    async def blocks(self, below: int | None, limit: int) -> BlockPage:
        """A page, newest first."""
        first = (await self.head() if below is None else below - 1) + 1
        found = [block for block in await self._blocks(first, limit) if block is not None]
        lines = await asyncio.to_thread(lambda: tuple(map(block_line, found)))
        next_below = max(first - limit, 0)
        return BlockPage(lines, next_below or None)

    async def block(self, at: int | str) -> Block | None:
        """By height or hash."""
        method, params = block_call(at) if isinstance(at, int) else ("eth_getBlockByHash", [at, False])
        found = await self._rpc.call(method, *params)
        return None if found is None else await asyncio.to_thread(whole_block, found)

    async def transactions(self, below: TransactionPlace | None, limit: int) -> TransactionPage:
        """A page, newest first."""
        if below is None:
            below = TransactionPlace(await self.head() + 1, 0)
        first = below.block_number + 1  # its block may have others before it
        last = max(first - _MOST_BLOCKS_LOOKED_THROUGH, 0)
        chosen: list[tuple[str, TransactionPlace, int]] = []
        while first > last and len(chosen) < limit:
            found = await self._blocks(first, min(_BLOCKS_AT_ONCE, first - last))
            for block in found:
                if block is not None:
                    chosen += [each for each in _places(block) if each[1] < below]
            first -= len(found)
        is_cut = len(chosen) > limit
        lines = await self._lines(chosen[:limit])
        if is_cut:
            return TransactionPage(lines, chosen[limit - 1][1])
        return TransactionPage(lines, TransactionPlace(first, 0) if first > 0 else None)

    async def transactions_of(self, number: int) -> TransactionPage:
        """All of a block, in its order."""
        method, params = block_call(number)
        block = await self._rpc.call(method, *params)
        places = [] if block is None else _places(block)[::-1]
        lines: list[TransactionLine] = []
        for begin in range(0, len(places), _TRANSACTIONS_AT_ONCE):
            lines += await self._lines(places[begin : begin + _TRANSACTIONS_AT_ONCE])
        return TransactionPage(tuple(lines), None)

    async def transaction(self, tx_hash: str) -> RawTransaction | None:
        """A mined one."""
        sent, mined = await self._rpc.batch_values(
            [("eth_getTransactionByHash", [tx_hash]), ("eth_getTransactionReceipt", [tx_hash])]
        )
        if sent is None or mined is None:
            return None
        block = as_object(await self._rpc.call("eth_getBlockByHash", as_object(mined).get("blockHash"), False))
        return await asyncio.to_thread(raw_transaction, sent, mined, as_quantity(block.get("timestamp")))

    async def calls(self, tx_hash: str) -> CallFrame | Untold:
        """As `callTracer` tells them."""
        return await self._traced(tx_hash, CALL_TRACER, call_frame)

    async def state(self, tx_hash: str) -> RawState | Untold:
        """As `prestateTracer` tells it."""
        return await self._traced(tx_hash, STATE_TRACER, raw_state)

    async def gas(self, transaction: RawTransaction) -> GasStory:
        """From the steps of the trace, which are read in pieces."""
        line = transaction.line
        kept_code_bytes = None
        if line.to is None:
            kept_code_bytes = await self._code_size(line.created, line.place.block_number) if line.succeeded else 0
        try:
            traced = await traced_gas(self._rpc, line.tx_hash)
        except RpcError as refusal:
            return _untraced(transaction, Untold(Missing.NO_TRACE, refusal.message))
        except AnswerUnread as problem:
            return _untraced(transaction, Untold(Missing.TOO_LONG, problem.detail))
        try:
            found = break_down(
                line.gas_used,
                transaction.input,
                traced,
                kept_code_bytes=kept_code_bytes,
                declared_gas=transaction.declared_gas,
                authorisations=transaction.authorisations,
                succeeded=line.succeeded,
            )
        except Defect as difference:
            # Where steps were told they do not add up; Anvil tells none unless it was started to.
            missing = Missing.OTHER_RULES if traced.given else Missing.NO_TRACE
            return _untraced(transaction, Untold(missing, difference.detail))
        return GasStory(line.gas_used, found.parts)

    async def accounts(self, addresses: Sequence[str], at: int | None = None) -> tuple[AccountState, ...]:
        """Balance, nonce and code of each."""
        block = _block_tag(at)
        calls: list[RpcCall] = [
            (method, [address, block])
            for address in addresses
            for method in ("eth_getBalance", "eth_getTransactionCount", "eth_getCode")
        ]
        answers = await self._rpc.batch_values(calls)

        def read() -> tuple[AccountState, ...]:
            each = zip(addresses, answers[::3], answers[1::3], answers[2::3], strict=True)
            return tuple(_account(*account) for account in each)

        return await asyncio.to_thread(read)

    async def storage(self, address: str, slots: Sequence[int], at: int | None = None) -> tuple[int, ...]:
        """Words of a contract."""
        calls: list[RpcCall] = [("eth_getStorageAt", [address, f"0x{slot:064x}", _block_tag(at)]) for slot in slots]
        return tuple(map(as_quantity, await self._rpc.batch_values(calls)))

    async def ask_contract(
        self, address: str, data: bytes, at: int | None = None, sender: str | None = None
    ) -> bytes | Refusal:
        """A call that changes nothing."""
        call: dict[str, Json] = {"to": address, "data": hex_text(data)}
        if sender is not None:
            call["from"] = sender
        try:
            return as_bytes(await self._rpc.call("eth_call", call, _block_tag(at)))
        except RpcError as error:
            return Refusal(error.revert_data or b"", error.message)

    async def _blocks(self, below: int, limit: int) -> list[Json]:
        """The blocks below a height, newest first."""
        numbers = range(below - 1, max(below - limit, 0) - 1, -1)
        return await self._rpc.batch_values([block_call(number) for number in numbers])

    async def _lines(self, places: Sequence[tuple[str, TransactionPlace, int]]) -> tuple[TransactionLine, ...]:
        calls: list[RpcCall] = [
            (method, [tx_hash])
            for tx_hash, _, _ in places
            for method in ("eth_getTransactionByHash", "eth_getTransactionReceipt")
        ]
        answers = await self._rpc.batch_values(calls)

        def read() -> tuple[TransactionLine, ...]:
            each = zip(answers[::2], answers[1::2], places, strict=True)
            # One that a reorganisation took away since its block was read is left out.
            return tuple(transaction_line(sent, mined, place[2]) for sent, mined, place in each if sent and mined)

        return await asyncio.to_thread(read)

    async def _traced(self, tx_hash: str, tracer: Json, read: Callable[[Json], T]) -> T | Untold:
        try:
            answer = await self._rpc.call(_TRACE, tx_hash, tracer)
        except RpcError as refusal:
            return Untold(Missing.NO_TRACE, refusal.message)
        except AnswerUnread as problem:
            return Untold(Missing.TOO_LONG, problem.detail)
        return await asyncio.to_thread(read, answer)

    async def _code_size(self, address: str | None, at: int) -> int:
        if address is None:
            unreadable("a request for a receipt")
        return len(as_bytes(await self._rpc.call("eth_getCode", address, _block_tag(at))))


def _block_tag(at: int | None) -> str:
    return "latest" if at is None else hex(at)


def _places(value: Json) -> list[tuple[str, TransactionPlace, int]]:
    """Hash, place and time of a block's transactions, the last one first."""
    block = as_object(value)
    number, timestamp_s = as_quantity(block.get("number")), as_quantity(block.get("timestamp"))
    hashes = enumerate(as_list(block.get("transactions")))
    return [(as_text(tx_hash), TransactionPlace(number, at), timestamp_s) for at, tx_hash in hashes][::-1]


def _untraced(transaction: RawTransaction, untold: Untold) -> GasStory:
    gas_used, calldata = transaction.line.gas_used, calldata_gas(transaction.input)
    parts = {GasPart.BASE: BASE_GAS, GasPart.CALLDATA: calldata}
    return GasStory(gas_used, parts, gas_used - BASE_GAS - calldata, untold)


def _account(address: str, balance: Json, nonce: Json, code: Json) -> AccountState:
    content = as_bytes(code)
    return AccountState(
        checksummed(address),
        as_quantity(balance),
        as_quantity(nonce),
        len(content),
        "0x" + keccak(content).hex() if content else "",
    )
