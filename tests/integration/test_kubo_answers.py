"""What an IPFS node, or something else at its address, may answer: told in words, never with the address's secrets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from ipnft_desktop.adapters.content.kubo_peer import KuboPeer
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from tests.support.memory_content_store import MemoryContentStore

CANARY = "canary-4711"
Answer = Callable[[str, Cid], web.StreamResponse]


def ok(body: object) -> web.Response:
    return web.json_response(body)


def refusal(message: str) -> web.Response:
    return web.json_response({"Message": message, "Code": 0, "Type": "error"}, status=500)


class Scripted:
    """A node that answers as it should, but for the commands that a test answers otherwise."""

    def __init__(self, root: Cid, data: bytes) -> None:
        self.root, self.data = root, data
        self.answers: dict[str, Answer] = {}
        self.hold: asyncio.Event | None = None
        self.authorisations: list[str] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.authorisations.append(request.headers.get("Authorization", ""))
        await request.read()
        if self.hold is not None:
            await self.hold.wait()
        command = request.path.removeprefix("/api/v0/")
        text = self.root.text
        usual: dict[str, Callable[[], web.Response]] = {
            "id": lambda: ok({"ID": "12D3KooW"}),
            "version": lambda: ok({"Version": "0.30.0"}),
            "dag/import": lambda: ok({"Root": {"Cid": {"/": text}, "PinErrorMsg": ""}}),
            "block/get": lambda: web.Response(body=self.data),
            "block/stat": lambda: ok({"Key": text, "Size": len(self.data)}),
            "pin/ls": lambda: ok({"Keys": {text: {"Type": "recursive"}}}),
        }
        return self.answers[command](command, self.root) if command in self.answers else usual[command]()


@pytest.fixture
async def scripted() -> AsyncIterator[tuple[Scripted, KuboPeer]]:
    store = MemoryContentStore()
    stored = await store.add_bytes(b"content")
    node = Scripted(stored.cid, b"content")
    app = web.Application()
    app.router.add_post("/{path:.*}", node.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    node.url = f"http://user:{CANARY}@127.0.0.1:{runner.addresses[0][1]}"
    peer = KuboPeer(store, answer_timeout_s=2, import_timeout_s=2)
    peer.use(node.url)
    yield node, peer
    await peer.close()
    if node.hold is not None:
        node.hold.set()
    await runner.cleanup()


async def refused(peer: KuboPeer, root: Cid) -> IpnftError:
    with pytest.raises(EnvironmentFault) as caught:
        await peer.publish(root)
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r}"
    return caught.value


async def test_what_answers_as_it_should_is_published(scripted: tuple[Scripted, KuboPeer]) -> None:
    node, peer = scripted
    await peer.publish(node.root)
    assert await peer.missing([node.root]) == frozenset()
    assert all(each.startswith("Basic ") for each in node.authorisations), "the password goes to the node only"
    assert CANARY not in peer.address


@pytest.mark.parametrize(
    ("command", "answer", "code"),
    [
        ("dag/import", lambda _c, _r: refusal("no space left"), ErrorCode.PUBLISHING_FAILED),
        ("dag/import", lambda _c, _r: ok({"Root": {"Cid": {"/": "bafyother"}}}), ErrorCode.PUBLISHING_FAILED),
        ("dag/import", lambda _c, r: ok({"Root": {"Cid": {"/": r.text}, "PinErrorMsg": "gc"}}),
         ErrorCode.PUBLISHING_FAILED),
        ("dag/import", lambda _c, _r: ok([]), ErrorCode.PUBLISHING_FAILED),
        ("dag/import", lambda _c, _r: web.Response(text="<html>"), ErrorCode.KUBO_UNAVAILABLE),
        ("dag/import", lambda _c, _r: web.Response(status=403, text="no"), ErrorCode.PUBLISHING_FAILED),
        ("block/get", lambda _c, _r: web.Response(body=b"other"), ErrorCode.PUBLISHING_FAILED),
        ("pin/ls", lambda _c, _r: refusal("path is not pinned"), ErrorCode.PUBLISHING_FAILED),
        ("pin/ls", lambda _c, _r: ok({"Keys": None}), ErrorCode.PUBLISHING_FAILED),
        ("block/stat", lambda _c, _r: ok({"Key": "bafyother"}), ErrorCode.PUBLISHING_FAILED),
    ],
)  # fmt: skip
async def test_a_wrong_answer_does_not_count_as_published(
    scripted: tuple[Scripted, KuboPeer], command: str, answer: Answer, code: ErrorCode
) -> None:
    node, peer = scripted
    node.answers[command] = answer
    error = await refused(peer, node.root)
    assert error.code is code, error


async def test_a_pin_without_its_block_is_missing(scripted: tuple[Scripted, KuboPeer]) -> None:
    node, peer = scripted
    node.answers["block/stat"] = lambda _command, _root: refusal("blockservice: block not found")
    assert await peer.missing([node.root]) == {node.root}


async def test_a_block_is_given_out_or_not_there(scripted: tuple[Scripted, KuboPeer]) -> None:
    node, peer = scripted
    assert await peer.block(node.root) == b"content"
    for message in ("blockservice: block not found", "block was not found locally (offline)", "request timed out"):
        node.answers["block/get"] = lambda _command, _root, told=message: refusal(told)
        assert await peer.block(node.root) is None
    node.answers["block/get"] = lambda _command, _root: refusal("no access")
    with pytest.raises(EnvironmentFault) as caught:
        await peer.block(node.root)
    assert caught.value.code is ErrorCode.PUBLISHING_FAILED


async def test_what_the_node_says_is_one_short_line_without_control_characters(
    scripted: tuple[Scripted, KuboPeer],
) -> None:
    node, peer = scripted
    node.answers["dag/import"] = lambda _command, _root: refusal("bad\x1b[31m\nnews" + "!" * 1_000)
    error = await refused(peer, node.root)
    assert error.detail.isprintable()
    assert len(error.detail) < 300


async def test_a_node_that_does_not_answer_is_given_up_and_cancelled_at_once(
    scripted: tuple[Scripted, KuboPeer], monkeypatch: pytest.MonkeyPatch
) -> None:
    node, peer = scripted
    node.hold = asyncio.Event()
    waiting = asyncio.create_task(peer.identify())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    impatient = KuboPeer(MemoryContentStore(), answer_timeout_s=0.2)
    impatient.use(node.url)
    with pytest.raises(EnvironmentFault) as caught:
        await impatient.identify()
    assert caught.value.code is ErrorCode.KUBO_UNAVAILABLE


async def test_nobody_at_the_address(unused_tcp_port: int) -> None:
    peer = KuboPeer(MemoryContentStore())
    with pytest.raises(EnvironmentFault) as caught:
        await peer.identify()
    assert caught.value.detail == "no address is set"
    peer.use(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(EnvironmentFault) as caught:
        await peer.identify()
    assert (caught.value.code, caught.value.detail) == (
        ErrorCode.KUBO_UNAVAILABLE,
        "nothing answers at this address",
    )
