"""Stands on loopback between the program and its node, and passes everything on: requests byte by byte, and WebSockets.

It can behave as a node that is gone, and break every connection that is open. What befalls single requests is said by
whoever derives from it.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp
    from aiohttp import web

_BEYOND_KEEP_ALIVE_S = 3.0
"""Node closes idle connections after 5 s; ours are given up sooner, so that the proxy itself loses nothing."""
_MOST_REQUEST_BYTES = 2**26
_CLOSING_S = 0.1


class Lost(Exception):
    """The connection breaks here: nobody hears an answer."""


class NodeProxy:
    """Listens on a free loopback port; `url` is its address, and stays it while it is open."""

    def __init__(self, upstream: str) -> None:
        """`upstream` is the node's address, and may be changed at any time."""
        self.upstream = upstream
        self.url = ""
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._session: aiohttp.ClientSession | None = None
        self._transports: set[asyncio.BaseTransport] = set()

    async def open(self) -> None:
        """Begin to listen."""
        # Imported here: the window starts without it.
        import aiohttp
        from aiohttp import web

        app = web.Application(client_max_size=_MOST_REQUEST_BYTES)
        app.router.add_post("/", self._on_post)
        app.router.add_get("/", self._on_websocket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSING_S)
        await self._runner.setup()
        connector = aiohttp.TCPConnector(keepalive_timeout=_BEYOND_KEEP_ALIVE_S, limit=0)
        self._session = aiohttp.ClientSession(connector=connector)
        await self.accept_connections()

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        self.cut()
        if self._runner:
            await self._runner.cleanup()
        if self._session:
            await self._session.close()

    async def accept_connections(self) -> None:
        """Listen, at the same address as before; harmless where it does."""
        from aiohttp import web

        assert self._runner is not None
        if self._site is not None:
            return
        site = self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        if not self._port:  # kept for good: a fault may strike while this begins again
            self._port = self._runner.addresses[0][1]
            self.url = f"http://127.0.0.1:{self._port}"

    async def refuse_connections(self) -> None:
        """Behave as a node that is not there: what is open breaks, nothing new is accepted."""
        site, self._site = self._site, None
        if site is not None:
            await site.stop()
        self.cut()

    def cut(self) -> None:
        """Break every connection that is open now."""
        for transport in tuple(self._transports):
            _abort(transport)
        self._transports.clear()

    async def respond(self, body: bytes) -> web.StreamResponse:
        """What a request is answered with. Raises Lost where nobody shall hear an answer."""
        return await self.ask_node(body)

    async def ask_node(self, body: bytes) -> web.Response:
        """The node's own answer to a request. Raises Lost where there is none."""
        import aiohttp
        from aiohttp import web

        assert self._session is not None
        try:
            async with self._session.post(
                self.upstream, data=body, headers={"Content-Type": "application/json"}
            ) as response:
                content = await response.read()
                return web.Response(status=response.status, body=content, content_type="application/json")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Lost from error

    async def _on_post(self, request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        transport = request.transport
        if transport is not None:
            self._transports.add(transport)
        body = await request.read()
        try:
            return await self.respond(body)
        except Lost:
            _abort(transport)
            return web.Response()

    async def _on_websocket(self, request: web.Request) -> web.StreamResponse:
        import aiohttp
        from aiohttp import web

        assert self._session is not None
        near = web.WebSocketResponse()
        await near.prepare(request)
        if request.transport is not None:
            self._transports.add(request.transport)
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with self._session.ws_connect(self.upstream) as far:
                there = asyncio.ensure_future(_pump(near, far))
                back = asyncio.ensure_future(_pump(far, near))
                await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
                for direction in (there, back):
                    direction.cancel()
                await asyncio.gather(there, back, return_exceptions=True)
        with contextlib.suppress(ConnectionError):
            await near.close()
        return near


def _abort(transport: asyncio.BaseTransport | None) -> None:
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


async def _pump(
    source: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
    target: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
) -> None:
    import aiohttp

    async for message in source:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        await target.send_str(message.data)
