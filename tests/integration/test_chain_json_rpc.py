"""JSON-RPC against servers that misbehave: each failure has one name, and nothing is ever sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcError
from ipnft_desktop.adapters.chain.node_urls import is_loopback_url
from ipnft_desktop.domain.chain import SendVerdict
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.support.scripted_server import Answer, ScriptedServer, error_of, ok, result_of, scripted_server


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as scripted:
        yield scripted


@pytest.fixture
async def rpc(server: ScriptedServer) -> AsyncIterator[JsonRpc]:
    rpc = JsonRpc(timeout_s=0.2)
    await rpc.open(server.url)
    yield rpc
    await rpc.close()


def close_in_the_middle(_request: Any) -> web.StreamResponse:
    return web.Response(body=b'{"jsonrpc": "2.0", "id": 1, "resu', content_type="application/json")


UNUSABLE: dict[str, Answer] = {
    "http-500": lambda _request: web.Response(status=500),
    "redirect": lambda _request: web.Response(status=302),
    "not-json": lambda _request: web.Response(text="<html>"),
    "truncated": close_in_the_middle,
    "not-utf-8": lambda _request: web.Response(body=b"\xff\xfe\xfd"),
    "empty": lambda _request: web.Response(body=b""),
    "a-list": lambda _request: ok([]),
    "no-result": lambda request: ok({"jsonrpc": "2.0", "id": request["id"]}),
    "error-as-text": lambda request: ok({"jsonrpc": "2.0", "id": request["id"], "error": "no"}),
}


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE.keys())
async def test_an_unusable_answer_is_an_unreachable_node(server: ScriptedServer, rpc: JsonRpc, answer: Answer) -> None:
    server.answer = answer

    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_chainId")
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert not isinstance(caught.value, RpcError)
    assert (await EthereumChain(rpc).send_raw(b"\x02raw")).verdict is SendVerdict.UNKNOWN
    assert len(server.requests) == 2  # one each: nothing was tried again


async def test_silence_ends_after_the_timeout(server: ScriptedServer, rpc: JsonRpc) -> None:
    server.hold.clear()

    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_chainId")
    assert (caught.value.code, caught.value.detail) == (ErrorCode.NODE_UNREACHABLE, "no answer in time")
    reply = await EthereumChain(rpc).send_raw(b"\x02raw")
    assert (reply.verdict, reply.message) == (SendVerdict.UNKNOWN, "no answer in time")
    assert len(server.requests) == 2


async def test_nobody_listens_and_no_password_is_told() -> None:
    rpc = JsonRpc(timeout_s=1)
    await rpc.open("http://somebody:secret@127.0.0.1:1")
    with pytest.raises(EnvironmentFault) as caught:
        await rpc.call("eth_chainId")
    await rpc.close()
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert "secret" not in f"{caught.value}{caught.value.facts}{caught.value.__cause__}"


async def test_an_unconnected_client_says_so() -> None:
    with pytest.raises(EnvironmentFault) as caught:
        await JsonRpc().call("eth_chainId")
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE


async def test_a_connection_closed_meanwhile(server: ScriptedServer, rpc: JsonRpc) -> None:
    server.hold.clear()
    asking = asyncio.create_task(rpc.call("eth_chainId"))
    await server.arrived.wait()
    await rpc.close()
    with pytest.raises(EnvironmentFault):
        await asking


@pytest.mark.parametrize("shape", ["geth", "nested", "none"])
async def test_an_error_answer_keeps_its_parts(server: ScriptedServer, rpc: JsonRpc, shape: str) -> None:
    data: dict[str, Json] = {"geth": "0x08c379a0", "nested": {"data": "0x08c379a0", "message": "no"}, "none": None}
    server.answer = lambda request: ok(error_of(request, "execution reverted", data[shape]))

    with pytest.raises(RpcError) as caught:
        await rpc.call("eth_call")
    assert (caught.value.rpc_code, caught.value.message) == (3, "execution reverted")
    assert caught.value.revert_data == (None if shape == "none" else bytes.fromhex("08c379a0"))
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE


async def test_a_batch_may_be_answered_in_any_order(server: ScriptedServer, rpc: JsonRpc) -> None:
    server.answer = lambda batch: ok([error_of(batch[1], "no"), result_of(batch[2], "c"), result_of(batch[0], "a")])

    first, second, third = await rpc.batch([("a", []), ("b", []), ("c", [])])

    assert (first, third) == ("a", "c")
    assert isinstance(second, RpcError)
    with pytest.raises(RpcError):
        await rpc.batch_values([("a", []), ("b", []), ("c", [])])
    assert await rpc.batch([]) == []
    assert len(server.requests) == 2


async def test_a_batch_with_a_missing_answer_is_unusable(server: ScriptedServer, rpc: JsonRpc) -> None:
    server.answer = lambda batch: ok([result_of(batch[0], "a")])

    with pytest.raises(EnvironmentFault):
        await rpc.batch([("a", []), ("b", [])])


@pytest.mark.parametrize("message", ["already known", "Known transaction: 0xab", "ALREADY KNOWN", "AlreadyKnown: x"])
async def test_known_transactions_in_the_words_of_different_nodes(
    server: ScriptedServer, rpc: JsonRpc, message: str
) -> None:
    server.answer = lambda request: ok(error_of(request, message))
    reply = await EthereumChain(rpc).send_raw(b"\x02raw")
    assert (reply.verdict, reply.message) == (SendVerdict.ALREADY_KNOWN, message)


async def test_a_hash_that_is_not_ours_proves_nothing(server: ScriptedServer, rpc: JsonRpc) -> None:
    server.answer = lambda request: ok(result_of(request, "0x" + "00" * 32))
    assert (await EthereumChain(rpc).send_raw(b"\x02raw")).verdict is SendVerdict.UNKNOWN


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8545", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:8545", True),
        ("http://localhost:1", True),
        ("http://user:pw@127.0.0.1", True),
        ("http://10.0.0.1:8545", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("", False),
    ],
)
def test_loopback(url: str, expected: bool) -> None:
    assert is_loopback_url(url) is expected
