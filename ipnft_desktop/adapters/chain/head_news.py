"""New heads as a node announces them: `eth_subscribe` over WebSocket, held open as well as it can be."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.answers import block_ref
from ipnft_desktop.adapters.chain.json_rpc import Json, as_object, load_http_client, unreadable
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.errors import EnvironmentFault

if TYPE_CHECKING:
    import aiohttp

LAST_RETRY_S = 60.0
"""A node without subscriptions is asked again ever less often."""
HANDSHAKE_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 1.0
HEARTBEAT_S = 15.0
"""A connection that answers no ping for as long counts as lost."""


class HeadNews:
    """One subscription from one asyncio task. Says whether it stands, and keeps the newest head announced.

    `url` is asked for anew at each try, for the node in use may change; None means that there is none.
    """

    def __init__(self, url: Callable[[], str | None], first_retry_s: float = 1.0) -> None:
        self._url = url
        self._first_retry_s = first_retry_s
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._newest: BlockRef | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.is_subscribed = False

    def start(self) -> None:
        """Try to subscribe, and again after each loss, until `stop`."""
        if self._task is None:
            self._task = asyncio.create_task(self._stay_subscribed(), name="chain.head-news")

    async def stop(self) -> None:
        """Close the connection and forget what it brought; nothing is left running."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._newest = None

    async def wait(self, timeout_s: float) -> bool:
        """Until a head was announced or the subscription was made or lost; False where the time passed without."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        was_told = self._changed.is_set()
        self._changed.clear()
        return was_told

    def take(self) -> BlockRef | None:
        """The newest head announced since the last call."""
        newest, self._newest = self._newest, None
        return newest

    async def renew(self) -> None:
        """Give up a subscription that missed a head, and make a new one."""
        if self._socket is not None:
            await self._socket.close()

    async def _stay_subscribed(self) -> None:
        await load_http_client()
        retry_s = self._first_retry_s
        while True:
            stood = await self._subscribe_until_lost()
            retry_s = self._first_retry_s if stood else min(2 * retry_s, LAST_RETRY_S)
            await asyncio.sleep(retry_s)

    async def _subscribe_until_lost(self) -> bool:
        """Whether there was a subscription at all."""
        import aiohttp

        url, stood = self._url(), False
        # Whatever a node or its connection may do, polling goes on; addresses stay out of the log.
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError, EnvironmentFault):
            if url is not None:
                async with aiohttp.ClientSession() as session, _subscription(session, url) as socket:
                    stood = True
                    await self._listen(socket)
        return stood

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._say(is_subscribed=True)
        try:
            async for message in socket:
                self._newest = _announced(message.data)
                self._changed.set()
        finally:
            self._socket = None
            self._say(is_subscribed=False)

    def _say(self, *, is_subscribed: bool) -> None:
        self.is_subscribed = is_subscribed
        self._changed.set()


@contextlib.asynccontextmanager
async def _subscription(session: aiohttp.ClientSession, url: str) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
    import aiohttp

    close_timeout = aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_S)  # pyright: ignore[reportCallIssue] - attrs
    async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
        socket = await session.ws_connect(url, heartbeat=HEARTBEAT_S, timeout=close_timeout)
    try:
        async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
            await _subscribe(socket)
        yield socket
    finally:
        await socket.close()


async def _subscribe(socket: aiohttp.ClientWebSocketResponse) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
    await socket.send_str(json.dumps(request))
    while True:
        answer = _read((await socket.receive()).data)
        if answer.get("id") == 1:
            if "result" not in answer:
                unreadable("eth_subscribe")
            return


def _announced(message: object) -> BlockRef:
    return block_ref(as_object(_read(message).get("params")).get("result"))


def _read(message: object) -> dict[str, Json]:
    return as_object(json.loads(message)) if isinstance(message, str) else unreadable("a subscription")
