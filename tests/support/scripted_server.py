"""A JSON-RPC server on loopback that answers as the test says: over HTTP, and to those who subscribe."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

from aiohttp import web

from ipnft_desktop.adapters.chain.json_rpc import Json

Answer = Callable[[Any], web.StreamResponse]


class ScriptedServer:
    """Answers each request as the test says and counts them."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request: ok(result_of(request, "0x1"))
        self.requests: list[Any] = []
        self.hold = asyncio.Event()
        self.arrived = asyncio.Event()
        self.hold.set()
        self.url = ""
        self.takes_subscriptions = True
        self.subscribers: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        """Each after it was told that it is subscribed."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        content = await request.json()
        self.requests.append(content)
        self.arrived.set()
        await self.hold.wait()
        return self.answer(content)

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        if not self.takes_subscriptions:
            return web.Response(status=405)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        wanted = await socket.receive_json()
        assert (wanted["method"], wanted["params"]) == ("eth_subscribe", ["newHeads"])
        await socket.send_json(result_of(wanted, "0xab"))
        self.subscribers.put_nowait(socket)
        async for _ in socket:
            pass
        return socket


def announcement(block: Json) -> dict[str, Json]:
    """A new head, as a subscriber is told of it."""
    params: Json = {"subscription": "0xab", "result": block}
    return {"jsonrpc": "2.0", "method": "eth_subscription", "params": params}


def ok(body: Any) -> web.StreamResponse:
    return web.Response(text=json.dumps(body), content_type="application/json")


def result_of(request: Any, result: Json) -> dict[str, Json]:
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


def error_of(request: Any, message: str, data: Json = None) -> dict[str, Json]:
    return {"jsonrpc": "2.0", "id": request["id"], "error": {"code": 3, "message": message, "data": data}}


@contextlib.asynccontextmanager
async def scripted_server() -> AsyncGenerator[ScriptedServer]:
    """One that listens."""
    scripted = ScriptedServer()
    app = web.Application()
    app.router.add_post("/", scripted.handle)
    app.router.add_get("/", scripted.subscribe)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    scripted.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield scripted
    finally:
        scripted.hold.set()
        await runner.cleanup()
