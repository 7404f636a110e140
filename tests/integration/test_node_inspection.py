"""Looking into a chain through nodes that answer with more than is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from ipnft_desktop.adapters.chain.inspection.node_inspection import NodeInspection
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.domain.inspection.tracing import Missing, RawState, SlotChange, Untold
from tests.support.chain_fixtures import RECIPIENT
from tests.support.scripted_server import ok, result_of, scripted_server

MOST_CALLS_INSIDE_EACH_OTHER = 1_024
"""What the EVM allows."""


@pytest.mark.usefixtures("usual_recursion_limit")
async def test_calls_nested_too_deep_to_be_read_are_said_to_be_and_nothing_else_is_lost() -> None:
    frame = json.dumps({"type": "CALL", "from": RECIPIENT, "to": RECIPIENT, "gas": "0x1", "gasUsed": "0x1"})[:-1]
    tree = f'{frame}, "calls": [' * MOST_CALLS_INSIDE_EACH_OTHER + frame + "}" + "]}" * MOST_CALLS_INSIDE_EACH_OTHER
    state = {"pre": {RECIPIENT: {"storage": {}}}, "post": {RECIPIENT: {"storage": {"0x1": "0x2"}}}}

    def answer(request: Any) -> web.StreamResponse:
        if request["params"][1]["tracer"] == "prestateTracer":
            return ok(result_of(request, state))
        return web.Response(text=f'{{"jsonrpc": "2.0", "id": {request["id"]}, "result": {tree}}}')

    async with scripted_server() as server, scripted_server() as fallback:
        server.answer = answer
        rpc = JsonRpc(timeout_s=5)
        await rpc.open(server.url, fallback.url)
        inspection = NodeInspection(rpc)
        calls = await inspection.calls("0x" + "ab" * 32)
        assert isinstance(calls, Untold)
        assert calls.missing is Missing.TOO_LONG
        assert await inspection.state("0x" + "ab" * 32) == RawState((SlotChange(RECIPIENT, 1, 0, 2),), ())
        assert fallback.requests == []
        await rpc.close()
