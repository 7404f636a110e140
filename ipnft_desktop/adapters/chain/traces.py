"""Adds up the steps of a transaction's trace while it comes in.

A batch of the textbook contract takes 250,000 steps, 20 MB of JSON. Read at once it would hold the interpreter, and
with it the event loop, for a tenth of a second; so each piece is read in a thread, step by step, and then forgotten.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import re
from collections import Counter
from contextlib import aclosing
from typing import Any

from ipnft_desktop.adapters.chain.json_answers import LONGEST_ANSWER_BYTES, AnswerTooLong, Json, parsed, unreadable
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, result_of
from ipnft_desktop.domain.gas_breakdown import PART_OF_OPCODE, GasPart, TracedGas

_METHOD = "debug_traceTransaction"
_WITHOUT: dict[str, Json] = {"disableMemory": True, "disableStack": True, "disableStorage": True}
_STEPS = re.compile(r'"structLogs"\s*:\s*\[')
_SPACE = re.compile(r"\s*")
_NEXT = re.compile(r"\s*([,\]])")
_DECODER = json.JSONDecoder()
_LONGEST_STEP_CHARACTERS = 65_536
_KEY_CHARACTERS = 256
"""More than the name of the steps takes with the space around it."""


async def traced_gas(rpc: JsonRpc, tx_hash: str) -> TracedGas:
    """Let the node run a transaction again, and add up its steps.

    Raises EnvironmentFault NODE_UNREACHABLE, also for a node that does not trace.
    """
    reader = TraceReader()
    async with aclosing(rpc.pieces(_METHOD, tx_hash, _WITHOUT)) as pieces:
        async for piece in pieces:
            await asyncio.to_thread(reader.feed, piece)
    return reader.finish()


class TraceReader:
    """Takes the answer of the node in pieces of any size. Raises EnvironmentFault NODE_UNREACHABLE for one that is no
    trace."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._text = ""
        self._before: list[str] = []
        """What came before the steps."""
        self._characters_before = 0
        self._has_begun = self._has_ended = False
        self._parts = Counter[GasPart]()
        self._gas_before: int | None = None
        self._gas_after = self._refund_counter = 0

    def feed(self, piece: bytes) -> None:
        """Read what is whole of it, and keep the rest for the next piece."""
        text = self._decoder.decode(piece)
        self._text += text
        if not self._has_begun and not self._begins_in(text):
            return
        if self._has_ended:
            return
        position = 0
        while not self._has_ended:
            read = self._read_step(position)
            if read is None:
                break
            position = read
        self._text = self._text[position:]
        if len(self._text) > _LONGEST_STEP_CHARACTERS and not self._has_ended:
            unreadable(_METHOD)

    def finish(self) -> TracedGas:
        """What all of it adds up to."""
        if not self._has_begun:
            result_of(_METHOD, parsed("".join(self._before).encode()))  # raises what the node says instead
        if not self._has_ended:
            unreadable(_METHOD)
        return TracedGas(
            total=(self._gas_before or 0) - self._gas_after,
            storage=self._parts[GasPart.STORAGE],
            logs=self._parts[GasPart.LOGS],
            code=self._parts[GasPart.CODE],
            refund_counter=self._refund_counter,
            given=self._gas_before or 0,
        )

    def _begins_in(self, text: str) -> bool:
        """Whether the steps begin in this piece. Each is searched once, together with the end of the one before."""
        begin = _STEPS.search(self._text)
        if begin is None:
            self._before.append(text)
            self._characters_before += len(text)
            if self._characters_before > LONGEST_ANSWER_BYTES:
                raise AnswerTooLong
            self._text = self._text[-_KEY_CHARACTERS:]
            return False
        self._has_begun = True
        self._before.clear()
        self._text = self._text[begin.end() :]
        return True

    def _read_step(self, position: int) -> int | None:
        """Where the next one begins; None where this one is not whole yet."""
        position = _end_of_space(self._text, position)
        if self._text.startswith("]", position):
            self._has_ended = True
            return position
        try:
            step, end = _DECODER.raw_decode(self._text, position)
        except ValueError:
            return None
        separator = _NEXT.match(self._text, end)
        if separator is None:
            return None
        self._count(step)
        self._has_ended = separator[1] == "]"
        return separator.end()

    def _count(self, step: Any) -> None:
        try:
            gas, cost = int(step["gas"]), int(step["gasCost"])
            if self._gas_before is None:
                self._gas_before = gas
            self._gas_after, self._refund_counter = gas - cost, int(step.get("refund", 0))
            part = PART_OF_OPCODE.get(step["op"])
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable(_METHOD)
        if part is not None:
            self._parts[part] += min(cost, gas)  # more than is left cannot be paid: the step failed for it


def _end_of_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return position if space is None else space.end()
