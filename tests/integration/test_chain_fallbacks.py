"""Several addresses of one network: which request goes where when one of them fails, and what is never repeated."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.json_answers import LONG_ANSWER_BYTES, AnswerTooLong, AnswerUnread
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc
from ipnft_desktop.domain.chain import SendVerdict
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.support.scripted_server import ScriptedServer, error_of, ok, result_of, scripted_server

CHAIN_ID = 11155111
NOBODY_LISTENS = "http://somebody:secret@127.0.0.1:1/key-secret"


def node(chain_id: int = CHAIN_ID, name: str = "") -> Any:
    """Answers like a node of this chain; every method but eth_chainId tells the node's name."""

    def answer(request: Any) -> web.StreamResponse:
        def result(part: Any) -> dict[str, Json]:
            return result_of(part, hex(chain_id) if part["method"] == "eth_chainId" else name)

        return ok([result(part) for part in request] if isinstance(request, list) else result(request))

    return answer


def broken(_request: Any) -> web.StreamResponse:
    return web.Response(status=503)


@pytest.fixture
async def first() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as server:
        server.answer = node(name="first")
        yield server


@pytest.fixture
async def second() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as server:
        server.answer = node(name="second")
        yield server


@pytest.fixture
async def rpc(first: ScriptedServer, second: ScriptedServer) -> AsyncIterator[JsonRpc]:
    rpc = JsonRpc(timeout_s=0.5)
    await rpc.open(first.url, second.url)
    rpc.expect_chain(CHAIN_ID)
    yield rpc
    await rpc.close()


def methods(server: ScriptedServer) -> list[str]:
    return [request["method"] for request in server.requests]


async def test_a_read_moves_on_at_once_and_stays_there(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer
) -> None:
    assert await rpc.call("eth_name") == "first"
    assert rpc.websocket_url == first.url.replace("http", "ws")
    first.answer = broken

    assert await rpc.call("eth_name") == "second"
    assert await rpc.batch_values([("eth_name", []), ("eth_name", [])]) == ["second", "second"]
    assert rpc.websocket_url == second.url.replace("http", "ws")
    assert len(first.requests) == 2

    first.answer, second.answer = node(name="first"), broken
    assert await rpc.call("eth_name") == "first"


async def test_a_transaction_is_handed_over_once(rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer) -> None:
    first.answer = broken

    reply = await EthereumChain(rpc).send_raw(b"\x02raw")

    assert reply.verdict is SendVerdict.UNKNOWN
    assert (methods(first), methods(second)) == (["eth_sendRawTransaction"], [])
    await EthereumChain(rpc).send_raw(b"\x02raw")
    assert methods(second) == ["eth_chainId", "eth_sendRawTransaction"]
    assert len(first.requests) == 1


async def test_the_controls_of_a_local_node_are_not_repeated(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer
) -> None:
    first.answer = broken
    with pytest.raises(EnvironmentFault):
        await rpc.call("evm_mine")
    with pytest.raises(EnvironmentFault):
        second.answer = broken
        await rpc.batch([("eth_name", []), ("evm_mine", [])])
    assert (len(first.requests), methods(second)) == (1, ["eth_chainId"])


async def test_a_read_is_repeated_once_only(rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer) -> None:
    first.answer = second.answer = broken
    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_name")
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert (len(first.requests), len(second.requests)) == (1, 1)


async def test_an_error_answer_is_an_answer(rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer) -> None:
    first.answer = lambda request: ok(error_of(request, "execution reverted"))
    with pytest.raises(EnvironmentFault):
        await rpc.call("eth_call")
    assert second.requests == []


DEEP = b'{"id":1,"result":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
UNREAD = {"nested": DEEP, "nested and long": DEEP + b" " * LONG_ANSWER_BYTES, "broken off": DEEP[:40]}


@pytest.mark.parametrize("content", UNREAD.values(), ids=UNREAD.keys())
@pytest.mark.usefixtures("usual_recursion_limit")
async def test_an_answer_that_cannot_be_read_leaves_the_address_as_it_is(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer, content: bytes
) -> None:
    first.answer = lambda _request: web.Response(body=content)
    with pytest.raises(AnswerUnread):
        await rpc.call("eth_name")
    first.answer = node(name="first")
    assert await rpc.call("eth_name") == "first"
    assert second.requests == []


async def test_an_answer_longer_than_what_is_read_leaves_the_address_as_it_is(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.adapters.chain.json_answers.LONGEST_ANSWER_BYTES", 1_000)
    first.answer = node(name="first" * 1_000)
    with pytest.raises(AnswerTooLong):
        await rpc.call("eth_name")
    assert (len(first.requests), second.requests) == (1, [])


async def test_a_page_of_a_gateway_is_no_answer_of_a_node(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer
) -> None:
    first.answer = lambda _request: web.Response(text="<html>We will be back soon")
    assert await rpc.call("eth_name") == "second"


async def test_another_chain_is_no_fallback(rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer) -> None:
    first.answer, second.answer = broken, node(chain_id=1, name="another chain")

    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_name")
    assert (caught.value.code, caught.value.detail) == (
        ErrorCode.NODE_UNREACHABLE,
        "the next address serves another chain",
    )
    assert methods(second) == ["eth_chainId"]
    first.answer = node(name="first")
    assert await rpc.call("eth_name") == "first"


async def test_an_address_left_is_asked_for_its_chain_before_it_is_used_again(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer
) -> None:
    first.answer = broken
    await rpc.call("eth_name")
    first.answer, second.answer = node(chain_id=1), broken

    with pytest.raises(EnvironmentFault):
        await rpc.call("eth_name")
    assert methods(first)[-1] == "eth_chainId"


async def test_a_chain_connects_through_its_fallback_and_tells_no_secret(
    second: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rpc = JsonRpc(timeout_s=0.5)
    chain = EthereumChain(rpc, fallback_urls=[second.url])
    assert await chain.connect(NOBODY_LISTENS) == CHAIN_ID
    second.answer = broken
    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_name")
    await chain.disconnect()
    assert "secret" not in f"{caught.value}{caught.value.facts}{caught.value.__cause__}{caplog.text}"


async def test_a_redirected_request_is_not_followed(
    rpc: JsonRpc, first: ScriptedServer, second: ScriptedServer
) -> None:
    first.answer = lambda _request: web.Response(status=307, headers={"Location": second.url})
    await EthereumChain(rpc).send_raw(b"\x02raw")
    assert second.requests == []


async def test_local_means_every_address() -> None:
    rpc = JsonRpc()
    await rpc.open("http://127.0.0.1:1", "http://192.0.2.1:1")
    assert not rpc.is_loopback
    await rpc.open("http://127.0.0.1:1", "http://localhost:1")
    assert rpc.is_loopback
    await rpc.close()
    assert not rpc.is_loopback
