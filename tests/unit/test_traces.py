"""The trace of a transaction, read in pieces as the network delivers them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ipnft_desktop.adapters.chain import traces
from ipnft_desktop.adapters.chain.json_answers import AnswerTooLong
from ipnft_desktop.adapters.chain.json_rpc import RpcError
from ipnft_desktop.adapters.chain.traces import TraceReader
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.gas_breakdown import TracedGas

STEPS = [
    {"pc": 0, "op": "PUSH1", "gas": 10_000, "gasCost": 3, "depth": 1, "refund": 0},
    {"pc": 2, "op": "SLOAD", "gas": 9_997, "gasCost": 2_100, "depth": 1, "refund": 0},
    {"pc": 3, "op": "SSTORE", "gas": 7_897, "gasCost": 2_900, "depth": 1, "refund": 0},
    {"pc": 4, "op": "EXTCODESIZE", "gas": 4_997, "gasCost": 2_600, "depth": 1, "refund": 4_800},
    {"pc": 5, "op": "LOG1", "gas": 2_397, "gasCost": 750, "depth": 1, "refund": 4_800},
    {"pc": 6, "op": "STOP", "gas": 1_647, "gasCost": 0, "depth": 1, "refund": 4_800},
]
FOUND = TracedGas(total=8_353, storage=5_000, logs=750, code=2_600, refund_counter=4_800, given=10_000)


def answer(steps: list[dict[str, Any]], **written: Any) -> bytes:
    result = {"failed": False, "gas": 1, "returnValue": "", "structLogs": steps}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}, **written).encode()


def read(content: bytes, piece_size: int) -> TracedGas:
    reader = TraceReader()
    for first in range(0, len(content), piece_size):
        reader.feed(content[first : first + piece_size])
    return reader.finish()


@pytest.mark.parametrize("piece_size", [1, 7, 100, 100_000])
@pytest.mark.parametrize("written", [{"separators": (",", ":")}, {"indent": 1}])
def test_the_steps_add_up_whatever_the_pieces(piece_size: int, written: dict[str, Any]) -> None:
    assert read(answer(STEPS, **written), piece_size) == FOUND


def test_a_transaction_that_runs_no_code_has_no_steps() -> None:
    assert read(answer([]), 16) == TracedGas(0, 0, 0, 0, 0)


def test_what_comes_before_the_steps_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []

    class Watched:
        def search(self, text: str) -> re.Match[str] | None:
            searched.append(len(text))
            return pattern.search(text)

    pattern = traces._STEPS
    monkeypatch.setattr(traces, "_STEPS", Watched())
    returned = "00" * 500_000
    content = answer(STEPS).replace(b'"returnValue": ""', b'"returnValue": "0x' + returned.encode() + b'"')
    assert read(content, 1_000) == FOUND
    assert sum(searched) < 1.5 * len(content)


def test_an_answer_that_never_comes_to_its_steps_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "LONGEST_ANSWER_BYTES", 10_000)
    with pytest.raises(AnswerTooLong):
        read(b'{"result": {"returnValue": "' + b"0" * 20_000, 1_000)


def test_a_node_that_cannot_says_why() -> None:
    refusal = json.dumps({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no such method"}})
    with pytest.raises(RpcError, match="no such method"):
        read(refusal.encode(), 16)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"<html>", answer(STEPS)[:-40], answer([{"op": "PUSH1"}]), b'{"structLogs":[' + b"x" * 70_000],
    ids=["nothing", "a list", "a page", "cut short", "a step without gas", "no end"],
)
def test_what_is_no_trace_is_refused(content: bytes) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        read(content, 1_000)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
