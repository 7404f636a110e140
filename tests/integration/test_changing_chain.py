"""Blocks with their logs, from nodes whose chain changes while it is read or that tell too much at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain.event_codec import EventCodec
from ipnft_desktop.adapters.chain.json_answers import AnswerTooLong
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc
from ipnft_desktop.adapters.chain.log_reader import LogReader
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.support.scripted_server import ScriptedServer, ok, result_of, scripted_server

LONG_TEXT = "00" * 2_000
SENDER = "0x" + "11" * 20


class Node:
    """Blocks of one log each, on a branch that may change behind the question for logs."""

    def __init__(self, server: ScriptedServer) -> None:
        self.branch, self.next_branch, self.head = "a", "a", 100
        server.answer = self.answer

    def answer(self, request: Any) -> web.StreamResponse:
        if isinstance(request, list):
            return ok([result_of(part, self.block(int(part["params"][0], 16))) for part in request])
        if request["method"] == "eth_getBlockByNumber":
            return ok(result_of(request, self.block(int(request["params"][0], 16))))
        assert request["method"] == "eth_getLogs"
        self.branch = self.next_branch
        first, last = (int(request["params"][0][name], 16) for name in ("fromBlock", "toBlock"))
        # The block that took the place of the other one has no logs.
        logs: list[Json] = [self.log(number) for number in range(first, last + 1)] if self.branch == "a" else []
        return ok(result_of(request, logs))

    def hash_of(self, number: int) -> str:
        return f"0x{self.branch if number >= 10 else 'a'}{number:063x}"

    def block(self, number: int) -> Json:
        parent = self.hash_of(number - 1)
        height = {"number": hex(number), "timestamp": hex(number)}
        return {**height, "hash": self.hash_of(number), "parentHash": parent} if number <= self.head else None

    def log(self, number: int) -> Json:
        where: dict[str, Json] = {"blockNumber": hex(number), "blockHash": self.hash_of(number), "logIndex": "0x0"}
        return {**where, "transactionHash": "0x1", "address": SENDER, "topics": [], "data": "0x" + LONG_TEXT}


@pytest.fixture
async def rpc() -> AsyncIterator[tuple[JsonRpc, Node]]:
    async with scripted_server() as server:
        rpc, node = JsonRpc(timeout_s=5), Node(server)
        await rpc.open(server.url)
        yield rpc, node
        await rpc.close()


async def test_a_block_replaced_while_its_logs_were_read_is_not_taken_without_them(rpc: tuple[JsonRpc, Node]) -> None:
    client, node = rpc
    node.next_branch = "b"
    with pytest.raises(EnvironmentFault, match="the chain changed while it was read") as caught:
        await LogReader(client).slice_from(8, 11, EventCodec([]), None)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    piece = await LogReader(client).slice_from(8, 11, EventCodec([]), None)
    assert [each.block.block_hash[2] for each in piece.blocks] == ["a", "a", "b", "b"]


async def test_a_block_taken_back_while_its_logs_were_read_is_not_taken(rpc: tuple[JsonRpc, Node]) -> None:
    client, node = rpc
    read = LogReader._logs

    async def taking_back(self: LogReader, first: int, last: int) -> str:
        node.head = 10
        return await read(self, first, last)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LogReader, "_logs", taking_back)
        with pytest.raises(EnvironmentFault, match="the chain changed while it was read"):
            await LogReader(client).slice_from(8, 11, EventCodec([]), None)


async def test_logs_of_more_than_is_read_at_once_are_asked_for_in_fewer_blocks(
    rpc: tuple[JsonRpc, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = rpc
    monkeypatch.setattr("ipnft_desktop.adapters.chain.json_answers.LONGEST_ANSWER_BYTES", 5 * len(LONG_TEXT))
    piece = await LogReader(client).slice_from(20, 35, EventCodec([]), None)
    assert [event.block.number for event in piece.events] == [20, 21, 22, 23]
    assert len(piece.blocks) == 4
    monkeypatch.setattr("ipnft_desktop.adapters.chain.json_answers.LONGEST_ANSWER_BYTES", len(LONG_TEXT))
    with pytest.raises(AnswerTooLong):
        await LogReader(client).slice_from(20, 21, EventCodec([]), None)
