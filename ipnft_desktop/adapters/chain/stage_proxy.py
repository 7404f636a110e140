"""The faults of a stage between program and node: each is real for whoever asks, and ends when it is undone."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, cast

from ipnft_desktop.adapters.chain.json_answers import Json
from ipnft_desktop.adapters.chain.node_proxy import Lost, NodeProxy

if TYPE_CHECKING:
    from aiohttp import web

SLOW_S = 2.0
"""How much longer each answer takes, as in fault 55 of the plan."""
_SENDING = (b"eth_sendRawTransaction", b"eth_sendTransaction")
_BALANCE = "eth_getBalance"
_NOTHING = "0x0"


class StageProxy(NodeProxy):
    """Implements the port `StageConnection`."""

    def __init__(self) -> None:
        super().__init__("")
        self._cuts_next = False
        self._loses_next = False
        self._is_slow = False
        self._hides_funds = False
        self._wakes = asyncio.Event()
        self._is_cut = asyncio.Event()
        self._opening = asyncio.Lock()

    async def stand_before(self, node_url: str) -> str:
        """Pass everything on to this node from now on; returns the address to ask instead."""
        self.upstream = node_url
        async with self._opening:
            if not self.url:
                await self.open()
        return self.url

    async def cut_off(self, *, with_next_transaction: bool) -> None:
        """Behave as a node that is gone: now, or as soon as the next transaction has reached the node."""
        if with_next_transaction:
            self._cuts_next = True
        else:
            await self._cut_now()

    async def is_cut_off(self) -> None:
        """Wait until it behaves so."""
        await self._is_cut.wait()

    def lose_next_answer(self) -> None:
        """The next transaction reaches the node; its answer does not come back."""
        self._loses_next = True

    def slow_down(self) -> None:
        """Every answer takes `SLOW_S` longer."""
        self._wakes.clear()
        self._is_slow = True

    def hide_funds(self) -> None:
        """Every account seems empty."""
        self._hides_funds = True

    async def heal(self) -> None:
        """Pass everything on again; answers that are held back come at once."""
        self._cuts_next = self._loses_next = self._is_slow = self._hides_funds = False
        self._wakes.set()
        self._is_cut.clear()
        await self.accept_connections()

    async def respond(self, body: bytes) -> web.StreamResponse:
        """What the faults leave of the node's answer."""
        is_sending = any(method in body for method in _SENDING)
        if self._is_slow:
            await self._held_back()
        if self._hides_funds and _BALANCE.encode() in body:
            return await self._without_funds(body)
        answer = await self.ask_node(body)
        if is_sending and self._cuts_next:
            self._cuts_next = False
            await self._cut_now()
            raise Lost
        if is_sending and self._loses_next:
            self._loses_next = False
            raise Lost
        return answer

    async def _cut_now(self) -> None:
        await self.refuse_connections()
        self._is_cut.set()

    async def _held_back(self) -> None:
        try:
            async with asyncio.timeout(SLOW_S):
                await self._wakes.wait()
        except TimeoutError:
            return

    async def _without_funds(self, body: bytes) -> web.StreamResponse:
        from aiohttp import web

        answer = await self.ask_node(body)
        asked, told = _listed(body), _listed(cast("bytes", answer.body))
        of_balance = [each.get("id") for each in asked if each.get("method") == _BALANCE]
        changed = [{**each, "result": _NOTHING} if each.get("id") in of_balance else each for each in told]
        is_batch = body.lstrip().startswith(b"[")
        return web.json_response(changed if is_batch else changed[0])


def _listed(content: bytes) -> list[dict[str, Json]]:
    found = json.loads(content)
    return cast("list[dict[str, Json]]", found if isinstance(found, list) else [found])
