"""A JSON-RPC proxy on loopback that stands before a real node and misbehaves as told: the faults of a network and of
nodes, each at a named call.

    incident = proxy.script("eth_sendRawTransaction", LoseAnswer())
    ...
    await incident.happened()

Single requests, batches and WebSockets pass through. A fault that concerns the transport (a lost answer, an HTTP
status) strikes the whole HTTP request that holds the call; one that concerns the answer strikes that call alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from ipnft_desktop.adapters.chain.node_proxy import Lost, NodeProxy

Call = dict[str, Any]
Answer = dict[str, Any]

EVERY = "*"
"""Script a fault for whatever is called."""
PATIENCE_S = 10.0
"""A wait for something that should have happened fails after so long, where it stands."""


class Fault:
    """What befalls one call. Each kind overrides the moment at which it strikes."""

    async def before(self, call: Call) -> None:
        """Before the node hears of it. Raises Lost if it shall never hear of it."""

    def instead(self, call: Call) -> Answer | None:
        """The answer that is given without asking the node."""
        return None

    def rewrite(self, call: Call, answer: Answer) -> Answer:
        """What becomes of the node's answer."""
        return answer

    async def deliver(self, response: web.Response) -> web.Response:
        """What becomes of the HTTP response. Raises Lost if nobody shall receive it."""
        return response


class LoseRequest(Fault):
    """The request never arrives at the node."""

    async def before(self, call: Call) -> None:
        raise Lost


class LoseAnswer(Fault):
    """The node took the request; its answer is lost."""

    async def deliver(self, response: web.Response) -> web.Response:
        raise Lost


class Status(Fault):
    """The node took the request; something between answers with an HTTP status."""

    def __init__(self, status: int = 500) -> None:
        self._status = status

    async def deliver(self, response: web.Response) -> web.Response:
        return web.Response(status=self._status, text="upstream trouble")


class Hold(Fault):
    """The node took the request; its answer stays away until `release`."""

    def __init__(self) -> None:
        self._released = asyncio.Event()

    def release(self) -> None:
        self._released.set()

    async def deliver(self, response: web.Response) -> web.Response:
        await self._released.wait()
        return response


