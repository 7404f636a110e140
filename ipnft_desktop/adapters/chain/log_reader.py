"""Reads neighbouring blocks with all their logs, in pieces that hold neither the event loop nor the interpreter.

A block may hold ten thousand logs, six megabytes of JSON: read at once they would stop every thread for a tenth of a
second, so they are read one by one, in a thread.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.answers import block_call, block_ref
from ipnft_desktop.adapters.chain.json_answers import AnswerTooLong, parsed, whole_answer
from ipnft_desktop.adapters.chain.json_rpc import (
    Json,
    JsonRpc,
    RpcCall,
    RpcError,
    as_bytes,
    as_list,
    as_object,
    as_quantity,
    as_text,
    result_of,
    unreadable,
)
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import ChainEvent, ChainSlice, EventKind, IndexedBlock
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.event_codec import EventCodec

BLOCKS_AT_ONCE = 128
"""Headers are asked for in one batch, which is read on the event loop."""
CALLS_AT_ONCE = 64

_METHOD = "eth_getLogs"
_NO_PARENT = "0x" + "0" * 64
_RESULT = re.compile(r'"result"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_HEAD_CHARACTERS = 200
_DECODER = json.JSONDecoder()


class LogReader:
    """Asks through `rpc`; which contract is ours is said with each question."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc

    async def slice_from(self, first: int, last: int, codec: EventCodec, contract_address: str | None) -> ChainSlice:
        """Blocks from `first` on with their logs, up to `last`, `BLOCKS_AT_ONCE`, or what the node tells at once.

        Raises NODE_UNREACHABLE where one of them was replaced meanwhile: its logs would be those of another, or none.
        """
        last = min(last, first + BLOCKS_AT_ONCE - 1)
        before = max(0, first - 1)
        headers = await self._rpc.batch_values([block_call(number) for number in range(before, last + 1)])
        blocks = _chained(headers)[first - before :]
        while True:
            try:
                content = await self._logs(first, last)
                break
            except (RpcError, AnswerTooLong):
                # "Too many results", "range too large": every node says it in words of its own, or tells it all.
                if first == last:
                    raise
                last = first + (last - first) // 2
        blocks = blocks[: last - first + 1]
        (newest,) = await self._rpc.batch_values([block_call(last)])
        if newest is None or block_ref(newest) != blocks[-1].block:
            raise _changed()
        by_number = {each.block.number: each.block for each in blocks}

        def read() -> tuple[ChainEvent, ...]:
            return tuple(codec.read(event, contract_address) for event in _events(content, by_number))

        events = await asyncio.to_thread(read)
        return ChainSlice(blocks, await self._with_directories(events, codec, contract_address))

    async def _logs(self, first: int, last: int) -> str:
        """The node's answer as it came. Raises RpcError where it refuses, AnswerTooLong."""
        wanted: Json = {"fromBlock": hex(first), "toBlock": hex(last)}
        async with aclosing(self._rpc.pieces(_METHOD, wanted)) as pieces:
            content = await whole_answer(pieces)
        return await asyncio.to_thread(_text_of, content)

    async def _with_directories(
        self, events: Sequence[ChainEvent], codec: EventCodec, contract_address: str | None
    ) -> tuple[ChainEvent, ...]:
        """Mints with the directory that their transaction named: no event tells it."""
        hashes = list(dict.fromkeys(event.tx_hash for event in events if event.kind is EventKind.MINTED))
        directories: dict[str, bytes | None] = {}
        for begin in range(0, len(hashes), CALLS_AT_ONCE):
            some = hashes[begin : begin + CALLS_AT_ONCE]
            calls: list[RpcCall] = [("eth_getTransactionByHash", [tx_hash]) for tx_hash in some]
            for tx_hash, transaction in zip(some, await self._rpc.batch_values(calls), strict=True):
                if transaction is None:
                    raise _changed()
                sent = as_object(transaction)
                to = None if sent.get("to") is None else as_text(sent.get("to"))
                directories[tx_hash] = codec.directory_of_mint(to, as_bytes(sent.get("input")), contract_address)

        def named() -> tuple[ChainEvent, ...]:
            return tuple(
                replace(event, digest=directories[event.tx_hash]) if event.kind is EventKind.MINTED else event
                for event in events
            )

        return await asyncio.to_thread(named)  # a thousand mints in one slice take longer than a frame


def _text_of(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    if _RESULT.search(text, 0, _HEAD_CHARACTERS) is None and as_list(result_of(_METHOD, parsed(content))):
        unreadable(_METHOD)
    return text


def _chained(answers: Iterable[Json]) -> tuple[IndexedBlock, ...]:
    """Blocks, each the child of the one before. Raises NODE_UNREACHABLE where one is missing or replaced.

    Hardhat makes blocks that were mined many at once (`hardhat_mine`) when they are asked for, and names no parent in
    them: the block before it is taken for it, as it was read in the same moment.
    """
    blocks: list[IndexedBlock] = []
    for answer in answers:
        if answer is None:
            raise _changed()
        block = IndexedBlock(block_ref(answer), as_text(as_object(answer).get("parentHash")))
        if blocks and block.parent_hash == _NO_PARENT:
            block = replace(block, parent_hash=blocks[-1].block.block_hash)
        if blocks and block.parent_hash != blocks[-1].block.block_hash:
            raise _changed()
        blocks.append(block)
    return tuple(blocks)


def _events(content: str, blocks: Mapping[int, BlockRef]) -> Iterator[ChainEvent]:
    """The logs of an answer, not yet read. Raises NODE_UNREACHABLE for one of another block."""
    begin = _RESULT.search(content, 0, _HEAD_CHARACTERS)
    position = begin.end() if begin else len(content)
    while content[position : position + 1] != "]":
        try:
            log, position = _DECODER.raw_decode(content, position)
        except ValueError:
            unreadable(_METHOD)  # also where the answer ends early
        between = _BETWEEN.match(content, position)
        position = between.end() if between else position
        yield _event(as_object(log), blocks)


def _event(log: Mapping[str, Json], blocks: Mapping[int, BlockRef]) -> ChainEvent:
    block = blocks.get(as_quantity(log.get("blockNumber")))
    if block is None or block.block_hash != as_text(log.get("blockHash")):
        raise _changed()
    return ChainEvent(
        block,
        as_text(log.get("transactionHash")),
        as_quantity(log.get("logIndex")),
        _checksum(as_text(log.get("address"))),
        tuple(map(as_bytes, as_list(log.get("topics")))),
        as_bytes(log.get("data")),
        EventKind.FOREIGN,
    )


@lru_cache(maxsize=4096)
def _checksum(address: str) -> str:
    # Imported here: the window starts without it.
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(address))


def _changed() -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, phrase("the chain changed while it was read"))
