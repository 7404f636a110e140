"""Bare JSON-RPC over HTTP: single requests and batches, never repeated by themselves.

A transaction handed over once must be sent once: who wants a second try says so, with the same signed bytes. web3's
provider adds caching, formatting and retries that the register has no use for, so requests go straight to aiohttp.
"""

from __future__ import annotations

import asyncio
import importlib
import ipaddress
import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, TypeAlias
from urllib.parse import urlsplit

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    import aiohttp

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
RpcCall: TypeAlias = "tuple[str, list[Json]]"
"""Method and parameters."""

_KEEP_ALIVE_S = 3.0
# Node closes idle connections after 5 s; giving them up sooner means that no request meets a closing one.


class RpcError(EnvironmentFault):
    """The node understood the request and answered it with an error."""

    def __init__(self, method: str, rpc_code: int, message: str, revert_data: bytes | None = None) -> None:
        super().__init__(ErrorCode.NODE_UNREACHABLE, f"the node answered {method} with an error: {message}")
        self.rpc_code = rpc_code
        self.message = message
        self.revert_data = revert_data
        """What the contract reverted with; empty for a bare revert, None where the node told nothing."""


class JsonRpc:
    """Requests to one node at a time. Raises EnvironmentFault NODE_UNREACHABLE for every failure of the transport."""

    def __init__(self, timeout_s: float = 10.0) -> None:
        self._timeout_s = timeout_s
        self._url = ""
        self._session: aiohttp.ClientSession | None = None
        self._ids = itertools.count(1)

    @property
    def is_loopback(self) -> bool:
        """Whether the node named is this machine itself."""
        return is_loopback_url(self._url)

    async def open(self, url: str) -> None:
        """Send requests to `url` from now on; connects with the first of them."""
        await load_http_client()
        import aiohttp

        await self.close()
        self._url = url
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=_KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=self._timeout_s),
            headers={"Content-Type": "application/json"},
        )

    async def close(self) -> None:
        """Drop the connections; requests fail until the next `open`."""
        session, self._session, self._url = self._session, None, ""
        if session is not None:
            await session.close()

    async def call(self, method: str, *params: Json) -> Json:
        """The result of one request; raises RpcError for an error answer."""
        answer = await self._post(self._request(method, list(params)))
        if not isinstance(answer, dict):
            unreadable(method)
        return value_of(_outcome(method, answer))

    async def batch(self, calls: Sequence[RpcCall]) -> list[Json | RpcError]:
        """The results of several requests in their order, sent as one; an error answer stands in its place."""
        if not calls:
            return []
        requests = [self._request(method, params) for method, params in calls]
        answers = await self._post(list(requests))
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

    async def _post(self, body: Json) -> Json:
        session = self._session
        if session is None:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no node is connected")
        import aiohttp

        try:
            async with session.post(self._url, data=json.dumps(body).encode()) as response:
                content = await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            # Their texts may quote the address, which may hold a password.
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, _reason(problem)) from None
        except RuntimeError:
            if not session.closed:
                raise
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "disconnected meanwhile") from None
        if status != 200:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, f"the node answered with HTTP status {status}")
        try:
            return json.loads(content)
        except ValueError:
            unreadable("a request")


def value_of(outcome: Json | RpcError) -> Json:
    """The result; raises the error that stands in its place."""
    if isinstance(outcome, RpcError):
        raise outcome
    return outcome


async def load_http_client() -> None:
    """Import aiohttp aside: it takes 0.2 s, too long for the event loop."""
    await asyncio.get_running_loop().run_in_executor(None, importlib.import_module, "aiohttp")


def is_loopback_url(url: str) -> bool:
    """Whether a URL's host is this machine by number or as `localhost`; any other name may resolve elsewhere."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def unreadable(what: str) -> NoReturn:
    """Raise the fault for an answer that has not the promised shape."""
    raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, f"the node's answer to {what} could not be read")


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