class Slow(Fault):
    """Every answer takes this much longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def deliver(self, response: web.Response) -> web.Response:
        await asyncio.sleep(self._seconds)
        return response


class Garble(Fault):
    """The answer is not JSON at all."""

    async def deliver(self, response: web.Response) -> web.Response:
        return web.Response(body=b"<html>\xff\x00 bad gateway</html>", content_type="application/json")


class Truncate(Fault):
    """The answer ends in the middle."""

    async def deliver(self, response: web.Response) -> web.Response:
        body = response.body
        assert isinstance(body, bytes)
        return web.Response(body=body[: len(body) // 2], content_type="application/json")


class Refuse(Fault):
    """The node answers with an error and takes nothing."""

    def __init__(self, message: str, code: int = -32000, data: Any = None) -> None:
        self._error = {"code": code, "message": message, "data": data}

    def instead(self, call: Call) -> Answer:
        return {"jsonrpc": "2.0", "id": call["id"], "error": self._error}


class TakeThenRefuse(Refuse):
    """The node takes the request and answers with an error all the same."""

    def instead(self, call: Call) -> None:
        return None

    def rewrite(self, call: Call, answer: Answer) -> Answer:
        return super().instead(call)


class Rewrite(Fault):
    """The result comes out as `change` makes it."""

    def __init__(self, change: Callable[[Any], Any]) -> None:
        self._change = change

    def rewrite(self, call: Call, answer: Answer) -> Answer:
        return answer if "error" in answer else {**answer, "result": self._change(answer["result"])}


class Hide(Rewrite):
    """The node knows nothing of it: the result is null."""

    def __init__(self) -> None:
        super().__init__(lambda _result: None)


class Interject(Fault):
    """Something happens on the chain just before the node hears of the call."""

    def __init__(self, act: Callable[[Call], Awaitable[object]]) -> None:
        self._act = act

    async def before(self, call: Call) -> None:
        await self._act(call)


@dataclass(eq=False)
class Incident:
    """A scripted fault: how often it struck, and a way to wait for it."""

    method: str
    fault: Fault
    times_left: float
    count: int = 0
    _struck: asyncio.Condition = field(default_factory=asyncio.Condition)

    def takes(self, call: Call) -> bool:
        """Whether it strikes this call; then that is one of its times."""
        if self.times_left <= 0 or self.method not in (EVERY, call["method"]):
            return False
        self.times_left -= 1
        return True

    async def strike(self) -> None:
        """It struck."""
        self.count += 1
        async with self._struck:
            self._struck.notify_all()

    async def happened(self, times: int = 1) -> None:
        """Wait until the fault has struck so often."""
        async with asyncio.timeout(PATIENCE_S), self._struck:
            await self._struck.wait_for(lambda: self.count >= times)

    def end(self) -> None:
        """It strikes no more."""
        self.times_left = 0


class FaultProxy(NodeProxy):
    """Listens on a free loopback port; `url` is its address."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.calls: list[Call] = []
        """Every call that arrived here, also those the node never heard of."""
        self._incidents: list[Incident] = []
        self._arrived = asyncio.Condition()

    def script(self, method: str, fault: Fault, times: float = 1) -> Incident:
        """From now on the fault strikes the next `times` calls of the method (`EVERY` for any), before older ones."""
        incident = Incident(method, fault, times)
        self._incidents.insert(0, incident)
        return incident

    def heal(self) -> None:
        """No fault strikes any more."""
        for incident in self._incidents:
            incident.end()
        self._incidents.clear()

    def raw_sent(self) -> list[str]:
        """Raw transactions in the order in which they were handed over, repeats included."""
        return [call["params"][0] for call in self.calls if call["method"] == "eth_sendRawTransaction"]

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(call["method"] == method for call in self.calls)

    async def called(self, method: str, times: int = 1) -> None:
        """Wait until the method was called so often since the proxy began."""
        async with asyncio.timeout(PATIENCE_S), self._arrived:
            await self._arrived.wait_for(lambda: self.count(method) >= times)

    async def respond(self, body: bytes) -> web.StreamResponse:
        asked = json.loads(body)
        calls: list[Call] = asked if isinstance(asked, list) else [asked]
        self.calls += calls
        async with self._arrived:
            self._arrived.notify_all()
        return await self._answer(calls, is_batch=isinstance(asked, list))

    async def _answer(self, calls: list[Call], *, is_batch: bool) -> web.Response:
        struck = [(call, incident) for call in calls if (incident := self._incident_for(call))]
        faults = {call["id"]: incident.fault for call, incident in struck}
        try:
            for call in calls:
                if fault := faults.get(call["id"]):
                    await fault.before(call)
            answers = [await self._one_answer(call, faults.get(call["id"])) for call in calls]
            response = web.json_response(answers if is_batch else answers[0])
        except Lost:
            await self._tell(struck)
            raise
        # Told before the answer travels: a test may wait for an answer that is held back.
        await self._tell(struck)
        for fault in dict.fromkeys(faults.values()):
            response = await fault.deliver(response)
        return response

    async def _one_answer(self, call: Call, fault: Fault | None) -> Answer:
        if fault is None:
            return await self._ask_node(call)
        answer = fault.instead(call)
        return fault.rewrite(call, await self._ask_node(call)) if answer is None else answer

    async def _ask_node(self, call: Call) -> Answer:
        answered = await self.ask_node(json.dumps(call).encode())
        assert isinstance(answered.body, bytes)
        answer: Answer = json.loads(answered.body)
        return answer

    def _incident_for(self, call: Call) -> Incident | None:
        for incident in self._incidents:
            if incident.takes(call):
                return incident
        return None

    async def _tell(self, struck: list[tuple[Call, Incident]]) -> None:
        for _, incident in struck:
            await incident.strike()


@asynccontextmanager
async def fault_proxy(upstream: str) -> AsyncIterator[FaultProxy]:
    """A proxy before the node at `upstream`, until the block ends."""
    proxy = FaultProxy(upstream)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()
