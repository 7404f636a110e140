"""News of the head: by subscription where a node has one, by polling where not, and nothing left behind at the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain import head_feed
from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc
from ipnft_desktop.domain.chain import BlockRef
from tests.support.anvil_node import anvil_node
from tests.support.chain_fixtures import node_in_thread
from tests.support.node_oracle import ask
from tests.support.scripted_server import ScriptedServer, announcement, ok, result_of, scripted_server

NEVER_S = 3600.0
"""Polling as rarely cannot be what brings a head."""


def block(number: int) -> Json:
    return {"number": hex(number), "hash": f"0x{number:064x}", "timestamp": hex(1_704_067_200 + number)}


class Head:
    """What the server answers to whoever asks for the newest block."""

    def __init__(self) -> None:
        self.number = 1
        self.asked = asyncio.Event()

    def answer(self, request: Any) -> web.StreamResponse:
        if request["method"] == "eth_chainId":
            return ok(result_of(request, "0x7a69"))
        self.asked.set()
        return ok(result_of(request, block(self.number)))


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as scripted:
        yield scripted


@pytest.fixture
def head(server: ScriptedServer) -> Head:
    head = Head()
    server.answer = head.answer
    return head


async def connected(url: str, head_interval_s: float) -> EthereumChain:
    chain = EthereumChain(JsonRpc(), head_interval_s=head_interval_s)
    await chain.connect(url)
    return chain


def heads_of(chain: EthereumChain) -> AsyncGenerator[BlockRef]:
    heads = chain.heads()
    assert isinstance(heads, AsyncGenerator)
    return heads


@pytest.fixture(params=["hardhat", "anvil"])
def mining_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A node that mines by the clock."""
    if request.param == "hardhat":
        with node_in_thread(tmp_path) as status:
            ask(status.rpc_url, "evm_setIntervalMining", 200)
            yield status.rpc_url
    else:
        with anvil_node(tmp_path, "--block-time", "0.2") as url:
            yield url


async def test_a_node_that_mines_by_the_clock_announces_each_block(mining_url: str) -> None:
    chain = await connected(mining_url, NEVER_S)
    async with asyncio.timeout(10), aclosing(heads_of(chain)) as heads:
        first = await anext(heads)
        seen = [await anext(heads) for _ in range(2)]
        assert [head.number - first.number for head in seen] == [1, 2]
        assert seen[1] == await chain.block_at(seen[1].number)
    await chain.disconnect()


async def test_a_subscription_spares_the_questions(server: ScriptedServer, head: Head) -> None:
    chain = await connected(server.url, NEVER_S)
    async with aclosing(heads_of(chain)) as heads:
        assert (await anext(heads)).number == 1
        news = asyncio.ensure_future(anext(heads))
        subscriber = await server.subscribers.get()
        await subscriber.send_json(announcement(block(2)))
        assert await news == BlockRef(2, f"0x{2:064x}", 1_704_067_202)
        asked = len(server.requests)
        for number in (3, 4, 5):
            await subscriber.send_json(announcement(block(number)))
            assert (await anext(heads)).number == number
        assert len(server.requests) == asked
    await chain.disconnect()


async def test_without_subscriptions_the_node_is_asked(server: ScriptedServer, head: Head) -> None:
    server.takes_subscriptions = False
    chain = await connected(server.url, 0.01)
    async with aclosing(heads_of(chain)) as heads:
        for number in (1, 2, 3):
            head.number = number
            assert (await anext(heads)).number == number
    await chain.disconnect()


@pytest.mark.parametrize("how", ["closed", "not json", "another shape"])
async def test_a_lost_subscription_is_made_anew(server: ScriptedServer, head: Head, how: str) -> None:
    chain = await connected(server.url, 0.01)
    async with aclosing(heads_of(chain)) as heads:
        await anext(heads)
        news = asyncio.ensure_future(anext(heads))
        lost = await server.subscribers.get()
        if how == "closed":
            await lost.close()
        else:
            await lost.send_str("<html>" if how == "not json" else json.dumps(announcement("0x1")))
        head.number = 2
        assert (await news).number == 2  # asked for meanwhile
        news = asyncio.ensure_future(anext(heads))
        again = await server.subscribers.get()
        await again.send_json(announcement(block(3)))
        assert (await news).number == 3
    await chain.disconnect()


async def test_a_block_missed_between_two_subscriptions_is_asked_for(server: ScriptedServer, head: Head) -> None:
    chain = await connected(server.url, NEVER_S)
    async with aclosing(heads_of(chain)) as heads:
        await anext(heads)
        head.number = 2
        assert (await anext(heads)).number == 2  # asked for once the subscription stands
    await chain.disconnect()


async def test_a_subscription_that_died_silently_is_found_out(
    server: ScriptedServer, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_feed, "SAFETY_INTERVAL_S", 0.05)
    chain = await connected(server.url, 0.01)
    async with aclosing(heads_of(chain)) as heads:
        await anext(heads)
        news = asyncio.ensure_future(anext(heads))
        silent = await server.subscribers.get()
        head.asked.clear()
        await head.asked.wait()
        head.number = 2
        assert (await news).number == 2
        news = asyncio.ensure_future(anext(heads))
        await server.subscribers.get()
        assert silent.closed
        head.number = 3
        assert (await news).number == 3
    await chain.disconnect()


async def test_an_address_of_its_own_for_subscriptions(server: ScriptedServer, head: Head) -> None:
    async with scripted_server() as only_http:
        only_http.answer, only_http.takes_subscriptions = head.answer, False
        chain = EthereumChain(JsonRpc(), websocket_url=server.url.replace("http", "ws"), head_interval_s=NEVER_S)
        await chain.connect(only_http.url)
        async with aclosing(heads_of(chain)) as heads:
            await anext(heads)
            news = asyncio.ensure_future(anext(heads))
            await (await server.subscribers.get()).send_json(announcement(block(2)))
            assert (await news).number == 2
        await chain.disconnect()


async def test_disconnecting_leaves_nothing_behind_and_connecting_goes_on(server: ScriptedServer, head: Head) -> None:
    chain = await connected(server.url, 0.01)
    heads = heads_of(chain)
    await anext(heads)
    news = asyncio.ensure_future(anext(heads))
    subscriber = await server.subscribers.get()

    await chain.disconnect()

    assert "chain.head-news" not in {task.get_name() for task in asyncio.all_tasks()}
    await subscriber.receive()
    assert subscriber.closed
    head.number = 2
    await chain.connect(server.url)
    assert (await news).number == 2
    await server.subscribers.get()
    await heads.aclose()
    await chain.disconnect()
    assert "chain.head-news" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_whoever_stops_listening_leaves_nothing_behind(server: ScriptedServer, head: Head) -> None:
    chain = await connected(server.url, 0.01)

    async def listen() -> None:
        async for _ in chain.heads():
            pass

    listening = asyncio.create_task(listen())
    subscriber = await server.subscribers.get()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    assert "chain.head-news" not in {task.get_name() for task in asyncio.all_tasks()}
    await subscriber.receive()
    assert subscriber.closed
    await chain.disconnect()
