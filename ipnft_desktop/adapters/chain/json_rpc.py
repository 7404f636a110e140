"""Bare JSON-RPC over HTTP: single requests and batches, to one of several addresses of the same chain.

A transaction handed over once is sent once: who wants a second try says so, with the same signed bytes. Only what
merely reads is asked again by itself, once, and at another address. web3's provider adds caching, formatting and
retries that the register has no use for, so requests go straight to aiohttp.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from ipnft_desktop.adapters.chain.json_answers import AnswerUnread, Json, parsed_aside, unreadable, whole_answer
from ipnft_desktop.adapters.chain.node_urls import is_loopback_url, websocket_url
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase

if TYPE_CHECKING:
    import aiohttp

RpcCall: TypeAlias = "tuple[str, list[Json]]"
"""Method and parameters."""

_KEEP_ALIVE_S = 3.0
# Node closes idle connections after 5 s; giving them up sooner means that no request meets a closing one.


class RpcError(EnvironmentFault):
    """The node understood the request and answered it with an error."""

    def __init__(self, method: str, rpc_code: int, message: str, revert_data: bytes | None = None) -> None:
        super().__init__(
            ErrorCode.NODE_UNREACHABLE,
            phrase("the node answered {method} with an error: {message}", method=method, message=message),
        )
        self.rpc_code = rpc_code
        self.message = message
        self.revert_data = revert_data
        """What the contract reverted with; empty for a bare revert, None where the node told nothing."""


class JsonRpc:
    """Requests to one node at a time. Raises EnvironmentFault NODE_UNREACHABLE for every failure of the transport.

    After such a failure the next address takes over; which one is in use shows nowhere but in `websocket_url`.
    """

    def __init__(self, timeout_s: float = 10.0) -> None:
        self._timeout_s = timeout_s
        self._urls: tuple[str, ...] = ()
        self._current = 0
        self._unproven: set[int] = set()
        self._chain_id: int | None = None
        self._session: aiohttp.ClientSession | None = None
        self._ids = itertools.count(1)

    @property
    def is_loopback(self) -> bool:
        """Whether every address that may be used is this machine itself."""
        return bool(self._urls) and all(map(is_loopback_url, self._urls))

    @property
    def websocket_url(self) -> str | None:
        """Where the node in use takes subscriptions: the same address, as most nodes have it. None while closed."""
        return websocket_url(self._urls[self._current]) if self._urls else None

    async def open(self, url: str, *fallbacks: str) -> None:
        """Send requests to `url` from now on, and to the others in turn when it fails; connects with the first."""
        await load_http_client()
        import aiohttp

        await self.close()
        self._urls = (url, *fallbacks)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=_KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            headers={"Content-Type": "application/json"},
        )

    def expect_chain(self, chain_id: int) -> None:
        """From now on an address is changed to only if it serves this chain: each is asked before it is used."""
        self._chain_id = chain_id
        self._unproven = set(range(len(self._urls))) - {self._current}

    async def close(self) -> None:
        """Drop the connections; requests fail until the next `open`."""
        session, self._session = self._session, None
        self._urls, self._current, self._chain_id = (), 0, None
        self._unproven.clear()
        if session is not None:
            await session.close()

    async def call(self, method: str, *params: Json) -> Json:
        """The result of one request; raises RpcError for an error answer."""
        return result_of(method, await self._post(self._request(method, list(params)), is_read=_is_read(method)))

    async def pieces(self, method: str, *params: Json) -> AsyncGenerator[bytes]:
        """The answer to one request piece by piece as it comes, for one that is too long to be read at once; only the
        address in use is asked. Whoever does not read to the end closes it."""
        async with self._answer(self._current, self._request(method, list(params))) as response:
            async for piece in response.content.iter_any():
                yield piece

    async def batch(self, calls: Sequence[RpcCall]) -> list[Json | RpcError]:
        """The results of several requests in their order, sent as one; an error answer stands in its place."""
        if not calls:
            return []
        requests = [self._request(method, params) for method, params in calls]
        answers = await self._post(list(requests), is_read=all(_is_read(method) for method, _ in calls))
        if not isinstance(answers, list):
            unreadable("a batch")
        # A server may answer a batch in any order.
        by_id = {answer.get("id"): answer for answer in answers if isinstance(answer, dict)}
        outcomes: list[Json | RpcError] = []
        for (method, _), request in zip(calls, requests, strict=True):
            answer = by_id.get(request["id"])
            outcomes.append(_outcome(method, answer) if answer is not None else unreadable(method))
        return outcomes

    async def batch_values(self, calls: Sequence[RpcCall]) -> list[Json]:
        """As `batch`, but the first error answer is raised."""
        return [value_of(outcome) for outcome in await self.batch(calls)]

    def _request(self, method: str, params: list[Json]) -> dict[str, Json]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}

    async def _post(self, body: Json, *, is_read: bool) -> Json:
        node = self._current
        try:
            return await self._ask(node, body)
        except AnswerUnread:
            raise  # another address has nothing else to say
        except EnvironmentFault:
            self._leave(node)
            if not is_read or self._current == node:
                raise
        node = self._current
        try:
            return await self._ask(node, body)
        except AnswerUnread:
            raise
        except EnvironmentFault:
            self._leave(node)
            raise

    def _leave(self, node: int) -> None:
        """Let the next address take over from this one, unless another request has seen to that."""
        if len(self._urls) > 1 and self._current == node:
            self._unproven.add(node)
            self._current = (node + 1) % len(self._urls)

    async def _ask(self, node: int, body: Json) -> Json:
        if self._chain_id is not None and node in self._unproven:
            answer = await self._exchange(node, self._request("eth_chainId", []))
            found = as_object(answer).get("result")
            if found is None or as_quantity(found) != self._chain_id:
                raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the next address serves another chain")
            self._unproven.discard(node)
        return await self._exchange(node, body)

    async def _exchange(self, node: int, body: Json) -> Json:
        async with self._answer(node, body) as response:
            content = await whole_answer(response.content.iter_any())
        return await parsed_aside(content)

    @asynccontextmanager
    async def _answer(self, node: int, body: Json) -> AsyncGenerator[aiohttp.ClientResponse]:
        """A good response whose content is still to be read."""
        session = self._session
        if session is None or node >= len(self._urls):  # closed, and perhaps opened anew, since it was asked for
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no node is connected")
        import aiohttp

        try:
            # A redirected request could end where nobody meant it to, and twice.
            async with session.post(
                self._urls[node], data=json.dumps(body).encode(), allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise EnvironmentFault(
                        ErrorCode.NODE_UNREACHABLE,
                        phrase("the node answered with HTTP status {status}", status=response.status),
                    )
                yield response
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            # Their texts may quote the address, which may hold a password.
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, _reason(problem)) from None
        except RuntimeError:
            if not session.closed:
                raise
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "disconnected meanwhile") from None


def result_of(method: str, answer: Json) -> Json:
    """What one request was answered with; raises RpcError for an error answer."""
    if not isinstance(answer, dict):
        unreadable(method)
    return value_of(_outcome(method, answer))


def value_of(outcome: Json | RpcError) -> Json:
    """The result; raises the error that stands in its place."""
    if isinstance(outcome, RpcError):
        raise outcome
    return outcome


async def load_http_client() -> None:
    """Import aiohttp aside: it takes 0.2 s, too long for the event loop."""
    await asyncio.get_running_loop().run_in_executor(None, importlib.import_module, "aiohttp")


def as_object(value: Json) -> dict[str, Json]:
    """A JSON object; raises NODE_UNREACHABLE for anything else, as do the readers below."""
    return value if isinstance(value, dict) else unreadable("a request for an object")


def as_list(value: Json) -> list[Json]:
    """A JSON array."""
    return value if isinstance(value, list) else unreadable("a request for a list")


def as_text(value: Json) -> str:
    """A JSON string."""
    return value if isinstance(value, str) else unreadable("a request for a text")


def as_quantity(value: Json) -> int:
    """A number as JSON-RPC writes it, 0x and hexadecimal digits."""
    try:
        return int(as_text(value), 16)
    except ValueError:
        unreadable("a request for a number")


def as_bytes(value: Json) -> bytes:
    """Bytes as JSON-RPC writes them, 0x and two digits each."""
    try:
        return bytes.fromhex(as_text(value).removeprefix("0x"))
    except ValueError:
        unreadable("a request for bytes")


def _is_read(method: str) -> bool:
    """Whether asking twice changes nothing: not so for a transaction, nor for the controls of a local node."""
    return method.startswith(("eth_", "web3_")) and method != "eth_sendRawTransaction"


def _reason(problem: Exception) -> str:
    return "no answer in time" if isinstance(problem, TimeoutError) else f"no connection ({type(problem).__name__})"


def _outcome(method: str, answer: dict[str, Json]) -> Json | RpcError:
    error = answer.get("error")
    if error is None:
        return answer["result"] if "result" in answer else unreadable(method)
    if not isinstance(error, dict):
        unreadable(method)
    code, message, data = error.get("code"), error.get("message"), error.get("data")
    return RpcError(
        method,
        code if isinstance(code, int) else 0,
        message if isinstance(message, str) else "no reason given",
        _revert_data(data.get("data") if isinstance(data, dict) else data),
    )


def _revert_data(data: Json) -> bytes | None:
    """Nodes differ: the data itself, or an object that holds it."""
    if not isinstance(data, str):
        return None
    try:
        return bytes.fromhex(data.removeprefix("0x"))
    except ValueError:
        return None
