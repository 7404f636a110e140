"""A node of others: met, used, never ended, and its password never shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain.attached_node import AttachedNode
from ipnft_desktop.domain.chain import shown_url
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from tests.support.scripted_server import ScriptedServer, error_of, ok, result_of, scripted_server

CHAIN_ID = 11155111


def healthy(batch: Any) -> web.StreamResponse:
    return ok([result_of(batch[0], hex(CHAIN_ID)), result_of(batch[1], "Geth/v1.16")])


def secretive(batch: Any) -> web.StreamResponse:
    return ok([result_of(batch[0], hex(CHAIN_ID)), error_of(batch[1], "method not found")])


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as scripted:
        scripted.answer = healthy
        yield scripted


def secret_url(server: ScriptedServer) -> str:
    return server.url.replace("http://", "http://somebody:secret@") + "/?key=secret"


async def test_it_is_met_and_left_running(server: ScriptedServer) -> None:
    node = AttachedNode(secret_url(server), expected_chain_id=CHAIN_ID)
    log: list[str] = []
    assert await node.check() == server.url
    assert server.requests == []
    assert await node.status() is None

    status = await node.start(log.append)

    assert (status.rpc_url, status.shown_url, status.version) == (secret_url(server), server.url, "Geth/v1.16")
    assert (status.pid, status.accounts, status.memory_bytes) == (None, None, None)
    assert await node.status() == status == await node.start(log.append)
    assert len(server.requests) == 1
    ended = asyncio.ensure_future(node.wait_ended())
    with pytest.raises(UserError) as caught:
        await node.kill()
    assert caught.value.code is ErrorCode.PERMISSION_DENIED
    assert await node.status() == status
    assert not ended.done()
    await node.stop()
    assert await ended is None
    assert await node.wait_ended() is None
    assert await node.status() is None
    assert "secret" not in f"{log}{status!r}"
    assert (await node.start(log.append)).pid is None


async def test_waiting_for_its_end_can_be_given_up(server: ScriptedServer) -> None:
    node = AttachedNode(server.url)
    await node.start(lambda _line: None)
    waiting = asyncio.ensure_future(node.wait_ended())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_another_chain_than_expected_is_refused(server: ScriptedServer) -> None:
    node = AttachedNode(server.url, expected_chain_id=1)
    with pytest.raises(EnvironmentFault) as caught:
        await node.start(lambda _line: None)
    assert caught.value.code is ErrorCode.CHAIN_MISMATCH
    assert str(CHAIN_ID) in caught.value.detail
    assert await node.status() is None


async def test_a_provider_may_keep_its_software_to_itself(server: ScriptedServer) -> None:
    server.answer = secretive
    assert (await AttachedNode(server.url).start(lambda _line: None)).version == ""


async def test_a_node_that_is_not_there() -> None:
    node = AttachedNode("http://somebody:secret@127.0.0.1:1")
    with pytest.raises(EnvironmentFault) as caught:
        await node.start(lambda _line: None)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert "secret" not in str(caught.value)


async def test_a_fallback_answers_in_its_place(server: ScriptedServer) -> None:
    node = AttachedNode("http://127.0.0.1:1/secret", fallback_urls=[secret_url(server)])
    assert await node.check() == f"http://127.0.0.1:1, {server.url}"
    assert (await node.start(lambda _line: None)).version == "Geth/v1.16"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:18545", "http://127.0.0.1:18545"),
        ("https://user:p%40ss@node.example/v3/secret?key=secret#secret", "https://node.example"),
        ("http://user:p@ss@[::1]:8545", "http://[::1]:8545"),
        ("wss://node.example:99999/secret", "wss://node.example:99999"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert shown_url(url) == shown
